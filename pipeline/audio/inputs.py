"""Which recordings make which event: the command line's inputs, sorted into events."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.audio.folder import (
    DETAILS,
    NOTES,
    Contents,
    LeftOut,
    captions_of,
    children,
    contents,
    is_captions,
    recordings,
    shared_name,
)
from pipeline.audio.media import check_readable, problem
from pipeline.audio.parallel_files import of_speakers, speakers_files
from pipeline.audio.probe import check_openable
from pipeline.audio.tags import by_start, fill_from_tags
from pipeline.corrections.file import corrections_path
from pipeline.errors import ConfigError, InputError, PipelineError, nearest, unexpected
from pipeline.event import EventInfo, Origin
from pipeline.reading_limits import leads_out
from pipeline.toml import read, validate
from pipeline.visible import one_line

SOURCES = "sources"  # papers and pages that claims are held against; no event
# as yt-dlp ends names, " [dQw4w9WgXcQ]": not a word in brackets, which is part of a title
_VIDEO_ID = re.compile(r"\s*\[(?=[^\]]*(?:[\d_-]|[a-z][A-Z]))[\w-]{11}\]$", re.ASCII)
OUTPUT_MARKS = frozenset({"report.json", NOTES})  # a folder that holds these is our own output


@dataclass(frozen=True, slots=True)
class EventInput:
    """An event to be turned into a post. `folder` holds event.toml and sources/, if any.

    `files` are its recordings, or captions alone; `captions` those that lie beside them.
    """

    slug: str
    info: EventInfo
    files: tuple[Path, ...]
    folder: Path | None = None
    captions: tuple[Path, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    beyond: tuple[Path, ...] = ()  # folders outside of its own that links may lead to
    origins: tuple[Origin, ...] = ()  # of what no person told

    @property
    def corrections(self) -> Path:
        """Where a person's corrections lie, whether there are any or not."""
        return corrections_path(self.folder, self.files[0], _event_name(None, self.files))

    @property
    def sounding(self) -> bool:
        """Whether there is anything to hear: else its captions are all there is."""
        return not all(map(is_captions, self.files))

    @property
    def title(self) -> str:
        """The event's own, or else its folder's or its file's name."""
        if own := one_line(self.info.title):
            return own
        called = _event_name(self.folder, self.files)
        called = _VIDEO_ID.sub("", called) or called
        name = one_line(called.replace("_", " "))
        return name[:1].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class RejectedInput:
    """An input that cannot be an event, and why; the others go on."""

    slug: str
    path: Path
    error: PipelineError


def find_events(
    inputs: Sequence[Path], beyond: Sequence[Path] = ()
) -> tuple[list[EventInput], list[RejectedInput]]:
    """The events that files and folders stand for, in order, each slug once.

    A media file is an event of one recording; a folder with event.toml, or whose media lie right
    in it, is one event; a folder of folders is a batch. What is wrong is returned, not raised.
    Links and names of files lead out of an event's folder only to an input or a folder `beyond`.
    """
    events: dict[str, EventInput] = {}
    refused: list[RejectedInput] = []
    captions_in = cache(_captions_in)  # a folder may hold thousands of recordings
    for place in _places(inputs):
        try:
            event = _event(place, captions_in)
            _distinct(event, events, place[0])
            _stays_inside(event, (*inputs, *beyond))
            events[event.slug] = replace(event, beyond=tuple(beyond))
        except BaseException as error:  # one input's misfortune is no other's
            refused.append(RejectedInput(slugify(_name(place[0])), place[0], unexpected(error)))
    return list(events.values()), refused


def _stays_inside(event: EventInput, named: Sequence[Path]) -> None:
    """Raises InputError for what leads to where no person has pointed."""
    own = [event.folder] if event.folder else [file.parent for file in event.files]
    folders = (*own, *named)
    details = [event.folder / DETAILS] if event.folder else []
    for file in (*details, event.corrections, *event.files, *event.captions):
        if refusal := leads_out(file, folders):
            raise InputError(refusal)


def slugify(text: str) -> str:
    """A name for a folder and a URL: letters and digits of any script, in lower case."""
    plain = unicodedata.normalize("NFKC", text).lower()
    words = re.findall(r"[^\W_]+", re.sub(r"['\u2019]", "", plain))
    cut = "-".join(words).encode()[:120].decode(errors="ignore")
    return cut.strip("-") or "event"


Place = tuple[Path, ...]  # a folder, a file, or the pieces of one recording


def _places(inputs: Sequence[Path]) -> Iterator[Place]:
    """What stands for one event each, nothing twice; pieces of one recording come together."""
    found = [place for path in inputs for place in _events_below(path)]
    loose = dict.fromkeys(place for place in found if len(place) == 1 and not place[0].is_dir())
    groups = {group[:1]: group for group in recordings(file for (file,) in loose)}
    seen: set[Path] = set()
    for place in found:
        files = groups.get(place, ()) if place in loose else place
        resolved = {path.resolve() for path in files}
        if files and not resolved & seen:
            yield files
        seen |= resolved


def _events_below(path: Path) -> Iterator[Place]:
    """The events of a path: itself, or those below it."""
    if not path.is_dir() or (path / DETAILS).exists():
        yield (path,)
        return
    try:
        folders = _folders(path)
        held = contents(path)
    except InputError:
        yield (path,)  # _event will meet the same error, where it is kept
        return
    speakers = [folder for folder in folders if of_speakers(folder, held.media)]
    rest = [folder for folder in folders if folder not in speakers]
    batch = [place for folder in rest for place in _events_below(folder) if _holds_media(place[0])]
    if speakers:
        yield (path,)
        yield from batch
    elif batch:
        yield from batch
        yield from ((file,) for file in held.media or held.captions)
    else:
        yield (path,)


def _folders(path: Path) -> list[Path]:
    """Those in a folder that may hold recordings."""
    return [child for child in children(path) if child.is_dir() and not _aside(child)]


def _holds_media(place: Path) -> bool:
    if not place.is_dir() or (place / DETAILS).exists():
        return True
    held = contents(place)
    return bool(held.media or held.captions)


def _aside(folder: Path) -> bool:
    """Folders of no recordings: sources, what an earlier run wrote, a link back up the tree."""
    if folder.is_symlink() and folder.resolve() in folder.absolute().parents:
        return True
    return folder.name == SOURCES or any((folder / name).exists() for name in OUTPUT_MARKS)


def _event(place: Place, captions_in: Callable[[Path], Sequence[Path]]) -> EventInput:
    """The event of a folder, a file or a recording's pieces; raises InputError or ConfigError."""
    path = place[0]
    if path.is_dir():
        return _of_folder(path)
    for file in place:
        check_readable(file)
    if (path.parent / DETAILS).exists():
        whole = _of_folder(path.parent)
        if {file.resolve() for file in whole.files} == {file.resolve() for file in place}:
            return whole  # the event's recordings were named instead of its folder
    info, origins = fill_from_tags(EventInfo(), place, [file.stem for file in place])
    slug = slugify(_event_name(None, place))
    near = () if all(map(is_captions, place)) else captions_in(path.parent)
    captions = tuple(dict.fromkeys(found for file in place for found in captions_of(file, near)))
    return EventInput(slug, info, place, captions=captions, origins=origins)


def _event_name(folder: Path | None, files: Sequence[Path]) -> str:
    """An event's name where nothing says another: its folder's, its file's, its pieces'."""
    if folder:
        return _name(folder)
    return _name(files[0]) if len(files) == 1 else shared_name(files[0])


def _captions_in(folder: Path) -> tuple[Path, ...]:
    """The captions right in a folder; none where it cannot be read."""
    try:
        return tuple(filter(is_captions, children(folder)))
    except InputError:
        return ()


def _of_folder(folder: Path) -> EventInput:
    details = folder / DETAILS
    written = read(details) if details.exists() else {}
    values = _with_dates_as_text(written) | {"extra": written.get("extra", {})}
    info = validate(EventInfo, values, str(details))
    if "title" in values and not info.title.strip():
        raise ConfigError(
            f"{details}: title should not be empty; leave it out to have the folder's"
        )
    held = contents(folder)
    listed = _listed(info, folder, held)
    below = [child for child in _folders(folder) if of_speakers(child, held.media)]
    speakers, late = speakers_files(below, held.media)
    media = (by_start(held.media) or held.media) + speakers
    files = tuple(folder / name for name in listed) or media or held.captions
    if not files and (folder / NOTES).exists():
        raise InputError(f"{folder}: is a finished post; name the recording that it was made of")
    if not files:
        raise InputError(f"{folder}: holds no recording; put the audio or video files in it")
    if any(map(problem, files)):
        check_openable(files)
    unused = (LeftOut(file.name, "is not named in event.toml") for file in held.media)
    left_out = [left for left in unused if left.name not in listed] if listed else []
    captions = tuple(file for file in held.captions if file not in files)
    told, slug = info.videos, slugify(info.slug or info.title or _name(folder))
    info, origins = fill_from_tags(info, files, [*(file.stem for file in files), _name(folder)])
    known, shown = [file.name for file in files], {each.file for each in info.videos if each.url}
    for name in (video.file for video in told if video.file not in shown.intersection(known)):
        why = "has no url" if name in known else f"is no recording of it{nearest(name, known)}"
        raise ConfigError(f"{details}: videos: {name} {why}")
    used = listed or tuple(f"{child.name}/" for child in below)
    left_out += [each for each in held.left_out if not any(n.startswith(each.name) for n in used)]
    left_out += [] if listed else late
    return EventInput(slug, info, files, folder, captions, tuple(left_out), origins=origins)


def _with_dates_as_text(value: Any) -> Any:
    """TOML has dates and times of its own; EventInfo takes them as they are written."""
    if isinstance(value, dict):
        return {key: _with_dates_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_dates_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def _listed(info: EventInfo, folder: Path, held: Contents) -> tuple[str, ...]:
    """The recordings that event.toml names, in order or as a speaker each."""
    speakers = tuple(track.file for track in info.tracks)
    if info.files and speakers and set(info.files) != set(speakers):
        raise ConfigError(
            f"{folder / DETAILS}: files and tracks name different recordings; tracks alone are "
            "enough"
        )
    names = speakers or info.files
    for name in names:
        if not (folder / name).exists():
            hint = nearest(name, (file.name for file in held.media))
            raise ConfigError(f"{folder / DETAILS}: files: {name} is not there{hint}")
    return names


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
