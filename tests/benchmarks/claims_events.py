"""The events of the claims benchmark, as an engine would have heard them.

A line of a text is "ANN: what she says. ## kind: 20 x, 4 $": the speaker, the words, and the key,
which is the kind of claim it is, if any, and its numbers with their units.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jellyfish

from pipeline.data import Talk, Utterance, Word

_NUMBER_WORDS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
hundred thousand million billion trillion point half third quarter fifth twice"""
NUMBER_WORDS = frozenset(_NUMBER_WORDS.split())
WRONG_WORDS = 0.05  # of the words of a "sphinx" event


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
    """Gives words their times, and mishears some."""

    def __init__(self, style: str, vocabulary: set[str]) -> None:
        self.sphinx = style == "sphinx"
        self.vocabulary = sorted(vocabulary)
        self.random = random.Random()
        self.clock = 1.0

    def hear(self, line: Line, speaker: str) -> None:
        self.random.seed(line.said)  # a changed line changes no other
        words = line.said.split()
        for place, text in enumerate(words):
            # a number and its unit are heard right: this measures the parser, not the engine
            counted = any(map(_is_number, words[max(0, place - 3) : place + 1]))
            heard = self._heard(text, counted) if self.sphinx else text
            end = self.clock + 0.06 * len(text) + 0.08
            if heard:
                said = re.sub(r"[^\w']", "", text.lower())
                sure = 0.9 if heard in (text, said) else 0.4
                line.words.append(Word(round(self.clock, 3), round(end, 3), heard, sure, speaker))
            self.clock = end + self._pause(text)

    def _pause(self, text: str) -> float:
        draw = self.random.random()
        if text.endswith((".", "?", "!")):
            return 0.06 if draw < 0.1 else 0.25 + 0.6 * self.random.random()
        if text.endswith(","):
            return 0.25 * self.random.random()
        return 0.35 * self.random.random() if draw < 0.04 else 0.0

    def _heard(self, text: str, counted: bool) -> str:
        word = re.sub(r"[^\w']", "", text.lower())
        if counted or len(word) < 4 or self.random.random() > WRONG_WORDS:
            return word
        if self.random.random() < 0.2:
            return ""
        near = [other for other in self.vocabulary if other != word and other[0] == word[0]]
        return max(near, key=lambda other: jellyfish.jaro_similarity(word, other), default=word)


def _is_number(word: str) -> bool:
    return re.sub(r"[^\w]", "", word.lower()) in NUMBER_WORDS or word[:1].isdigit()


def build(event: dict[str, Any]) -> tuple[list[Talk], list[list[Line]]]:
    every = [list(read_lines(talk["text"])) for talk in event["talk"]]
    vocabulary = {
        re.sub(r"[^\w']", "", word.lower())
        for rows in every
        for _, line in rows
        for word in line.said.split()
    } - {""}
    room = Room(event["style"], vocabulary)
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
