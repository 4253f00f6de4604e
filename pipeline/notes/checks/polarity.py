"""Whether a note drops or adds the "not" of the words that it repeats."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.claims.meaning import meanings
from pipeline.data import Note, Talk
from pipeline.notes.cue_words import cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.matching import QUOTED
from pipeline.text import unmarked

_SHARED = 2  # words that carry meaning: fewer in common are no repetition
_MOST = 0.65  # of the words of the note's clause and of the quote's


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    words: frozenset[str]
    denied: bool


def turned_around(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """What a note repeats of a quote with a negation more or less; a contradiction may, since it
    tells a claim and what undoes it."""
    if note.kind == "contradiction":
        return
    told = _clauses(QUOTED.sub(" ", note.text), evening.language)
    quotes = [receipt.quote for receipt in note.receipts_of("quote")]
    said = [clause for quote in quotes for clause in _clauses(quote, evening.language)]
    for clause in told:
        alike = [each for each in said if _repeats(clause, each)]
        if alike and not any(each.denied == clause.denied for each in alike):
            yield f"“{alike[0].text}” is turned around: say “not” where its receipt says it"
            return


def _repeats(told: _Clause, said: _Clause) -> bool:
    shared = len(told.words & said.words)
    least = _MOST * max(len(told.words), len(said.words))
    return shared >= _SHARED and shared >= least


@lru_cache(maxsize=4096)
def _clauses(text: str, language: str) -> tuple[_Clause, ...]:
    known = cue_words(language)
    if known is None:
        return ()
    clauses = []
    for piece in re.split(rf"[,;:.?!\u2026]+(?:\s|$)|\s(?:{'|'.join(known.joins)})\s", text):
        words = [unmarked(word) for word in piece.split()]
        told = known.sayings.union(filter(known.denies, words))  # who says it is no part of it
        kept = " ".join(word for word in words if word not in told)
        denied = any(map(known.denies, words))
        clauses.append(_Clause(piece.strip(), meanings(kept, language), denied))
    return tuple(clauses)
