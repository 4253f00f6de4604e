"""How the room took it, without a model: applause and an audience's laughter.

Many hands or voices fill the spectrum, where one voice lets it fall between its words or bursts;
hands reach higher than voices. Each recording is its own measure, by its quiet and its speech.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.level import decibel
from pipeline.audio.spectrum import CELL, Cells, bands, measure
from pipeline.audio.vad import DEFAULT
from pipeline.data import Audio, RoomSound, SoundKind, Span, ms
from pipeline.progress import Tick, ignore

MIDDLE = bands(400, 3700)  # where hands and voices have their power
LOW = bands(100, 300)
BODY = bands(400, 1270)  # of a voice
BRIGHT = bands(2000, 3700)  # where hands still are, and voices fall off

Mask = NDArray[np.bool_]
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class RoomLimits:
    """What counts as heard; set on the sounds of half 0 (tests/benchmarks/room_real.py)."""

    level: float = -27.0  # dB to the crests of speech: applause is -25, one person's laugh -36
    lift: float = 10.0  # dB over the quietest twentieth: the noise of a fan is no sound of a room
    spread: float = 13.0  # dB from floor to crest: applause is 5 to 11, speech 14 and more
    bright: float = -4.5  # dB of BRIGHT to BODY: applause above it, laughter under it
    low: float = -3.0  # dB of LOW to BODY: music and one voice have more
    applause: float = 1.0  # seconds that it takes at least: shorter ones are mostly laughter
    laughter: float = 0.75  # seconds, the same
    longest: float = 8.0  # seconds of a laugh: a crowd that talks goes on
    gap: float = 0.75  # seconds without it that do not end a sound


LIMITS = RoomLimits()


@dataclass(frozen=True, slots=True)
class Scene:
    """The cells of one recording, seen against its own quiet and its own speech; all in dB."""

    level: Array  # of the floor in MIDDLE, against the crests of speech
    tilt: Array  # BRIGHT over BODY in what lifts the floor
    low: Array  # LOW over BODY, the same way


def hear_room(
    audio: Audio, speech: Sequence[Span], tick: Tick = ignore, limits: RoomLimits = LIMITS
) -> tuple[RoomSound, ...]:
    """What the room is heard to do, in time order; a talk may go on meanwhile.

    `speech` comes from `find_speech`. Streams through the sound; `tick` gets the seconds done.
    """
    cells = measure(audio, tick)
    spoken = _spoken(speech, len(cells.floor))
    sounds: list[RoomSound] = []
    for part in audio.parts:
        first, last = round(part.start / CELL), round((part.start + part.duration) / CELL)
        if spoken[first:last].any():
            here = cells.between(first, last)
            scene = _scene(here, spoken[first:last])
            sounds += _heard(scene, held(here, limits), first * CELL, limits)
    return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.kind)))


def held(cells: Cells, limits: RoomLimits = LIMITS) -> Mask:
    """Which cells of a recording are filled: a voice alone falls silent between its bursts."""
    lift = (cells.floor - _quiet(cells))[:, MIDDLE].mean(axis=1)
    spread = (cells.crest - cells.floor)[:, MIDDLE].mean(axis=1)
    filled: Mask = (lift > limits.lift) & (spread < limits.spread)
    return filled


def _heard(scene: Scene, filled: Mask, start: float, limits: RoomLimits) -> Iterator[RoomSound]:
    """The sounds of one recording that begins at `start` seconds."""
    loud = filled & (scene.level > limits.level)
    bright = scene.tilt > limits.bright
    gap = limits.gap / CELL
    for run in runs(loud & bright & (scene.low < limits.low), limits.applause / CELL, gap):
        yield _sound("applause", run, scene, start)
    for run in runs(loud & ~bright, limits.laughter / CELL, gap):
        if run.stop - run.start <= limits.longest / CELL and _median(scene.low, run) < limits.low:
            yield _sound("laughter", run, scene, start)


def _sound(kind: SoundKind, run: slice, scene: Scene, start: float) -> RoomSound:
    strength = min(1.0, 10 ** (_median(scene.level, run) / 20))
    begin, end = start + run.start * CELL, start + run.stop * CELL
    return RoomSound(ms(begin), ms(end), kind, round(strength, 2))


def _median(values: Array, run: slice) -> float:
    return float(np.median(values[run]))


def runs(mask: Mask, least: float, gap: float) -> Iterator[slice]:
    """Runs of at least `least` cells in which the mask is true, but for gaps of up to `gap`."""
    places = np.flatnonzero(mask)
    for group in np.split(places, np.flatnonzero(np.diff(places) > gap + 1) + 1):
        if len(group) and group[-1] + 1 - group[0] >= least:
            yield slice(int(group[0]), int(group[-1]) + 1)


def _spoken(speech: Sequence[Span], count: int) -> Mask:
    """Which cells lie in speech proper, without its padding."""
    middles = (np.arange(count) + 0.5) * CELL
    spoken = np.zeros(count, dtype=bool)
    for span in speech:
        first, last = np.searchsorted(middles, [span.start + DEFAULT.pad, span.end - DEFAULT.pad])
        spoken[first:last] = True
    return spoken


def _scene(cells: Cells, speech: Mask) -> Scene:
    excess = decibel(np.maximum(_power(cells.floor) - _power(_quiet(cells)), 1e-9))
    body = excess[:, BODY].mean(axis=1)
    usual = float(np.median(_total(cells.crest[speech])))
    return Scene(
        level=_total(cells.floor) - usual,
        tilt=excess[:, BRIGHT].mean(axis=1) - body,
        low=excess[:, LOW].mean(axis=1) - body,
    )


def _quiet(cells: Cells) -> Array:
    """The level of each band in the quietest twentieth."""
    quiet: Array = np.percentile(cells.floor, 5, axis=0).astype(np.float32)
    return quiet


def _total(levels: Array) -> Array:
    """The level of MIDDLE's bands together."""
    return decibel(_power(levels[:, MIDDLE]).sum(axis=1))


def _power(levels: Array) -> Array:
    power: Array = np.power(10.0, levels / 10, dtype=np.float32)
    return power
