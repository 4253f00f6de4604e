"""Numbers of a sentence with their units: "ninety nine point nine five percent" is 99.95 %.

What is no quantity of a claim is left out: years, list numbers, bare numbers, the numbers
inside names, a number that is denied, and one that is taken back in the next breath.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from pipeline.claims import lexicon as lexicons
from pipeline.claims import numbers
from pipeline.claims.idle import is_idle
from pipeline.claims.lexicon import Lexicon, members, pattern
from pipeline.claims.tokens import Token
from pipeline.claims.units import Measure, measure
from pipeline.data import Quantity

_DASHES = ("-", "\u2013", "\u2014")
_BETWEEN = frozenset({"to", "or", "and", *_DASHES})
_PAUSES = frozenset({",", ".", "\u2026", *_DASHES})
_STRAYS = 4  # words between a number and "sorry" that a speaker may have gone on with


@lru_cache(maxsize=8192)  # each sentence is read by the detector, the checks and the writer
def parse(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """The quantities of a text, in order; without word lists, only signs give a unit."""
    lexicon = lexicons.load(language)
    tokens = numbers.tokenize(text)
    found: list[Measure] = []
    for number in numbers.find(tokens, lexicon, language):
        if not found or number.first >= found[-1].last:  # "per million tokens" is a unit
            found.append(measure(tokens, number, lexicon))
    if lexicon is None:
        kept = [each for each in found if each.unit]
    else:
        kept = _without_taken_back(tokens, _ranges(tokens, found), lexicon)
        kept = [each for each in kept if not is_idle(tokens, each, found, lexicon)]
    return tuple(_quantity(text, tokens, each) for each in kept)


def _quantity(text: str, tokens: Sequence[Token], found: Measure) -> Quantity:
    words = text[tokens[found.first].start : tokens[found.last - 1].end]
    value, unit = found.number.value, found.unit
    if unit.startswith("cents"):
        value, unit = value / 100, "$" + unit.removeprefix("cents")
    return Quantity(words, round(value, 9), unit)


def _ranges(tokens: Sequence[Token], found: Sequence[Measure]) -> list[Measure]:
    """ "three to five percent": the first takes the unit and the "million" of the second."""
    result = list(found)
    for place in range(len(result) - 2, -1, -1):
        low, high = result[place], result[place + 1]
        between = [token.text for token in tokens[low.last : high.first]]
        if low.unit or len(between) != 1 or between[0] not in _BETWEEN:
            continue
        number = low.number
        thousands = high.number.form == "digit" and high.number.value % 1000 == 0
        scale = 1000.0 if thousands and high.number.scale == 1.0 else high.number.scale
        scale = scale if number.scale == 1.0 and number.value < 1000 else 1.0
        number = replace(number, value=number.value * scale)
        result[place] = replace(low, number=number, unit=high.unit, counted=high.counted)
    return result


def _without_taken_back(
    tokens: Sequence[Token], found: Sequence[Measure], lexicon: Lexicon
) -> list[Measure]:
    """Without the numbers that are corrected in the next breath; the new one keeps the unit."""
    kept: list[Measure] = []
    for each in found:
        if kept and _takes_back(tokens, kept[-1], each, lexicon):
            wrong = kept.pop()
            if wrong.unit and (not each.unit or (each.counted and not wrong.counted)):
                each = replace(each, unit=wrong.unit, counted=wrong.counted)
        kept.append(each)
    return kept


def _takes_back(tokens: Sequence[Token], old: Measure, new: Measure, lexicon: Lexicon) -> bool:
    """Whether only a "sorry" stands between two numbers, or hardly more than that."""
    lists = lexicon.numbers
    if old.unit and new.unit and old.unit != new.unit and not new.counted:
        return False
    text = " ".join(token.text for token in tokens[old.last : new.first])
    cue = pattern(lists.taken_back).search(text)
    if cue is None or pattern(lists.not_taken_back).search(text):
        return False
    around = pattern(lists.taken_back).sub(" ", text).split()
    strays = [word for word in around if word not in members(lists.fillers) | _PAUSES]
    sure = pattern(lists.surely_taken_back).search(text)
    return len(strays) <= (_STRAYS if sure else 0)
