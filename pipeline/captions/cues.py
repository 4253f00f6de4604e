"""Cues out of caption files and subtitle tracks: what is shown from when to when, markup and all.

WebVTT is parsed by webvtt-py, SubRip by srt; of a track in a media file FFmpeg gives the packets.
"""

import html
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import srt
import webvtt
from av.container import InputContainer
from av.subtitles.stream import SubtitleStream
from webvtt.errors import MalformedCaptionError, MalformedFileError

from pipeline.audio.media import open_media
from pipeline.data import ms
from pipeline.errors import InputError
from pipeline.languages import code
from pipeline.text import decoded

logging.getLogger("srt").setLevel(logging.ERROR)  # what it skips is told here
_TIMES = re.compile(
    r"^(?:\s*\S*\d\S*\s*-->|\s*-->\s*\S*\d|.*\d[.,]\d+\s*-+>\s*\d)", re.MULTILINE
)  # the line of a cue's times
_MINUTES = re.compile(r"^(\d+:\d\d[.,]\d+) *--> *(?=\d+:\d\d[.,])", re.MULTILINE)  # without hours
_BROKEN = re.compile(rf"(?:^\d+\s*\n)?{_TIMES.pattern}[\s\S]*", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z\d][^>]*>|\{\\[^}]*\}")
_BRACKETED = re.compile(r"^\s*\[([^\]]+)\]:")  # "[SPEAKER_00]: yes", as whisperx writes it
_SOUND = re.compile(r"\[[^\]]*\]|♪[^♪]*♪?|^\s*\([^)]*\)\s*$|\([^a-z)]{3,}\)")
_MARK = re.compile(r"^\s*(?:>>+|&gt;&gt;|[-\u2013\u2014](?=\s|[A-Z\[]))\s*")


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption of a file. `lines` keep their markup; `voice` is from a field of the format."""

    start: float
    end: float
    lines: tuple[str, ...]
    voice: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Captions: a file, or the subtitle track (from 1) of a recording."""

    file: Path
    track: int | None = None
    language: str = ""  # as the name or the track says it; "" where neither does
    others: tuple[str, ...] = ()  # in other languages, where nothing says which one is wanted

    @property
    def name(self) -> str:
        return f"{self.file.name} (track {self.track})" if self.track else self.file.name


@dataclass(frozen=True, slots=True)
class CueList:
    """All cues of a source in order, and the language that it states, "" for none."""

    cues: tuple[Cue, ...]
    language: str
    lost: int  # cues that could not be read


def read(source: Source) -> CueList:
    """The cues of captions; raises InputError where they cannot be read or are empty."""
    shown = _of_track(source) if source.track else _of_file(source)
    if not shown.cues:
        raise InputError(f"{source.file}: its captions hold no words; leave them out")
    forward = (replace(cue, end=max(cue.start, cue.end)) for cue in shown.cues)
    ordered = sorted(forward, key=lambda cue: (cue.start, cue.end))
    return CueList(tuple(ordered), code(shown.language or source.language), shown.lost)


def _of_file(source: Source) -> CueList:
    try:
        text = decoded(source.file.read_bytes()).replace("\0", "").lstrip("\n\r ")
    except OSError as error:
        raise InputError(f"{source.file}: cannot be read ({error.strerror})") from None
    of_web = text.startswith("WEBVTT")
    try:
        cues, language = _of_webvtt(text) if of_web else (_of_subrip(text), "")
    except (MalformedFileError, MalformedCaptionError, OverflowError):
        cues, language = (), ""
    lost = len(_TIMES.findall(text)) - len(cues)
    if not cues and (lost > 0 or not of_web):
        raise InputError(
            f"{source.file}: is neither WebVTT nor SubRip; convert it, or leave it out"
        )
    return CueList(cues, language, max(0, lost))


def _of_webvtt(text: str) -> tuple[tuple[Cue, ...], str]:
    """The cues, and the language that the head states."""
    parsed = webvtt.from_string(text)
    stated = re.search(r"^Language:\s*(\S+)", "\n".join(parsed.metadata), re.MULTILINE)
    cues = tuple(
        Cue(
            one.start_time.in_milliseconds() / 1000,
            one.end_time.in_milliseconds() / 1000,
            tuple(one.lines),
        )
        for one in parsed.captions
    )
    return cues, stated[1] if stated else ""


def _of_subrip(text: str) -> tuple[Cue, ...]:
    return tuple(
        Cue(
            one.start.total_seconds(),
            one.end.total_seconds(),
            tuple(_BROKEN.sub("", one.content).splitlines()),
        )
        for one in srt.parse(_MINUTES.sub(r"00:\1 --> 00:", text), ignore_errors=True)
    )


def _of_track(source: Source) -> CueList:
    with open_media(source.file) as container:
        stream = container.streams.subtitles[(source.track or 1) - 1]
        origin = (container.start_time or 0) / av.time_base
        cues = tuple(_packets(container, stream, origin))
    return CueList(cues, source.language, 0)


def _packets(container: InputContainer, stream: SubtitleStream, origin: float) -> Iterator[Cue]:
    form = stream.codec_context.name
    for packet in container.demux(stream):
        if packet.pts is None or not packet.size:
            continue
        start = float(packet.pts * packet.time_base) - origin
        end = start + float((packet.duration or 0) * packet.time_base)
        voice, text = _payload(bytes(packet), form)
        lines = tuple(text.splitlines())
        if any(line.strip() for line in lines):
            yield Cue(ms(max(0.0, start)), ms(end), lines, voice)


def _payload(raw: bytes, form: str) -> tuple[str, str]:
    """(voice, text) of a packet, as each format wraps it."""
    if form == "mov_text":
        size = int.from_bytes(raw[:2], "big")
        return "", decoded(raw[2 : 2 + size])
    text = decoded(raw)
    if form not in ("ass", "ssa"):
        return "", text
    fields = text.split(",", 8)
    if len(fields) < 9:  # a packet cut short: what it holds are its style's fields
        return "", ""
    return fields[3].strip(), fields[8].replace("\\N", "\n").replace("\\n", "\n")


def strip_tags(line: str) -> str:
    """A line without its tags: "<c> more</c> &amp; more" is "more & more"."""
    return " ".join(html.unescape(_TAG.sub("", line)).replace("\u200b", "").split())


def spoken_text(text: str) -> str:
    """Of a line without tags what is said: no "[Applause]", no "(LAUGHTER)", no music, no ">>"."""
    text = _BRACKETED.sub(r"\1:", text)
    return " ".join(_MARK.sub("", _SOUND.sub(" ", text)).split())
