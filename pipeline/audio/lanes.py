"""A track's channels, each alone on disk as a 16 kHz WAV, for `arrange` to compare.

Memory stays flat whatever the length; all of the file is read, also what its header hides.
"""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from wave import Wave_write

import numpy as np
from numpy.typing import NDArray

from pipeline.audio import level
from pipeline.audio.headers import first_stretch, next_stretch, without_end
from pipeline.audio.media import ByteRange, Samples, Track, opened
from pipeline.audio.wav import SAMPLE_RATE, begun
from pipeline.errors import InputError
from pipeline.progress import Tick, ignore
from pipeline.text import clock

SHORTEST = 0.5  # seconds of sound under which a file is no recording
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
    """One channel of one track of one file, alone on disk."""

    path: Path
    samples: int
    file: Path
    track: int  # from 1
    channel: int  # from 1

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE

    @property
    def levels(self) -> NDArray[np.float64]:
        """Of each tenth of a second, in dB below full scale."""
        return level.levels(self.path, 0, self.samples)


@dataclass(frozen=True, slots=True)
class Unrolled:
    """A track as it could be read: its channels, and what was wrong with it."""

    lanes: tuple[Lane, ...]
    faults: tuple[str, ...]

    @property
    def seconds(self) -> float:
        return max((lane.seconds for lane in self.lanes), default=0.0)


def unroll(file: Path, track: int, folder: Path, tick: Tick = ignore) -> Unrolled:
    """Decode a track (from 1) into a WAV for each channel, below `folder`.

    Raises InputError for a file that cannot be opened, or that decodes to more than it can hold.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what people said is its owner's
    with ExitStack() as stack:
        writing = _Writing(file, track, folder, stack, tick)
        stretch: ByteRange | None = first_stretch(file)
        while stretch:
            stretch = writing.stretch(stretch)
        return writing.closed()


class _Writing:
    """The channels while they grow."""

    def __init__(self, file: Path, track: int, folder: Path, stack: ExitStack, tick: Tick) -> None:
        self.file, self.track, self.folder, self.tick = file, track, folder, tick
        self._stack = stack
        self._files: list[Wave_write] = []
        self._samples = 0
        self._faults: list[str] = []
        self._bytes = file.stat().st_size

    def stretch(self, stretch: ByteRange) -> ByteRange | None:
        """Decode one recording of the file; returns the one behind it, if there is one."""
        before = self._samples
        try:
            with opened(self.file, stretch) as container:
                streams = container.streams.audio
                if len(streams) < self.track:
                    return None
                read = Track(container, streams[self.track - 1], stretch)
                for samples in read.samples():
                    self._write(samples)
                claimed = read.cut_off()
                indexed = container.format.name.startswith(INDEXED) or bool(container.streams.video)
        except InputError:
            if stretch.start == 0:
                raise
            self._faults.append(f"{self.file.name}: the recording behind it cannot be read")
            return None
        reached = stretch.start + read.read
        behind = stretch.end or reached
        if behind > stretch.start and (following := next_stretch(self.file, behind)):
            return following
        if not indexed and reached < (1 - HIDDEN) * self._bytes:
            self._hidden(reached)
        else:
            self._note(read, claimed, (self._samples - before) / SAMPLE_RATE)
        return None

    def closed(self) -> Unrolled:
        lanes = (
            Lane(self._place(channel), self._samples, self.file, self.track, channel)
            for channel in range(1, len(self._files) + 1)
        )
        return Unrolled(tuple(lanes), tuple(dict.fromkeys(self._faults)))

    def _write(self, samples: Samples) -> None:
        if not self._files:
            self._files = [self._open(channel) for channel in range(1, len(samples) + 1)]
        for channel, file in enumerate(self._files):
            file.writeframesraw(samples[min(channel, len(samples) - 1)].tobytes())
        self._samples += samples.shape[1]
        self._refuse_the_impossible()
        self.tick(self._samples / SAMPLE_RATE)

    def _place(self, channel: int) -> Path:
        return self.folder / f"track{self.track}-{channel}.wav"

    def _open(self, channel: int) -> Wave_write:
        return self._stack.enter_context(begun(str(self._place(channel))))

    def _refuse_the_impossible(self) -> None:
        seconds = self._samples / SAMPLE_RATE
        if seconds > SHORT_FILE and self._bytes < THINNEST * seconds:
            raise InputError(
                f"{self.file}: is {self._bytes / 1000:.0f} kB long and decodes to {_long(seconds)} "
                "or more, which no recording of speech does; it is damaged or made to mislead"
            )
        if seconds > LONGEST:
            raise InputError(f"{self.file}: makes the event longer than 37 hours; split it")

    def _note(self, track: Track, claimed: float | None, seconds: float) -> None:
        """What was wrong, in words for the user."""
        name = self.file.name
        if track.jumped:
            self._faults.append(f"{name}: its clock jumps; times after the jump may be wrong")
        if claimed is not None:
            lengths = f"it claims {_long(claimed)} and ends at {_long(seconds)}"
            self._faults.append(f"{name}: is cut off: {lengths}; what is there was used")
        elif without_end(self.file):
            self._faults.append(
                f"{name}: its end is missing: it stops at {_long(seconds)} in the middle of its "
                "data, and nothing says how long it was"
            )
        elif track.damaged:
            self._faults.append(f"{name}: damaged pieces were left out ({track.damaged})")

    def _hidden(self, read: int) -> None:
        """Say that a file goes on behind what its header leads to."""
        seconds = self._samples / SAMPLE_RATE
        whole = seconds * self._bytes / max(1, read)
        self._faults.append(
            f"{self.file.name}: its header leads to {_long(seconds)} of sound and its size to "
            f"about {_long(whole)}; only the first could be read: convert it to flac, and look"
        )


def _long(seconds: float) -> str:
    """A length as people read it: the nearest second."""
    return clock(round(seconds))
