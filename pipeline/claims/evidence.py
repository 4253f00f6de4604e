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
        self._weak = weak(language)
        self._places = defaultdict[str, list[int]](list)  # of the passages that hold a term
        for place, each in enumerate(self._passages):
            for term in _terms(f"{each.heading} {each.text}", language):
                self._places[term].append(place)

    def find(self, text: str, limit: int = 3) -> tuple[Passage, ...]:
        """The passages that bear on a text, the best first; none where none does."""
        weights = {term: self._weight(term) for term in sorted(_terms(text, self._language))}
        worth = defaultdict[int, float](float)
        alike = set[int]()  # a number alone is a coincidence
        for term, weight in weights.items():
            places = self._places.get(term, ())
            for place in places:
                worth[place] += weight
            alike.update(places if self._kind(term) == "word" else ())
        least = _BEARING * sum(weights.values())
        bearing = (place for place in alike if worth[place] >= least)
        best = sorted(bearing, key=lambda place: (-worth[place], place))
        return tuple(self._passages[place] for place in best[:limit])

    def _weight(self, term: str) -> float:
        """A term's inverse document frequency over the passages, by its kind."""
        rarity = math.log(1 + len(self._passages) / max(1, len(self._places.get(term, ()))))
        return _WEIGHT[self._kind(term)] * rarity

    def _kind(self, term: str) -> str:
        return "weak" if term in self._weak else "number" if term.startswith(_NUMBER) else "word"


@cache
def weak(language: str) -> frozenset[str]:
    """Stems that every other sentence holds: "year", "use", "percent", and the units."""
    words = (*WORDS.weak, *units.names(language)) if is_english(language) else ()
    return frozenset(meaning(word, language) for word in words)


def _terms(text: str, language: str) -> frozenset[str]:
    """Stems, values of numbers ("twenty times" finds "20x"), and telling units such as "$/MWh"."""
    found = quantities.parse(text, language)
    values = {f"{_NUMBER}{each.value:g}" for each in found}
    measured = {each.unit for each in found if units.specificity(each.unit) > 1}
    return meanings(text, language) | values | measured
