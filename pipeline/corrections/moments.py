"""A moment as a person writes it, and where it is in what was said.

Near its time, at the words that are most like its: another engine hears some words otherwise and a
little earlier or later; the recording is the same.
"""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from rapidfuzz import fuzz

from pipeline.data import Utterance, ms
from pipeline.text import SPOKEN, clock_seconds, folded, in_digits, joined

SEARCH_SECONDS = 15.0  # seconds around its time in which the words of a correction are looked for
# rapidfuzz ratio (0..100) from which words are the same, heard otherwise. 65 against 75 (chosen of
# 55 to 85 on these): corrections that fit another hearing, firelight .937 > .972 and .963 > .986,
# held out .975 > .990; tests/benchmarks/reheard.py has the latter
MIN_LIKENESS = 65.0
OUTSIDE = "the recording ends before"
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"((?:\d+:){0,2}\d+(?:\.\d+)?)(?:\s+(\S.*))?", re.DOTALL)


class Misfit(Exception):
    """Why a correction cannot be applied, in words for the person who wrote it."""


def stamp(seconds: float) -> str:
    """A time as people write it, to the millisecond: 865.25 is "14:25.25"."""
    minutes, rest = divmod(ms(seconds), 60)
    hours, minutes = divmod(int(minutes), 60)
    second = f"{rest:06.3f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02d}:{second}" if hours else f"{minutes}:{second}"


class Moment(BaseModel):
    """A time and, where it matters, the words that are said then: "14:20 thank you all"."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    time: float = Field(ge=0, allow_inf_nan=False)
    words: str = ""

    def __str__(self) -> str:
        return f"{stamp(self.time)} {self.words}".strip()


def moment(text: str) -> Moment | None:
    """The Moment of "14:20 thank you all" or "14:20"; None for a text that begins with no time."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    clock, words = found.groups()
    return Moment(time=ms(clock_seconds(clock)), words=" ".join((words or "").split()))


def _read(value: Any) -> Any:
    if isinstance(value, datetime.time):  # TOML's own, written without quotation marks
        value = value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Moment(time=ms(value))
    found = moment(value) if isinstance(value, str) else value
    if not isinstance(found, Moment):
        raise ValueError('should be a time like "14:20" or "1:14:20.5", with words behind or not')
    return found


At = Annotated[Moment, BeforeValidator(_read), PlainSerializer(str)]  # as a field of a correction


# ---- in what was said


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
        for number, one in enumerate(said)
        if one.words and one.start - SEARCH_SECONDS <= time <= one.end + SEARCH_SECONDS
        for first, end in _windows(len(one.words), text)
        if (alike := likeness(text, joined(w.text for w in one.words[first:end]))) >= MIN_LIKENESS
    ]

    def merit(place: Place) -> float:  # a point for each second
        return place.likeness - abs(said[place.number].words[place.first].start - time)

    return max(found, key=merit, default=None)


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
