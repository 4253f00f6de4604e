"""Where a correction belongs in what was said: near its time, at the words that are most like its.

Another engine hears some words otherwise and a little earlier or later; the recording is the same.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.corrections.fits import Misfit
from pipeline.corrections.moments import Moment, stamp
from pipeline.data import Utterance
from pipeline.text import SPOKEN, folded, in_digits, joined

SEARCH_SECONDS = 15.0  # seconds around its time in which the words of a correction are looked for
# rapidfuzz ratio (0..100) from which words are the same, heard otherwise. 65 against 75 (chosen of
# 55 to 85 on these): corrections that fit another hearing, firelight .937 > .972 and .963 > .986,
# held out .975 > .990; tests/benchmarks/reheard.py has the latter
MIN_LIKENESS = 65.0
OUTSIDE = "the recording ends before"
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Place:
    """Words `first` up to `end` of the utterance at `number` among those that were searched."""

    number: int
    first: int
    end: int
    likeness: float

    def meets(self, other: "Place") -> bool:
        """Whether both have a word in common."""
        apart = self.end <= other.first or other.end <= self.first
        return self.number == other.number and not apart


def likeness(some: str, other: str) -> float:
    """How alike two texts are (0..100), numbers spoken or written; 0 where their digits differ."""
    read = ((in_digits(some, each), in_digits(other, each)) for each in SPOKEN)
    for one, two in ((some, other), *read):
        if _DIGIT.findall(one) == _DIGIT.findall(two):
            return fuzz.ratio(folded(one), folded(two))
    return 0.0


def find_words(text: str, time: float, said: Sequence[Utterance]) -> Place | None:
    """The words near a time that are most like a text, if they are like enough."""
    found = [
        Place(number, first, end, alike)
        for number, one in _near_time(time, said)
        for first, end in _windows(len(one.words), text)
        if (alike := likeness(text, joined(w.text for w in one.words[first:end]))) >= MIN_LIKENESS
    ]

    def merit(place: Place) -> float:  # a point for each second
        return place.likeness - abs(said[place.number].words[place.first].start - time)

    return max(found, key=merit, default=None)


def _near_time(time: float, said: Sequence[Utterance]) -> Iterator[tuple[int, Utterance]]:
    for number, one in enumerate(said):
        if one.start <= time + SEARCH_SECONDS and one.end >= time - SEARCH_SECONDS:
            yield number, one


def _windows(words: int, text: str) -> Iterator[tuple[int, int]]:
    """Runs of words, one more or less than the text; a number has at most a word for each digit."""
    least = min(len(in_digits(text, each).split()) for each in SPOKEN) - 1
    for count in range(max(1, least), len(text.split()) + max(1, len(_DIGIT.findall(text))) + 1):
        yield from ((first, first + count) for first in range(words - count + 1))


def find_moment(at: Moment, said: Sequence[Utterance]) -> Place:
    """The words at a moment, or the one word at its time; raises Misfit."""
    if not said or at.time > said[-1].end + SEARCH_SECONDS:
        raise Misfit(OUTSIDE)
    if at.words:
        found = find_words(at.words, at.time, said)
        if found is None:
            raise Misfit(f"nobody says “{at.words}” around {stamp(at.time)}")
        return found
    number = min(range(len(said)), key=lambda n: _distance(said[n].start, said[n].end, at.time))
    words = said[number].words
    place = min(range(len(words)), key=lambda n: _distance(words[n].start, words[n].end, at.time))
    return Place(number, place, place + 1, 100.0)


def _distance(start: float, end: float, time: float) -> float:
    """Seconds from a time to a stretch; none within it."""
    return max(start - time, time - end, 0.0)
