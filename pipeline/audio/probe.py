"""What a media file says of itself, read from its header: tracks, length, tags, chapters."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import av
from av.container import InputContainer

from pipeline.audio.media import open_media
from pipeline.data import ms
from pipeline.errors import InputError
from pipeline.event import shows_film
from pipeline.text import decoded

NO_LANGUAGE = frozenset({"", "und", "mul", "mis", "zxx"})  # ISO 639-2: not known, several, none
EPOCHS = ("1904-01-01", "1970-01-01")  # what an encoder writes that has no clock
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.:/]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """An audio track as the header tells of it; `number` counts from 1, as players show it."""

    number: int
    codec: str  # "" when nothing here decodes it
    channels: int
    language: str  # as the file writes it: "deu", "en-US"; "" where it says none
    title: str
    default: bool


@dataclass(frozen=True, slots=True)
class Probe:
    """A file's header. `duration` in seconds, None where the file does not tell it."""

    duration: float | None
    tracks: tuple[AudioTrack, ...]
    subtitles: tuple[tuple[int, str], ...] = ()  # (number from 1, language) of those that are text
    title: str = ""
    artist: str = ""
    album: str = ""
    date: str | None = None
    began: datetime | None = None  # by its clock
    chapters: tuple[str, ...] = ()  # their titles
    video: str = ""  # the address that it was fetched from, where that shows a moment of it


def read_header(file: Path) -> Probe:
    """What the header says; raises InputError where there is none."""
    with open_media(file) as container:
        tags = _tags(container)
        sound = container.streams.audio
        chapters = (tag_text(each["metadata"].get("title", "")) for each in container.chapters())
        addresses = (tag for key in _FROM if " " not in (tag := tags.get(key, "")))  # no sentence
        return Probe(
            duration=ms(container.duration / av.time_base) if container.duration else None,
            tracks=tuple(_track(number, stream) for number, stream in enumerate(sound, 1)),
            subtitles=_subtitles(container),
            title=tags.get("title", ""),
            artist=tags.get("artist", ""),
            album=tags.get("album", ""),
            date=_date(tags),
            began=_began(tags),
            chapters=tuple(filter(None, chapters)),
            video=next(filter(shows_film, addresses), ""),
        )


def probed(file: Path) -> Probe | None:
    """The header of a file, cached until it changes; None where it cannot be opened."""
    found = _opened(file, *_signs(file))
    return found if isinstance(found, Probe) else None


def check_openable(files: Iterable[Path]) -> None:
    """Raises InputError for files that cannot be opened: all of them, each with its reason."""
    found = (_opened(file, *_signs(file)) for file in files)
    if wrong := [str(each) for each in found if isinstance(each, InputError)]:
        raise InputError("; and ".join(wrong))


def _signs(file: Path) -> tuple[int, ...]:
    """What tells that a file is another one than before; nothing where it is not there."""
    try:
        stat = file.stat()
    except OSError:
        return ()
    return stat.st_size, stat.st_mtime_ns, stat.st_mode


@cache
def _opened(file: Path, *signs: int) -> Probe | InputError:
    try:
        return read_header(file)
    except InputError as error:
        return error


def holds_sound(file: Path) -> bool:
    """Whether a file of any name can be opened and its first sound decoded."""
    try:
        with open_media(file) as container:
            known = [stream for stream in container.streams.audio if stream.codec_context]
            return bool(known) and any(container.decode(known))
    except InputError:
        return False


def tag_text(tag: str) -> str:
    """A tag as it was meant, also where the letters of another code page were taken for Latin."""
    raw = tag.encode("utf-8", "surrogateescape")
    if max(tag, default="") <= "\xff":
        raw = tag.encode("latin-1")
    return " ".join(decoded(raw).replace("\0", " ").split())


def day_in(text: str) -> str:
    """The first whole day in a text, "2024-03-11" of 20240311 too; empty where there is none."""
    match = _DAY.search(text)
    try:
        return date(*map(int, match.group(1, 3, 4))).isoformat() if match else ""
    except ValueError:  # the 31st of February
        return ""


_FROM = ("purl", "comment", "www")  # tags in which downloaders keep an address
_LOCAL = "com.apple.quicktime.creationdate"  # by the clock of the place; creation_time is UTC
_TEXT = frozenset({"srt", "subrip", "webvtt", "mov_text", "ass", "ssa", "text"})


def _track(number: int, stream: av.AudioStream) -> AudioTrack:
    codec = stream.codec_context
    return AudioTrack(
        number=number,
        codec=codec.name if codec else "",
        channels=codec.channels if codec else 0,
        language=_language(stream),
        title=_tag(stream, "title"),
        default=bool(stream.disposition & av.stream.Disposition.default),
    )


def _subtitles(container: InputContainer) -> tuple[tuple[int, str], ...]:
    return tuple(
        (number, _language(stream))
        for number, stream in enumerate(container.streams.subtitles, 1)
        if stream.codec_context and stream.codec_context.name in _TEXT
    )


def _tag(stream: av.stream.Stream, name: str) -> str:
    return next((tag_text(v) for key, v in stream.metadata.items() if key.lower() == name), "")


def _language(stream: av.stream.Stream) -> str:
    named = _tag(stream, "language")
    return "" if named.lower() in NO_LANGUAGE else named


def _tags(container: InputContainer) -> dict[str, str]:
    """The file's tags in lower case; an OGG keeps them with its stream, others a track's name."""
    tags: dict[str, str] = {}
    streams = container.streams.audio[:1] if container.format.name == "ogg" else []
    for source in (*(stream.metadata for stream in streams), container.metadata):
        tags.update({key.lower(): tag_text(value) for key, value in source.items()})
    return tags


def _date(tags: dict[str, str]) -> str | None:
    """The day of the recording, where a tag holds a whole one."""
    for key in ("date", _LOCAL, "creation_time", "tdrc", "date_recorded", "icrd"):
        day = day_in(tags.get(key, "")[:10])
        if day and day not in EPOCHS:
            return day
    return None


def _began(tags: dict[str, str]) -> datetime | None:
    """Day and time at which the recording was begun; a broadcast WAV has them in two tags."""
    told = tags.get("creation_time", "")
    text = told if "-" in told else f"{tags.get('date', '')}T{told}"
    try:
        return datetime.fromisoformat(text) if ":" in text and text[:10] not in EPOCHS else None
    except ValueError:
        return None
