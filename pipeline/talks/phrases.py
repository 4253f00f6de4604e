"""Phrases of several wordings, all read at once in one pass over the words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ANY = "*"
_PLACE = re.compile(r"\[([^]]*)\]|\(([^)]*)\)|([^\s\[(]+)")

Slot = tuple[tuple[str, ...], ...]  # alternatives, each of some words; () where it may be missing
Kinds = tuple[tuple[str, str], ...]  # (kind, side) of phrases that end at one word
Left = tuple[str, ...]  # the words of a chosen alternative that are still to come
Place = tuple[int, int, Left]  # within a phrase: its number, the slots behind, the words left


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of the table: what stands at each of its places."""

    kind: str
    side: str
    slots: tuple[Slot, ...]


class Machine:
    """All phrases read at once, word by word: an automaton whose states are made when met.

    A state is the set of places where the phrases could be (subset construction); 0 is where
    they begin, -1 where none is left.
    """

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.phrases = phrases
        self._numbers: dict[frozenset[Place], int] = {}
        self._states: list[frozenset[Place]] = []
        self._steps: list[dict[str, int]] = []
        self._ends: list[Kinds] = []
        self._number(frozenset(p for i in range(len(phrases)) for p in self._open(i, 0)))
        self.words = frozenset(word for p in phrases for s in p.slots for c in s for word in c)

    def longest(self, words: Sequence[str], first: int) -> tuple[int, Kinds]:
        """The last word of the longest phrase that begins at a word, and what it is."""
        state, best = 0, first
        kinds: Kinds = ()
        for last in range(first, len(words)):
            state = self._step(state, words[last])
            if state < 0:
                break
            if self._ends[state]:
                best, kinds = last, self._ends[state]
        return best, kinds

    def _step(self, state: int, word: str) -> int:
        """The state after one more word, or -1."""
        word = word if word in self.words else ""
        known = self._steps[state].get(word)
        if known is None:
            known = self._steps[state][word] = self._number(self._after(state, word))
        return known

    def _after(self, state: int, word: str) -> frozenset[Place]:
        return frozenset(
            place
            for phrase, slot, left in self._states[state]
            if left and left[0] in (word, ANY)
            for place in (
                self._open(phrase, slot) if len(left) == 1 else [(phrase, slot, left[1:])]
            )
        )

    def _open(self, phrase: int, slot: int) -> Iterator[Place]:
        """The places after `slot` slots of a phrase are behind; ("", end) is marked by no words."""
        slots = self.phrases[phrase].slots
        if slot == len(slots):
            yield phrase, slot, ()
            return
        for choice in slots[slot]:
            if choice:
                yield phrase, slot + 1, choice
            else:
                yield from self._open(phrase, slot + 1)

    def _number(self, places: frozenset[Place]) -> int:
        if not places:
            return -1
        if places not in self._numbers:
            self._numbers[places] = len(self._states)
            self._states.append(places)
            self._steps.append({})
            ended = sorted({p for p, _, left in places if not left})
            kinds = ((self.phrases[p].kind, self.phrases[p].side) for p in ended)
            self._ends.append(tuple(dict.fromkeys(kinds)))
        return self._numbers[places]


def slots(phrase: str) -> Iterator[Slot]:
    """The places of a phrase: "[so] (big|huge) hand" -> so or nothing, big or huge, hand."""
    for optional, choice, word in _PLACE.findall(phrase):
        choices = (optional or choice or word).split("|")
        yield tuple(tuple(text.split()) for text in choices) + (((),) if optional else ())
