"""The sounds of a room, made from seeded noise: applause, laughter, murmur, air.

Each function returns float32 samples at 16 kHz; loudness is what a recorder at the desk hears
beside a speaker whose sentences peak at 0.35.
"""

from collections.abc import Sequence

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

RATE = 16_000


def applause(seconds: float, rng: np.random.Generator, people: int = 70) -> np.ndarray:
    """Hands of many people, who start together and stop one by one."""
    sound = np.zeros(int(seconds * RATE))
    for _ in range(people):
        pace = rng.uniform(2.6, 4.8)  # claps a second
        start, end = rng.exponential(0.25), seconds * rng.uniform(0.55, 0.97)
        clap = _clap(rng) * rng.uniform(0.3, 1.0)
        for beat in np.arange(start, end - 0.02, 1 / pace):
            at = int((beat + rng.normal(0, 0.012)) * RATE)
            if 0 <= at < len(sound) - len(clap):
                sound[at : at + len(clap)] += clap * rng.uniform(0.7, 1.1)
    return _level(_in_a_room(sound, rng), 0.09)


def laughter(seconds: float, rng: np.random.Generator, people: int = 12) -> np.ndarray:
    """Several people, each a few "ha" that sink in pitch and loudness."""
    sound = np.zeros(int(seconds * RATE))
    for _ in range(people):
        laugh = _laugh(seconds * rng.uniform(0.5, 0.8), rng) * rng.uniform(0.3, 1.0)
        at = int(rng.uniform(0, 0.2) * seconds * RATE)
        laugh = laugh[: len(sound) - at]
        sound[at : at + len(laugh)] += laugh
    return _level(_in_a_room(sound, rng), 0.06)


def murmur(speech: Sequence[np.ndarray], seconds: float, rng: np.random.Generator) -> np.ndarray:
    """People who talk among themselves: no word of it is to be understood.

    `speech` are sentences; they are turned round, muffled, and laid over each other.
    """
    sound = np.zeros(int(seconds * RATE))
    muffle = butter(2, [180, 1600], "bandpass", fs=RATE, output="sos")
    for _ in range(9):
        at = -int(rng.uniform(0, 3) * RATE)
        while at < len(sound):
            words = sosfilt(muffle, speech[rng.integers(len(speech))][::-1])
            loud = rng.uniform(0.3, 1.0)
            first, last = max(at, 0), min(at + len(words), len(sound))
            if last > first:
                sound[first:last] += loud * words[first - at : last - at]
            at += len(words) + int(rng.exponential(0.6) * RATE)
    edge = np.clip(np.minimum(np.arange(len(sound)), np.arange(len(sound))[::-1]) / RATE, 0, 1)
    return _level(_in_a_room(sound * edge, rng), 0.008)


def air(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """The hall's own noise, 60 dB under full scale: a recording is never quite silent."""
    noise = rng.standard_normal(int(seconds * RATE))
    return _level(lfilter([1.0], [1.0, -0.9], noise), 0.0007)


def _clap(rng: np.random.Generator) -> np.ndarray:
    """Two palms: a burst of a few milliseconds around one resonance of the hollow hands."""
    length = int(0.03 * RATE)
    burst = rng.standard_normal(length) * np.exp(-np.arange(length) / (0.004 * RATE))
    middle = rng.uniform(900, 2600)
    return sosfilt(
        butter(1, [middle * 0.6, middle * 1.6], "bandpass", fs=RATE, output="sos"), burst
    )


def _laugh(seconds: float, rng: np.random.Generator) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    pitch = rng.choice([130.0, 170.0, 240.0, 300.0]) * rng.uniform(0.9, 1.1)
    pitch = pitch * (1.15 - 0.35 * time / seconds)
    pulses = np.diff(np.floor(np.cumsum(pitch) / RATE), prepend=0.0)
    breath = 0.08 * rng.standard_normal(len(time))
    voiced = lfilter([1.0], [1.0, -0.95], pulses) + breath
    sound = np.zeros(len(time))
    for formant, width, gain in ((750, 130, 1.0), (1250, 160, 0.6), (2600, 250, 0.25)):
        low, high = (formant - width) * rng.uniform(0.95, 1.1), (formant + width) * 1.1
        sound += gain * sosfilt(butter(1, [low, high], "bandpass", fs=RATE, output="sos"), voiced)
    beat = np.clip(np.sin(2 * np.pi * rng.uniform(4.2, 5.6) * time), 0, 1) ** 0.7
    return sound * beat * np.exp(-1.2 * time / seconds)


def _in_a_room(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A third of a second of echo."""
    length = int(0.35 * RATE)
    echo = rng.standard_normal(length) * np.exp(-np.arange(length) / (0.08 * RATE)) * 0.05
    echo[0] = 1.0
    return fftconvolve(sound, echo)[: len(sound)]


def _level(sound: np.ndarray, loudness: float) -> np.ndarray:
    """Scaled so that its mean square is `loudness` squared."""
    return (sound * loudness / max(1e-9, np.sqrt(np.mean(sound**2)))).astype(np.float32)
