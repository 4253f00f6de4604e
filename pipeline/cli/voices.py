"""`backrow voices`: the voice book. A voice enters it here or by --learn-voices, nowhere else."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path

from pipeline import flow
from pipeline.audio.inputs import EventInput
from pipeline.cli.arguments import actions, add_events
from pipeline.cli.options import event_of, settings
from pipeline.data import Diarization
from pipeline.errors import UsageError, nearest
from pipeline.progress import Watch, plain, shown
from pipeline.session import Session, make_session
from pipeline.talks.names import two_people
from pipeline.talks.voices import VoiceBook


def arguments(command: ArgumentParser) -> None:
    """Add, list, remove."""
    add, listed, remove = actions(
        command,
        {
            "add": "put the voices of those whom --name names into --voices",
            "list": "whose voices are in it",
            "remove": "forget a person's voice",
        },
    )
    add_events(add)
    add.usage = "%(prog)s INPUT --name SPEAKER_03=NAME --voices FILE [options]"
    remove.add_argument("person", nargs="+", metavar="NAME")
    for action in (listed, remove):
        action.add_argument("--voices", type=Path, required=True, metavar="FILE", help="the book")


def main(args: Namespace) -> int:
    """List, add or remove."""
    if args.action == "add":
        return add(args)
    if not args.voices.exists():
        raise UsageError(f"{args.voices}: does not exist; `backrow voices add` makes it")
    book = VoiceBook.load(args.voices)
    if args.action == "list":
        print("\n".join(book.names) or "nobody is in it")
        return 0
    person = " ".join(args.person)
    if person not in book.names:
        raise UsageError(f"{args.voices} knows no {person}{nearest(person, book.names)}")
    book.remove(person).save(args.voices)
    print(f"{person} is forgotten")
    return 0


def add(args: Namespace) -> int:
    """The voices of the speakers that --name names, from one event."""
    if args.voices is None or not args.name:
        raise UsageError("voices add needs --voices FILE and --name SPEAKER_03=NAME")
    args.learn_voices = True  # the book may be new
    session = make_session(settings(args))
    event = event_of(args)
    with shown(verbose=args.verbose) as sink:
        heard = flow.listen(event, session, Watch(event.slug, sink))
    for speaker in heard.story.speakers:
        both = two_people(speaker.evidence)
        if both and speaker.id in event.info.names:  # it would take the one for the other
            raise UsageError(
                f"{speaker.id} says to be {both[0]} and {both[1]}: a voice of two people is "
                "not kept; try again with --set diarize.speakers=NUMBER"
            )
    learn(heard.diarization, event.info.names, args.voices, event.slug)
    return 0


def learn_named(event: EventInput, session: Session, path: Path) -> None:
    """The voices of all that were named in an event that is done; what was heard is kept."""
    heard = flow.listen(event, session, Watch(event.slug, plain))
    voices = {voice.speaker for voice in heard.diarization.voices}  # none of one that was two
    if not voices:
        print(f"{event.slug}: no voices were learnt, the recording itself tells who speaks")
        return
    named = [one for one in heard.speakers if one.name and one.id in voices]
    names = {one.id: one.name or "" for one in named if not two_people(one.evidence)}
    learn(heard.diarization, names, path, event.slug)


def learn(diarization: Diarization, names: Mapping[str, str], path: Path, event: str) -> None:
    """Put the voices of named speakers into the book; raises UsageError for an unknown one."""
    book = VoiceBook.load(path) if path.exists() else VoiceBook()
    voices = {voice.speaker: voice for voice in diarization.voices}
    if not voices:
        raise UsageError(f"{event}: holds no voices to keep, the recording itself tells who speaks")
    for speaker, name in names.items():
        if speaker not in voices:
            raise UsageError(f"there is no {speaker}; there are {', '.join(sorted(voices))}")
        book = book.add(name, voices[speaker], event)
        print(f"{name} is in {path}")
    book.save(path)
