"""`backrow backends`: every engine there is."""

from argparse import Namespace

from pipeline.backends import TABLE, installed


def main(args: Namespace) -> int:
    """One line an engine."""
    for backend in TABLE:
        there = "" if installed(backend) else f" (not installed: {backend.install})"
        print(f"{backend.stage:8} {backend.name:15} {backend.about}{there}")
    return 0
