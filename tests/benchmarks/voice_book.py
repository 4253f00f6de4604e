"""How alike one voice is to itself and to others: what the bars of the voice book rest on.

    uv run python tests/benchmarks/voice_book.py [FOLDER]

FOLDER holds recordings of one voice each, named PERSON-anything. They are cut into pieces as long
as a person is heard in an event; each piece is heard as it is and as another room would have it
(half a second of echo, a narrower band, noise). The sample's eight voices are compared as well.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np

from pipeline.audio import decode, read
from pipeline.diarize.cluster import mean_voices
from pipeline.diarize.embedding import Encoder, fbank
from pipeline.talks.voices import MARGIN, NEAR

SAMPLE = Path(__file__).parents[2] / "samples" / "full-steam"
RATE = 16_000
PIECE = 400  # frames of 10 ms
LENGTHS = (8, 30)  # seconds of speech


def voice(encoder: Encoder, samples: np.ndarray) -> np.ndarray:
    """The mean voice of pieces of four seconds, as the engine gives it for a speaker."""
    frames = fbank(samples)
    starts = range(0, max(1, len(frames) - PIECE + 1), PIECE)
    pieces = np.stack([encoder.voice(frames[at : at + PIECE]) for at in starts])
    return mean_voices(pieces, np.zeros(len(pieces), np.int64))[0]


def elsewhere(samples: np.ndarray) -> np.ndarray:
    """The same words in another room, over another microphone."""
    chance = np.random.default_rng(1)
    tail = np.arange(RATE // 2) / RATE
    echo = chance.standard_normal(len(tail)) * np.exp(-tail * 6.9 / 0.5) * 0.02
    echo[0] = 1.0
    size = len(samples) + len(echo)
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(echo, size), size)[: len(samples)]
    band = np.fft.rfft(heard)
    pitch = np.fft.rfftfreq(len(heard), 1 / RATE)
    band[(pitch < 150) | (pitch > 6000)] *= 0.3
    heard = np.fft.irfft(band, len(heard))
    noise = chance.standard_normal(len(heard)) * np.sqrt(np.mean(heard**2)) * 10 ** (-30 / 20)
    return (heard + noise).astype(np.float32)


def readers(folder: Path) -> dict[str, np.ndarray]:
    """All that each person of a folder says."""
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as work:
        for path in sorted(folder.glob("*-*.*")):
            sound = decode([path], Path(work) / "one.wav", lambda _: None)
            found[path.name.split("-")[0]].append(np.array(read(sound)))
    return {person: np.concatenate(pieces) for person, pieces in found.items()}


def sample() -> dict[str, np.ndarray]:
    """All that each voice of the sample says."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as work:
        sound = decode([SAMPLE / "evening.opus"], Path(work) / "one.wav", lambda _: None)
        samples = np.array(read(sound))
    found: dict[str, list[np.ndarray]] = defaultdict(list)
    for turn in truth["turns"]:
        found[turn["speaker"]].append(samples[int(turn["start"] * RATE) : int(turn["end"] * RATE)])
    return {person: np.concatenate(pieces) for person, pieces in found.items()}


def cuts(people: dict[str, np.ndarray], seconds: int) -> list[tuple[str, np.ndarray]]:
    """Pieces of so many seconds, eight of each person at most."""
    size = seconds * RATE
    return [
        (person, said[at : at + size])
        for person, said in people.items()
        for at in range(0, min(len(said) - size + 1, 8 * size), size)
    ]


def spread(likeness: list[float]) -> str:
    """The least, some percentiles and the most."""
    if not likeness:
        return "none"
    return "  ".join(f"{x:.3f}" for x in np.percentile(likeness, [0, 5, 50, 95, 100]))


def compare(title: str, engine: Encoder, people: dict[str, np.ndarray], seconds: int) -> None:
    """Cosines within and between people, and what the book makes of them."""
    pieces = cuts(people, seconds)
    here = [(person, voice(engine, said)) for person, said in pieces]
    there = [(person, voice(engine, elsewhere(said))) for person, said in pieces]
    pairs = [(a == b, float(x @ y)) for (a, x), (b, y) in combinations(here, 2)]
    places = [
        (a == b, float(x @ y))
        for i, (a, x) in enumerate(here)
        for j, (b, y) in enumerate(there)
        if i != j
    ]
    print(f"\n{title}, {seconds} s: {len(people)} people, {len(pieces)} pieces")
    print(f"{'':26}{'least':>6}{'5%':>7}{'half':>7}{'95%':>7}{'most':>7}")
    for name, found in (("same room", pairs), ("another room", places)):
        print(f"  {name:14}one voice  {spread([c for same, c in found if same])}")
        print(f"  {'':14}two voices {spread([c for same, c in found if not same])}")
    for name, later in (("same room", here), ("another room", there)):
        print(f"  {name:14}{recognised(here, later)}")


def recognised(first: list[tuple[str, np.ndarray]], later: list[tuple[str, np.ndarray]]) -> str:
    """A book of everybody's first piece, asked about all others; then without the one asked."""
    book = dict(reversed(first))
    asked = [(p, v) for i, (p, v) in enumerate(later) if i and first[i - 1][0] == p]
    right = wrong = strange = 0
    for person, heard in asked:
        ranked = sorted(((float(heard @ v), p) for p, v in book.items()), reverse=True)
        others = [one for one in ranked if one[1] != person]
        found = match(ranked)
        right += found == person
        wrong += found not in (None, person)
        strange += match(others) is not None
    return (
        f"{len(asked)} asked: {right} recognised, {wrong} as another; "
        f"{strange} strangers taken for somebody"
    )


def match(ranked: list[tuple[float, str]]) -> str | None:
    """The book's rule."""
    if not ranked or ranked[0][0] < NEAR:
        return None
    near = len(ranked) > 1 and ranked[0][0] - ranked[1][0] < MARGIN
    return None if near else ranked[0][1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    options = parser.parse_args()
    engine = Encoder()
    groups = {"the sample": sample()}
    if options.folder:
        groups[options.folder.name] = readers(options.folder)
    print(f"bars: cosine {NEAR}, margin {MARGIN}")
    for title, people in groups.items():
        for seconds in LENGTHS:
            compare(title, engine, people, seconds)


if __name__ == "__main__":
    main()
