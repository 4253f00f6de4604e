"""`backrow backends`: every engine there is."""

from argparse import ArgumentParser, Namespace

from pipeline.cli.engines import wrapped
from pipeline.engines.table import TABLE, installed


def arguments(command: ArgumentParser) -> None:
    """None."""


def main(args: Namespace) -> int:
    """One line an engine."""
    for backend in TABLE:
        there = "" if installed(backend) else f" (not installed: {backend.install})"
        print(wrapped(f"{backend.stage:8} {backend.name:14} ", backend.about + there))
    return 0
