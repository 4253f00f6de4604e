"""Utterances cut into sentences: whole thoughts with their times.

The engine's stops are believed. Where it forgot them over many words, the cuts are at the pauses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pipeline.data import Spoken, Utterance, Word
from pipeline.text import ends_sentence

_STOPPED = 60  # words for each stop of which an engine writes one at the least
_UNSTOPPED = 30  # words without a mark, after which an engine has forgotten its stops
_PAUSE = 0.4  # seconds between words that part sentences where no stop does


@dataclass(frozen=True, slots=True)
class Sentence(Spoken):
    """Words of one utterance that make one thought."""

    words: tuple[Word, ...]
    utterance: int
    speaker: str


@lru_cache(maxsize=8)  # a talk is cut for its claims, its omissions and its contradictions
def sentences_of(utterances: tuple[Utterance, ...]) -> tuple[Sentence, ...]:
    """The sentences of some utterances, in order; every word is in exactly one."""
    return tuple(
        Sentence(words, utterance.id, utterance.speaker)
        for utterance in utterances
        for words in _spoken_sentences(utterance.words)
    )


def _spoken_sentences(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Cut at the engine's stops; at pauses where it forgot them."""
    for piece in _parted(words, [ends_sentence(word.text) for word in words]):
        marks = sum(word.text.endswith((",", ";", ":", ".", "?", "!", "\u2026")) for word in piece)
        if marks * _UNSTOPPED >= len(piece):
            yield piece
        else:
            yield from _parted(piece, [b.start - a.end >= _PAUSE for a, b in pairwise(piece)])


def _parted(words: Sequence[Word], ends: Sequence[bool]) -> Iterator[tuple[Word, ...]]:
    """The words, parted behind each that ends something."""
    places = [0, *(at for at, end in enumerate(ends, 1) if end), len(words)]
    return (tuple(words[a:b]) for a, b in pairwise(places) if a < b)


def is_punctuated(utterances: Sequence[Utterance]) -> bool:
    """Whether the engine wrote stops."""
    words = [word.text for utterance in utterances for word in utterance.words]
    stops = sum(map(ends_sentence, words))
    return stops * _STOPPED >= len(words)
