"""Words as they are compared: numbers spoken or written alike, no signs, no capitals.

One digit or one negation more is never the same, whatever few letters it differs by.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.claims import numbers, quantities, units
from pipeline.claims.numbers import Number
from pipeline.data import Word
from pipeline.languages import code
from pipeline.notes.cue_words import cue_words
from pipeline.text import tokenize

QUOTED = re.compile(
    r"[\u201c\u201e\"\u00ab]([^\u201c\u201d\u201e\"\u00ab\u00bb]+)[\u201d\u201c\"\u00bb]"
)  # what stands in quotation marks
ENOUGH = 90.0  # rapidfuzz score (0..100) under which a quote was not said
_POINT_GROUPS = frozenset({"de", "es", "pt", "it", "nl", "da", "fr"})  # "9.000" are nine thousand
_GROUPED = re.compile(r"(?<![\w.,])[1-9]\d{0,2}(?:\.\d{3})+(?!\.?\d)")
_DECIMAL = re.compile(r"(?<![\d,])(\d+),(\d+)(?!,?\d)")


@dataclass(frozen=True, slots=True)
class QuoteToken:
    """A word or number as quotes are compared, and the words `first` up to `last` that hold it."""

    text: str
    first: int
    last: int


def stands(quote: str, text: str, language: str) -> bool:
    """Whether a text holds a quote, with the numbers and negations that it has."""
    wanted = [token.text for token in tokens(tuple(quote.split()), language)]
    words = tuple(text.split())
    found = tokens(words, language)
    return bool(exactly(wanted, found) or nearly(wanted, found, language)) if wanted else True


def quote_positions(quote: str, words: Sequence[Word]) -> range:
    """Where in some words a text of theirs stands first; empty where it does not."""
    wanted = [token.text for token in tokens(tuple(quote.split()), "")]
    said = tuple(word.text for word in words)
    # of no language: "two hundred" stays two words, whatever stands around it
    return exactly(wanted, tokens(said, "")) if wanted else range(0)


def exactly(wanted: Sequence[str], found: Sequence[QuoteToken]) -> range:
    """Words that hold just the tokens of a quote; empty where none do."""
    texts, size = [token.text for token in found], len(wanted)
    for place in range(len(texts) - size + 1):
        if texts[place : place + size] == wanted:
            return range(found[place].first, found[place + size - 1].last)
    return range(0)


def nearly(wanted: Sequence[str], found: Sequence[QuoteToken], language: str) -> range:
    """The words that are nearest to a quote, where they are near enough."""
    starts, text = [], ""
    for token in found:
        starts.append(len(text))
        text += f"{token.text} "
    quote = " ".join(wanted)
    if len(quote) > len(text) + 3:
        return range(0)
    near = fuzz.partial_ratio_alignment(quote, text, score_cutoff=ENOUGH)
    if near is None:
        return range(0)
    first = max(0, bisect_right(starts, near.dest_start) - 1)
    last = max(first, bisect_right(starts, max(near.dest_start, near.dest_end - 2)) - 1)
    said = [token.text for token in found[first : last + 1]]
    if _telling(wanted, language) != _telling(said, language):
        return range(0)
    return range(found[first].first, found[last].last)


def _telling(some: Sequence[str], language: str) -> Counter[str]:
    """The numbers and negations of some tokens: few letters, another claim."""
    denies = cue_words(language).denies
    return Counter(text for text in some if any(map(str.isdigit, text)) or denies(text))


@lru_cache(maxsize=16384)  # each utterance is searched for every quote
def tokens(words: tuple[str, ...], language: str) -> tuple[QuoteToken, ...]:
    """Words as quotes are compared: lower case, no signs, "two thousand" and "2,000" alike."""
    shown = [plain_number(word, language) for word in words]
    starts = [0]
    for word in shown:
        starts.append(starts[-1] + len(word) + 1)
    heard = tokenize(" ".join(shown))
    found = _joined(numbers.numbers_in(heard, language))
    names, result, place = units.names(language), list[QuoteToken](), 0
    by_first = {number.first: number for number in found}
    while place < len(heard):
        number = by_first.get(place)
        last = number.last if number else place + 1
        text = f"{number.value:.10g}" if number else names.get(heard[place].text, heard[place].text)
        if number or text == "%" or any(map(str.isalnum, text)):
            first_word = bisect_right(starts, heard[place].start) - 1
            last_word = bisect_right(starts, heard[last - 1].start)
            result.append(QuoteToken(text, first_word, last_word))
        place = last
    return tuple(result)


def _joined(found: Sequence[Number]) -> Iterator[Number]:
    """ "twenty seventeen" is 2017."""
    rest = list(found)
    while rest:
        number = rest.pop(0)
        year = quantities.year(number, rest[0]) if rest else None
        yield Number(number.first, rest.pop(0).last, year, "digit") if year else number


def plain_number(word: str, language: str) -> str:
    """ "9.000" and "3,5", as many languages write them, in the form of "9000" and "3.5"."""
    if code(language) not in _POINT_GROUPS:
        return word
    whole = _GROUPED.sub(lambda found: found.group().replace(".", ""), word)
    return _DECIMAL.sub(r"\1.\2", whole)
