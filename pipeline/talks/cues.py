"""What people say when the floor changes hands: the phrases of words/cues.toml, found.

Events in another language get no cues (`spoken_in_english`); pauses, applause
and voices still cut them.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.data import Utterance
from pipeline.talks.lexicon import FOLDER
from pipeline.talks.phrases import Phrase, Phrases
from pipeline.text import unmarked

ENGLISH = frozenset(
    ["the", "and", "to", "of", "a", "in", "that", "is", "it", "for", "we", "you", "this", "on"]
)


@dataclass(frozen=True, slots=True)
class FoundPhrase:
    """A phrase, found: `first` and `last` are places of words in utterance number `utterance`."""

    kind: str
    side: str
    utterance: int
    first: int
    last: int
    time: float


@cache
def _table() -> Phrases:
    tables = tomllib.loads((FOLDER / "cues.toml").read_text(encoding="utf-8"))["cue"]
    return Phrases(Phrase(t["kind"], t["name"], text) for t in tables for text in t["phrases"])


def find(utterance: Utterance, place: int) -> tuple[FoundPhrase, ...]:
    """The cues of an utterance, in order; `place` is its index among the utterances."""
    return tuple(
        FoundPhrase(kind, side, place, first, last, utterance.words[first].start)
        for kind, side, first, last in _phrases(tuple(word.text for word in utterance.words))
    )


@lru_cache(maxsize=16384)  # an utterance is read again whenever another is cut or rewritten
def _phrases(shown: tuple[str, ...]) -> tuple[tuple[str, str, int, int], ...]:
    """The kind and side, the first and the last word of each phrase in some words."""
    words = [unmarked(text) for text in shown]
    said, at = " ".join(words) + " ", 0
    found: list[tuple[str, str, int, int]] = []
    reach: dict[str, int] = {}
    for first, word in enumerate(words):
        count, phrases = _table().longest(word, said, at)
        for phrase in phrases:
            if first + count > reach.get(phrase.kind, 0):  # else it is part of the one before
                found.append((phrase.kind, phrase.side, first, first + count - 1))
                reach[phrase.kind] = first + count
        at += len(word) + 1
    return tuple(found)


def spoken_in_english(utterances: Sequence[Utterance]) -> bool:
    """Whether the table applies: a good part of English speech is made of a few small words."""
    words = [unmarked(word.text) for utterance in utterances[:400] for word in utterance.words]
    return sum(word in ENGLISH for word in words) >= 0.12 * len(words)
