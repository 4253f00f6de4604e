"""The events of the claims benchmark, as an engine would have heard them.

A line of a text is "ANN: what she says. ## kind: 20 x, 4 $": the speaker, the words, and the key,
which is the kind of claim it is, if any, and its numbers with their units.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.data import Talk, Utterance, Word


@dataclass
class Line:
    """A line of an event's text: what was said, what the engine heard, and the key."""

    said: str
    kind: str | None = None  # "maybe": neither required nor wrong
    values: list[tuple[float, str | None]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def heard(self) -> str:
        return " ".join(word.text for word in self.words)


def read_lines(text: str) -> Iterator[tuple[str, Line]]:
    """Speaker and line of each line of an event's text."""
    for row in text.strip().splitlines():
        spoken, _, key = row.partition(" ## ")
        speaker, _, said = spoken.partition(": ")
        kind, _, values = key.partition(":")
        line = Line(said.strip(), kind.strip() or None)
        for value in values.split(",") if values else ():
            number, _, unit = value.strip().partition(" ")
            line.values.append((float(number), unit.strip() or None))
        yield speaker, line


class Room:
    """Gives words their times."""

    def __init__(self) -> None:
        self.random = random.Random()
        self.clock = 1.0

    def hear(self, line: Line, speaker: str) -> None:
        self.random.seed(line.said)  # a changed line changes no other
        for text in line.said.split():
            end = self.clock + 0.06 * len(text) + 0.08
            line.words.append(Word(round(self.clock, 3), round(end, 3), text, 0.9, speaker))
            self.clock = end + self._pause(text)

    def _pause(self, text: str) -> float:
        draw = self.random.random()
        if text.endswith((".", "?", "!")):
            return 0.06 if draw < 0.1 else 0.25 + 0.6 * self.random.random()
        if text.endswith(","):
            return 0.25 * self.random.random()
        return 0.35 * self.random.random() if draw < 0.04 else 0.0


def build(event: dict[str, Any]) -> tuple[list[Talk], list[list[Line]]]:
    every = [list(read_lines(talk["text"])) for talk in event["talk"]]
    room = Room()
    talks, ids = [], 0
    for index, (talk, rows) in enumerate(zip(event["talk"], every, strict=True)):
        utterances: list[Utterance] = []
        for speaker, line in rows:
            room.hear(line, speaker)
            if utterances and utterances[-1].speaker == speaker:
                words = utterances[-1].words + tuple(line.words)
                utterances[-1] = Utterance(utterances[-1].id, speaker, words)
            else:
                utterances.append(Utterance(ids, speaker, tuple(line.words)))
                ids += 1
        room.clock += 20
        speakers = tuple(dict.fromkeys(utterance.speaker for utterance in utterances))
        kind = talk.get("kind", "talk")
        talks.append(Talk(index, talk["title"], kind, speakers, tuple(utterances)))
    return talks, [[line for _, line in rows] for rows in every]
