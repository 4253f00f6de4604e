"""Utterances cut into sentences: whole thoughts with their times.

Where an engine writes punctuation it is believed. Where it writes none (or only a full stop at
every long pause) the cuts are placed by pauses and by the words around them: a thought starts
with "so" or "we" more often than with "of", and never ends in "the".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import add

from pipeline.claims import lexicon
from pipeline.claims.lexicon import APOSTROPHE, Lists, members
from pipeline.data import Utterance, Word

_SHORTEST, _USUAL, _LONGEST = 4, 14, 30  # words of an unpunctuated sentence
_PAUSE = (0.2, 0.6)  # seconds: what a pause between sentences may be at the least
_CLAUSE = 10  # words: a piece of no more that starts with "when" lacks its other half
_BEGUN = 4  # sentences with a capital that show that an engine writes them


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
        return " ".join(word.text for word in self.words)

    def followed_by(self, other: "Sentence") -> "Sentence":
        """Both as one; only for neighbours of the same utterance."""
        return Sentence(self.words + other.words, self.utterance, self.speaker)


def places(text: str, words: Sequence[Word]) -> range:
    """Where in some words a text of theirs stands first; empty where it does not."""
    said = " ".join(word.text for word in words)
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
    cuts = known.sentences if known else None
    if is_punctuated(utterances):
        pieces = [(each, _by_stops(each.words, cuts)) for each in utterances]
    else:
        pause = _sentence_pause(utterances)
        pieces = [(each, _Cutter(cuts, pause).cut(each.words)) for each in utterances]
    return tuple(
        Sentence(words, utterance.id, utterance.speaker)
        for utterance, parts in pieces
        for words in parts
    )


def is_punctuated(utterances: Sequence[Utterance]) -> bool:
    """Whether the engine wrote the punctuation: commas too, and not only stops at long pauses,
    or a capital after almost every stop and digits or a comma.

    Other capitals say nothing: names known from the agenda are written into any transcript.
    """
    words = [word.text for utterance in utterances for word in utterance.words]
    stops = sum(word.rstrip("\"')\u201d").endswith((".", "?", "!")) for word in words)
    commas = sum(word.endswith((",", "?", ";", ":")) for word in words)
    begun = [
        after.text[0].isupper()
        for utterance in utterances
        for before, after in pairwise(utterance.words)
        if before.text.endswith((".", "?", "!"))
    ]
    writes = commas or any(letter.isdigit() for word in words for letter in word)
    if writes and sum(begun) >= max(_BEGUN, 0.9 * len(begun)) and stops * 40 > len(words):
        return True
    if commas == 0 and len(words) < 60:
        return len(words) <= 20 * stops
    return stops > 0 and commas * 60 > len(words)


# ---- with punctuation


def _by_stops(words: Sequence[Word], cuts: Lists | None) -> list[tuple[Word, ...]]:
    shortened = members(cuts.abbreviations) if cuts else frozenset[str]()
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


# ---- without


def _sentence_pause(utterances: Sequence[Utterance]) -> float:
    """The pause, in seconds, that this talk's speakers make between sentences: so long that there
    is about one for every _USUAL words. People differ by a factor of three."""
    pauses = sorted(
        (after.start - before.end for each in utterances for before, after in pairwise(each.words)),
        reverse=True,
    )
    if not pauses:
        return _PAUSE[1]
    usual = pauses[min(len(pauses) - 1, len(pauses) // _USUAL)]
    return min(max(usual, _PAUSE[0]), _PAUSE[1])


class _Cutter:
    """Cuts words where it costs least, by dynamic programming over the places between them."""

    def __init__(self, cuts: Lists | None, pause: float) -> None:
        self._pause = pause
        self._starters = members(cuts.starters if cuts else ())
        self._never_last = members(cuts.never_last if cuts else ())
        self._rarely_last = members(cuts.rarely_last if cuts else ())
        self._subordinate = members(cuts.subordinate if cuts else ())
        self._never_first = members(cuts.never_first if cuts else ())

    def cut(self, words: Sequence[Word]) -> list[tuple[Word, ...]]:
        """The pieces of some words, in order."""
        costs, begins = [0.0], [0]
        for end in range(1, len(words) + 1):
            here = 0.0 if end == len(words) else self._cost(words[end - 1], words[end])
            first = max(0, end - len(_LENGTHS))
            totals = list(map(add, costs[first:], _LENGTHS[end - first - 1 :: -1]))
            for begin in range(max(first, end - _CLAUSE), end):
                if words[begin].text.lower() in self._subordinate:
                    totals[begin - first] += 1.2
            cheapest = min(totals)
            costs.append(cheapest + here)
            begins.append(first + totals.index(cheapest))
        pieces: list[tuple[Word, ...]] = []
        end = len(words)
        while end > 0:
            pieces.append(tuple(words[begins[end] : end]))
            end = begins[end]
        return pieces[::-1]

    def _cost(self, before: Word, after: Word) -> float:
        """What a cut here costs: a long pause makes it a gain, "the" before it a loss."""
        last, first = (
            word.text.lower().strip(".,!?\"'").replace(APOSTROPHE, "'") for word in (before, after)
        )
        cost = 1.6 - 2.4 * min(max(0.0, after.start - before.end) / self._pause, 1.8)
        if before.text.endswith((".", "?", "!")):
            cost -= 0.6
        if last in self._never_last:
            cost += 2.6
        if last in self._rarely_last:
            cost += 1.2
        if first in self._never_first:
            cost += 2.0
        if first in self._starters:
            cost -= 0.4
        return cost


def _length_cost(length: int) -> float:
    """What a sentence of this many words costs: nothing where sentences usually are."""
    if length < _SHORTEST:
        return 0.4 * (_SHORTEST - length)
    if length <= _USUAL:
        return 0.0
    return 0.07 * (length - _USUAL) + (1.0 if length > _LONGEST else 0.0)


_LENGTHS = tuple(_length_cost(length) for length in range(1, 2 * _LONGEST + 1))
