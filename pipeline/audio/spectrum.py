"""What a quarter of a second sounds like, in a few numbers; the base of `room`.

The floor of a band is the level that it passes in four fifths of the surrounding second. Speech
lets it fall again and again (pauses, closures, moving harmonics), while the sound of many hands or
voices holds it up, even under speech: the idea of minimum statistics (Martin 2001).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pipeline.audio.wav import SAMPLE_RATE, read
from pipeline.data import Audio
from pipeline.progress import Tick, ignore

CELL = 0.25  # seconds
_WIDTH = 1024  # samples of a frame: 64 ms
_HOP = 250  # samples from frame to frame
_PER_CELL = round(CELL * SAMPLE_RATE) // _HOP
_PER_SECOND = 4 * _PER_CELL
_BLOCK = 240  # cells measured at once: a minute

# about a Bark apart, in Hz
EDGES = (
    *(100, 200, 300, 400, 510, 630, 770, 920, 1080, 1270, 1480, 1720),
    *(2000, 2320, 2700, 3150, 3700, 4400, 5300, 6400, 7700),
)

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Cells:
    """One row per quarter second; levels in dB, only to be compared with one another."""

    floor: Array  # (cells, bands): passed in 80% of the surrounding second
    crest: Array  # (cells, bands): passed in 10% of it

    def between(self, first: int, last: int) -> "Cells":
        """The cells from `first` up to `last`."""
        return Cells(self.floor[first:last], self.crest[first:last])


def bands(low: float, high: float) -> slice:
    """The columns for the bands that lie between two frequencies in Hz."""
    return slice(
        int(np.searchsorted(EDGES, low)), int(np.searchsorted(EDGES, high, side="right")) - 1
    )


def measure(audio: Audio, tick: Tick = ignore) -> Cells:
    """The cells of a whole recording, a minute of sound held at a time."""
    nothing = np.empty((0, len(EDGES) - 1), np.float32)
    blocks = [Cells(nothing, nothing), *_blocks(audio, tick)]
    return Cells(
        np.concatenate([block.floor for block in blocks]),
        np.concatenate([block.crest for block in blocks]),
    )


def _blocks(audio: Audio, tick: Tick) -> Iterator[Cells]:
    count = int(audio.duration / CELL)
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        yield _cells(_sound_around(audio, first * CELL, last * CELL), last - first)
        tick(last * CELL)


def _sound_around(audio: Audio, start: float, end: float) -> Array:
    """The sound of some cells with half a second less half a cell on both sides, for context."""
    margin = (1.0 - CELL) / 2
    wanted = round((end - start + 2 * margin) * SAMPLE_RATE) + _WIDTH - _HOP
    sound = read(audio, start - margin, start - margin + wanted / SAMPLE_RATE)
    before = round(max(0.0, margin - start) * SAMPLE_RATE)
    return np.pad(sound, (before, max(0, wanted - before - len(sound))), mode="symmetric")[:wanted]


def _cells(sound: Array, count: int) -> Cells:
    frames = sliding_window_view(sound, _WIDTH)[::_HOP]
    spectra = np.fft.rfft(frames * np.hanning(_WIDTH).astype(np.float32))
    power = (np.abs(spectra) ** 2 + 1e-9).astype(np.float32)
    levels = 10 * np.log10(power @ _band_matrix())
    around = sliding_window_view(levels, _PER_SECOND, axis=0)[::_PER_CELL][:count]
    floor, crest = np.percentile(around, [20, 90], axis=2)
    return Cells(floor.astype(np.float32), crest.astype(np.float32))


@cache
def _band_matrix() -> Array:
    """(bins, bands): sums a power spectrum into the bands."""
    frequencies = np.fft.rfftfreq(_WIDTH, 1 / SAMPLE_RATE).astype(np.float32)
    matrix = np.zeros((len(frequencies), len(EDGES) - 1), np.float32)
    band = np.searchsorted(EDGES, frequencies, side="right") - 1
    matrix[np.arange(len(frequencies)), np.clip(band, 0, len(EDGES) - 2)] = 1
    matrix[(frequencies < EDGES[0]) | (frequencies >= EDGES[-1])] = 0
    return matrix
