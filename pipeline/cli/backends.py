"""`backrow backends`: every engine there is."""

from argparse import ArgumentParser, Namespace

from pipeline.cli.engines import wrapped
from pipeline.engines.table import TABLE


def arguments(command: ArgumentParser) -> None:
    """None."""


def main(args: Namespace) -> int:
    """One line an engine."""
    for backend in TABLE:
        print(wrapped(f"{backend.stage:8} {backend.name:14} ", backend.about))
    return 0
