"""What a person knows about an event: `event.toml` beside its recordings, all of it optional."""

import datetime
import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from pipeline.languages import Language
from pipeline.text import clock_seconds


def _a_date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("should be written as YYYY-MM-DD, like 2025-05-15") from None


def _an_address(value: str) -> str:
    if not _host(value):
        raise ValueError("should be an address that begins with https://")
    return value.strip()


def _host(url: str) -> str:
    """The host of a web address; empty for what leads nowhere, or would be run ("javascript:")."""
    try:
        at = urlsplit(url.strip())
    except ValueError:  # half a bracket, or a sign that is read as another one
        return ""
    return at.hostname or "" if at.scheme in ("http", "https") and " " not in at.netloc else ""


def _seconds(value: Any) -> Any:
    """ "1:02:03" and "2:03" as seconds."""
    if isinstance(value, str) and re.fullmatch(r"-?(\d+:){0,2}\d+(\.\d+)?", value):
        total = clock_seconds(value.lstrip("-"))
        return -total if value.startswith("-") else total
    if isinstance(value, str | bool):
        raise ValueError("should be seconds, or a time like 0:12:30")
    return value


def _listed(value: Any) -> Any:
    """One by itself is a list of one."""
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Names = Annotated[tuple[Text, ...], BeforeValidator(_listed)]


Seconds = Annotated[float, BeforeValidator(_seconds), Field(allow_inf_nan=False)]
Address = Annotated[str, AfterValidator(_an_address)]
# where films are shown, by host and path, and what leads to a moment of one there
_PLACES = (
    (r"(?:[\w-]+\.)?youtube(?:-nocookie)?\.com/embed/", "?start={}"),
    (r"(?:[\w-]+\.)?youtube(?:-nocookie)?\.com/|youtu\.be/", "?t={}s"),
    (r"(?:[\w-]+\.)?vimeo\.com/", "#t={}s"),
    (r"media\.ccc\.de/v/", "#t={}"),
    (r"(?:[\w-]+\.)?archive\.org/(?:details|embed)/", "?start={}"),
    (r"[^/]+/(?:w|videos/watch|videos/embed)/(?!p/)[\w-]+/?$", "?start={}s"),  # PeerTube
    (r".*\.(?:mp4|m4v|webm|ogv|mov|mkv|mp3|m4a|ogg|opus|oga|flac|wav)$", "#t={}"),
)


def _leads_by(url: str) -> str:
    """How a moment is told to the place of a film; empty for a place that is not known."""
    at = urlsplit(url)
    where = f"{at.hostname or ''}{at.path}".removeprefix("www.")
    return next((how for place, how in _PLACES if re.match(place, where, re.IGNORECASE)), "")


def shows_film(url: str) -> bool:
    """Whether a link to a moment of what an address shows is known to work."""
    return bool(_host(url) and _leads_by(url))


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


class Video(_Known):
    """Where a recording can be watched: `offset` is when in the video the recording begins."""

    main = "url"
    url: Address = ""  # else the one in the recording's tags
    file: str  # the recording
    offset: Seconds = 0.0


def moment(url: str, seconds: float) -> str:
    """The address that opens a video at a time in it."""
    mark = (_leads_by(url) or "#t={}").format(int(seconds))
    at = urlsplit(url)
    if mark[0] == "#":
        return at._replace(fragment=mark[1:]).geturl()
    kept = [pair for pair in at.query.split("&") if not re.match(r"(?:t|start)=|$", pair)]
    return at._replace(query="&".join([*kept, mark[1:]]), fragment="").geturl()


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
    language: Language | None = None
    slug: str = ""
    files: tuple[str, ...] = ()  # the recordings in order, where it is not their names'
    track: int | None = Field(default=None, ge=1)  # the audio track to hear, as players count
    tracks: tuple[SpeakerFile, ...] = ()  # a file a speaker, all on one clock
    captions: Literal["use", "ignore"] | None = None  # whether they stand for hearing
    tags: Names = ()
    authors: Names = ()
    series: Names = ()
    extra: dict[str, Any] = {}  # for the front matter, as it stands
    video: Address | None = None  # where the event can be watched
    offset: Seconds = 0.0  # when in that video the recording begins
    videos: tuple[Video, ...] = ()  # the same, for recordings with videos of their own

    def texts(self) -> tuple[str, ...]:
        """All that event.toml tells."""
        told = (self.title, self.place, self.blurb, self.intro, self.attended, self.date or "")
        items = (" ".join((item.time, item.title, *item.speakers)) for item in self.agenda)
        listed = (f"{person.name} {person.role}" for person in self.people)
        links = (link.note for link in self.links)
        return (*told, *items, *listed, *links, *self.glossary, *self.names.values())

    def vocabulary(self) -> tuple[str, ...]:
        """Names and terms that a speech engine should expect."""
        people = [person.name for person in self.people]
        speakers = [name for item in self.agenda for name in item.speakers]
        tracks = [track.speaker for track in self.tracks if track.speaker]
        return tuple(dict.fromkeys([*people, *speakers, *tracks, *self.glossary]))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the event's title or date comes from, if no person gave it: a file's tags or a name."""

    what: Literal["title", "date"]
    of: Literal["tags", "name"]
    name: str
