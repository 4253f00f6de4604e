"""Utterances cut into sentences: whole thoughts with their times.

The engine's stops are believed. Where it forgot them over many words, the cuts are at the pauses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.claims import lexicon
from pipeline.claims.lexicon import members
from pipeline.data import Utterance, Word
from pipeline.text import joined

_PAUSE = 0.4  # seconds between words that part sentences where no stop does
_LONGEST = 30  # words without a stop or a comma, after which an engine has forgotten its stops
_STOPPED = 60  # words for each stop of which an engine writes one at the least


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words of one utterance that make one thought. Never empty."""

    words: tuple[Word, ...]
    utterance: int
    speaker: str

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return joined(word.text for word in self.words)

    def followed_by(self, other: "Sentence") -> "Sentence":
        """Both as one; only for neighbours of the same utterance."""
        return Sentence(self.words + other.words, self.utterance, self.speaker)


def places(text: str, words: Sequence[Word]) -> range:
    """Where in some words a text of theirs stands first; empty where it does not."""
    said = joined(word.text for word in words)
    found = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said)
    if not found:
        return range(0)
    first = said.count(" ", 0, found.start())
    return range(first, first + 1 + text.count(" "))


def cut(utterances: Sequence[Utterance], language: str = "en") -> tuple[Sentence, ...]:
    """The sentences of some utterances, in order; every word is in exactly one."""
    return _cut(tuple(utterances), language)


@lru_cache(maxsize=8)  # a talk is cut for its claims, its omissions and its contradictions
def _cut(utterances: tuple[Utterance, ...], language: str) -> tuple[Sentence, ...]:
    known = lexicon.load(language)
    shortened = members(known.sentences.abbreviations) if known else frozenset[str]()
    return tuple(
        Sentence(words, utterance.id, utterance.speaker)
        for utterance in utterances
        for piece in _by_stops(utterance.words, shortened)
        for words in ([piece] if _is_one(piece) else _by_pauses(piece))
    )


def is_punctuated(utterances: Sequence[Utterance]) -> bool:
    """Whether the engine wrote stops."""
    words = [word.text for utterance in utterances for word in utterance.words]
    stops = sum(word.rstrip("\"')\u201d").endswith((".", "?", "!")) for word in words)
    return stops * _STOPPED >= len(words)


def _by_stops(words: Sequence[Word], shortened: frozenset[str]) -> list[tuple[Word, ...]]:
    pieces: list[tuple[Word, ...]] = []
    begin = 0
    for place, word in enumerate(words, start=1):
        if place == len(words) or _ends(word.text, shortened):
            pieces.append(tuple(words[begin:place]))
            begin = place
    return pieces


def _ends(text: str, shortened: frozenset[str]) -> bool:
    bare = text.rstrip("\"')\u2019\u201d")
    initial = len(bare) == 2 and bare[0].isupper()
    if bare.lower() in shortened or initial:
        return False
    return bare.endswith((".", "?", "!", "\u2026"))


def _is_one(words: Sequence[Word]) -> bool:
    """Whether some words may be one sentence: with a mark in them, or a stop at their end."""
    marks = sum(word.text.endswith((",", ";", ":", ".", "?", "!", "\u2026")) for word in words)
    return marks * _LONGEST >= len(words)


def _by_pauses(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    pieces: list[tuple[Word, ...]] = []
    begin = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place].start - words[place - 1].end >= _PAUSE:
            pieces.append(tuple(words[begin:place]))
            begin = place
    return pieces
