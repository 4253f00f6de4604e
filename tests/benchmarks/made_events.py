"""Events built from single voices, with the exact truth of who speaks when.

The voices are folders of short recordings named SPEAKER-*.flac (BACKROW_EVAL_DATA/real/voices).
"""

import os
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from pipeline.audio import find_speech
from pipeline.data import Audio, Span, Turn

RATE = 16000
Samples = NDArray[np.float32]
Voices = dict[str, list[Samples]]


def eval_data() -> Path | None:
    """The folder of recordings to measure on, where there is one."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("BACKROW_EVAL_DATA", beside))
    return folder if folder.is_dir() else None


def read_audio(path: Path) -> Samples:
    """A whole file as 16 kHz mono in [-1, 1]."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def read_voices(folder: Path) -> Voices:
    """Each speaker's utterances, without the silence around them."""
    voices: Voices = {}
    for path in sorted(folder.glob("*.flac")):
        voices.setdefault(path.name.split("-")[0], []).append(trimmed(read_audio(path)))
    return voices


def loudness(samples: Samples) -> Samples:
    """Root mean square of each 10 ms."""
    whole = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return np.sqrt(np.square(whole).mean(axis=1))


def trimmed(samples: Samples) -> Samples:
    """Without what is quiet at either end."""
    loud = np.flatnonzero(loudness(samples) > 0.05 * loudness(samples).max())
    return samples[loud[0] * 160 : (loud[-1] + 1) * 160]


def phrases(samples: Samples, shortest: float = 0.8, longest: float = 4.0) -> list[Samples]:
    """An utterance cut at its pauses of 0.1 s or more; pieces that run on are cut short."""
    quiet = loudness(samples) < 0.05 * loudness(samples).max()
    cuts, run = [0], 0
    for at, is_quiet in enumerate(quiet):
        run = run + 1 if is_quiet else 0
        if run == 10 and (at - cuts[-1]) / 100 >= shortest:
            cuts.append(at - 4)
    pieces = [trimmed(piece) for piece in np.split(samples, [cut * 160 for cut in cuts[1:]])]
    return [p[: int(longest * RATE)] for p in pieces if len(p) >= shortest * RATE]


def voiced(samples: Samples, longest_pause: float = 0.3) -> list[Span]:
    """Where an utterance is loud; shorter pauses are part of it."""
    loud = np.flatnonzero(loudness(samples) >= 0.05 * loudness(samples).max())
    runs = np.split(loud, np.flatnonzero(np.diff(loud) > longest_pause * 100) + 1)
    return [Span(run[0] / 100, (run[-1] + 1) / 100) for run in runs]


@dataclass(frozen=True)
class MadeEvent:
    samples: Samples
    turns: tuple[Turn, ...]  # the truth: where somebody's voice is heard

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE

    @property
    def speakers(self) -> set[str]:
        return {turn.speaker for turn in self.turns}


class Stage:
    """Puts utterances on a time line."""

    def __init__(self, voices: Voices, rng: np.random.Generator) -> None:
        self.voices = voices
        self.rng = rng
        self.parts: list[Samples] = []
        self.turns: list[Turn] = []
        self.placed: list[tuple[int, str, Samples]] = []  # by `over`: from which sample, who, what
        self.length = 0
        self.gain = {name: 10 ** rng.uniform(-0.3, 0.3) for name in voices}  # +-6 dB
        self._queues = {name: self._shuffled(name) for name in voices}

    def over(self, speaker: str, samples: Samples, seconds: float) -> None:
        """Begins so long before the end of what was said so far."""
        at = max(0, self.length - int(seconds * RATE))
        whole = np.concatenate([np.zeros(0, np.float32), *self.parts])
        under = whole[at : at + len(samples)]
        mixed = samples * self.gain[speaker]
        self.placed.append((at, speaker, mixed.copy()))
        mixed[: len(under)] += under
        self.parts, self.length = [whole[:at]], at
        self._add(mixed)
        self._add(whole[at + len(samples) :])
        self.turns += [
            Turn(at / RATE + part.start, at / RATE + part.end, speaker) for part in voiced(samples)
        ]

    def next(self, speaker: str) -> Samples:
        """An utterance that was not heard yet, as far as there are any."""
        return next(self._queues[speaker])

    def pause(self, shortest: float, longest: float) -> None:
        self._add(np.zeros(int(self.rng.uniform(shortest, longest) * RATE), np.float32))

    def say(self, speaker: str, samples: Samples) -> None:
        at = self.length / RATE
        self._add(samples * self.gain[speaker])
        self.turns += [Turn(at + part.start, at + part.end, speaker) for part in voiced(samples)]

    def talk(self, speaker: str, seconds: float) -> None:
        """Whole utterances with a speaker's pauses, until `seconds` are full."""
        end = self.length / RATE + seconds
        while self.length / RATE < end:
            self.say(speaker, next(self._queues[speaker]))
            self.pause(0.2, 1.0)

    def panel(self, speakers: list[str], seconds: float) -> None:
        """Turns of one to three phrases with hardly a gap, nobody twice in a row."""
        end, last = self.length / RATE + seconds, ""
        while self.length / RATE < end:
            last = str(self.rng.choice([name for name in speakers if name != last]))
            pieces = phrases(next(self._queues[last]))
            count = int(self.rng.integers(1, 4))
            first = int(self.rng.integers(0, max(1, len(pieces) - count + 1)))
            for piece in pieces[first : first + count]:
                self.say(last, piece)
                self.pause(0.1, 0.15)
            self.pause(0, 0.25)

    def done(self, noise: float = 0.001) -> MadeEvent:
        """With a room's hiss under it all."""
        samples = np.concatenate(self.parts)
        hiss = self.rng.standard_normal(len(samples)).astype(np.float32)
        return MadeEvent(np.clip(samples + noise * hiss, -1, 1), tuple(self.turns))

    def _add(self, samples: Samples) -> None:
        self.parts.append(samples.astype(np.float32))
        self.length += len(samples)

    def _shuffled(self, name: str) -> Iterator[Samples]:
        while True:
            for at in self.rng.permutation(len(self.voices[name])):
                yield self.voices[name][at]


def conference(voices: Voices, seed: int, seconds: float = 600) -> MadeEvent:
    """A host's hand-overs, a talk by each other voice, then a fast panel of all."""
    rng = np.random.default_rng(seed)
    stage = Stage(voices, rng)
    host, *guests = rng.permutation(sorted(voices)).tolist()
    for guest in guests:
        stage.talk(host, 6)
        stage.pause(0.5, 2)
        stage.talk(guest, 0.7 * seconds / len(guests) - 8)
    stage.panel([host, *guests], 0.3 * seconds)
    return stage.done()


def interview(voices: Voices, seed: int, seconds: float = 480) -> MadeEvent:
    """Two people: short questions, long answers."""
    rng = np.random.default_rng(1000 + seed)
    stage = Stage(voices, rng)
    host, guest = rng.permutation(sorted(voices)).tolist()[:2]
    while stage.length / RATE < seconds:
        for piece in phrases(stage.next(host))[:2]:
            stage.say(host, piece)
        stage.pause(0.1, 0.6)
        stage.talk(guest, float(rng.uniform(10, 40)))
    return stage.done()


def questions(voices: Voices, seed: int, seconds: float = 600) -> MadeEvent:
    """One talks for long, then the others ask once each, for a few seconds, and are answered."""
    rng = np.random.default_rng(2000 + seed)
    stage = Stage(voices, rng)
    speaker, *others = rng.permutation(sorted(voices)).tolist()
    stage.talk(speaker, seconds / 2)
    for other in others:
        stage.pause(0.5, 1.5)
        for piece in phrases(stage.next(other), longest=6.0)[:3]:
            stage.say(other, piece)
        stage.pause(0.2, 0.8)
        stage.talk(speaker, seconds / 2 / len(others) - 6)
    return stage.done()


def crosstalk(voices: Voices, seed: int, seconds: float = 300) -> MadeEvent:
    """Three people of whom the next begins before the last has ended, every time."""
    stage = crosstalk_stage(voices, seed, seconds)
    turns = sorted(stage.turns, key=lambda turn: turn.start)
    return replace(stage.done(), turns=tuple(turns))


def crosstalk_stage(voices: Voices, seed: int, seconds: float) -> Stage:
    """What `crosstalk` is made of."""
    rng = np.random.default_rng(3000 + seed)
    stage = Stage(voices, rng)
    people, last = rng.permutation(sorted(voices)).tolist()[:3], ""
    while stage.length / RATE < seconds:
        last = str(rng.choice([name for name in people if name != last]))
        said = stage.next(last)[: int(rng.uniform(4, 9) * RATE)]
        stage.over(last, said, float(rng.uniform(0.4, 1.6)) if stage.length else 0.0)
    return stage


def loud_room(voices: Voices, seed: int, clips: Path, seconds: float = 600) -> MadeEvent:
    """A conference in a room that murmurs louder and louder, up to 8 dB under the speech."""
    made = conference(voices, 4000 + seed, seconds)
    rng = np.random.default_rng(4000 + seed)
    crowd = [read_audio(path) for path in sorted(clips.glob("*crowd*"))]
    murmur = np.concatenate([crowd[at] for at in rng.permutation(len(crowd))])
    noise = np.resize(murmur, len(made.samples))
    level = np.sqrt(np.square(made.samples).mean() / np.square(noise).mean())
    rise = 10 ** (np.linspace(-30, -8, len(noise)) / 20)
    return replace(made, samples=np.clip(made.samples + level * rise * noise, -1, 1))


def find_speech_in(samples: Samples) -> tuple[Span, ...]:
    """Speech as the program itself finds it."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        with wave.open(file.name, "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes((samples * 32767).astype("<i2").tobytes())
        return find_speech(Audio(Path(file.name), len(samples) / RATE, "", ()))
