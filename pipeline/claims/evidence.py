"""Passages of the user's sources that bear on a claim.

`sources/` beside event.toml holds Markdown, text, HTML and PDF files. Each is split into
passages that know their file and line or page, and indexed with SQLite's FTS5 (Okapi BM25) in
memory. A file that cannot be read is a warning, never a stop.
"""

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.claims import lexicon, quantities, reading
from pipeline.claims.measures import tells
from pipeline.claims.reading import Passage
from pipeline.claims.stems import meaning, meanings
from pipeline.errors import InputError

_BEARING = 0.24  # share of a text's meaning that a passage must have in common with it
_UNIT = "u0"
_NUMBER = "n0"  # begins the terms of numbers; no word has a digit
_BEARING_TWO = 0.1  # the same, where they have two words in common


@dataclass(frozen=True, slots=True)
class _Indexed:
    passage: Passage
    terms: frozenset[str]


class Sources:
    """Passages to be searched; `warnings` says which files could not be read, and why."""

    def __init__(
        self, passages: Iterable[Passage], warnings: Sequence[str] = (), language: str = "en"
    ) -> None:
        self.warnings = tuple(warnings)
        self._language = language
        self._passages = [
            _Indexed(each, _terms(f"{each.heading} {each.text}", language)) for each in passages
        ]
        self._weak = _weak(language)
        self._counts = Counter(term for each in self._passages for term in each.terms)
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE passage USING fts5(terms, place UNINDEXED)")
        self._index.executemany(
            "INSERT INTO passage (rowid, terms, place) VALUES (?, ?, ?)",
            (
                (row, " ".join(sorted(each.terms)), each.passage.place)
                for row, each in enumerate(self._passages)
            ),
        )

    @classmethod
    def read(cls, folder: Path, language: str = "en") -> "Sources":
        """The sources of a folder and the folders in it; an absent folder holds none."""
        passages: list[Passage] = []
        files, warnings = reading.files_of(folder)
        for file in files:
            place = str(file.relative_to(folder.parent))
            try:
                passages.extend(reading.passages(file, place))
            except InputError as error:
                warnings.append(str(error))
        return cls(passages, warnings, language)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(each.passage for each in self._passages)

    def find(self, text: str, limit: int = 3) -> tuple[Passage, ...]:
        """The passages that bear on a text, the best first; none where none does."""
        query = _terms(text, self._language)
        if not query or not self._passages:
            return ()
        rows = self._index.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? ORDER BY bm25(passage) LIMIT ?",
            (" OR ".join(f'"{term}"' for term in sorted(query)), 4 * limit),
        ).fetchall()
        found = [self._passages[row] for (row,) in rows]
        whole = self._weight(query)
        near = [each.passage for each in found if self._bears(each.terms & query, whole)]
        return tuple(near[:limit])

    def _bears(self, shared: frozenset[str], whole: float) -> bool:
        """Whether enough is shared; a number or a "year" alone is a coincidence."""
        words = [t for t in shared - self._weak if not t.startswith(_NUMBER)]
        bar = _BEARING_TWO if len(words) > 1 else _BEARING
        return bool(words) and self._weight(shared) >= bar * whole

    def _weight(self, terms: Iterable[str]) -> float:
        """The sum of the terms' inverse document frequencies over the passages."""
        return sum(self._share(term) * self._rarity(term) for term in terms)

    def _share(self, term: str) -> float:
        if term in self._weak:
            return 0.2
        return 0.3 if term.startswith(_NUMBER) else 1.0

    def _rarity(self, term: str) -> float:
        return math.log(1 + len(self._passages) / max(1, self._counts[term]))


@cache
def _weak(language: str) -> frozenset[str]:
    """Stems that every other sentence holds: "year", "use", "percent", and the units."""
    known = lexicon.load(language)
    if known is None:
        return frozenset()
    names = (name for names in known.units.values() for name in names)
    words = (*known.comparing.weak, *known.stems.everyday, *names)
    return frozenset(meaning(word, language) for word in words)


def _terms(text: str, language: str) -> frozenset[str]:
    """The terms of a text: stems of the words that carry meaning ("unavailable" is about what
    "available" is), the values of its numbers, so that "twenty times" finds "20x", and units that
    say by themselves what is measured ("$/MWh")."""
    stems = meanings(text, language)
    bare = {stem[2:] for stem in stems if stem.startswith("un") and len(stem) > 5}
    found = quantities.parse(text, language)
    values = {_NUMBER + re.sub(r"\W", "p", f"{value.value:g}") for value in found}
    units = {_UNIT + value.unit.encode().hex() for value in found if tells(value.unit) > 1}
    return stems | bare | values | units
