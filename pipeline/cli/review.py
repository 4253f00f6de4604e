"""`backrow review`: the page on which a person puts an event right."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from pipeline.audio.inputs import find_events
from pipeline.cli.arguments import add_places
from pipeline.cli.options import only
from pipeline.errors import EngineError, extra


def arguments(command: ArgumentParser) -> None:
    """One event, where it was run into, and the page's address."""
    add = command.add_argument
    add(
        "input", type=Path, metavar="EVENT", help="a media file or an event's folder, as it was run"
    )
    add_places(command)
    told = "only print the page's address: others on this machine can see what a browser is given"
    add("--no-open", action="store_true", help=told)
    add("--port", type=int, default=0, metavar="N", help="of 127.0.0.1 (default: a free one)")


def main(args: Namespace) -> int:
    """Serve the page until Ctrl-C."""
    try:
        from pipeline.review.serve import serve
    except ModuleNotFoundError as error:
        raise EngineError(
            f"{error.name} is missing; all that the page needs comes with {extra('review')}"
        ) from None
    from pipeline.review.reading import reader

    found = find_events([args.input], args.beyond)
    event = only(*found, f"{args.input}: give one event at a time")
    serve(reader(event, args.output), args.port, not args.no_open)
    return 0
