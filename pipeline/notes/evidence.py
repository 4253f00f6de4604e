"""Passages of the user's sources that bear on a claim.

`sources/` beside event.toml holds Markdown, text, HTML and PDF files. Each is split into
passages that know their file and line or page, and indexed with SQLite's FTS5 (Okapi BM25) in
memory. A file that cannot be read is a warning, never a stop.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.data import Other
from pipeline.errors import InputError
from pipeline.notes import quantities, reading
from pipeline.notes.reading import Passage
from pipeline.notes.stems import content

_BEARING = 0.22  # share of a text's meaning that a passage must have in common with it
_BEARING_TWO = 0.1  # the same, where they have two words in common


@dataclass(frozen=True, slots=True)
class _Indexed:
    passage: Passage
    stems: frozenset[str]


class Sources:
    """Passages to be searched; `warnings` says which files could not be read, and why."""

    def __init__(
        self, passages: Iterable[Passage], warnings: Sequence[str] = (), language: str = "en"
    ) -> None:
        self.warnings = tuple(warnings)
        self._language = language
        self._passages = [
            _Indexed(each, _meaning(f"{each.heading} {each.text}", language)) for each in passages
        ]
        self._counts = Counter(stem for each in self._passages for stem in each.stems)
        self._index = sqlite3.connect(":memory:", check_same_thread=False)
        self._index.execute("CREATE VIRTUAL TABLE passage USING fts5(stems, heading)")
        self._index.executemany(
            "INSERT INTO passage (rowid, stems, heading) VALUES (?, ?, ?)",
            (
                (row, _terms(each.passage.text, language), _terms(each.passage.heading, language))
                for row, each in enumerate(self._passages)
            ),
        )

    @classmethod
    def read(cls, folder: Path, language: str = "en") -> "Sources":
        """The sources of a folder and the folders in it; an absent folder holds none."""
        passages: list[Passage] = []
        warnings: list[str] = []
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            place = str(file.relative_to(folder.parent))
            try:
                passages.extend(reading.passages(file, place))
            except InputError as error:
                warnings.append(str(error))
        return cls(passages, warnings, language)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(each.passage for each in self._passages)

    def with_passages(self, more: Iterable[Passage]) -> "Sources":
        """These and more, as found on the web."""
        return Sources([*self.passages, *more], self.warnings, self._language)

    def find(self, text: str, limit: int = 3) -> tuple[Passage, ...]:
        """The passages that bear on a text, the best first; none where none does."""
        stems = _meaning(text, self._language)
        query = _terms(text, self._language).split()
        if not query or not self._passages:
            return ()
        rows = self._index.execute(
            "SELECT rowid FROM passage WHERE passage MATCH ? "
            "ORDER BY bm25(passage, 1.0, 0.5) LIMIT ?",
            (" OR ".join(f'"{term}"' for term in dict.fromkeys(query)), 4 * limit),
        ).fetchall()
        found = [self._passages[row] for (row,) in rows]
        whole = self._weight(stems)
        near = [each.passage for each in found if self._bears(each.stems & stems, whole)]
        return tuple(near[:limit])

    def _bears(self, shared: frozenset[str], whole: float) -> bool:
        bar = _BEARING_TWO if len(shared) > 1 else _BEARING
        return self._weight(shared) >= bar * whole > 0

    def _weight(self, stems: Iterable[str]) -> float:
        """The sum of the stems' inverse document frequencies over the passages."""
        total = len(self._passages)
        return sum(math.log(1 + total / (0.5 + self._counts[stem])) for stem in stems)


def as_other(passage: Passage) -> Other:
    """A passage as a receipt names it."""
    return Other(quote=passage.text, source=passage.place)


def _meaning(text: str, language: str) -> frozenset[str]:
    """The stems of a text that carry meaning; "unavailable" is about what "available" is."""
    stems = content(text, language)
    return stems | {stem[2:] for stem in stems if stem.startswith("un") and len(stem) > 5}


def _terms(text: str, language: str) -> str:
    """The terms of a text for the index: stems of the words that carry meaning, and the values
    of its numbers, so that "twenty times" finds "20x"."""
    values = (f"{value.value:g}" for value in quantities.parse(text, language))
    marks = (value.replace(".", "p").replace("+", "").replace("-", "m") for value in values)
    return " ".join([*sorted(_meaning(text, language)), *(f"n{mark}" for mark in marks)])
