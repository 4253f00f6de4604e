"""How the room took it, without a model: applause and an audience's laughter.

Many hands or voices fill the spectrum, where one voice lets it fall between its words or bursts;
hands reach higher than voices. Each recording is its own measure, by its quiet and its speech.

The floor of a band is the level that it passes in four fifths of the surrounding second. Speech
lets it fall again and again (pauses, closures, moving harmonics), while the sound of many hands or
voices holds it up, even under speech: the idea of minimum statistics (Martin 2001).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pipeline.audio.level import Mask, decibel, find_runs
from pipeline.audio.vad import DEFAULT
from pipeline.audio.wav import SAMPLE_RATE, read
from pipeline.data import Audio, RoomSound, SoundKind, Span, ms
from pipeline.progress import Tick, ignore

CELL = 0.25  # seconds
_WIDTH = 1024  # samples of a frame: 64 ms
_HOP = 250  # samples from frame to frame
_PER_CELL = round(CELL * SAMPLE_RATE) // _HOP
_PER_SECOND = 4 * _PER_CELL
_BLOCK = 240  # cells measured at once: a minute

# of the bands, about a Bark apart, in Hz
EDGES = (
    *(100, 200, 300, 400, 510, 630, 770, 920, 1080),
    *(1270, 1480, 1720, 2000, 2320, 2700, 3150, 3700),
)
_BINS = np.searchsorted(np.fft.rfftfreq(_WIDTH, 1 / SAMPLE_RATE), EDGES)  # where each begins

Levels = NDArray[np.float32]


def bands(low: float, high: float) -> slice:
    """The columns for the bands that lie between two frequencies in Hz."""
    return slice(
        int(np.searchsorted(EDGES, low)), int(np.searchsorted(EDGES, high, side="right")) - 1
    )


MIDDLE = bands(400, 3700)  # where hands and voices have their power
LOW = bands(100, 300)
BODY = bands(400, 1270)  # of a voice
BRIGHT = bands(2000, 3700)  # where hands still are, and voices fall off


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """What counts as heard; set on the sounds of half 0 (tests/benchmarks/room_real.py)."""

    lift: float = 10.0  # dB over the quietest twentieth: the noise of a fan is no sound of a room
    spread: float = 13.0  # dB from floor to crest: applause is 5 to 11, speech 14 and more
    bright: float = -4.5  # dB of BRIGHT to BODY: applause above it, laughter under it
    low: float = -3.0  # dB of LOW to BODY: music and one voice have more
    applause: float = 1.0  # seconds that it takes at least: shorter ones are mostly laughter
    laughter: float = 0.75  # seconds, the same
    longest: float = 8.0  # seconds of a laugh: a crowd that talks goes on
    gap: float = 0.75  # seconds without it that do not end a sound


LIMITS = RoomLimits()


def hear_room(audio: Audio, speech: Sequence[Span], tick: Tick = ignore) -> tuple[RoomSound, ...]:
    """What the room is heard to do, in time order; a talk may go on meanwhile.

    `speech` comes from `find_speech`. Streams through the sound; `tick` gets the seconds done.
    """
    cells = measure_cells(audio, tick)
    spoken = _spoken(speech, cells.shape[1])
    sounds: list[RoomSound] = []
    for part in audio.parts:
        first, last = round(part.start / CELL), round((part.start + part.duration) / CELL)
        if spoken[first:last].any():
            sounds += _sounds_in(cells[:, first:last], spoken[first:last], first * CELL)
    return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.kind)))


def is_crowd(cells: Levels) -> Mask:
    """Which cells of a recording are filled: a voice alone falls silent between its bursts."""
    floor, crest = cells
    lift = (floor - _noise_floor(floor))[:, MIDDLE].mean(axis=1)
    spread = (crest - floor)[:, MIDDLE].mean(axis=1)
    filled: Mask = (lift > LIMITS.lift) & (spread < LIMITS.spread)
    return filled


def _sounds_in(cells: Levels, spoken: Mask, start: float) -> Iterator[RoomSound]:
    """The sounds of one recording that begins at `start` seconds, in all its cells."""
    floor, crest = cells
    level = _total(floor) - np.median(_total(crest[spoken]))
    # a hum or a hiss that is always there says nothing of what lifts the floor above it
    lifted = decibel(np.maximum(_power(floor) - _power(_noise_floor(floor)), 1e-9))
    low, body, high = (lifted[:, columns].mean(axis=1) for columns in (LOW, BODY, BRIGHT))
    low, bright = low - body, high - body > LIMITS.bright
    crowd = is_crowd(cells)
    gap, longest = LIMITS.gap / CELL, LIMITS.longest / CELL
    claps = find_runs(crowd & bright & (low < LIMITS.low), LIMITS.applause / CELL, gap)
    laughs = (
        run
        for run in find_runs(crowd & ~bright, LIMITS.laughter / CELL, gap)
        if run.stop - run.start <= longest and np.median(low[run]) < LIMITS.low
    )
    kinds: tuple[tuple[SoundKind, Iterator[slice]], ...]
    kinds = (("applause", claps), ("laughter", laughs))
    for kind, runs in kinds:
        for run in runs:
            begin, end = start + run.start * CELL, start + run.stop * CELL
            strength = min(1.0, 10 ** (float(np.median(level[run])) / 20))
            yield RoomSound(ms(begin), ms(end), kind, round(strength, 2))


def _spoken(speech: Sequence[Span], count: int) -> Mask:
    """Which cells lie in speech proper, without its padding."""
    middles = (np.arange(count) + 0.5) * CELL
    spoken = np.zeros(count, dtype=bool)
    for span in speech:
        first, last = np.searchsorted(middles, [span.start + DEFAULT.pad, span.end - DEFAULT.pad])
        spoken[first:last] = True
    return spoken


def _total(levels: Levels) -> Levels:
    """The level of MIDDLE's bands together."""
    return decibel(_power(levels[:, MIDDLE]).sum(axis=1))


def _power(levels: Levels) -> Levels:
    power: Levels = np.power(10.0, levels / 10, dtype=np.float32)
    return power


def _noise_floor(floor: Levels) -> Levels:
    """The level of each band in the quietest twentieth."""
    quiet: Levels = np.percentile(floor, 5, axis=0).astype(np.float32)
    return quiet


def measure_cells(audio: Audio, tick: Tick = ignore) -> Levels:
    """Each quarter second of a whole recording, a minute of sound held at a time.

    Floor and crest, the levels that are passed in 80% and in 10% of the surrounding second, in dB
    that can only be compared with one another: shape (2, cells, bands).
    """
    nothing = np.empty((2, 0, len(EDGES) - 1), np.float32)
    return np.concatenate([nothing, *_blocks(audio, tick)], axis=1)


def _blocks(audio: Audio, tick: Tick) -> Iterator[Levels]:
    count = int(audio.duration / CELL)
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        yield _cells(_sound_around(audio, first * CELL, last * CELL), last - first)
        tick(last * CELL)


def _sound_around(audio: Audio, start: float, end: float) -> NDArray[np.float32]:
    """The sound of some cells with half a second less half a cell on both sides, for context."""
    margin = (1.0 - CELL) / 2
    wanted = round((end - start + 2 * margin) * SAMPLE_RATE) + _WIDTH - _HOP
    sound = read(audio, start - margin, start - margin + wanted / SAMPLE_RATE)
    before = round(max(0.0, margin - start) * SAMPLE_RATE)
    return np.pad(sound, (before, max(0, wanted - before - len(sound))), mode="symmetric")[:wanted]


def _cells(sound: NDArray[np.float32], count: int) -> Levels:
    frames = sliding_window_view(sound, _WIDTH)[::_HOP]
    spectra = np.fft.rfft(frames * np.hanning(_WIDTH).astype(np.float32))
    power = (np.abs(spectra) ** 2 + 1e-9).astype(np.float32)
    levels = 10 * np.log10(np.add.reduceat(power, _BINS, axis=1)[:, :-1])
    around = sliding_window_view(levels, _PER_SECOND, axis=0)[::_PER_CELL][:count]
    cells: Levels = np.percentile(around, [20, 90], axis=2).astype(np.float32)
    return cells
