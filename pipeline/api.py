"""backrow as a library: `from pipeline import Event, Line, listen, run, write`.

`listen` gives words, speakers and talks, `write` makes the post of what was heard here or was
transcribed elsewhere, `run` does both for many events. All that is kept lies in the output folder,
as with the command line; options are a `pipeline.config.Config`. docs/library.md has examples that
are run as tests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from math import inf
from pathlib import Path

from pipeline import flow
from pipeline.audio.inputs import EventInput, RejectedInput, find_events, slugify
from pipeline.captions.spoken import evenly
from pipeline.config import Config
from pipeline.data import Audio, Diarization, Known, Outline, Transcript, Turn, ms
from pipeline.diarize.merge import grouped
from pipeline.engines.choose import choose
from pipeline.errors import PipelineError, UsageError
from pipeline.event import EventInfo
from pipeline.executors import batch
from pipeline.finished import refuse_another
from pipeline.heard import Heard
from pipeline.progress import Sink, Watch, ignore
from pipeline.render.report import EventReport
from pipeline.session import Settings, make_session
from pipeline.talks import outline

ELSEWHERE = "a transcript made elsewhere"


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its recordings, and what is known of it.

    `path` is a media file or a folder as the command line takes it, with `event.toml` and
    `sources/`; `details` win over that file. An event without recordings needs a title there.
    """

    path: str | Path | None = None
    details: EventInfo = field(default_factory=EventInfo)

    def found(self) -> EventInput:
        """Its files, checked; raises PipelineError for what is wrong with them."""
        if self.path is None:
            if not self.details.title:
                raise UsageError("an event without recordings needs a title in its details")
            return EventInput(slugify(self.details.slug or self.details.title), self.details, ())
        events, refused = find_events([Path(self.path)])
        for bad in refused:
            raise bad.error
        if len(events) != 1:
            raise UsageError(f"{self.path}: holds {len(events)} events; an Event is one of them")
        told = {name: getattr(self.details, name) for name in self.details.model_fields_set}
        info = events[0].info.model_copy(update=told)
        slug = slugify(info.slug) if told.get("slug") else events[0].slug
        return replace(events[0], slug=slug, info=info)


@dataclass(frozen=True, slots=True)
class Line:
    """What one person says in one go. `start` and `end` are seconds from the event's start."""

    start: float
    end: float
    speaker: str
    text: str


def listen(
    event: Event, output: str | Path = "posts", config: Config | None = None, sink: Sink = ignore
) -> Heard:
    """Words, speakers and talks of an event; raises PipelineError, and keeps what was done."""
    source = _recorded(event)
    return flow.listen(source, make_session(_settings(output, config)), Watch(source.slug, sink))


def write(
    event: Event,
    said: Heard | Sequence[Line],
    output: str | Path = "posts",
    config: Config | None = None,
    sink: Sink = ignore,
) -> Path:
    """The post of what was heard, or of a transcript from elsewhere; its place is returned."""
    source = event.found()
    settings = _settings(output, config)
    if isinstance(said, Heard):
        heard = replace(said, source=source)
    else:
        heard = _heard(said, source, settings.config)
    session = make_session(settings)
    refuse_another(source, session)
    return flow.write(heard, session, Watch(source.slug, sink))[1]


def run(
    events: Sequence[Event],
    output: str | Path = "posts",
    config: Config | None = None,
    sink: Sink = ignore,
) -> Iterator[EventReport]:
    """The report of each event as it is finished; one that fails costs the others nothing."""
    found: list[EventInput] = []
    refused: list[RejectedInput] = []
    for event in events:
        try:
            found.append(_recorded(event))
        except PipelineError as error:
            place = Path(event.path or event.details.title)
            name = place.stem if event.path else event.details.title
            refused.append(RejectedInput(slugify(name), place, error))
    yield from batch.run(found, _settings(output, config), sink, refused)


def _recorded(event: Event) -> EventInput:
    """What can be listened to; raises PipelineError."""
    if event.path is None:
        raise UsageError(
            "an event without recordings is written up with `write`, from a transcript"
        )
    return event.found()


def _settings(output: str | Path, config: Config | None) -> Settings:
    chosen = config or Config()
    return Settings(chosen, Path(output), choose(chosen))


def _heard(lines: Sequence[Line], source: EventInput, config: Config) -> Heard:
    """A transcript from elsewhere as if it had been listened to; raises UsageError for none."""
    ordered = sorted(map(_with_length, count(1), lines), key=lambda line: line.start)
    if not any(line.text.split() for line in ordered):
        raise UsageError("the transcript holds no words")
    people = dict.fromkeys(line.speaker for line in ordered)
    names = {name: f"SPEAKER_{number:02}" for number, name in enumerate(people)}
    turns = tuple(Turn(ms(line.start), ms(line.end), names[line.speaker]) for line in ordered)
    known = Known(turns, "captions", tuple((id, name) for name, id in names.items() if name))
    words = tuple(
        replace(word, speaker=names[line.speaker])
        for line in ordered
        for word in evenly(line.text.split(), line.start, line.end)
    )
    info = source.info
    language = info.language or config.asr.language or "en"
    info = info.model_copy(update={"names": dict(known.names) | info.names, "language": language})
    story: Outline = outline(grouped(words), (), info, config.talks)
    audio = Audio(Path(), max(line.end for line in ordered), ELSEWHERE, (), known=known)
    transcript, diarization = Transcript(language, words), Diarization(turns, ())
    return Heard(source, audio, transcript, diarization, (), story, ELSEWHERE)


def _with_length(number: int, line: Line) -> Line:
    """A line of some length, 40 letters a second at most; raises UsageError for bad times."""
    if not 0 <= line.start <= line.end < inf:
        raise UsageError(
            f"line {number} of the transcript, {line.text[:40]!r}: is said from {line.start} to "
            f"{line.end}; give seconds from the event's start, the end not before the start"
        )
    return replace(line, end=max(line.end, line.start + len(line.text) / 40))
