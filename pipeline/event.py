"""What a person knows about an event: `event.toml` beside its recordings, all of it optional."""

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _a_date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("should be written as YYYY-MM-DD, like 2025-05-15") from None


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    main: ClassVar[str] = ""  # the key that a bare value stands for: people = ["Ada Park"]

    @model_validator(mode="before")
    @classmethod
    def _spelt_out(cls, value: Any) -> Any:
        return {cls.main: value} if cls.main and isinstance(value, str | int) else value


class Link(_Known):
    main = "url"
    url: str
    note: str = ""


class AgendaItem(_Known):
    main = "title"
    title: str
    time: str = ""  # as printed: "6:00 PM", "18:00"; a hint, not truth
    speakers: tuple[str, ...] = ()


class Person(_Known):
    main = "name"
    name: str
    role: str = ""


class SpeakerFile(_Known):
    """A recording of one speaker, beside those of the others on the same clock."""

    main = "file"
    file: str
    speaker: str = ""


class SpeakerCount(_Known):
    main = "count"
    count: int | None = Field(default=None, ge=1)
    min: int | None = Field(default=None, ge=1)
    max: int | None = Field(default=None, ge=1)


def _in_order(count: SpeakerCount) -> SpeakerCount:
    if count.min and count.max and count.min > count.max:
        raise ValueError("should have a min that is not above its max")
    return count


class EventInfo(_Known):
    """The contents of event.toml; the fields' names are its keys."""

    title: str = ""
    date: Annotated[str, AfterValidator(_a_date)] | None = None
    place: str = ""
    links: tuple[Link, ...] = ()
    blurb: str = ""
    agenda: tuple[AgendaItem, ...] = ()
    people: tuple[Person, ...] = ()
    attended: str = ""  # which part the writer saw: "We only came for the keynote"
    intro: str = ""  # Markdown, put before the talks as it stands
    glossary: tuple[str, ...] = ()
    speakers: Annotated[SpeakerCount, AfterValidator(_in_order)] = SpeakerCount()
    names: dict[str, str] = {}  # SPEAKER_03 = "Ada Park"
    language: str | None = None
    slug: str = ""
    files: tuple[str, ...] = ()  # the recordings in order, where it is not their names'
    track: int | None = Field(default=None, ge=1)  # the audio track to hear, as players count
    tracks: tuple[SpeakerFile, ...] = ()  # a file a speaker, all on one clock
    captions: Literal["use", "ignore"] | None = None  # whether they stand for hearing

    def vocabulary(self) -> tuple[str, ...]:
        """Names and terms that a speech engine should expect."""
        people = [person.name for person in self.people]
        speakers = [name for item in self.agenda for name in item.speakers]
        tracks = [track.speaker for track in self.tracks if track.speaker]
        return tuple(dict.fromkeys([*people, *speakers, *tracks, *self.glossary]))


def nobody(speaker: str, name: str) -> str:
    """How the sentence begins that tells of a name which was given to nobody who speaks."""
    return f"{name}: there is no {speaker}; "
