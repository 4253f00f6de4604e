"""`backrow speakers`: who was heard and why they are called so, to be put right in a minute."""

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline import flow
from pipeline.audio import clip
from pipeline.audio.folder import DETAILS
from pipeline.audio.inputs import EventInput
from pipeline.commands.engines import with_weights
from pipeline.commands.options import events_of, names_of, settings
from pipeline.data import Audio, Evidence, Outline, Span, Speaker
from pipeline.errors import unexpected
from pipeline.job import make_kit
from pipeline.kit import Kit
from pipeline.progress import Watch, shown
from pipeline.render.clock import spoken
from pipeline.talks.samples import clear_samples
from pipeline.visible import visible


def main(args: Namespace) -> int:
    """Each speaker: name, confidence, talk time, evidence, three clear samples."""
    setup = settings(args)
    events, refused = events_of(args)
    kit = make_kit(replace(setup, choices=with_weights(setup.choices, setup.config)))
    failed = len(refused)
    for event in events:
        try:
            failed += _show(event, kit, args)
        except BaseException as error:  # one event's misfortune is no other's
            failed += 1
            print(f"{event.slug}: {unexpected(error)}")
    for bad in refused:
        print(f"{bad.slug}: {bad.error}")
    return 1 if failed else 0


def _show(event: EventInput, kit: Kit, args: Namespace) -> int:
    """Print all that is known of an event's speakers; how many --name named nobody."""
    with shown(verbose=args.verbose) as sink:
        heard = flow.listen(event, kit, Watch(event.slug, sink))
    folder = args.output / event.slug / "speakers" if args.clips else None
    print("\n".join(_lines(event, heard.story, heard.audio, folder)))
    print("\n".join(_to_keep(event, heard.story)))
    astray = list(flow.unheard(names_of(args), heard.story))
    for line in astray:
        print(visible(f"{event.slug}: {line}"))
    return len(astray)


def _lines(event: EventInput, story: Outline, audio: Audio, folder: Path | None) -> Iterator[str]:
    yield f"{event.slug}:"
    for speaker in story.speakers:
        said = [u for u in story.utterances if u.speaker == speaker.id]
        seconds = sum(utterance.end - utterance.start for utterance in said)
        yield f"  {speaker.id}  {_called(speaker)}  speaks {spoken(seconds)}"
        for evidence in speaker.evidence:
            yield f"    {_because(evidence)}"
        samples = clear_samples(speaker.id, story.utterances)
        yield "    listen at " + ", ".join(spoken(sample.start) for sample in samples)
        if folder:
            yield from _cut(audio, speaker, samples, folder)


def _to_keep(event: EventInput, story: Outline) -> Iterator[str]:
    """The lines of event.toml that give each speaker a name for good."""
    import tomli_w

    place = event.folder / DETAILS if event.folder else f"an {DETAILS}, in a folder with it"
    yield f"  to keep a name, or to give another, put this into {place}:"
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
    heard = evidence.kind not in ("agenda", "left over", "voice-book", "override")
    when = f" at {spoken(evidence.time)}" if heard else ""
    quote = f': "{evidence.quote}"' if evidence.quote else ""
    return f"{evidence.kind} {evidence.name}{when}{quote}"


def _cut(audio: Audio, speaker: Speaker, samples: tuple[Span, ...], folder: Path) -> Iterator[str]:
    for number, sample in enumerate(samples, 1):
        path = folder / f"{speaker.id}-{number}.mp3"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # a voice is its owner's
        clip(audio, sample, path)
        yield f"    {path}"
