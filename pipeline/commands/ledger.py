"""`backrow ledger`: claims of earlier events, to hold later ones against."""

from argparse import Namespace
from pathlib import Path

from pipeline.data import Claim, Outline, Speaker
from pipeline.errors import InputError
from pipeline.event import EventInfo
from pipeline.notes.ledger import Entry, Ledger
from pipeline.render.notes_json import NotesFile
from pipeline.render.transcript_json import TranscriptFile


def main(args: Namespace) -> int:
    """Search, show, add or remove."""
    ledger = Ledger(args.ledger)
    if args.action == "add":
        print(f"{add(ledger, Path(args.what))} claims added")
    elif args.action == "remove":
        print(f"{ledger.remove(args.what)} claims removed")
    elif args.action == "search":
        print("\n".join(map(_line, ledger.search(args.what))) or "nothing found")
    elif args.what:
        print("\n".join(map(_line, ledger.entries(args.what))) or "nothing found")
    else:
        print("\n".join(f"{title} {date}: {n} claims" for title, date, n in ledger.events()))
    return 0


def add(ledger: Ledger, post: Path) -> int:
    """The claims of a finished post, from the files beside it; how many there are."""
    try:
        notes = NotesFile.model_validate_json((post / "notes.json").read_bytes())
        heard = TranscriptFile.model_validate_json((post / "transcript.json").read_bytes())
    except (OSError, ValueError) as error:
        raise InputError(f"{post}: is not the folder of a post ({error})") from None
    event = EventInfo(title=notes.event.title, date=notes.event.date)
    speakers = tuple(Speaker(s.id, s.name, None, s.confidence) for s in heard.speakers)
    claims = [
        Claim(c.quote, c.kind, c.start, c.end, c.speaker, 0, c.values, c.baseline)
        for talk in notes.talks
        for c in talk.claims
    ]
    return ledger.add(event, Outline(speakers, (), ()), claims)


def _line(entry: Entry) -> str:
    return f'{entry.place} {entry.speaker}: "{entry.quote}"'
