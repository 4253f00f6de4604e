"""`backrow backends`: every engine there is."""

from argparse import Namespace

from pipeline.backends import TABLE, installed
from pipeline.commands.engines import wrapped


def main(args: Namespace) -> int:
    """One line an engine."""
    for backend in TABLE:
        there = "" if installed(backend) else f" (not installed: {backend.install})"
        print(wrapped(f"{backend.stage:8} {backend.name:14} ", backend.about + there))
    return 0
