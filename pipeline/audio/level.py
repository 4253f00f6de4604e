"""A quiet recording is made louder, so that engines trained on close microphones hear it.

How loud a recording is, its speech decides: the median of the 100 ms windows that come near its
loudest ones, so that neither pauses nor a few bangs count.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.wav import SAMPLE_RATE, Samples

TARGET_DB = -25.0  # where a quiet recording is brought, dB below full scale
QUIET_DB = -32.0  # above this a recording is left as it is
NEAR_DB = 20.0  # windows this far below the loudest twentieth still count as speech
MOST_DB = 45.0  # no more gain than this: what is quieter is not a recording of speech
SILENT_DB = -75.0  # under this there is nothing but the converter's own noise
STEADY_DB = 6.0  # sound whose level varies less is hiss or hum, not speech
CEILING = 0.97  # of full scale, after the gain

F = TypeVar("F", np.float32, np.float64)
Mask = NDArray[np.bool_]
_WINDOW = SAMPLE_RATE // 10
_STEP = SAMPLE_RATE // 100  # the limiter's step: 10 ms


def levels(blocks: Iterable[Samples]) -> NDArray[np.float64]:
    """The level of each whole 100 ms of a sound that comes in minutes, in dB below full scale."""
    return np.concatenate([np.empty(0), *(decibel(_powers(block)) for block in blocks)])


def loudness(levels_db: NDArray[np.float64]) -> float:
    """The level of what is heard most, in dB; minus infinity when nothing is above SILENT_DB."""
    heard = levels_db[levels_db > SILENT_DB]
    if not len(heard):
        return float("-inf")
    top = np.percentile(heard, 95)
    return float(np.median(heard[(heard > top - NEAR_DB) & (heard <= top)]))


def gain_for(levels_db: NDArray[np.float64]) -> float:
    """The factor that brings quiet speech to TARGET_DB; 1.0 for all else."""
    level = loudness(levels_db)
    if not SILENT_DB < level < QUIET_DB:
        return 1.0
    low, high = np.percentile(levels_db, [10, 95])
    if high - low < STEADY_DB:
        return 1.0
    return float(10 ** (min(TARGET_DB - level, MOST_DB) / 20))


def apply_gain(samples: Samples | NDArray[np.float32], gain: float) -> Samples:
    """`samples` times `gain`, which sinks smoothly around each peak that would clip.

    The gain is interpolated between 10 ms steps, each the least that its neighbours allow, so no
    sample can pass the ceiling.
    """
    count = -(-len(samples) // _STEP)
    padded = np.zeros(count * _STEP, dtype=np.float32)
    padded[: len(samples)] = samples
    peaks = np.abs(padded.reshape(count, _STEP)).max(axis=1)
    allowed = np.minimum(gain, CEILING * 32767 / np.maximum(peaks, 1.0))
    edges = np.pad(allowed, 2, mode="edge")
    least = np.min([edges[shift : shift + count] for shift in range(5)], axis=0)
    centres = (np.arange(count) + 0.5) * _STEP
    curve = np.interp(np.arange(len(samples)), centres, least)
    louder: Samples = np.rint(samples * curve).astype(np.int16)
    return louder


def _powers(samples: Samples) -> NDArray[np.float64]:
    """Mean power of each whole 100 ms, full scale being 1."""
    whole = samples[: len(samples) // _WINDOW * _WINDOW].astype(np.float32).reshape(-1, _WINDOW)
    power: NDArray[np.float64] = np.square(whole / 32768.0).mean(axis=1, dtype=np.float64)
    return power


def decibel(power: NDArray[F]) -> NDArray[F]:
    """Power in dB; silence is -120."""
    return 10 * np.log10(np.maximum(power, 1e-12))


def smoothed(values: NDArray[Any], width: int) -> NDArray[Any]:
    """The mean over `width` values around each."""
    weights = np.ones(min(width, len(values)), values.dtype)
    return np.convolve(values, weights / len(weights), mode="same")


def find_runs(mask: Mask, least: float = 1, gap: float = 0) -> Iterator[slice]:
    """Runs of at least `least` places in which the mask is true, but for gaps of up to `gap`."""
    places = np.flatnonzero(mask)
    for group in np.split(places, np.flatnonzero(np.diff(places) > gap + 1) + 1):
        if len(group) and group[-1] + 1 - group[0] >= least:
            yield slice(int(group[0]), int(group[-1]) + 1)
