"""Passages of the sources that bear on a claim: what they share weighs by how rare it is there."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pipeline.claims import quantities, units
from pipeline.claims.lexicon import WORDS, is_english
from pipeline.claims.meaning import meaning, meanings

_BEARING = 0.24  # share of a text's meaning that a passage must have in common with it
_WEIGHT = {"word": 1.0, "number": 0.3, "weak": 0.2}
_NUMBER = "="  # begins the term of a number, as no word does


@dataclass(frozen=True, slots=True)
class Passage:
    """A line or a paragraph. `place` is a file with a line, or a web address."""

    text: str
    place: str
    heading: str = ""


class Sources:
    """Passages to be searched."""

    def __init__(self, passages: Iterable[Passage], language: str = "en") -> None:
        self._language = language
        self._passages = list(passages)
        self._weak = _weak(language)
        self._places = defaultdict[str, list[int]](list)  # of the passages that hold a term
        for place, each in enumerate(self._passages):
            for term in _terms(f"{each.heading} {each.text}", language):
                self._places[term].append(place)

    def find(self, text: str, limit: int = 3) -> tuple[Passage, ...]:
        """The passages that bear on a text, the best first; none where none does."""
        wanted = _terms(text, self._language)
        shared = defaultdict[int, set[str]](set)
        for term in wanted:
            for place in self._places.get(term, ()):
                shared[place].add(term)
        whole = self._weigh(wanted)
        worth = {
            place: self._weigh(terms)
            for place, terms in sorted(shared.items())
            if any(self._kind(term) == "word" for term in terms)  # a number alone is a coincidence
        }
        bearing = (place for place in worth if worth[place] >= _BEARING * whole)
        best = sorted(bearing, key=lambda place: -worth[place])
        return tuple(self._passages[place] for place in best[:limit])

    def _weigh(self, terms: Iterable[str]) -> float:
        """The sum of the terms' inverse document frequencies over the passages."""
        most = len(self._passages)
        rarity = ((t, math.log(1 + most / max(1, len(self._places.get(t, ()))))) for t in terms)
        return math.fsum(_WEIGHT[self._kind(term)] * rare for term, rare in rarity)

    def _kind(self, term: str) -> str:
        return "weak" if term in self._weak else "number" if term.startswith(_NUMBER) else "word"


@cache
def _weak(language: str) -> frozenset[str]:
    """Stems that every other sentence holds: "year", "use", "percent", and the units."""
    words = (*WORDS.weak, *units.names(language)) if is_english(language) else ()
    return frozenset(meaning(word, language) for word in words)


def _terms(text: str, language: str) -> frozenset[str]:
    """Stems, values of numbers ("twenty times" finds "20x"), and telling units such as "$/MWh"."""
    found = quantities.parse(text, language)
    values = {f"{_NUMBER}{each.value:g}" for each in found}
    measured = {each.unit for each in found if units.specificity(each.unit) > 1}
    return meanings(text, language) | values | measured
