"""Which recordings make which event: the command line's inputs, sorted into events."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.audio.media import check
from pipeline.config import read, validate
from pipeline.errors import ConfigError, InputError, PipelineError, nearest
from pipeline.event import EventInfo

SOUND = "aac ac3 aif aiff amr ape caf flac m4a m4b mka mp2 mp3 oga ogg opus wav wma wv"
VIDEO = "3gp asf avi flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv ts webm wmv"
MEDIA = frozenset(f".{ending}" for ending in f"{SOUND} {VIDEO}".split())
DETAILS = "event.toml"
SOURCES = "sources"  # papers and pages that claims are held against; no event
OURS = frozenset({"report.json", "notes.json"})  # a folder that holds these is our own output


@dataclass(frozen=True, slots=True)
class EventInput:
    """An event to be turned into a post. `folder` holds event.toml and sources/, if any."""

    slug: str
    info: EventInfo
    files: tuple[Path, ...]
    folder: Path | None = None

    @property
    def title(self) -> str:
        """The event's own, or else its folder's or its file's name."""
        own = " ".join(self.info.title.split())
        name = _name(self.folder or self.files[0]).replace("_", " ")
        return own or name[:1].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class Refused:
    """An input that cannot be an event, and why; the others go on."""

    slug: str
    path: Path
    error: PipelineError


def find_events(inputs: Sequence[Path]) -> tuple[list[EventInput], list[Refused]]:
    """The events that files and folders stand for, in order, each slug once.

    A media file is an event of one recording; a folder with event.toml, or whose media lie right
    in it, is one event; a folder of folders is a batch. What is wrong is returned, not raised.
    """
    events: dict[str, EventInput] = {}
    refused: list[Refused] = []
    for path in _places(inputs):
        try:
            event = _event(path)
            _distinct(event, events, path)
            events[event.slug] = event
        except PipelineError as error:
            refused.append(Refused(slugify(_name(path)), path, error))
    return list(events.values()), refused


def slugify(text: str) -> str:
    """A name for a folder and a URL: letters and digits of any script, in lower case."""
    plain = unicodedata.normalize("NFKC", text).lower()
    words = re.findall(r"[^\W_]+", re.sub(r"['\u2019]", "", plain))
    cut = "-".join(words).encode()[:120].decode(errors="ignore")
    return cut.strip("-") or "event"


def _places(inputs: Sequence[Path]) -> Iterator[Path]:
    """Files and folders that each stand for one event, none of them twice."""
    seen: set[Path] = set()
    for path in inputs:
        for place in _unfolded(path):
            if place.resolve() not in seen:
                seen.add(place.resolve())
                yield place


def _unfolded(path: Path) -> Iterator[Path]:
    if not path.is_dir() or (path / DETAILS).exists():
        yield path
        return
    try:
        folders = [child for child in _children(path) if child.is_dir() and not _aside(child)]
    except InputError:
        folders = []  # _event will meet the same error, where it is kept
    batch = [place for folder in folders for place in _unfolded(folder) if _holds_media(place)]
    yield from [*batch, *_media(path)] if batch else [path]


def _holds_media(place: Path) -> bool:
    return not place.is_dir() or (place / DETAILS).exists() or bool(_media(place))


def _aside(folder: Path) -> bool:
    """Folders of no recordings: sources, what an earlier run wrote, a link back up the tree."""
    if folder.is_symlink() and folder.resolve() in folder.absolute().parents:
        return True
    return folder.name == SOURCES or any((folder / name).exists() for name in OURS)


def _children(folder: Path) -> list[Path]:
    try:
        children = [child for child in folder.iterdir() if not child.name.startswith(".")]
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from None
    return sorted(children, key=_natural)


def _media(folder: Path) -> list[Path]:
    """The recordings right in a folder, in name order: part2 before part10."""
    return [
        child for child in _children(folder) if child.suffix.lower() in MEDIA and not child.is_dir()
    ]


def _natural(path: Path) -> list[tuple[int, str]]:
    pieces = re.findall(r"\d+|\D+", path.name.lower())
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces]


def _event(path: Path) -> EventInput:
    """The event of a folder or a file; raises InputError or ConfigError."""
    if path.is_dir():
        return _of_folder(path)
    check(path)
    if (path.parent / DETAILS).exists():
        whole = _of_folder(path.parent)
        if [file.resolve() for file in whole.files] == [path.resolve()]:
            return whole  # the event's only recording was named instead of its folder
    return EventInput(slugify(path.stem), EventInfo(), (path,))


def _of_folder(folder: Path) -> EventInput:
    details = folder / DETAILS
    values = _with_dates_as_text(read(details)) if details.exists() else {}
    info = validate(EventInfo, values, str(details))
    listed = _names_of_files(info, details)
    files = _listed(folder, listed) if listed else tuple(_media(folder))
    if not files:
        raise InputError(f"{folder}: holds no recording; put the audio or video files in it")
    if not listed:
        _refuse_twins(folder, files)
    for file in files:
        check(file)
    slug = slugify(info.slug or info.title or _name(folder))
    return EventInput(slug, info, files, folder)


def _with_dates_as_text(value: Any) -> Any:
    """TOML has dates and times of its own; EventInfo takes them as they are written."""
    if isinstance(value, dict):
        return {key: _with_dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_dates_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _names_of_files(info: EventInfo, details: Path) -> tuple[str, ...]:
    """The recordings that event.toml names, in order or as a speaker each."""
    speakers = tuple(track.file for track in info.tracks)
    if info.files and speakers and set(info.files) != set(speakers):
        raise ConfigError(
            f"{details}: files and tracks name different recordings; tracks alone are enough"
        )
    return speakers or info.files


def _listed(folder: Path, names: Sequence[str]) -> tuple[Path, ...]:
    """The files that event.toml names, in its order."""
    for name in names:
        if not (folder / name).exists():
            hint = nearest(name, (file.name for file in _media(folder)))
            raise ConfigError(f"{folder / DETAILS}: files: {name} is not there{hint}")
    return tuple(folder / name for name in names)


def _refuse_twins(folder: Path, files: Sequence[Path]) -> None:
    """talk.mp3 beside talk.mp4 is one recording twice, and would double the event."""
    stems: dict[str, Path] = {}
    for file in files:
        twin = stems.setdefault(file.stem.lower(), file)
        if twin is not file:
            raise InputError(
                f"{folder}: {twin.name} and {file.name} look like one recording twice; "
                f'name those to use in {DETAILS}, like files = ["{file.name}"]'
            )


def _distinct(event: EventInput, others: dict[str, EventInput], path: Path) -> None:
    other = others.get(event.slug)
    if other is None:
        return
    raise InputError(
        f"{path}: has the slug {event.slug}, like {other.folder or other.files[0]}, and would "
        f"overwrite its post; give one of them another slug in an {DETAILS}"
    )


def _name(path: Path) -> str:
    """What a path is called; "." has no name of its own."""
    whole = path.resolve() if path.name in ("", "..") else path
    return whole.name if whole.is_dir() else whole.stem
