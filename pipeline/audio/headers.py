"""What a file holds, whatever its header says: more or less than it claims, or several in a chain.

FFmpeg believes a WAV's header, and stops where it says; that a file is shorter than its header says
it does not tell of WAV, W64, CAF, AVI and of an MP3's Xing header, and an OGG's end it does not
look for. These are read here. Recordings that were put one behind the other (`cat a.wav b.wav`)
each have their own header: the second is looked for where FFmpeg came to an end before the file.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.audio.media import ByteRange

UNKNOWN = 0x7FFF_0000  # a WAV that says this or more was written into a pipe: no length is meant
SEARCHED = 1 << 16  # bytes in which a mark is looked for
MARKS = (b"RIFF", b"RF64", b"riff", b"FORM", b"#!AM", b".snd", b"caff", b"FLV\1", b"\x1aE\xdf\xa3")
# how each link of a chain begins: FFmpeg reads on with the rate and the channels of the first
LINKS = {b"fLaC": b"fLaC\0\0\0\x22", b"OggS": b"OggS\0\2" + bytes(8)}
# how chunks are written: name and length, where the first begins, the bytes that each is filled up
# to, and those of its head that its length counts
_RIFF = ("<4sI", 12, 2, 0)
_FORMS = {b"RIFF": _RIFF, b"RF64": _RIFF, b"riff": ("<16sQ", 40, 8, 24), b"caff": (">4sQ", 8, 1, 0)}


def byte_range_from(file: Path, start: int) -> ByteRange:
    """How the recording that begins at a byte of the file is to be read."""
    size = file.stat().st_size
    with file.open("rb") as source:
        head = source.read(12)
        if head[:4] in LINKS:
            return ByteRange(start, _link_behind(source, start, LINKS[head[:4]]))
        if head[4:8] == b"ftyp":
            return ByteRange(start, _mp4_behind(source, start + 1, size))
        if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
            return _wav(source, size, start)
        if start:
            return ByteRange(start, size)
        if head[:4] in _FORMS:
            return ByteRange(share=_share(source, head, size))
        return ByteRange(share=_share_of_mp3(source, size))


def next_start(file: Path, read: int) -> int | None:
    """Where another recording of its kind begins behind the first `read` bytes, if any does."""
    with file.open("rb") as source:
        head = source.read(12)
        if head[4:8] == b"ftyp":
            return _mp4_behind(source, read, file.stat().st_size)
        source.seek(read)
        behind = source.read(SEARCHED)
        if head[:4] in LINKS:
            return read if behind.startswith(LINKS[head[:4]]) else None
        found = behind.find(head[:4]) if head[:4] in MARKS else -1
        return read + found if found >= 0 else None


def _link_behind(source: BinaryIO, start: int, mark: bytes) -> int | None:
    """Where the link behind the one at `start` begins; None for the last."""
    at = start
    source.seek(at)
    while (page := source.read(SEARCHED)).startswith(mark):  # an OGG's streams begin side by side
        at += 27 + page[26] + sum(page[27 : 27 + page[26]]) if mark == LINKS[b"OggS"] else len(mark)
        source.seek(at)
    held = page
    while at > start and page:
        if (found := held.find(mark)) >= 0:
            return source.tell() - len(held) + found
        page = source.read(SEARCHED)
        held = held[1 - len(mark) :] + page
    return None


def _mp4_behind(source: BinaryIO, read: int, size: int) -> int | None:
    """Where another MP4 begins: at a later box that names a file's type."""
    at = 0
    while at + 16 <= size:
        source.seek(at)
        length, name, long = struct.unpack(">I4sQ", source.read(16))
        if name == b"ftyp" and at >= read:
            return at
        length = long if length == 1 else length
        if length < 8:
            return None
        at += length
    return None


def lacks_end_page(file: Path) -> bool:
    """Whether an OGG lacks the mark that its last page carries: it was cut off, or never closed."""
    with file.open("rb") as source:
        if source.read(4) != b"OggS":
            return False
        source.seek(max(0, file.stat().st_size - SEARCHED))
        last = source.read()
    page = last.rfind(b"OggS")
    return page >= 0 and not (len(last) > page + 5 and last[page + 5] & 4)


def _share(source: BinaryIO, head: bytes, size: int) -> float:
    """Of the bytes that an AVI, a W64 or a CAF promises those that are there."""
    if head[:4] == b"RIFF":
        return min(1.0, size / (int.from_bytes(head[4:8], "little") + 8))
    for chunk in _chunks(source, size, head[:4]):
        if chunk.name[:4] == b"data" and 0 < chunk.size < 1 << 62:  # else not known when begun
            return min(1.0, (size - chunk.start) / chunk.size)
    return 1.0


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A piece of a file: its name, the length that it claims, where its data begin and end."""

    name: bytes
    size: int
    start: int
    end: int


def _chunks(
    source: BinaryIO, size: int, mark: bytes = b"RIFF", at: int | None = None
) -> Iterator[_Chunk]:
    """The chunks from a place on; the last one is where the form breaks or the data end."""
    form, first, filled, counted = _FORMS[mark]
    length, at = struct.calcsize(form), first if at is None else at
    source.seek(at)
    while len(head := source.read(length)) == length:
        name, claimed = struct.unpack(form, head)
        held, start = claimed - counted, source.tell()
        chunk = _Chunk(name, held, start, start + -(-held // filled) * filled)
        yield chunk
        if chunk.end > size or held < 0 or chunk.name in MARKS:
            return
        source.seek(chunk.end)


def _wav(source: BinaryIO, size: int, start: int = 0) -> ByteRange:
    """The stretch of a WAV that begins at `start`, by its chunks."""
    long = None
    for chunk in _chunks(source, size, at=start + 12):
        if chunk.name == b"ds64":
            long = int.from_bytes(source.read(16)[8:], "little")
        elif chunk.name == b"data":
            told = long if long is not None and chunk.size == 0xFFFFFFFF else chunk.size
            return _of_data(chunk.start, told, source, size, start)
    return ByteRange(start)


def _of_data(begin: int, told: int, source: BinaryIO, size: int, start: int) -> ByteRange:
    """The stretch of a WAV, by where its data chunk begins and the length that this claims."""
    end = begin + told + told % 2
    if told == 0 or (told >= UNKNOWN and end > size):
        return ByteRange(start, to_the_end=True)
    if end > size + 1:
        return ByteRange(start, share=(size - begin) / told)
    behind = list(_chunks(source, size, at=end))
    if any(chunk.name in (*MARKS, b"data") for chunk in behind):  # of two FFmpeg reads the last
        return ByteRange(start, end)
    formed = [all(32 <= byte < 127 for byte in c.name) and c.end <= size + 1 for c in behind]
    whole = end >= size or (behind and all(formed))  # else it is sound, not chunks
    return ByteRange(start, to_the_end=not whole)


def _share_of_mp3(source: BinaryIO, size: int) -> float:
    """Of the bytes that an MP3's Xing header promises those that are there, its tags among them."""
    source.seek(_behind_tags(source))
    frame = source.read(200)
    at = max(frame.find(mark, 0, 40) for mark in (b"Xing", b"Info"))  # where a frame's data begin
    flags = frame[at + 7] if at >= 4 and len(frame) == 200 and frame[0] == 0xFF else 0
    if not flags & 2:
        return 1.0
    counted = at + (12 if flags & 1 else 8)  # behind the number of frames, if that is there
    promised = int.from_bytes(frame[counted : counted + 4], "big")
    return min(1.0, size / max(1, promised))


def _behind_tags(source: BinaryIO) -> int:
    """Where the sound of an MP3 begins: behind its ID3 tag, if it has one."""
    source.seek(0)
    head = source.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
