"""Sound out of any media file, frame by frame, through PyAV (FFmpeg's libraries in a wheel).

Frames are put where the file's own timestamps say: a gap in them becomes silence, so that a time
in the transcript is the time in the player. Every channel stays by itself; `lanes` takes them from
here.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from pipeline.audio.wav import MINUTE, SAMPLE_RATE, Samples
from pipeline.errors import InputError
from pipeline.text import clock_seconds

TOLERANCE = 0.05  # seconds that timestamps and sample counts may differ
LONGEST_GAP = 3600.0  # a jump forward beyond this is a broken clock, not a pause
LONGEST_OVERLAP = 1.0  # a jump back beyond this too
SHORT_OF = 1.0  # seconds that may be missing before a file counts as cut off
GUESSED_LENGTH = frozenset({"mp3", "aac"})  # containers whose length is but an estimate


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes of a file that are one recording: all of it, or one of several in a chain.

    `share` is what is there of the data that a header promises, where FFmpeg does not tell.
    """

    start: int = 0
    end: int | None = None
    to_the_end: bool = False  # the header's length is not to be believed
    share: float = 1.0


WHOLE = ByteRange()


@contextmanager
def open_media(file: Path, stretch: ByteRange = WHOLE) -> Iterator[InputContainer]:
    """An open container; raises InputError with the remedy where there is none.

    The name is absolute, since "12:30 talk.mp3" would be a protocol; the whitelist keeps a playlist
    in disguise from opening a socket. Tags that are not UTF-8 have surrogate escapes, for `probe`.
    """
    check_readable(file)
    name = str(file.absolute())
    head = b""
    with suppress(OSError), file.open("rb") as source:  # FFmpeg will say what is wrong with it
        head = source.read(12)
    if stretch.start or stretch.end:
        name = f"subfile,,start,{stretch.start},end,{stretch.end or 0},,:{name}"
    options = {"protocol_whitelist": "file,subfile"}
    options |= {"ignore_length": "1"} if stretch.to_the_end else {}
    # bytes; of a WAV FFmpeg searches 5 MB for DTS
    options |= {"probesize": "8192"} if head.endswith(b"WAVE") else {}
    try:
        with av.open(name, options=options, metadata_errors="surrogateescape") as container:
            yield container
    except av.FFmpegError as error:
        raise _unreadable(file, error) from None


@dataclass(slots=True)
class TrackReader:
    """One audio stream, read once; what was wrong with it stands in `damaged` and `jumped`."""

    container: InputContainer
    stream: AudioStream
    stretch: ByteRange = WHOLE
    damaged: int = 0  # packets that could not be decoded
    jumped: bool = False  # the clock made a jump that is not believed
    read: int = field(default=0, init=False)  # bytes of the container up to the last packet
    _origin: float = field(init=False)
    _done: float = field(default=0.0, init=False)  # seconds placed so far
    _last: float = field(default=float("-inf"), init=False)

    def __post_init__(self) -> None:
        self._origin = (self.container.start_time or 0) / av.time_base

    def samples(self) -> Iterator[Samples]:
        """The sound at 16 kHz in order, shape (channels, samples), the channels of its start."""
        resampler, shape = None, None
        for frame in self._frames():
            resampler = resampler or _resampler(frame.layout)
            lag = self._lag(frame)
            if lag < -TOLERANCE:
                continue
            if lag > TOLERANCE:
                yield from _silence(lag, resampler)
                self._done += lag
            now = (frame.format.name, frame.layout.name, frame.sample_rate)
            if shape not in (None, now):
                yield from _resampled(resampler, None)
                resampler = _resampler(resampler.layout)
            shape = now
            self._done += frame.samples / frame.sample_rate
            frame.pts = None  # the resampler would object to a jump that was dealt with above
            yield from _resampled(resampler, frame)
        if resampler and shape:
            yield from _resampled(resampler, None)

    def claimed_length(self) -> float | None:
        """The length that the file claims, when its sound ends well before that."""
        claimed = self._claimed()
        if claimed is None:
            return None
        return claimed if self._done < claimed - max(SHORT_OF, 0.01 * claimed) else None

    def _claimed(self) -> float | None:
        if 0 < self.stretch.share < 1:
            return self._done / self.stretch.share
        if self.container.format.name in GUESSED_LENGTH:
            return None
        if self.stream.duration is not None and self.stream.time_base is not None:
            return float(self.stream.duration * self.stream.time_base)
        tag = self.stream.metadata.get("DURATION", "").strip()  # all that Matroska has of a track
        if re.fullmatch(r"(\d+:){2}\d\d(\.\d+)?", tag) and (told := clock_seconds(tag)):
            return told
        # the container's length counts only where no video could outlast the sound
        alone = not self.container.streams.video
        return self.container.duration / av.time_base if alone and self.container.duration else None

    def _frames(self) -> Iterator[AudioFrame]:
        packets = self.container.demux(self.stream)
        while (packet := self._next(packets)) is not None:
            if packet.pos is not None:
                self.read = max(self.read, packet.pos + packet.size)
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self.damaged += 1

    def _next(self, packets: Iterator["Packet[AudioStream]"]) -> "Packet[AudioStream] | None":
        """The next packet; None at the end, or where the container is torn."""
        try:
            return next(packets, None)
        except av.error.InvalidDataError:
            self.damaged += 1
            return None

    def _lag(self, frame: AudioFrame) -> float:
        """Seconds from where the sound has come to where this frame belongs."""
        if frame.time is None:
            return 0.0
        moving, self._last = frame.time > self._last, frame.time
        lag = frame.time - self._origin - self._done
        if abs(lag) <= TOLERANCE or (moving and -LONGEST_OVERLAP < lag < LONGEST_GAP):
            return lag
        self.jumped = self.jumped or moving
        self._origin += lag
        return 0.0


def _resampler(layout: AudioLayout) -> AudioResampler:
    # packed: PyAV 18 counts a plane too many where a planar frame has eight channels, and crashes
    return AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE)


def _resampled(resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[Samples]:
    for made in resampler.resample(frame):
        packed = made.to_ndarray().reshape(-1, made.layout.nb_channels)
        yield np.ascontiguousarray(packed.T, dtype=np.int16)


def _silence(seconds: float, resampler: AudioResampler) -> Iterator[Samples]:
    left = round(seconds * SAMPLE_RATE)
    while left > 0:
        piece = min(left, MINUTE)
        yield np.zeros((resampler.layout.nb_channels, piece), dtype=np.int16)
        left -= piece


def check_readable(file: Path) -> None:
    """Raise InputError, with the remedy, for what is no readable file at all."""
    if why := problem(file):
        raise InputError(f"{file}: {why}")


def problem(file: Path) -> str | None:
    """What speaks against opening a file, before that is tried."""
    try:
        if file.is_symlink() and not file.exists():
            return f"is a link to {os.readlink(file)}, which is not there; mend it"
        if re.match(r"https?:/", str(file)):
            return "is an address, not a file; download it first"
        if not file.exists():
            return "is not there; check the path, or whether it was moved"
        if file.is_dir():
            return "is a folder, not a recording; name the files in it"
        if not os.access(file, os.R_OK):
            return "may not be read; give yourself the right (chmod u+r)"
        return "is empty; copy or record it again" if file.stat().st_size == 0 else None
    except OSError as error:
        return f"cannot be read ({error.strerror}); check the path and its permissions"


def _unreadable(file: Path, error: av.FFmpegError) -> InputError:
    if isinstance(error, OSError) and not isinstance(error, ValueError):
        return InputError(
            f"{file}: cannot be read ({error.strerror}); check it and its permissions"
        )
    with file.open("rb") as source:
        is_mp4 = source.read(12)[4:8] == b"ftyp"
    if is_mp4:
        return InputError(
            f"{file}: is an MP4 without its index (moov), so it was cut off while it was written; "
            "copy it again, or mend it with a tool such as untrunc"
        )
    return InputError(
        f"{file}: is no sound or video that can be decoded, whatever its name says; "
        "convert it to wav, mp3 or mp4"
    )
