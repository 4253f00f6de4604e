"""Sentences of the grammar, spoken by the sample's people: mel power, phone and word times.

python tests/models/build/speech.py FOLDER SHARDS   # each: 1,000 sentences, 45 minutes

A shard that is there is not made again. Shard 0 is held out for evaluation. Needs flite.
"""

import dataclasses
import itertools
import json
import random
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import grammar
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

SAMPLE = Path(__file__).parents[3] / "samples" / "full-steam"
sys.path.insert(0, str(SAMPLE))

import build  # noqa: E402
import room  # noqa: E402
import voices  # noqa: E402

RATE, HOP = 16_000, 160
SENTENCES = 1000
NAMES = (
    "pau aa ae ah ao aw ax ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th "
    "uh uw v w y z zh"
)
PHONES = NAMES.split(" ")


@dataclass(frozen=True)
class Spoken:
    """A sentence as the network hears it. Frames of `mels` are 10 ms, of `phones` 20 ms.

    `mels`: float16 (80, 2 n), log10 of the power; `phones`: int8 (n,), places in PHONES;
    `words`: (text, start, end), in seconds.
    """

    mels: np.ndarray
    phones: np.ndarray
    words: tuple[tuple[str, float, float], ...]


def people() -> list[voices.Person]:
    """The voices of the sample, as its script sets them."""
    parts, _ = build.parse((SAMPLE / "script.txt").read_text(encoding="utf-8"))
    return [part.person for part in parts.values()]


def script() -> str:
    """What is said in the sample."""
    _, steps = build.parse((SAMPLE / "script.txt").read_text(encoding="utf-8"))
    return " ".join(step.text for step in steps if isinstance(step, build.Line))


def varied(person: voices.Person, rng: random.Random) -> voices.Person:
    """The same person on another day."""
    return dataclasses.replace(
        person,
        shift=person.shift * rng.uniform(0.98, 1.02),
        pitch=person.pitch * rng.uniform(0.94, 1.06),
        stretch=person.stretch * rng.uniform(0.92, 1.08),
    )


def mel_power(samples: np.ndarray) -> np.ndarray:
    """log10 of the mel power of 16 kHz samples: float16 (80, frames of 10 ms), Whisper's own."""
    features = _features()
    window = np.hanning(features.n_fft + 1)[:-1].astype(np.float32)
    spectrum = features.stft(
        samples.astype(np.float32), features.n_fft, HOP, window=window, return_complex=True
    )
    power = features.mel_filters @ (np.abs(spectrum[:, :-1]) ** 2)
    return np.log10(np.maximum(power, 1e-10)).astype(np.float16)


def speak(text: str, person: voices.Person) -> Spoken:
    """One sentence, spoken."""
    said = voices.say(text, person)
    frames = -(-len(said.samples) // (2 * HOP))
    samples = np.zeros(frames * 2 * HOP, np.float32)
    samples[: len(said.samples)] = said.samples
    phones = np.zeros(frames, np.int8)
    for name, start, end in said.phones:
        phones[max(0, round(start / 0.02)) : max(0, round(end / 0.02))] = PHONES.index(name)
    return Spoken(mel_power(samples), phones, said.words)


def make_shard(number: int, path: Path) -> None:
    """A thousand sentences; the same ones for the same number."""
    rng, crowd = random.Random(number), people()
    texts = itertools.islice(grammar.sentences(number, script()), SENTENCES)
    spoken = [speak(text, varied(rng.choice(crowd), rng)) for text in texts]
    words = [sentence.words for sentence in spoken]
    unfinished = path.with_suffix(".part.npz")
    np.savez(
        unfinished,
        mels=np.concatenate([sentence.mels for sentence in spoken], axis=1),
        phones=np.concatenate([sentence.phones for sentence in spoken]),
        lengths=np.array([len(sentence.phones) for sentence in spoken]),
        words=np.frombuffer(json.dumps(words).encode(), np.uint8),
    )
    unfinished.rename(path)


def read_shard(path: Path) -> list[Spoken]:
    """A shard's sentences."""
    with np.load(path) as stored:
        mels, phones, lengths, words = (stored[k] for k in ("mels", "phones", "lengths", "words"))
    ends = np.cumsum(lengths)
    return [
        Spoken(mels[:, 2 * (end - length) : 2 * end], phones[end - length : end], timed)
        for timed, end, length in zip(json.loads(words.tobytes()), ends, lengths, strict=True)
    ]


@cache
def _features() -> FeatureExtractor:
    return FeatureExtractor(feature_size=80)


def room_sounds(seed: int) -> dict[str, list[np.ndarray]]:
    """Mel power of a room without a speaker: {"applause": [...], "laughter", "murmur", "air"}."""
    rng = np.random.default_rng(seed)
    sentences = itertools.islice(grammar.sentences(seed, script()), 40)
    talk = [
        voices.say(text, person).samples
        for text, person in zip(sentences, itertools.cycle(people()))
    ]
    return {
        "applause": [mel_power(room.applause(rng.uniform(2, 8), rng)) for _ in range(24)],
        "laughter": [mel_power(room.laughter(rng.uniform(1.5, 4), rng)) for _ in range(24)],
        "murmur": [mel_power(room.murmur(talk, 30, rng)) for _ in range(6)],
        "air": [mel_power(room.air(30, rng)) for _ in range(4)]
        + [mel_power(0.0007 * rng.standard_normal(30 * RATE)) for _ in range(4)],
    }


def main(folder: Path, shards: int) -> None:
    """Makes the shards that are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(shards):
        path = folder / f"{number:03}.npz"
        if not path.exists():
            make_shard(number, path)
            print(path, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
