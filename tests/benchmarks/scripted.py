"""Events from scripts: words, turns and room sounds with times, and the truth about them.

    title: The event's title                 what event.toml would know, all of it optional
    agenda: 18:00 | Keynote | Ada Park, Ben Ortiz
    known: Ada Park | chief executive        a person of the people list
    glossary: Kubernetes
    person ADA: Ada Park | chief executive   who KEY is; no name: nobody could tell
    == keynote: what it is about             a section begins: kind, title
    ADA: words <fill chips 200> words        somebody speaks; 200 words of talk about chips
    [applause 4s] [laughter 2s] [pause 3s] [music 20s]   the room, and the next words wait
    [part second.mp3]                        another recording begins

The sample's script is of the same form. Lines that begin with # are comments.
"""

import json
import random
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from pipeline.data import Part, RoomSound, Turn, Word, ms
from pipeline.event import AgendaItem, EventInfo, Person

HERE = Path(__file__).parent / "data" / "events"
SPEECH = re.compile(r"^(?:([A-Z][A-Z0-9_]*):)?\s*(.*)$", re.DOTALL)
ROOM = re.compile(r"^\[(\w+)\s+([\d.]+)s?\]$")
FILL = re.compile(r"<fill (\w+) (\d+)>")


@dataclass(frozen=True)
class Section:
    """A talk as it should be found."""

    kind: str
    title: str
    start: float
    end: float


@dataclass
class Made:
    """An event and its truth; speakers are the script's keys."""

    name: str
    info: EventInfo
    people: dict[str, tuple[str, str]]  # key -> name ("" for nobody could tell), role
    words: list[Word] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    sounds: list[RoomSound] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


class _Stage:
    """Plays a script line by line."""

    def __init__(self, name: str) -> None:
        self.made = Made(name, EventInfo(), {})
        self.random = random.Random(name)
        self.clock = 0.6
        self.speaker = ""
        self.pending: tuple[str, str] | None = None
        self.info: dict[str, list[str]] = {}

    def line(self, text: str) -> None:
        """One line of the script."""
        key, _, rest = text.partition(":")
        if text.startswith("person "):
            fields = [part.strip() for part in rest.split("|")]
            self.made.people[key.split()[1]] = (fields[0], (fields[1:] or [""])[0])
        elif key in ("title", "agenda", "known", "glossary"):
            self.info.setdefault(key, []).append(rest.strip())
        elif text.startswith("=="):
            self.pending = (key.removeprefix("==").strip(), rest.strip())
        elif text.startswith("["):
            self._room(text)
        else:
            who, said = SPEECH.match(text).groups()
            self._speak(who or self.speaker, said)

    def _room(self, text: str) -> None:
        match = ROOM.match(text)
        if match is None:
            if text.startswith("[part"):
                self._part(text[5:].strip(" ]"))
            return
        kind, seconds = match[1], float(match[2])
        if kind in ("applause", "laughter", "music"):
            start = self.clock + 0.1
            self.made.sounds.append(RoomSound(ms(start), ms(start + seconds), kind, 0.5))
        self.clock += seconds + 0.4

    def _part(self, name: str) -> None:
        self.clock += 1.0
        self.made.parts.append(Part(name, ms(self.clock), 0.0))
        self.clock += 1.0

    def _speak(self, who: str, said: str) -> None:
        if who not in self.made.people:
            raise ValueError(f"{self.made.name}: nobody is called {who!r}")
        said = FILL.sub(lambda fill: filler(fill[1], int(fill[2]), self.random), said)
        self.clock += self.random.uniform(0.25, 1.1) if who != self.speaker else 0.3
        self.speaker = who
        rate = 2.4 + (hash_of(who + self.made.name) % 8) / 10
        for sentence in re.split(r"(?<=[.!?])\s+", said):
            self._sentence(who, sentence.split(), rate)

    def _sentence(self, who: str, words: list[str], rate: float) -> None:
        if not words:
            return
        start = self.clock
        if self.pending:
            kind, title = self.pending
            self.made.sections.append(Section(kind, title, ms(start), ms(start)))
            self.pending = None
        for text in words:
            long = (0.45 + 0.11 * len(text)) / rate
            self.made.words.append(Word(ms(self.clock), ms(self.clock + long), text, 0.95, who))
            self.clock += long
        self.made.turns.append(Turn(ms(start), ms(self.clock), who))
        self.made.sections[-1] = replace(self.made.sections[-1], end=ms(self.clock))
        self.clock += self.random.uniform(0.2, 0.6)

    def done(self) -> Made:
        """The event; turns of one speaker without a second between them are one."""
        made = self.made
        made.info = _info(self.info)
        merged: list[Turn] = []
        for turn in made.turns:
            last = merged[-1] if merged else None
            if last and last.speaker == turn.speaker and turn.start - last.end < 1.0:
                merged[-1] = Turn(last.start, turn.end, turn.speaker)
            else:
                merged.append(turn)
        made.turns = merged
        made.parts = _measured(made.parts, self.clock)
        return made


def hash_of(text: str) -> int:
    """A number that is the same in every run."""
    return sum(place * ord(letter) for place, letter in enumerate(text, 1))


def _info(lines: dict[str, list[str]]) -> EventInfo:
    agenda = []
    for line in lines.get("agenda", []):
        time, title, speakers = ([part.strip() for part in line.split("|")] + ["", ""])[:3]
        names = tuple(name.strip() for name in speakers.split(",") if name.strip())
        agenda.append(AgendaItem(title=title, time=time, speakers=names))
    known = [[part.strip() for part in line.split("|")] for line in lines.get("known", [])]
    return EventInfo(
        title=(lines.get("title") or [""])[0],
        agenda=tuple(agenda),
        people=tuple(Person(name=one[0], role=(one[1:] or [""])[0]) for one in known),
        glossary=tuple(lines.get("glossary", [])),
    )


def _measured(parts: list[Part], end: float) -> list[Part]:
    if not parts:
        return [Part("event.mp3", 0.0, ms(end))]
    parts = [Part("first.mp3", 0.0, 0.0), *parts]
    ends = [*[part.start for part in parts[1:]], ms(end)]
    return [replace(p, duration=ms(e - p.start)) for p, e in zip(parts, ends, strict=True)]


@cache
def _topics() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((HERE / "topics.toml").read_text(encoding="utf-8"))


def filler(topic: str, words: int, chance: random.Random) -> str:
    """About so many words on a topic, in whole sentences; never the same twice in a row."""
    book = _topics()
    moulds, said, last = book["moulds"]["sentences"], [], ""
    while sum(len(sentence.split()) for sentence in said) < words:
        mould = chance.choice(moulds)
        if mould == last:
            continue
        last = mould
        said.append(re.sub(r"\{(\w)\w*\}", lambda slot: _pick(book[topic], slot[1], chance), mould))
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in said)


def _pick(topic: dict[str, list[str]], letter: str, chance: random.Random) -> str:
    return chance.choice(topic[{"t": "things", "d": "doings", "n": "numbers"}[letter]])


def read(path: Path) -> Made:
    """The event of a script, or of the sample's truth.json."""
    if path.suffix == ".json":
        return _sample(path)
    return play(path.stem, _joined(path.read_text(encoding="utf-8")))


def play(name: str, lines: Iterable[str]) -> Made:
    """The event of a script's lines."""
    stage = _Stage(name)
    for line in lines:
        stage.line(line)
    return stage.done()


def _sample(path: Path) -> Made:
    """The sample, whose words have the times of its audio."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    people = {one["id"]: (one["name"], one["role"]) for one in truth["speakers"]}
    made = Made(path.parent.name, EventInfo(), people)
    made.words = [Word(w["start"], w["end"], w["text"], 0.95) for w in truth["words"]]
    made.turns = [Turn(t["start"], t["end"], t["speaker"]) for t in truth["turns"]]
    made.sounds = [RoomSound(s["start"], s["end"], s["kind"], 0.5) for s in truth["sounds"]]
    made.sections = [Section(t["kind"], t["title"], t["start"], t["end"]) for t in truth["talks"]]
    made.parts = [Part("evening.opus", 0.0, truth["duration"])]
    return made


def _joined(text: str) -> list[str]:
    """Logical lines: speech goes on over line ends."""
    lines: list[str] = []
    fresh = re.compile(r"^(==|\[|[A-Z][A-Z0-9_]*:|person |title:|agenda:|known:|glossary:)")
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if fresh.match(stripped) or not lines or lines[-1].startswith(("[", "==")):
            lines.append(stripped)
        else:
            lines[-1] += " " + stripped
    return lines
