"""Whether the numbers of a note stand in its own receipts, or in a sum or a stretch of time that
those give."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import isclose

from pipeline.claims.meaning import meaning, meanings
from pipeline.data import Note, Talk
from pipeline.notes import sums
from pipeline.notes.evening import Evening
from pipeline.notes.figures import (
    MONTHS,
    Figure,
    bears,
    days,
    figures,
    same_value,
    taken_back,
)

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
ROUGHLY = 0.2  # of a stretch of time: "half a minute later" are 33 seconds


def unsupported(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    language, counted = evening.language, evening.counted
    told = figures(note.text, language)
    texts = (*evening.cited_texts(note), evening.event.title, evening.event.date or "")
    for figure in told:
        if figure.spoken_one:  # an article as often as a number
            continue
        if any(bears(text, figure, language, counted) for text in (*texts, talk.title)):
            yield from _corrected(figure, told, note, evening)
        elif not (
            _is_computed(figure, note)
            or _is_between_years(figure, texts)
            or f"{figure.before} {figure.value:g}" in evening.numbered_names  # "Ember Two"
            or _is_day(figure, texts)
            or _is_own_count(figure, texts, language)
        ):
            how = _as_said(figure, texts, language)
            yield f"“{figure.text}” stands in none of its receipts{how}"


def _as_said(figure: Figure, texts: Sequence[str], language: str) -> str:
    """What to do: to tell the number of what it is told of there, or to show where it is from."""
    said = (each for text in texts for each in figures(text, language))
    other = next((each.text for each in said if same_value(each.value, figure.value)), "")
    if other:
        same = "tell it of the same thing, in the same word, or cite what says yours"
        return f", which have “{other}”: {same}"
    return ": cite the words that say it, give the sum that makes it, or leave it out"


def _is_day(figure: Figure, texts: Sequence[str]) -> bool:
    """Whether it is the day of a month that was told otherwise: "21st of July", "2026-07-21"."""
    beside = {MONTHS[each] for each in (figure.before, figure.after) if each in MONTHS}
    return any((month, figure.value) in days(text) for text in texts for month in beside)


def _is_own_count(figure: Figure, texts: Sequence[str], language: str) -> bool:
    """Whether the writer counts what the receipts do not speak of: "which of the two"."""
    noun = meaning(figure.unit, language)
    of_theirs = noun and any(noun in meanings(each, language) for each in texts)
    return figure.spelled_few and not of_theirs


def _corrected(
    figure: Figure, told: Sequence[Figure], note: Note, evening: Evening
) -> Iterator[str]:
    """A number that was taken back may be told together with what took its place."""
    said = (r.quote for r in note.receipts_of("quote"))
    for wrong, right in (pair for text in said for pair in taken_back(text, evening.language)):
        if same_value(wrong, figure.value) and not any(same_value(t.value, right) for t in told):
            yield f"“{figure.text}” was taken back in the next breath: tell both, or {right:g}"
            return


def _is_computed(figure: Figure, note: Note) -> bool:
    """Whether a sum comes to it or holds it, or it is the time from one receipt to another."""
    expressions = [receipt.quote for receipt in note.receipts_of("sum")]
    if any(sums.tells(figure, each) or sums.holds(figure, each) for each in expressions):
        return True
    times = [(r.start, r.end) for r in note.receipts_of("quote", "sound")]
    gaps = [g for one, two in combinations(times, 2) for g in (two[0] - one[0], two[0] - one[1])]
    return figure.is_time and any(isclose(figure.size, abs(gap), rel_tol=ROUGHLY) for gap in gaps)


def _is_between_years(figure: Figure, texts: Sequence[str]) -> bool:
    """Whether it is the time from a year to another that its receipts or the event's date name."""
    years = {int(each) for text in texts for each in _YEAR.findall(text)}
    gaps = {abs(one - two) for one, two in combinations(years, 2)}
    return figure.unit == "years" and figure.value in gaps
