"""Numbers of a sentence with their units: "ninety nine point nine percent" is 99.9 %.

What is no quantity of a claim is left out: years, small bare numbers, a number that is denied, and
one that is taken back in the next breath.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, zip_longest

from pipeline.claims import numbers, units
from pipeline.claims.lexicon import WORDS, is_english
from pipeline.claims.numbers import Number, text_at
from pipeline.data import Quantity
from pipeline.text import Token, tokenize

BREATH = 8  # tokens from a number to the "sorry" that takes it back
_BARE = 10  # from which a number without a unit says something
_THESE = frozenset({"those", "these", "our", "its", "their"})
_BETWEEN = frozenset({"to", "or", "and", "-", "\u2013"})
_ENDS = ("", ".", ",", ";", "?", "!", "a", "an", "for")
_YEARS = range(1900, 2061)
TAKEN_BACK = (
    r"\b(?:sorry(?! (?:to|for|about))|excuse me|i mean|correction|make that|scratch that"
    r"|strike that|misspoke|or actually|or rather|i should say)\b"
)
_ASIDE = re.compile(r"i should say[ ,.]*[^.!?]+[.!?]")  # "Two, I should say. Both old. One in May."
_OR_NO = re.compile(r"^(?:[,.\u2026-]* ?(?:no|wait|actually|rather|pardon)\b[ ,.]*)+$")
_SINGLE = {"min": "min", "s": "s", "h": "h", "days": "day", "weeks": "week", "months": "month",
           "years": "year"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """A number and the unit found around it; tokens `first` up to `last` (not included)."""

    number: Number
    first: int
    last: int
    unit: str
    counted: bool  # the unit is a noun that is counted, not a unit of measure


@lru_cache(maxsize=8192)  # each sentence is read by the detector, the checks and the writer
def parse(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """The quantities of a text, in order; in other languages, only what has a unit."""
    tokens = tokenize(text)
    found = measures(tokens, language)
    if not is_english(language):
        kept = [each for each in found if each.unit]
    else:
        wrong = [old for old, _ in retracted_numbers(tokens, found)]
        said = [each for each in found if each not in wrong]
        kept = [each for each in said if not _is_idle(text, tokens, each, found)]
    return tuple(_quantity(text, tokens, each) for each in kept)


def measures(tokens: Sequence[Token], language: str) -> list[Measure]:
    """All numbers with what they measure or count, none inside the unit of another."""
    found: list[Measure] = []
    for number, after in zip_longest(places := numbers.numbers_in(tokens, language), places[1:]):
        if not found or number.first >= found[-1].last:  # "per million tokens" is a unit
            end = after.first if after else len(tokens)
            found.append(_measure(tokens, number, end, language))
    return _ranges(tokens, _with_cents(tokens, found))


def _with_cents(tokens: Sequence[Token], found: Sequence[Measure]) -> list[Measure]:
    """ "Nine euros forty a roof" are 9.40; "$10 20" and "30 euros 40 came" are two numbers."""
    whole: list[Measure] = []
    for each in found:
        last = whole[-1] if whole else None
        ends = each.unit[:1] == "/" or text_at(tokens, each.last) in _ENDS
        cents = 10 <= each.number.value < 100 and each.unit[:1] in ("", "/") and ends
        cents = cents and (not last or last.unit != "lb" or each.number.form == "word")
        if last and cents and each.first == last.last and _is_whole_money(tokens, last):
            number = replace(last.number, value=last.number.value + each.number.value / 100)
            whole[-1] = replace(last, number=number, last=each.last, unit=last.unit + each.unit)
        else:
            whole.append(each)
    return whole


def _is_whole_money(tokens: Sequence[Token], found: Measure) -> bool:
    """Whether it is so many euros, dollars or pounds, said as a word behind the number."""
    value, said = found.number.value, tokens[found.last - 1].text
    money = found.unit in (*units.MONEY, "lb")  # no weight is "three pounds forty"
    return money and value == int(value) < 1000 and said[:1].isalpha()


def _quantity(text: str, tokens: Sequence[Token], found: Measure) -> Quantity:
    said = text[tokens[found.first].start : tokens[found.last - 1].end]
    value, unit = found.number.value, found.unit
    if unit.startswith("cents"):
        value, unit = value / 100, "$" + unit.removeprefix("cents")
    return Quantity(said, round(value, 9), unit)


# ---- units


def _measure(tokens: Sequence[Token], number: Number, end: int, language: str) -> Measure:
    """A number with its unit or noun, which stands before `end`."""
    first, last = number.first, number.last
    if number.form == "part":
        return Measure(number, first, last, "x", False)
    if text_at(tokens, first - 1) in units.MONEY:
        unit, first = tokens[first - 1].text, first - 1
        found = Measure(number, first, last, unit, False)
    else:
        found = _after(tokens[:end], number, language)
    divided = is_english(language) and found.unit != "%"
    return _per(tokens, found) if divided else found


def _after(tokens: Sequence[Token], number: Number, language: str) -> Measure:
    """A number with the unit or noun that follows it."""
    first, last = number.first, number.last
    unit, end = unit_at(tokens, last, language)
    if unit == "x" and text_at(tokens, last) == "times" and _is_often(tokens, end):
        return Measure(number, first, last, "", False)
    if unit or not is_english(language):
        return Measure(number, first, end, unit, False)
    if text_at(tokens, last - 1) == "b" and number.scale > 1:  # "70B"
        return Measure(number, first, last, "parameters", False)
    noun, end = _noun(tokens, number)
    unit, _ = unit_at(tokens, end - 1) if noun else ("", end)
    return Measure(number, first, end, unit or noun, bool(noun) and not unit)


def unit_at(tokens: Sequence[Token], place: int, language: str = "en") -> tuple[str, int]:
    """The unit whose name begins at a place, the longest first, and where it ends."""
    names = units.names(language)
    for length in (3, 2, 1):
        words = [token.text for token in tokens[place : place + length]]
        if " ".join(words) in names:
            return names[" ".join(words)], place + len(words)
    return "", place


def _is_often(tokens: Sequence[Token], place: int) -> bool:
    """ "Three times a week", "five times and": nothing is multiplied."""
    return text_at(tokens, place) in ("a", "per", "in", "and", "before", "this", "since")


def _noun(tokens: Sequence[Token], number: Number) -> tuple[str, int]:
    """What is counted: the first plural within three words ("twelve new data centers")."""
    first = number.last
    if text_at(tokens, first) == "of" and text_at(tokens, first + 1) in _THESE:
        first += 2  # "1,200 of those plates"
    for place in range(first, min(first + 3, len(tokens))):
        if not _is_word(tokens, place):
            break
        if _is_plural(tokens[place].text):
            more = _is_word(tokens, place + 1) and _is_plural(tokens[place + 1].text)
            return tokens[place + more].text, place + more + 1  # "customs forms"
    return "", number.last


def _is_word(tokens: Sequence[Token], place: int) -> bool:
    """Whether a token may be a noun, or a word before one."""
    word = text_at(tokens, place)
    empty = word in WORDS.no_noun or word in WORDS.function
    return len(word) > 2 and word[:1].isalpha() and not empty and not tokens[place].glued


def _is_plural(word: str) -> bool:
    if word in WORDS.plurals:
        return True
    return len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def _per(tokens: Sequence[Token], found: Measure) -> Measure:
    """ "tokens per second per user", "dollars a month", "$4 per million tokens"."""
    while below := _denominator(tokens, found):
        unit, last = below
        found = replace(found, unit=f"{found.unit}/{unit}", last=last)
    return found


def _denominator(tokens: Sequence[Token], found: Measure) -> tuple[str, int] | None:
    """What a unit is divided by, and where that ends: "1M tokens", "s", "user"."""
    word, place = text_at(tokens, found.last), found.last + 1
    if word == "of" and "/" not in found.unit:  # "sixty liters of water per second"
        word, place = text_at(tokens, place + 1), place + 2
    each = word in ("a", "an", "each", "every", "and")
    if (word not in ("per", "/") and not each) or (word == "and" and "/" not in found.unit):
        return None
    scale = WORDS.scales.get(text_at(tokens, place), 1.0)
    place += scale != 1.0
    unit, end = unit_at(tokens, place)
    single = _SINGLE.get(unit)
    if each and not single and (word == "and" or unit or found.unit[:1] not in units.MONEY):
        return None
    if not unit:
        unit, end = text_at(tokens, place), place + 1
        if not unit[:1].isalpha() or unit in WORDS.fractions:
            return None
    size = {1e3: "1k ", 1e6: "1M ", 1e9: "1G "}.get(scale, "")
    return (
        f"{size}{single or (unit if size or not unit.islower() else unit.removesuffix('s'))}",
        end,
    )


def _ranges(tokens: Sequence[Token], found: list[Measure]) -> list[Measure]:
    """ "Three to five percent": the first takes the unit and the "million" of the second."""
    for place in range(len(found) - 2, -1, -1):
        low, high = found[place], found[place + 1]
        between = [token.text for token in tokens[low.last : high.first]]
        if low.unit or len(between) != 1 or between[0] not in _BETWEEN:
            continue
        if between == ["and"] and low.number.value > high.number.value:
            continue  # "1,200 and 70 percent"
        scale = high.number.scale if low.number.scale == 1.0 else 1.0
        number = replace(low.number, value=low.number.value * scale)
        found[place] = replace(low, number=number, unit=high.unit, counted=high.counted)
    return found


# ---- what is no quantity


def _is_idle(
    text: str, tokens: Sequence[Token], measure: Measure, found: Sequence[Measure]
) -> bool:
    """Whether a number says nothing that could be checked; `found` are all of its sentence."""
    number = measure.number
    if text_at(tokens, measure.first - 1) == "not":
        return True
    if text_at(tokens, measure.last) == "ago":
        return units.base(measure.unit)[0] in ("s", "months")
    if number.value == 1 and (measure.counted or not measure.unit):
        return True
    if measure.unit or number.scale >= 1e6:
        return False
    before = text[tokens[measure.first - 1].start :] if measure.first > 1 else ""
    if before[:1].isupper():
        return True  # "the Fortune 500"
    small = number.value < _BARE and number.value == int(number.value)
    return small or _is_year(number, found)


def _is_year(number: Number, found: Sequence[Measure]) -> bool:
    """1999, "twenty twenty five", and "four thirty"."""
    pairs = pairwise(each.number for each in found)
    spoken = (pair for pair in pairs if number in pair and pair[0].last == pair[1].first)
    return any(spoken) or (number.scale == 1.0 and number.value in _YEARS)


def year(one: Number, two: Number) -> float | None:
    """The year of "twenty seventeen", where two numbers are one."""
    begins = one.value in numbers.CENTURIES and one.form == two.form == "word"
    if begins and one.last == two.first and 10 <= two.value < 100:
        return one.value * 100 + two.value
    return None


# ---- taken back


def retracted_numbers(
    tokens: Sequence[Token], found: Sequence[Measure]
) -> Iterator[tuple[Measure, Measure]]:
    """Numbers with a "sorry" after them, each with what is said instead."""
    for wrong, right in pairwise(found):
        said = " ".join(t.text for t in tokens[wrong.last : right.first])
        near = right.first <= wrong.last + BREATH
        taken_back = re.search(TAKEN_BACK, said) and not _ASIDE.search(said)
        if near and (taken_back or _OR_NO.match(said)):
            yield wrong, right
