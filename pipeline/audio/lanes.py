"""A track's channels, each alone on disk as a 16 kHz WAV, for `lane_selection` to compare.

Memory stays flat whatever the length; all of the file is read, also what its header hides.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from wave import Wave_write

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import level
from pipeline.audio.headers import byte_range_from, lacks_end_page, next_start
from pipeline.audio.media import ByteRange, TrackReader, open_media
from pipeline.audio.wav import SAMPLE_RATE, Samples, open_wav_writer, read_minutes
from pipeline.errors import InputError
from pipeline.progress import Tick
from pipeline.text import clock

LONGEST = 37 * 3600  # seconds that a WAV's 32-bit length can hold
# Bytes a second under which a file holds no speech, whatever it decodes to. Codec2, the leanest
# speech codec, takes 88; Opus 50 in a pause. A file of 7 kB with a gap in its clock, or of 1 Hz,
# decodes to days.
THINNEST = 10.0
SHORT_FILE = 600.0  # seconds up to which that is not asked
HIDDEN = 0.05  # the share of a file behind its last packet that is said to be unread
# containers that keep an index, pictures or more behind the sound
INDEXED = ("mov", "matroska", "avi", "asf", "mpegts", "mpeg", "mxf", "rm", "flv", "ogg")


@dataclass(frozen=True, slots=True)
class Lane:
    """A sound alone on disk: one channel of a track of a file, or several that were mixed."""

    path: Path
    samples: int
    file: Path
    track: int  # from 1
    channels: tuple[int, ...]  # from 1
    name: str
    first: int = 0  # sample of the file on disk with which it begins

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE

    @property
    def levels(self) -> NDArray[np.float64]:
        """Of each tenth of a second, in dB below full scale."""
        return level.levels(self.minutes())

    def minutes(self) -> Iterator[Samples]:
        """The sound, a minute at a time."""
        return read_minutes(self.path, self.samples, self.first)

    def between(self, first: int, end: int) -> "Lane":
        """The lane from one of its samples to another; nothing is copied."""
        samples = max(0, min(end, self.samples) - first)
        return replace(self, first=self.first + first, samples=samples)


def summed(lanes: Sequence[Lane], gains: Sequence[float]) -> Iterator[NDArray[np.float32]]:
    """Lanes times their gains, added up a minute at a time."""
    nothing = np.empty(0, np.int16)
    for pieces in zip_longest(*(lane.minutes() for lane in lanes), fillvalue=nothing):
        whole = np.zeros(max(map(len, pieces)), np.float32)
        for piece, gain in zip(pieces, gains, strict=True):
            whole[: len(piece)] += piece * np.float32(gain)
        yield whole


def mixed(lanes: Sequence[Lane], signs: Sequence[int] | None = None) -> Lane:
    """The mean of several lanes, each times its sign, as a lane; a single one as it is."""
    first, *others = lanes
    if not others:
        return first
    path = first.path.with_suffix(f".{len(lanes)}.wav")
    with open_wav_writer(str(path)) as file:
        for whole in summed(lanes, [sign / len(lanes) for sign in signs or [1] * len(lanes)]):
            # the least sample turned over is one more than the greatest
            file.writeframesraw(np.rint(whole).clip(-32768, 32767).astype(np.int16).tobytes())
    numbers = tuple(number for lane in lanes for number in lane.channels)
    name = f"channels {'+'.join(map(str, numbers))}"
    longest = max(lane.samples for lane in lanes)
    return replace(first, path=path, samples=longest, channels=numbers, name=name)


def decode_channels(
    file: Path, track: int, folder: Path, tick: Tick
) -> tuple[tuple[Lane, ...], tuple[str, ...]]:
    """Decode a track (from 1) into a lane for each channel, below `folder`; and what was wrong.

    Raises InputError for a file that cannot be opened, or that decodes to more than it can hold.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people said is its owner's
    with ExitStack() as stack:
        growing = _ChannelWriter(file, track, folder, stack, tick)
        start: int | None = 0
        while start is not None:
            start = growing.add(byte_range_from(file, start))
    lanes = (
        Lane(path, growing.samples, file, track, (number,), f"channel {number}")
        for number, path in enumerate(growing.files, 1)
    )
    return tuple(lanes), tuple(dict.fromkeys(growing.faults))


class _ChannelWriter:
    """The channels of a track while they are written."""

    def __init__(self, file: Path, track: int, folder: Path, stack: ExitStack, tick: Tick) -> None:
        self.file, self.track, self.folder, self.stack, self.tick = file, track, folder, stack, tick
        self.files: dict[Path, Wave_write] = {}
        self.samples = 0
        self.faults: list[str] = []
        self._bytes = file.stat().st_size

    def add(self, stretch: ByteRange) -> int | None:
        """Decode one recording of the file; returns where the one behind it begins, if any does."""
        before = self.samples
        try:
            with open_media(self.file, stretch) as container:
                streams = container.streams.audio
                if len(streams) < self.track:
                    return None
                read = TrackReader(container, streams[self.track - 1], stretch)
                for samples in read.samples():
                    self._write(samples)
                claimed = read.claimed_length()
                indexed = container.format.name.startswith(INDEXED) or bool(container.streams.video)
        except InputError:
            if stretch.start == 0:
                raise
            self.faults.append(f"{self.file.name}: the recording behind it cannot be read")
            return None
        reached = stretch.start + read.read
        behind = stretch.end or reached
        following = next_start(self.file, behind) if behind > stretch.start else None
        if following is not None:
            return following
        if not indexed and reached < (1 - HIDDEN) * self._bytes:
            self._warn_of_hidden(reached)
        else:
            self._length_warning(read, claimed, (self.samples - before) / SAMPLE_RATE)
        return None

    def _write(self, samples: Samples) -> None:
        if not self.files:
            for number in range(1, len(samples) + 1):
                path = self.folder / f"track{self.track}-{number}.wav"
                self.files[path] = self.stack.enter_context(open_wav_writer(str(path)))
        for channel, file in enumerate(self.files.values()):
            file.writeframesraw(samples[min(channel, len(samples) - 1)].tobytes())
        self.samples += samples.shape[1]
        self._refuse_the_impossible()
        self.tick(self.samples / SAMPLE_RATE)

    def _refuse_the_impossible(self) -> None:
        seconds = self.samples / SAMPLE_RATE
        if seconds > SHORT_FILE and self._bytes < THINNEST * seconds:
            raise InputError(
                f"{self.file}: is {self._bytes / 1000:.0f} kB long and decodes to {_hms(seconds)} "
                "or more, which no recording of speech does; it is damaged or made to mislead"
            )
        if seconds > LONGEST:
            raise InputError(f"{self.file}: makes the event longer than 37 hours; split it")

    def _length_warning(self, track: TrackReader, claimed: float | None, seconds: float) -> None:
        """What was wrong, in words for the user."""
        name = self.file.name
        if track.jumped:
            self.faults.append(f"{name}: its clock jumps; times after the jump may be wrong")
        if claimed is not None:
            lengths = f"it claims {_hms(claimed)} and ends at {_hms(seconds)}"
            self.faults.append(f"{name}: is cut off: {lengths}; what is there was used")
        elif lacks_end_page(self.file):
            self.faults.append(
                f"{name}: its end is missing: it stops at {_hms(seconds)} in the middle of "
                "its data, and nothing says how long it was"
            )
        elif track.damaged:
            self.faults.append(f"{name}: damaged pieces were left out ({track.damaged})")

    def _warn_of_hidden(self, read: int) -> None:
        """Say that a file goes on behind what its header leads to."""
        seconds = self.samples / SAMPLE_RATE
        whole = seconds * self._bytes / max(1, read)
        self.faults.append(
            f"{self.file.name}: its header leads to {_hms(seconds)} of sound and its size "
            f"to about {_hms(whole)}; only the first could be read: convert it to flac, and look"
        )


def _hms(seconds: float) -> str:
    """A length as people read it: the nearest second."""
    return clock(round(seconds))
