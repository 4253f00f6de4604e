"""How the room took it: applause, laughter, unrest (people murmur while someone speaks), music.

Made to be believed: a sound that is not clearly one of these is left out. Each recording is its
own measure, by its noise floor and the level of its speech. No model, only how long a sound holds
the spectrum up, where in the spectrum, and how smoothly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pipeline.audio.spectrum import CELL, Cells, bands, measure
from pipeline.audio.vad import DEFAULT
from pipeline.audio.wav import Tick, ignore
from pipeline.data import Audio, RoomSound, SoundKind, Span, ms

MIDDLE = bands(400, 3700)  # where hands and voices have their power
LOW = bands(100, 300)
BODY = bands(400, 1270)  # of a voice
BRIGHT = bands(2000, 3700)  # where hands still are, and voices fall off
MURMUR = bands(200, 2000)

Mask = NDArray[np.bool_]
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Scene:
    """The cells of one recording, seen against its own quiet and its own speech; all in dB."""

    speech: Mask
    level: Array  # of the floor in MIDDLE, against the crests of speech
    lift: Array  # of the floor in MIDDLE, over the quietest twentieth
    tilt: Array  # BRIGHT over BODY in what lifts the floor: 4 for white noise, less for voices
    low: Array  # LOW over BODY, the same way
    spread: Array  # crest over floor: small for a sound that holds
    peaks: Array  # 2 for noise, 4 for many voices, 6 and more for instruments
    murmur: Array  # of the floor in MURMUR, against that under the recording's usual speech


def hear_room(audio: Audio, speech: Sequence[Span], tick: Tick = ignore) -> tuple[RoomSound, ...]:
    """What the room is heard to do, in time order; sounds of two kinds may overlap.

    `speech` comes from `find_speech`. Streams through the sound; `tick` gets the seconds done.
    """
    cells = measure(audio, tick)
    spoken = _spoken(speech, len(cells.peaks))
    sounds: list[RoomSound] = []
    for part in audio.parts:
        first, last = round(part.start / CELL), round((part.start + part.duration) / CELL)
        if spoken[first:last].any():
            scene = _scene(cells.between(first, last), spoken[first:last])
            sounds += _heard(scene, first * CELL)
    return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.kind)))


def _heard(scene: Scene, start: float) -> Iterator[RoomSound]:
    """The sounds of one recording that begins at `start` seconds."""
    hands = _applause(scene)
    tonal = _tones(scene)
    tones = [run for run in _runs(tonal, 12, 24) if tonal[run].mean() > 0.5]
    voices = _loud(scene) & ~hands
    for run in tones:
        voices[run] = False
    laughs = [run for run in _runs(voices, 4, 3) if _is_laughter(scene, run)]
    murmurs = [run for run in _runs(_murmur(scene), 12, 40) if _wavers(scene, run)]
    found: dict[SoundKind, list[slice]] = {
        "applause": list(_runs(hands, 4, 4)),
        "laughter": laughs,
        "music": tones,
        "unrest": murmurs,
    }
    for kind, runs in found.items():
        for run in runs:
            yield _sound(kind, run, scene, start)


# The thresholds below lie in the gaps between what applause, laughter, murmur, music and speech
# measure, in real and in made recordings; tests/benchmarks/room.py says how well they hold.


def _applause(scene: Scene) -> Mask:
    """Many hands: loud and bright, with nothing below; people may speak over it."""
    hands = (scene.level > -12) & (scene.lift > 10) & (scene.tilt > -4) & (scene.low < 0)
    return hands & (scene.speech | (scene.spread < 12))


def _loud(scene: Scene) -> Mask:
    """What is nearly as loud as speech, and is none."""
    return (scene.level > -15) & (scene.lift > 8) & ~scene.speech


def _tones(scene: Scene) -> Mask:
    """Instruments, while nobody speaks."""
    return (scene.level > -22) & (scene.lift > 8) & (scene.peaks > 5.2) & ~scene.speech


def _is_laughter(scene: Scene, run: slice) -> bool:
    """Many voices at once, loud, short, and without the fall and rise of words."""
    level, lift, tilt = (np.median(v[run]) for v in (scene.level, scene.lift, scene.tilt))
    low, spread = np.median(scene.low[run]), np.median(scene.spread[run])
    short = run.stop - run.start <= 8 / CELL
    voices = -22 < tilt < -5 and low < 4 and spread < 14 and np.median(scene.peaks[run]) < 5.2
    return bool(short and voices and level > -12 and lift > 12)


def _murmur(scene: Scene) -> Mask:
    """A floor under the speech that is far higher than this recording's usual, for seconds."""
    around = np.pad(scene.murmur, 20, mode="edge")
    steady = np.percentile(sliding_window_view(around, 41), 30, axis=1)
    raised: Mask = steady > 7
    return raised


def _wavers(scene: Scene, run: slice) -> bool:
    """Whether a floor moves as voices do; that of a fan stands still."""
    low, high = np.percentile(scene.murmur[run], [5, 30])
    return bool(high - low > 1.5)


def _sound(kind: SoundKind, run: slice, scene: Scene, start: float) -> RoomSound:
    strength = 10 ** (float(np.median(scene.level[run])) / 20)
    begin, end = start + run.start * CELL, start + run.stop * CELL
    return RoomSound(ms(begin), ms(end), kind, round(min(1.0, strength), 2))


def _runs(mask: Mask, bridge: int, shortest: int) -> Iterator[slice]:
    """Runs of true cells, gaps of up to `bridge` cells closed, of at least `shortest` cells."""
    places = np.flatnonzero(mask)
    for group in np.split(places, np.flatnonzero(np.diff(places) > bridge + 1) + 1):
        if len(group) and group[-1] + 1 - group[0] >= shortest:
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
    quiet = np.percentile(cells.floor, 5, axis=0).astype(np.float32)
    excess = _decibel(np.maximum(_power(cells.floor) - _power(quiet), 1e-9))
    body = excess[:, BODY].mean(axis=1)
    usual = float(np.median(_total(cells.crest[speech], MIDDLE)))
    under_speech = float(np.median(_total(cells.floor[speech], MURMUR)))
    return Scene(
        speech=speech,
        level=_total(cells.floor, MIDDLE) - usual,
        lift=(cells.floor - quiet)[:, MIDDLE].mean(axis=1),
        tilt=excess[:, BRIGHT].mean(axis=1) - body,
        low=excess[:, LOW].mean(axis=1) - body,
        spread=(cells.crest - cells.floor)[:, MIDDLE].mean(axis=1),
        peaks=cells.peaks,
        murmur=_total(cells.floor, MURMUR) - under_speech,
    )


def _total(levels: Array, columns: slice) -> Array:
    """The level of several bands together."""
    return _decibel(_power(levels[:, columns]).sum(axis=1))


def _power(levels: Array) -> Array:
    power: Array = np.power(10.0, levels / 10, dtype=np.float32)
    return power


def _decibel(power: Array) -> Array:
    decibel: Array = 10 * np.log10(power)
    return decibel
