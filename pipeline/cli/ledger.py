"""`backrow ledger`: claims of earlier events, to hold later ones against."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path

from pipeline.claims.ledger import Ledger
from pipeline.cli.arguments import actions
from pipeline.errors import InputError, UsageError
from pipeline.render.notes_json import NotesFile
from pipeline.render.transcript_json import TranscriptFile


def arguments(command: ArgumentParser) -> None:
    """Add, search, show, remove."""
    add, search, show, remove = each = actions(
        command,
        {
            "add": "the claims of finished posts",
            "search": "claims that hold all of some words",
            "show": "all events, or the claims of one",
            "remove": "forget an event",
        },
    )
    add.add_argument(
        "posts", nargs="+", type=Path, metavar="POST", help="its folder, as in posts/my-event"
    )
    search.add_argument("what", nargs="+", metavar="WORD")
    show.add_argument("what", nargs="*", metavar="TITLE", help="an event's title")
    remove.add_argument("what", nargs="+", metavar="TITLE", help="its title")
    for action in each:
        action.add_argument("--ledger", type=Path, required=True, metavar="FILE", help="the ledger")


def main(args: Namespace) -> int:
    """Search, show, add or remove."""
    ledger = Ledger(args.ledger)
    if args.action != "add" and not args.ledger.exists():
        raise UsageError(f"{args.ledger}: does not exist; `backrow ledger add` makes it")
    if args.action == "add":
        lines: Iterable[str] = (f"{post}: {add(ledger, post)} claims added" for post in args.posts)
    else:
        lines = _said(args.action, " ".join(args.what), ledger)
    print("\n".join(lines) or "nothing found")
    return 0


def _said(action: str, what: str, ledger: Ledger) -> Iterable[str]:
    """What an action has to say, line by line."""
    if action == "remove":
        ledger.remove(what)
        return [f"{what} is forgotten"]
    if action == "show" and not what:
        return (f"{title} {date}: {count} claims" for title, date, count in ledger.events())
    found = ledger.search(what) if action == "search" else ledger.entries(what)
    return (f'{each.place} {each.speaker}: "{each.quote}"' for each in found)


def add(ledger: Ledger, post: Path) -> int:
    """The claims of a finished post, from the files beside it; how many there are."""
    try:
        notes = NotesFile.model_validate_json((post / "notes.json").read_bytes())
        heard = TranscriptFile.model_validate_json((post / "transcript.json").read_bytes())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "not as backrow writes it"
        raise InputError(f"{post / 'notes.json'}: is no post's ({why}); give its folder") from None
    name = {speaker.id: speaker.name or speaker.id for speaker in heard.speakers}
    claims = [
        (name.get(claim.speaker, claim.speaker), claim.start, claim.quote)
        for talk in notes.talks
        for claim in talk.claims
    ]
    ledger.add(notes.event.title, notes.event.date or "", claims)
    return len(claims)
