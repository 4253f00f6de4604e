"""How often channels are taken for what they are: uv run python tests/benchmarks/lanes.py

Pairs of channels are made of five LibriSpeech readers (../shared/data/real/voices, or
BACKROW_EVAL_DATA), in conversations of about a minute with pauses and some talk at once, and given
to `select_channels`. Who is heard on the other microphone is delayed and softer, and an echo
is on it. The seeds below 100 are those that the limits were set on; others were not looked at.
2026-11-29: seeds 0-9 60 of 60, 300-311 71 of 72 (one pair of languages is taken for two speakers).

Two recorders of one evening are made too, far from the speakers, noisy, switched on at other times
and with clocks that run apart, and held against each other and against one of another evening:
seeds 0-29 30 and 30 of 30, 300-359 60 and 60 of 60 (first sight).
"""

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from pipeline.audio import deduplicate, lane_selection, lanes, level, similarity
from pipeline.audio.wav import SAMPLE_RATE as RATE
from pipeline.audio.wav import open_wav_writer

DATA = Path(os.environ.get("BACKROW_EVAL_DATA", "../shared/data"))
Sound = np.ndarray
Pair = tuple[Sound, Sound]


def readers() -> dict[str, list[Sound]]:
    """Each reader's utterances."""
    import av

    found: dict[str, list[Sound]] = {}
    for file in sorted((DATA / "real" / "voices").glob("*.flac")):
        with av.open(str(file)) as container:
            frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
        whole = np.concatenate(frames).astype(np.float32) / 32768
        found.setdefault(file.name.split("-")[0], []).append(whole)
    return found


def conversation(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """Two readers in turn for about a minute, each alone on a channel; now and then at once."""
    pair = rng.choice(sorted(voices), 2, replace=False)
    length = 70 * RATE
    sides = np.zeros((2, length), np.float32)
    at, who = int(rng.uniform(0, 1) * RATE), 0
    while True:
        said = voices[pair[who]][rng.integers(10)][: int(rng.uniform(2, 9) * RATE)]
        if at + len(said) > length - RATE:
            return sides[0, : at + RATE], sides[1, : at + RATE]
        sides[who, at : at + len(said)] += said
        pause = rng.uniform(-0.8, 0.2) if rng.uniform() < 0.3 else rng.uniform(0.2, 1.5)
        at += len(said) + int(pause * RATE)
        who = 1 - who


def lecture(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Sound:
    """One reader for about a minute."""
    name = rng.choice(sorted(voices))
    pieces = [voices[name][n] for n in rng.permutation(10)[:5]]
    gap = np.zeros(int(0.6 * RATE), np.float32)
    return np.concatenate([sound for piece in pieces for sound in (piece, gap)])[: 60 * RATE]


def far(sound: Sound, rng: np.random.Generator, decibel: float) -> Sound:
    """The sound as a microphone some metres away hears it."""
    delay = int(rng.uniform(0.003, 0.012) * RATE)
    time = np.arange(int(0.3 * RATE)) / RATE
    tail = rng.standard_normal(len(time)) * np.exp(-time / 0.06)
    echo = np.zeros(len(tail) + delay)
    echo[delay], echo[delay + 1 :] = 1.0, (tail / np.linalg.norm(tail))[:-1]  # as loud as the voice
    echo /= np.linalg.norm(echo)
    heard = fftconvolve(sound, echo)[: len(sound)]
    return (heard * 10 ** (-decibel / 20)).astype(np.float32)


def air(length: int, rng: np.random.Generator, decibel: float = -55.0) -> Sound:
    return (rng.standard_normal(length) * 10 ** (decibel / 20)).astype(np.float32)


def apart(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """A call: nothing of one is on the other's channel."""
    a, b = conversation(voices, rng)
    return a, b * 10 ** (rng.uniform(-12, 0) / 20)


def near_two(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """Two people with a microphone each in one room, the other one 10 to 18 dB softer."""
    a, b = conversation(voices, rng)
    return tuple(
        own + far(other, rng, rng.uniform(10, 18)) + air(len(a), rng)
        for own, other in ((a, b), (b, a))
    )  # type: ignore[return-value]


def one_stereo(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """One person before a pair of microphones, walking a little."""
    sound = lecture(voices, rng)
    walk = 10 ** (3 * np.sin(np.arange(len(sound)) / RATE / rng.uniform(2, 9)) / 20)
    return tuple(
        far(sound * gain, rng, rng.uniform(0, 3)) + air(len(sound), rng)
        for gain in (walk, 1 / walk)
    )  # type: ignore[return-value]


def two_stereo(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """Two people at a table before one pair of microphones."""
    a, b = conversation(voices, rng)
    return tuple(
        far(own, rng, 0) + far(other, rng, rng.uniform(1, 4)) + air(len(a), rng)
        for own, other in ((a, b), (b, a))
    )  # type: ignore[return-value]


def languages(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """Two people who speak all the time, as a talk and its interpreter do."""
    a, b = lecture(voices, rng), lecture(voices, rng)
    size = min(len(a), len(b))
    return a[:size], b[:size]


def one_dead(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Pair:
    """A talk, and a channel of hum or hiss."""
    sound = lecture(voices, rng)
    time = np.arange(len(sound)) / RATE
    hum = sum(rng.uniform(0.05, 0.3) * np.sin(2 * np.pi * 50 * n * time) for n in (1, 2, 3))
    return sound, (hum + air(len(sound), rng, -30)).astype(np.float32)


KINDS: dict[str, tuple[Callable[[dict[str, list[Sound]], np.random.Generator], Pair], set[str]]] = {
    "apart": (apart, {"speakers"}),
    "near two people": (near_two, {"speakers", "one sound"}),
    "one before two": (one_stereo, {"one sound"}),
    "two before two": (two_stereo, {"one sound", "speakers"}),
    "languages": (languages, {"parallel"}),
    "one dead": (one_dead, {"one sound"}),
}


def evening(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Sound:
    """Two people in turn, then one alone; about two minutes."""
    return np.concatenate([sum(conversation(voices, rng)), lecture(voices, rng)])


def recorder(sound: Sound, rng: np.random.Generator) -> tuple[deduplicate.Levels, float]:
    """The levels that a recorder in the room has of it, and the second at which it is begun."""
    late = rng.uniform(0, 40)
    heard = far(sound, rng, rng.uniform(0, 15)) + air(len(sound), rng, rng.uniform(-60, -45))
    times = np.arange(late * RATE, len(heard) - 1, 1 + rng.uniform(-1e-4, 1e-4))
    taken = np.interp(times, np.arange(len(heard)), heard)
    return level.levels([np.rint(taken.clip(-1, 1) * 32767).astype(np.int16)]), late


def on_one_clock(voices: dict[str, list[Sound]], rng: np.random.Generator) -> Counter[str]:
    """How two recorders of one evening, and two of two evenings, are taken."""
    sound = evening(voices, rng)
    (one, first), (two, second) = recorder(sound, rng), recorder(sound, rng)
    other, _ = recorder(evening(voices, rng), rng)
    late = deduplicate.start_offset(one, two)
    found = late is not None and abs(late * similarity.FRAME - (second - first)) < 0.25
    apart = deduplicate.start_offset(one, other) is None
    return Counter(found=found, missed=late is None, apart=apart)


def verdict(pair: Pair, folder: Path) -> str:
    """What `lane_selection` takes a pair for."""
    made = []
    for number, sound in enumerate(pair, 1):
        place = folder / f"{number}.wav"
        samples = np.clip(sound * 32767, -32767, 32767).astype("<i2")
        with open_wav_writer(str(place)) as sound:
            sound.writeframes(samples.tobytes())
        name = f"channel {number}"
        made.append(lanes.Lane(place, len(samples), place, 1, (number,), name))
    taken = lane_selection.select_channels(made, "pair")
    if taken.speakers:
        return "speakers"
    return "parallel" if taken.warnings else "one sound"


def main() -> None:
    """A line for each kind: what it was taken for, how often."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=0, help="the first seed (100: not looked at)")
    parser.add_argument("--count", type=int, default=10)
    arguments = parser.parse_args()
    voices = readers()
    with tempfile.TemporaryDirectory() as folder:
        for kind, (make, right) in KINDS.items():
            seeds = range(arguments.first, arguments.first + arguments.count)
            found = Counter(
                verdict(make(voices, np.random.default_rng(seed)), Path(folder)) for seed in seeds
            )
            good = sum(found[one] for one in right)
            print(f"{kind:16} {good:3} of {arguments.count} right  {dict(found)}", flush=True)
    clocks = sum((on_one_clock(voices, np.random.default_rng(seed)) for seed in seeds), Counter())
    print(f"{'two recorders':16} {clocks['found']:3} of {arguments.count} right  {dict(clocks)}")


if __name__ == "__main__":
    main()
