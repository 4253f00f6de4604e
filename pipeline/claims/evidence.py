"""Passages of the sources that bear on a claim, found with SQLite's FTS5 (Okapi BM25) in memory."""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from functools import cache

from pipeline.claims import lexicon, quantities, units
from pipeline.claims.meaning import meaning, meanings
from pipeline.claims.reading import Passage

_BEARING = 0.24  # share of a text's meaning that a passage must have in common with it
_WEIGHT = {"word": 1.0, "number": 0.3, "weak": 0.2}
_UNIT, _NUMBER = "u0", "n0"  # begin the terms of units and numbers; no word has a digit


class Sources:
    """Passages to be searched."""

    def __init__(self, passages: Iterable[Passage], language: str = "en") -> None:
        self._language = language
        self._passages = list(passages)
        self._terms = [_terms(f"{p.heading} {p.text}", language) for p in self._passages]
        self._weak = _weak(language)
        self._counts = Counter(term for terms in self._terms for term in terms)
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE passage USING fts5(terms)")
        rows = ((row, " ".join(sorted(terms))) for row, terms in enumerate(self._terms))
        self._index.executemany("INSERT INTO passage (rowid, terms) VALUES (?, ?)", rows)

    def find(self, text: str, limit: int = 3) -> tuple[Passage, ...]:
        """The passages that bear on a text, the best first; none where none does."""
        query = _terms(text, self._language)
        if not query or not self._passages:
            return ()
        rows = self._index.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage) LIMIT ?",
            (" OR ".join(f'"{term}"' for term in sorted(query)), 4 * limit),
        ).fetchall()
        whole = self._weigh(query)
        bearing = (row for (row,) in rows if self._bears(self._terms[row] & query, whole))
        return tuple(self._passages[row] for row in bearing)[:limit]

    def _bears(self, shared: frozenset[str], whole: float) -> bool:
        """Whether enough is shared; a number or a "year" alone is a coincidence."""
        words = any(self._kind(term) == "word" for term in shared)
        return words and self._weigh(shared) >= _BEARING * whole

    def _weigh(self, terms: Iterable[str]) -> float:
        """The sum of the terms' inverse document frequencies over the passages."""
        most = len(self._passages)
        rarity = ((t, math.log(1 + most / max(1, self._counts[t]))) for t in terms)
        return sum(_WEIGHT[self._kind(term)] * rare for term, rare in rarity)

    def _kind(self, term: str) -> str:
        return "weak" if term in self._weak else "number" if term.startswith(_NUMBER) else "word"


@cache
def _weak(language: str) -> frozenset[str]:
    """Stems that every other sentence holds: "year", "use", "percent", and the units."""
    known = lexicon.load(language)
    words = (*known.weak, *units.names(language)) if known else ()
    return frozenset(meaning(word, language) for word in words)


def _terms(text: str, language: str) -> frozenset[str]:
    """Stems, values of numbers ("twenty times" finds "20x"), and telling units such as "$/MWh"."""
    found = quantities.parse(text, language)
    values = {_NUMBER + f"{value.value:g}".encode().hex() for value in found}
    measured = {_UNIT + v.unit.encode().hex() for v in found if units.specificity(v.unit) > 1}
    return meanings(text, language) | values | measured
