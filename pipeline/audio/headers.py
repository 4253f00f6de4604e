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
# frames of an MP3 by MPEG version and layer III: samples in each, sampling rates
_MP3 = {3: (1152, (44100, 48000, 32000)), 2: (576, (22050, 24000, 16000))}
_MP3[0] = (576, (11025, 12000, 8000))
_SIDE = {(3, False): 32, (3, True): 17, (2, False): 17, (2, True): 9, (0, False): 17, (0, True): 9}


def first_stretch(file: Path) -> ByteRange:
    """How the recording that the file begins with is to be read."""
    with file.open("rb") as source:
        head = source.read(12)
        size = file.stat().st_size
        if head[:4] in LINKS:
            return ByteRange(0, _link_behind(source, 0, LINKS[head[:4]]))
        if head[4:8] == b"ftyp":
            return ByteRange(0, _mp4_behind(source, 1, size))
        if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
            return _wav(source, size)
        if head[:4] in (b"RIFF", b"riff", b"caff"):
            return ByteRange(share=_share(source, head, size))
        return ByteRange(claimed=_mp3(source))


def next_stretch(file: Path, read: int) -> ByteRange | None:
    """The recording of the file's own kind behind the first `read` bytes, if there is one."""
    size = file.stat().st_size
    with file.open("rb") as source:
        head = source.read(12)
        if head[:4] in LINKS:
            end = _link_behind(source, read, LINKS[head[:4]])
            return None if end == read else ByteRange(read, end)
        if head[4:8] == b"ftyp":
            start = _mp4_behind(source, read, size)
            return ByteRange(start, _mp4_behind(source, start + 1, size)) if start else None
        source.seek(read)
        behind = source.read(SEARCHED).find(head[:4]) if head[:4] in MARKS else -1
        if behind < 0:
            return None
        start = read + behind
        if head[:4] not in (b"RIFF", b"RF64"):
            return ByteRange(start, size)
        source.seek(start + 12)
        return _wav(source, size, start)


def _link_behind(source: BinaryIO, start: int, mark: bytes) -> int | None:
    """Where the link behind the one at `start` begins; None for the last, `start` for no link."""
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
    return None if at > start else start


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


def without_end(file: Path) -> bool:
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
    wide = head[:4] == b"riff"
    form, at = ("<16sQ", 40) if wide else (">4sQ", 8)
    while at + struct.calcsize(form) <= size:
        source.seek(at)
        name, length = struct.unpack(form, source.read(struct.calcsize(form)))
        start = at + struct.calcsize(form)
        if name[:4] == b"data":
            length -= 24 if wide else 0
            told = length < 1 << 62  # else it was not known when the file was begun
            return min(1.0, (size - start) / int(length)) if told and length else 1.0
        at = at + -(-length // 8) * 8 if wide else start + length
        if length < 1:
            return 1.0
    return 1.0


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A piece of a RIFF file: its name, the length that it claims, and where its data begin."""

    name: bytes
    size: int
    start: int

    @property
    def end(self) -> int:
        return self.start + self.size + self.size % 2


def _wav(source: BinaryIO, size: int, start: int = 0) -> ByteRange:
    """A WAV's stretch, by its chunks; `source` stands behind the 12 bytes that it begins with."""
    rate, long = 0, None
    for chunk in _chunks(source, size):
        if chunk.name == b"ds64":
            long = int.from_bytes(source.read(16)[8:], "little")
        elif chunk.name == b"fmt ":
            rate = int.from_bytes(source.read(12)[8:], "little")
        elif chunk.name == b"data":
            told = long if long is not None and chunk.size == 0xFFFFFFFF else chunk.size
            return _of_data(_Chunk(b"data", told, chunk.start), rate, source, size, start)
    return ByteRange(start)


def _of_data(data: _Chunk, rate: int, source: BinaryIO, size: int, start: int) -> ByteRange:
    if data.size == 0 or (data.size >= UNKNOWN and data.end > size):
        return ByteRange(start, to_the_end=True)
    if data.end > size + 1:
        return ByteRange(start, claimed=data.size / rate if rate else None)
    source.seek(data.end)
    behind = list(_chunks(source, size))
    if any(chunk.name in (*MARKS, b"data") for chunk in behind):  # of two FFmpeg reads the last
        return ByteRange(start, data.end)
    formed = [all(32 <= byte < 127 for byte in c.name) and c.end <= size + 1 for c in behind]
    whole = data.end >= size or (behind and all(formed))  # else it is sound, not chunks
    return ByteRange(start, to_the_end=not whole)


def _chunks(source: BinaryIO, size: int) -> Iterator[_Chunk]:
    """The chunks from here; the last one is where the form breaks or the data begin."""
    while len(head := source.read(8)) == 8:
        chunk = _Chunk(head[:4], struct.unpack("<I", head[4:])[0], source.tell())
        yield chunk
        if chunk.end > size or chunk.name in MARKS:
            return
        source.seek(chunk.end)


def _mp3(source: BinaryIO) -> float | None:
    """The seconds that an MP3's Xing header claims."""
    source.seek(_behind_tags(source))
    frame = source.read(200)
    if len(frame) < 200 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:
        return None
    version, mono = frame[1] >> 3 & 3, frame[3] >> 6 == 3
    rate = frame[2] >> 2 & 3
    if version not in _MP3 or rate == 3:
        return None
    at = 4 + _SIDE[version, mono]
    if frame[at : at + 4] not in (b"Xing", b"Info") or not frame[at + 7] & 1:
        return None
    samples, rates = _MP3[version]
    frames = int.from_bytes(frame[at + 8 : at + 12], "big")
    return frames * samples / rates[rate]


def _behind_tags(source: BinaryIO) -> int:
    """Where the sound of an MP3 begins: behind its ID3 tag, if it has one."""
    source.seek(0)
    head = source.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
