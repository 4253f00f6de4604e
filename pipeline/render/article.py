"""The article: all that is known about an event when the pipeline is through."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.data import Doubted, Dropped, Engine, Note, Outline, Part, RoomSound, TalkNotes, Usage
from pipeline.event import EventInfo, Origin, moment
from pipeline.languages import code


@dataclass(frozen=True, slots=True)
class Footage:
    """A stretch of the event and the video that shows it, `shift` seconds later than here."""

    url: str
    start: float
    end: float
    shift: float


@dataclass(frozen=True, slots=True)
class Article:
    """An event, heard, cut and noted. `engines` has the keys asr, diarize and writer."""

    event: EventInfo
    title: str
    slug: str
    duration: float
    language: str
    engines: Mapping[str, Engine]
    outline: Outline
    talks: tuple[TalkNotes, ...]
    sounds: tuple[RoomSound, ...] = ()
    caveat: tuple[Note, ...] = ()  # what to know before believing the rest
    description: str = ""  # one sentence, for search engines
    usage: Usage = field(default_factory=Usage)  # what the language model was paid for
    refused: tuple[Dropped, ...] = ()  # lines about the event as a whole
    warnings: tuple[str, ...] = ()
    doubts: tuple[Doubted, ...] = ()  # what a person has to look at
    corrected: bool = False  # whether a person has put anything right
    speech: float = 0.0  # seconds in which somebody speaks
    wordless: float = 0.0  # of them, seconds in which no words were heard
    parts: tuple[Part, ...] = ()  # the recordings on the event's time line
    translated: str = ""  # the language of the notes, where that is not the spoken one
    origins: tuple[Origin, ...] = ()  # of title and date, where no person gave them

    @property
    def written(self) -> str:
        """The language of the post."""
        return code(self.translated or self.language)

    @property
    def labels(self) -> dict[str, str]:
        """What to call each speaker, by id."""
        return {speaker.id: speaker.label for speaker in self.outline.speakers}

    @property
    def notes(self) -> tuple[Note, ...]:
        """The lines of the post, the caveat's first."""
        return (*self.caveat, *(note for noted in self.talks for note in noted.notes))

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """Notes that could not be shown to be true."""
        of_talks = (dropped for talk in self.talks for dropped in talk.dropped)
        return (*of_talks, *self.refused)

    @property
    def footage(self) -> tuple[Footage, ...]:
        """What can be watched: recordings with videos of their own, else all of it as one."""
        own = {video.file: video for video in self.event.videos}
        several = tuple(
            Footage(
                own[p.name].url,
                p.start,
                p.start + p.duration,
                own[p.name].offset + p.skipped - p.start,
            )
            for p in self.parts
            if p.name in own
        )
        whole = Footage(self.event.video or "", 0.0, self.duration, self.event.offset)
        return (*several, whole) if self.event.video else several or (whole,)

    def watch(self, seconds: float) -> str:
        """The address of a video that shows a moment of the event; empty where none does."""
        shown = (f for f in self.footage if f.url and f.start <= seconds <= f.end)
        at = next((f for f in shown if seconds + f.shift >= 0), None)
        return moment(at.url, seconds + at.shift) if at else ""

    def all_warnings(self) -> tuple[str, ...]:
        """The event's and its talks' warnings, each once, a talk's with its title."""
        of_talks = (
            f"{noted.talk.title}: {warning}" for noted in self.talks for warning in noted.warnings
        )
        return tuple(dict.fromkeys((*self.warnings, *of_talks)))
