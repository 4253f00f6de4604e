"""What a person knows about an event: `event.toml` beside its recordings, all of it optional."""

import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _a_date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("write the date as YYYY-MM-DD, like 2025-05-15") from None


class _Known(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Link(_Known):
    url: str
    note: str = ""


class AgendaItem(_Known):
    title: str
    time: str = ""  # as printed: "6:00 PM", "18:00"; a hint, not truth
    speakers: tuple[str, ...] = ()


class Person(_Known):
    name: str
    role: str = ""


class SpeakerCount(_Known):
    count: int | None = Field(default=None, ge=1)
    min: int | None = Field(default=None, ge=1)
    max: int | None = Field(default=None, ge=1)


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
    speakers: SpeakerCount = SpeakerCount()
    names: dict[str, str] = {}  # SPEAKER_03 = "Ada Park"
    language: str | None = None
    slug: str = ""
    files: tuple[str, ...] = ()  # the recordings in order, where it is not their names'

    def vocabulary(self) -> tuple[str, ...]:
        """Names and terms that a speech engine should expect."""
        people = [person.name for person in self.people]
        speakers = [name for item in self.agenda for name in item.speakers]
        return tuple(dict.fromkeys([*people, *speakers, *self.glossary]))
