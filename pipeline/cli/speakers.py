"""`backrow speakers`: who was heard and why they are called so, to be put right in a minute."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import tomli_w

from pipeline import flow
from pipeline.audio import clip
from pipeline.audio.inputs import EventInput
from pipeline.cache import write_atomic
from pipeline.cli.arguments import add_events
from pipeline.cli.engines import with_weights
from pipeline.cli.options import events_of, names_of, settings
from pipeline.corrections.edit import add
from pipeline.corrections.file import NameFix, read
from pipeline.corrections.names import moment_of
from pipeline.data import Audio, Evidence, Outline, Span, Speaker, seconds_by_voice
from pipeline.errors import unexpected
from pipeline.heard import names_nobody_bears
from pipeline.progress import Watch, shown
from pipeline.session import Session, make_session
from pipeline.talks.samples import clear_samples
from pipeline.text import clock
from pipeline.visible import visible


def arguments(command: ArgumentParser) -> None:
    """Events, whether to cut samples and to keep names."""
    add_events(command)
    command.add_argument("--clips", action="store_true", help="cut three samples of each speaker")
    command.add_argument(
        "--keep", action="store_true", help="write the names of --name into corrections.toml"
    )


def main(args: Namespace) -> int:
    """Each speaker: name, confidence, talk time, evidence, three clear samples."""
    setup = settings(args)
    events, refused = events_of(args)
    session = make_session(with_weights(setup))
    failed = len(refused)
    for event in events:
        try:
            failed += _show(event, session, args)
        except BaseException as error:  # one event's misfortune is no other's
            failed += 1
            print(f"{event.slug}: {unexpected(error)}")
    for bad in refused:
        print(f"{bad.slug}: {bad.error}")
    return 1 if failed else 0


def _show(event: EventInput, session: Session, args: Namespace) -> int:
    """Print all that is known of an event's speakers; how many --name named nobody."""
    with shown(verbose=args.verbose) as sink:
        heard = flow.listen(event, session, Watch(event.slug, sink))
    folder = args.output / event.slug / "speakers" if args.clips else None
    names = names_of(args)
    astray = names_nobody_bears(names, heard.story).values()
    if args.keep and not astray:
        for speaker, name in names.items():  # each voice by a moment that any engine hears
            voice = str(moment_of(speaker, heard.story.utterances) or speaker)
            add(event.corrections, NameFix(voice=voice, name=name))
            print(visible(f"{event.slug}: {name} is in {event.corrections}"))
        heard = replace(heard, corrections=read(event.corrections))
    print("\n".join(_lines(event, heard.put_right, heard.audio, folder)))
    print("\n".join(_to_keep(event, heard.put_right)))
    for line in astray:
        print(visible(f"{event.slug}: {line}"))
    return len(astray)


def _lines(event: EventInput, story: Outline, audio: Audio, folder: Path | None) -> Iterator[str]:
    yield f"{event.slug}:"
    seconds = seconds_by_voice(story.utterances)
    for speaker in story.speakers:
        yield f"  {speaker.id}  {_called(speaker)}  speaks {clock(seconds.get(speaker.id, 0.0))}"
        for evidence in speaker.evidence:
            yield f"    {_because(evidence)}"
        samples = clear_samples(speaker.id, story.utterances)
        yield "    listen at " + ", ".join(clock(sample.start) for sample in samples)
        if folder:
            yield from _cut(audio, speaker, samples, folder)


def _to_keep(event: EventInput, story: Outline) -> Iterator[str]:
    """The lines of corrections.toml that give each speaker a name for good."""
    yield f"  to keep a name, or to give another: --name and --keep, or in {event.corrections}:"
    yield "    [names]"
    for speaker in story.speakers:
        line = tomli_w.dumps({speaker.id: speaker.name or "NAME"}).strip()
        yield f"    {line}" if speaker.name else f"    # {line}"


def _called(speaker: Speaker) -> str:
    if speaker.name:
        return f"{speaker.name} ({speaker.confidence:.0%})"
    return speaker.role or "not named"


def _because(evidence: Evidence) -> str:
    """Why a name, with the words that say so and their time; a list or a book has none."""
    heard = evidence.kind not in ("agenda", "voice-book", "override")
    when = f" at {clock(evidence.time)}" if heard else ""
    quote = f': "{evidence.quote}"' if evidence.quote else ""
    return f"{evidence.kind} {evidence.name}{when}{quote}"


def _cut(audio: Audio, speaker: Speaker, samples: tuple[Span, ...], folder: Path) -> Iterator[str]:
    for number, sample in enumerate(samples, 1):
        path = folder / f"{speaker.id}-{number}.mp3"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # a voice is its owner's
        write_atomic(path, clip(audio, sample))
        yield f"    {path}"
