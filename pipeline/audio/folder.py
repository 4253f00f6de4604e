"""What lies in a folder: recordings, captions, and what is neither, each with the reason.

An ending says what a file is where it is known; what it does not say is opened and looked at, so
that no recording is passed by for its name.
"""

import mimetypes
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.audio.probe import holds_sound
from pipeline.corrections.file import FILE
from pipeline.errors import InputError

SOUND = "aac ac3 aif aiff amr ape caf flac m4a m4b mka mp2 mp3 oga ogg opus wav wma wv"
VIDEO = "3gp asf avi flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogm ogv ts webm wmv"
MEDIA = frozenset(f".{ending}" for ending in f"{SOUND} {VIDEO}".split())
CAPTIONS = frozenset({".vtt", ".srt"})
UNFINISHED = frozenset({".part", ".partial", ".crdownload", ".download", ".ytdl", ".tmp"})
DETAILS = "event.toml"
NOTES = "notes.json"  # a folder that holds it holds a finished post
_WRITTEN = re.compile(r"(transcript|chapters(-\d+)?)\.(srt|vtt)")  # captions that came with it
# What programs add to the name of a piece: yt-dlp its format ("talk.f137.mp4"), Zoom's cloud the
# size of the picture ("_1920x1080"), Zoom on a computer what the piece is ("video123", "audio123").
_PIECE = re.compile(
    r"\.f(\d{1,4}|hls|dash|http)[\w-]*$|(_(as|gvo|avo|gallery))*_\d{3,4}x\d{3,4}$|^(video|audio)(?=\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of an event's folder that is not used, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The files right in a folder, recordings and captions in name order: part2 before part10."""

    media: tuple[Path, ...]
    captions: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]


def contents(folder: Path) -> Contents:
    """What lies right in a folder; raises InputError where it cannot be read."""
    media, captions, left_out = [], [], []
    finished = (folder / NOTES).exists()
    for child in children(folder):
        if child.name == DETAILS or child.name.endswith(FILE):
            continue
        if finished and _WRITTEN.fullmatch(child.name):
            continue
        if child.is_dir():
            if any(file.is_file() and not _reason_unused(file) for file in child.glob("*")):
                why = "is a folder: files in event.toml can name its recordings"
                left_out.append(LeftOut(f"{child.name}/", why))
        elif is_captions(child):
            captions.append(child)
        elif why := _reason_unused(child):
            left_out.append(LeftOut(child.name, why))
        else:
            media.append(child)
    return Contents(tuple(media), tuple(captions), tuple(left_out))


def children(folder: Path) -> list[Path]:
    """Files and folders in a folder, but for hidden ones; raises InputError."""
    try:
        found = [child for child in folder.iterdir() if not child.name.startswith(".")]
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from None
    return sorted(found, key=_natural_key)


def is_captions(file: Path) -> bool:
    """Whether a file holds captions, by its ending."""
    return file.suffix.lower() in CAPTIONS


def shared_name(file: Path) -> str:
    """The name that the pieces of one recording share: "Talk" of Talk.f137.mp4 and Talk.m4a."""
    return _PIECE.sub("", file.stem)


def match_name(file: Path) -> str:
    """The shared name in lower case: files with one are pieces of one recording."""
    return shared_name(file).lower()


def recordings(files: Iterable[Path]) -> list[tuple[Path, ...]]:
    """Files that by their names are one recording in pieces, together; all in their order."""
    groups: dict[tuple[Path, str], list[Path]] = defaultdict(list)
    for file in files:
        groups[file.parent, match_name(file)].append(file)
    return [tuple(group) for group in groups.values()]


def captions_of(file: Path, captions: Sequence[Path]) -> tuple[Path, ...]:
    """Captions that by their names are a recording's: of talk.mp4 talk.en.vtt, not talk-2.vtt."""
    own = re.compile(rf"{re.escape(match_name(file))}([._-](?![^\W_]*\d)|\Z)")
    return tuple(one for one in captions if own.match(match_name(_of_media(one))))


def _of_media(captions: Path) -> Path:
    """ "talk.mp4" of "talk.mp4.vtt", as some programs name them, without what says so."""
    inner = Path(captions.stem)
    return inner if inner.suffix.lower() in MEDIA else captions


def _reason_unused(file: Path) -> str:
    """Why a file is no recording; empty where it is one."""
    if file.suffix.lower() in MEDIA:
        return ""
    if file.suffix.lower() in UNFINISHED:
        return "is an unfinished download"
    known = (mimetypes.guess_type(file.name)[0] or "").startswith(("text/", "image/", "font/"))
    return "is no recording" if known or not holds_sound(file) else ""


def _natural_key(path: Path) -> list[tuple[int, int, str]]:
    """By numbers, digits first, "X" before "X (1)"; GoPro counts chapters in front of files."""
    name = re.sub(r"^gopr(?=\d{4}\.)", "gp00", path.name.lower())
    name = re.sub(r"^g[hxlp](\d\d)(\d{4})(?=\.)", r"gopro\2 \1", name)
    pieces = re.findall(r"\d+|\D+", name.replace(".", "\0"))
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces]
