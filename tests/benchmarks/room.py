"""How well the room is heard: made events with applause, laughter, murmur and music, and none.

    uv run python tests/benchmarks/room.py

Speech is that of five readers in BACKROW_EVAL_DATA (or ../shared/data); without it, the sample's.
Each event is heard in several halls: dry or echoing, quiet or with a loud air conditioner, the room
near to or far from the microphone. Prints, per hall, what was found of what is there, and what was
found that is not.
"""

import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.signal import fftconvolve, lfilter, resample_poly

sys.path.insert(0, str(Path(__file__).parent.parent))
import media

from pipeline.audio import decode, find_speech, hear_room, read
from pipeline.data import RoomSound, SoundKind

RATE = media.RATE
DATA = Path(
    os.environ.get("BACKROW_EVAL_DATA", Path(__file__).parents[3] / "shared" / "data"), "real"
)
KINDS: tuple[SoundKind, ...] = ("applause", "laughter", "unrest", "music")


@dataclass(frozen=True)
class Hall:
    name: str
    echo: float = 0.0  # seconds until an echo has sunk by 60 dB
    noise: float = 0.0005  # rms of the air conditioner
    room: float = 0.0  # dB of the room's sounds against speech
    tilt: float = 0.0  # how dull the room's sounds are
    telephone: bool = False


HALLS = (
    Hall("dry, quiet"),
    Hall("dry, the room 9 dB softer", room=-9),
    Hall("echo of 0.6 s", echo=0.6),
    Hall("echo of 1.2 s, loud air", echo=1.2, noise=0.004),
    Hall("loud air", noise=0.006),
    Hall("dull hands", tilt=0.5),
    Hall("8 kHz", telephone=True),
)


@dataclass
class Event:
    sound: list[np.ndarray] = field(default_factory=list)
    truth: list[tuple[SoundKind, float, float]] = field(default_factory=list)

    @property
    def now(self) -> float:
        return sum(map(len, self.sound)) / RATE

    def add(self, kind: SoundKind, sound: np.ndarray) -> None:
        self.truth.append((kind, self.now, self.now + len(sound) / RATE))
        self.sound.append(sound)


def readers() -> list[np.ndarray]:
    """Sentences, brought to the same loudness."""
    files = sorted((DATA / "voices").glob("*.flac"))
    if not files:
        print("no voices in BACKROW_EVAL_DATA: the sample's are used")
        return [media.speech(12, start) for start in range(25, 52, 13)]
    with tempfile.TemporaryDirectory() as folder:
        sounds = [read(decode([file], Path(folder, "a.wav"))) for file in files]
    return [0.06 * sound / np.sqrt(np.mean(sound**2)) for sound in sounds]


def event(seed: int, hall: Hall, sentences: list[np.ndarray]) -> Event:
    """Ten minutes: talk, clap, laugh, clap under the next speaker, murmur, music; and pauses."""
    rng = np.random.default_rng(seed)
    made = Event()
    gain = 0.08 * 10 ** (hall.room / 20)
    for turn in range(24):
        made.sound += [sentences[rng.integers(len(sentences))], media.silence(rng.uniform(0.2, 2))]
        seconds = float(rng.uniform(3, 7))
        if turn % 4 == 1:
            made.add("applause", media.applause(seconds, gain, seed + turn, tilt=hall.tilt))
        elif turn % 4 == 2:
            made.add("laughter", media.laughter(float(rng.uniform(1.5, 4)), gain, seed + turn))
        elif turn == 12:
            made.add("music", media.music(20, gain, seed))
    made.sound.append(media.silence(1))
    _overlay(made, rng, gain, hall, seed)
    return made


def _overlay(made: Event, rng: np.random.Generator, gain: float, hall: Hall, seed: int) -> None:
    """Applause over the start of a speech, and a room that murmurs through another."""
    whole = np.concatenate(made.sound)
    start = made.truth[1][2] + 2
    music = next(end for kind, _, end in made.truth if kind == "music")
    for kind, at, layer in (
        ("applause", start + 30, media.applause(5, gain, seed + 77, tilt=hall.tilt)),
        ("unrest", music + 5, media.murmur(40, gain / 4, seed)),
    ):
        first = int(at * RATE)
        layer = layer[: len(whole) - first]
        whole[first : first + len(layer)] += layer
        made.truth.append((kind, at, at + len(layer) / RATE))  # type: ignore[arg-type]
    made.sound[:] = [whole]


def heard_in(hall: Hall, sound: np.ndarray, seed: int) -> np.ndarray:
    """What the hall makes of a sound."""
    rng = np.random.default_rng(seed)
    if hall.echo:
        size = int(hall.echo * RATE)
        tail = rng.standard_normal(size) * 10 ** (-3 * np.arange(size) / size) * 0.02
        tail[0] = 1.0
        sound = fftconvolve(sound, tail)[: len(sound)]
    air = lfilter([1.0], [1.0, -0.9], rng.standard_normal(len(sound)))
    sound = sound + hall.noise * air / np.sqrt(np.mean(air**2))
    if hall.telephone:
        sound = resample_poly(resample_poly(sound, 1, 2), 2, 1)
    return (0.9 * sound / max(1.0, np.abs(sound).max())).astype(np.float32)


def hear(sound: np.ndarray) -> tuple[RoomSound, ...]:
    with tempfile.TemporaryDirectory() as folder:
        file = media.write(Path(folder, "event.flac"), sound)
        audio = decode([file], Path(folder, "out.wav"))
        return hear_room(audio, find_speech(audio))


def judge(made: Event, heard: tuple[RoomSound, ...]) -> Counter[tuple[str, SoundKind]]:
    """How many there are, were found, and were found where there is none of their kind."""
    count: Counter[tuple[str, SoundKind]] = Counter()
    for kind, start, end in made.truth:
        hit = any(s.kind == kind and s.start < end and s.end > start for s in heard)
        count["there", kind] += 1
        count["found", kind] += hit
    for s in heard:
        near = [k for k, a, b in made.truth if k == s.kind and a - 1 < s.end and b + 1 > s.start]
        if not near:
            count["false", s.kind] += 1
            if "-v" in sys.argv:
                print("   false", s, [t for t in made.truth if t[1] < s.end and t[2] > s.start])
    if "-v" in sys.argv:
        for kind, start, end in made.truth:
            if not any(s.kind == kind and s.start < end and s.end > start for s in heard):
                print("   missed", kind, round(start, 1), round(end, 1))
    return count


def main() -> None:
    sentences = readers()
    table = Table("hall", *KINDS, "false", title="found of those there; false: per kind")
    for hall in HALLS:
        count: Counter[tuple[str, SoundKind]] = Counter()
        if "-v" in sys.argv:
            print(hall.name)
        for seed in range(3):
            made = event(100 * seed, hall, sentences)
            count += judge(made, hear(heard_in(hall, np.concatenate(made.sound), seed)))
        found = [f"{count['found', kind]}/{count['there', kind]}" for kind in KINDS]
        false = ", ".join(f"{n} {kind}" for (what, kind), n in count.items() if what == "false")
        table.add_row(hall.name, *found, false)
    Console().print(table)


if __name__ == "__main__":
    main()
