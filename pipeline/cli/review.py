"""`backrow review`: the page on which a person puts an event right."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from pipeline.audio.inputs import find_events
from pipeline.cli.arguments import add_places
from pipeline.errors import EngineError, UsageError


def arguments(command: ArgumentParser) -> None:
    """One event, where it was run into, and the page's address."""
    add = command.add_argument
    add(
        "input", type=Path, metavar="EVENT", help="a media file or an event's folder, as it was run"
    )
    add_places(command)
    add("--no-open", action="store_true", help="only print the page's address")
    add("--port", type=int, default=0, metavar="N", help="of 127.0.0.1 (default: a free one)")


def main(args: Namespace) -> int:
    """Serve the page until Ctrl-C."""
    try:
        from pipeline.review.serve import serve
    except ModuleNotFoundError as error:
        raise EngineError(
            f"{error.name} is missing; pip install 'backrow[review]' brings all that the page needs"
        ) from None
    from pipeline.review.reading import reader

    events, refused = find_events([args.input], args.beyond)
    for bad in refused:
        raise bad.error
    if len(events) != 1:
        raise UsageError(f"{args.input}: give one event at a time (these are {len(events)})")
    serve(reader(events[0], args.output), args.port, not args.no_open)
    return 0
