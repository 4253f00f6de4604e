"""Utterances cut into sentences: whole thoughts with their times.

Where an engine writes punctuation it is believed. Where it writes none (or only a full stop at
every pause) the cuts are placed by pauses and by the words around them: a thought starts with
"so" or "we" more often than with "of", and never ends in "the".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.data import Utterance, Word

_STARTERS = frozenset(
    "so and but now we we're we've our i i'm it it's this that's there you they he she let's what "
    "how why when if because then today next first second finally also thank thanks okay well "
    "here here's in on for at since every all no nobody not the these those most some my your "
    "today's yes let please imagine look remember which".split()
)
_STRONG = frozenset("so but now we and i thank let's today okay it's we're we've here's".split())
_NEVER_LAST = frozenset(
    "a an the of to and or but with our your their my his her its is are was were be been than "
    "for from in on at by as that which who i we very more most less not no if because per into "
    "about over under can could will would should has have had do does did every each so point "
    "we're they're it's i'm you're there's when where while what how".split()
)
_ABBREVIATIONS = frozenset("mr. mrs. ms. dr. prof. st. vs. e.g. i.e. inc. corp. no. u.s.".split())
_SHORTEST, _USUAL, _LONGEST = 4, 14, 34  # words of an unpunctuated sentence


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


def cut(utterances: Sequence[Utterance]) -> tuple[Sentence, ...]:
    """The sentences of some utterances, in order; every word is in exactly one."""
    written = _is_punctuated(utterances)
    return tuple(
        Sentence(words, utterance.id, utterance.speaker)
        for utterance in utterances
        for words in (_by_stops if written else _by_pauses)(utterance.words)
    )


def _is_punctuated(utterances: Sequence[Utterance]) -> bool:
    """Whether an engine wrote the punctuation: commas and capitals, not only stops at pauses."""
    words = [word.text for utterance in utterances for word in utterance.words]
    stops = sum(word.endswith((".", "?", "!", '."', ".”")) for word in words)
    commas = sum(word.endswith((",", "?", ";", ":")) for word in words)
    inner = sum(
        after[:1].isupper() and before[-1:].isalpha() and after not in ("I", "I'm", "I've", "I'll")
        for before, after in zip(words, words[1:], strict=False)
    )
    long = len(words) >= 60
    return stops > 0 and (not long or (commas + inner) * 60 > len(words))


def _by_stops(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    pieces: list[tuple[Word, ...]] = []
    begin = 0
    for place, word in enumerate(words, start=1):
        if place == len(words) or _ends(word.text):
            pieces.append(tuple(words[begin:place]))
            begin = place
    return pieces


def _ends(text: str) -> bool:
    bare = text.rstrip("\"'”’)")
    if bare.lower() in _ABBREVIATIONS or (len(bare) == 2 and bare[0].isupper()):
        return False
    return bare.endswith((".", "?", "!", "…"))


def _by_pauses(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """The cheapest way to cut, found by dynamic programming over the places between words."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        cut_here = 0.0 if end == len(words) else _cut_cost(words[end - 1], words[end])
        best.append(
            min(
                (best[begin][0] + _length_cost(end - begin) + cut_here, begin)
                for begin in range(max(0, end - 2 * _LONGEST), end)
            )
        )
    pieces: list[tuple[Word, ...]] = []
    end = len(words)
    while end > 0:
        begin = best[end][1]
        pieces.append(tuple(words[begin:end]))
        end = begin
    return pieces[::-1]


def _length_cost(length: int) -> float:
    """What a sentence of this many words costs: little where sentences usually are."""
    if length < _SHORTEST:
        return 1.2 * (_SHORTEST - length)
    if length <= _USUAL:
        return 1.0
    return 1.0 + 0.06 * (length - _USUAL) + (1.0 if length > _LONGEST else 0.0)


def _cut_cost(before: Word, after: Word) -> float:
    """What a cut between two words costs: a long pause is a gain, "the" before it a loss."""
    last, first = (word.text.lower().strip(".,!?\"'").replace("’", "'") for word in (before, after))
    pause = max(0.0, after.start - before.end)
    cost = 2.2 - 5.0 * min(pause, 0.8)
    if before.text.endswith("."):
        cost -= 0.6
    if before.text.endswith(("?", "!")):
        cost -= 2.0
    if last in _NEVER_LAST:
        cost += 3.0
    if first in _STARTERS:
        cost -= 0.8
    if first in _STRONG:
        cost -= 0.5
    return cost
