"""The article: all that is known about an event when the pipeline is through."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.data import Dropped, Engine, Note, Outline, RoomSound, TalkNotes, Usage
from pipeline.event import EventInfo


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
    asked: Usage = field(default_factory=Usage)  # for questions about the event as a whole
    refused: tuple[Dropped, ...] = ()  # lines about the event as a whole
    warnings: tuple[str, ...] = ()
    speech: float = 0.0  # seconds in which somebody speaks
    wordless: float = 0.0  # of them, seconds in which no words were heard

    @property
    def labels(self) -> dict[str, str]:
        """What to call each speaker, by id."""
        return {speaker.id: speaker.label for speaker in self.outline.speakers}

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """Notes that could not be shown to be true."""
        of_talks = (dropped for talk in self.talks for dropped in talk.dropped)
        return (*of_talks, *self.refused)

    @property
    def usage(self) -> Usage:
        """What the language model was paid for: for the event as a whole and for its talks."""
        return sum((talk.usage for talk in self.talks), self.asked)

    def all_warnings(self) -> tuple[str, ...]:
        """The event's and its talks' warnings, each once, a talk's with its title."""
        of_talks = (
            f"{noted.talk.title}: {warning}" for noted in self.talks for warning in noted.warnings
        )
        return tuple(dict.fromkeys((*self.warnings, *of_talks)))
