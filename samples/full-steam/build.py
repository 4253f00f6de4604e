"""Makes evening.opus and truth.json from script.txt; the same script gives the same evening.

    python samples/full-steam/build.py            # needs flite: apt-get install flite

truth.json: {"duration", "speakers": [{"id", "name", "role"}], "words": [{"start", "end", "text",
"speaker"}], "turns": [{"start", "end", "speaker"}], "talks": [{"start", "end", "kind", "title",
"speakers"}], "sounds": [{"start", "end", "kind"}]}. Times are seconds, to the millisecond.
Word times are flite's own: where the first phone of a word begins and its last one ends.
"""

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import room
import voices

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub looks for an ffmpeg command, which is not needed here
    from pydub import AudioSegment

HERE = Path(__file__).parent
SEED = 20260514
RATE = voices.RATE
BREATH = {"slow": (0.5, 0.9), "fast": (0.12, 0.3)}  # seconds between two speakers
SENTENCE = (0.22, 0.42)  # seconds between two sentences of one speaker


@dataclass(frozen=True)
class Part:
    """A person of the script: who they are, and how they sound."""

    name: str
    role: str
    person: voices.Person


@dataclass(frozen=True)
class Line:
    """What one speaker says without a break in the script."""

    who: str
    text: str


@dataclass(frozen=True)
class Direction:
    """A stage direction: applause, laughter, pause (with seconds); murmur, fast, slow."""

    what: str
    seconds: float = 0.0
    on: bool = False


@dataclass(frozen=True)
class Heading:
    """A talk begins."""

    kind: str
    title: str


Step = Line | Direction | Heading


def parse(script: str) -> tuple[dict[str, Part], list[Step]]:
    """The people and the steps of a script; raises ValueError with the line that is not one."""
    people: dict[str, Part] = {}
    steps: list[Step] = []
    for text in filter(None, map(str.strip, re.sub(r"(?m)^#.*$", "", script).splitlines())):
        if made := re.fullmatch(r"person (\w+): *([^|]*?) *\| *(.*?) *\| *(\w+), ([\d., ]+)", text):
            people[made[1]] = Part(made[2], made[3], _person(made[4], made[5]))
        elif made := re.fullmatch(r"== (\w+): (.+)", text):
            steps.append(Heading(made[1], made[2]))
        elif made := re.fullmatch(r"\[(\w+)(?: ([\d.]+)s| (on|off))?\]", text):
            steps.append(Direction(made[1], float(made[2] or 0), made[3] == "on"))
        elif (made := re.fullmatch(r"([A-Z]+): (.+)", text)) and made[1] in people:
            steps.append(Line(made[1], made[2]))
        elif steps and isinstance(steps[-1], Line):
            steps[-1] = Line(steps[-1].who, f"{steps[-1].text} {text}")
        else:
            raise ValueError(f"script.txt: this line is no step: {text}")
    return people, steps


def _person(voice: str, numbers: str) -> voices.Person:
    shift, pitch, stretch = map(float, numbers.split(","))
    return voices.Person(voice, shift, pitch, stretch)


def sentences(text: str) -> list[str]:
    """A line's sentences, each with its final mark."""
    return re.findall(r"[^.?!]+[.?!]", text.replace("\n", " "))


@dataclass
class Evening:
    """The time line as it grows: what sounds where, and the truth about it."""

    people: dict[str, Part]
    rng: np.random.Generator
    now: float = 0.0
    breath: str = "slow"
    murmur_since: float = 0.0
    sounds: list[tuple[float, np.ndarray]] = field(default_factory=list)
    truth: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {key: [] for key in ("words", "turns", "talks", "sounds")}
    )

    def play(self, steps: list[Step]) -> None:
        """Lays all the steps on the time line, one after the other."""
        before: Step | None = None
        for step in steps:
            if isinstance(step, Heading):
                self.truth["talks"].append({"kind": step.kind, "title": step.title})
            elif isinstance(step, Direction):
                self.direct(step)
            else:
                if isinstance(before, Line | Heading):
                    self.now += self.rng.uniform(*BREATH[self.breath])
                self.speak(step)
            before = step

    def speak(self, line: Line) -> None:
        """One speaker's line, sentence by sentence."""
        begin = len(self.truth["words"])
        for number, sentence in enumerate(sentences(line.text)):
            self.now = round(self.now + (self.rng.uniform(*SENTENCE) if number else 0), 3)
            said = voices.say(sentence.strip(), self.people[line.who].person)
            self.sounds.append((self.now, said.samples))
            for word, start, end in said.words:
                times = {"start": round(self.now + start, 3), "end": round(self.now + end, 3)}
                self.truth["words"].append({**times, "text": word, "speaker": line.who})
            self.now += len(said.samples) / RATE
        words = self.truth["words"][begin:]
        self.truth["turns"].append(_span(words) | {"speaker": line.who})

    def direct(self, direction: Direction) -> None:
        """The room: applause and laughter begin at once and are let fade before anyone speaks."""
        if direction.what in ("applause", "laughter"):
            make = room.applause if direction.what == "applause" else room.laughter
            self.hear(self.now + 0.1, make(direction.seconds, self.rng), direction.what)
            self.now += 0.1 + direction.seconds
        elif direction.what == "pause":
            self.now += direction.seconds
        elif direction.what in BREATH:
            self.breath = direction.what
        elif direction.what == "murmur" and direction.on:
            self.murmur_since = self.now
        elif direction.what == "murmur":
            self.hear(self.murmur_since, self.murmur(self.now - self.murmur_since), "unrest")
        else:
            raise ValueError(f"script.txt: nobody knows how to play [{direction.what}]")

    def hear(self, start: float, sound: np.ndarray, kind: str) -> None:
        """A sound of the room, in the audio and in the truth."""
        self.sounds.append((start, sound))
        end = round(start + len(sound) / RATE, 3)
        self.truth["sounds"].append({"start": round(start, 3), "end": end, "kind": kind})

    def murmur(self, seconds: float) -> np.ndarray:
        """Everybody's earlier sentences, beyond understanding."""
        speech = [sound for _, sound in self.sounds if len(sound) > 2 * RATE]
        return room.murmur(speech, seconds, self.rng)


def script_talks(
    people: dict[str, Part], steps: list[Step]
) -> Iterator[tuple[Heading, list[Line]]]:
    """Each heading with the lines under it."""
    for place, step in enumerate(steps):
        if isinstance(step, Heading):
            rest = steps[place + 1 :]
            stop = next((n for n, s in enumerate(rest) if isinstance(s, Heading)), len(rest))
            yield step, [line for line in rest[:stop] if isinstance(line, Line)]


def perform(script: str) -> tuple[np.ndarray, dict[str, Any]]:
    """The evening's samples (float32, 16 kHz) and its truth."""
    people, steps = parse(script)
    evening = Evening(people, np.random.default_rng(SEED))
    evening.play(steps)
    turns = iter(evening.truth["turns"])
    for talk, (_, lines) in zip(evening.truth["talks"], script_talks(people, steps), strict=True):
        spoken = [next(turns) for _ in lines]
        talk |= _span(spoken) | {"speakers": _by_words(spoken)}
    evening.truth["sounds"].sort(key=lambda sound: sound["start"])
    duration = round(evening.now, 3)
    speakers = [{"id": key, "name": p.name, "role": p.role} for key, p in people.items()]
    return _mix(evening, duration), {"duration": duration, "speakers": speakers, **evening.truth}


def _span(spans: list[dict[str, Any]]) -> dict[str, Any]:
    return {"start": spans[0]["start"], "end": spans[-1]["end"]}


def _by_words(turns: list[dict[str, Any]]) -> list[str]:
    """The speakers of some turns, the one who speaks longest first."""
    length: dict[str, float] = {}
    for turn in turns:
        length[turn["speaker"]] = length.get(turn["speaker"], 0) + turn["end"] - turn["start"]
    return sorted(length, key=lambda who: -length[who])


def _mix(evening: Evening, duration: float) -> np.ndarray:
    bed = _segment(room.air(duration, evening.rng))
    for start, sound in evening.sounds:
        bed = bed.overlay(_segment(sound), position=round(start * 1000))
    return np.array(bed.get_array_of_samples(), dtype=np.int16)


def _segment(samples: np.ndarray) -> AudioSegment:
    whole = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    return AudioSegment(data=whole.tobytes(), sample_width=2, frame_rate=RATE, channels=1)


def encode(samples: np.ndarray, path: Path) -> None:
    """16-bit mono 16 kHz samples as Opus, 48 kbit/s."""
    import av

    with av.open(str(path), "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 48_000
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def dump(truth: dict[str, Any]) -> str:
    """JSON with one entry a line, so that a diff shows the words that changed."""
    parts = []
    for key, value in truth.items():
        lines = ",\n".join(f"  {json.dumps(entry)}" for entry in value) if key != "duration" else ""
        parts.append(f'"{key}": [\n{lines}\n]' if lines else f'"{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Writes evening.opus and truth.json beside the script."""
    samples, truth = perform((HERE / "script.txt").read_text(encoding="utf-8"))
    encode(samples, HERE / "evening.opus")
    (HERE / "truth.json").write_text(dump(truth), encoding="utf-8")
    print(f"{truth['duration']:.1f} s, {len(truth['words'])} words")


if __name__ == "__main__":
    main()
