"""Numbers of a sentence with their units: "ninety nine point nine five percent" is 99.95 %.

What is no quantity of a claim is left out: years, dates, clock times, list numbers, the numbers
inside names, a number that is denied, and one that is taken back in the next breath.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.data import Quantity
from pipeline.notes import lexicon as lexicons
from pipeline.notes import numbers
from pipeline.notes.lexicon import Lexicon, pattern
from pipeline.notes.numbers import Number, Token

_SIGNS = {"$": "$", "€": "€", "£": "£"}
_PER = frozenset({"per", "/"})
_EACH = frozenset({"a", "an", "each", "every"})
_TIME = {
    "s": "s",
    "min": "min",
    "h": "h",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
}
_IRREGULAR = frozenset({"people", "children", "men", "women", "staff", "sheep", "fish"})
_NO_NOUN = frozenset(
    "is was has does this us as its less across always plus versus yes per thus perhaps unless "
    "besides towards sometimes times and or but of the a an to in on at for with than by from "
    "that who which we they it i you he she are were be been have had do did can will would "
    "could more faster better cheaper if when because so now then not out up down over under "
    "into about after before since during".split()
)
_FILLERS = frozenset({",", ".", "-", "—", "–", "…", "uh", "um", "er", "well", "or", "it's", "oh",
                      "that's", "is", "a", "the", "so", "it", "should", "be"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Measure:
    """A number and the unit found around it; tokens `first` up to `last`."""

    number: Number
    first: int
    last: int
    unit: str
    counted: bool  # the unit is a noun that is counted, not a unit of measure


def parse(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """The quantities of a text, in order; without word lists, only signs give a unit."""
    lexicon = lexicons.load(language)
    tokens = numbers.tokenize(text)
    found: list[_Measure] = []
    for number in numbers.find(tokens, lexicon, language):
        if not found or number.first >= found[-1].last:  # "per million tokens" is a unit
            found.append(_measure(tokens, number, lexicon))
    if lexicon is None:
        kept = [measure for measure in found if measure.unit or measure.number.value >= 10]
    else:
        kept = _without_taken_back(tokens, _ranges(tokens, found), lexicon)
        kept = [each for each in kept if not _is_idle(tokens, each, found, lexicon)]
    return tuple(_quantity(text, tokens, measure) for measure in kept)


def _quantity(text: str, tokens: Sequence[Token], measure: _Measure) -> Quantity:
    words = text[tokens[measure.first].start : tokens[measure.last - 1].end]
    value, unit = measure.number.value, measure.unit
    if unit.startswith("cents"):
        value, unit = value / 100, "$" + unit.removeprefix("cents")
    return Quantity(words, round(value, 9), unit)


# ---- units


def _measure(tokens: Sequence[Token], number: Number, lexicon: Lexicon | None) -> _Measure:
    first, last = number.first, number.last
    unit, counted = "", False
    if first > 0 and tokens[first - 1].text in _SIGNS:
        first, unit = first - 1, _SIGNS[tokens[first - 1].text]
    elif number.form == "nines":
        unit = "%"
    elif number.form in ("fraction", "factor"):
        unit, last = "x", _end_of_part(tokens, number)
    elif lexicon is not None:
        unit, last, counted = _unit(tokens, number, lexicon)
    elif last < len(tokens) and tokens[last].text in ("%", "€", "$", "£", "x"):
        unit, last = tokens[last].text, last + 1
    if unit and lexicon is not None and number.form not in ("fraction", "factor"):
        unit, last = _per(tokens, unit, last, lexicon)
    return _Measure(number, first, last, unit, counted)


def _end_of_part(tokens: Sequence[Token], number: Number) -> int:
    """ "half the power" is one quantity, with the thing it is half of."""
    last = number.last
    words = [token.text for token in tokens[last : last + 3]]
    if number.form == "fraction" and len(words) > 1 and words[0] in ("the", "of"):
        last += 2 if words[0] == "the" else 1
        if words[:2] == ["of", "the"] and len(words) > 2:
            last += 2
    return last


@cache
def _unit_names(language_units: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {name: unit for unit, names in language_units for name in names}


def _named_unit(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[str, int]:
    """The unit whose name begins at a place, the longest first, and where it ends."""
    names = _unit_names(tuple(lexicon.units.items()))
    for length in (3, 2, 1):
        words = tokens[place : place + length]
        name = " ".join(token.text for token in words)
        if len(words) == length and name in names:
            return names[name], place + length
    return "", place


def _unit(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> tuple[str, int, bool]:
    """Unit, end and whether it is a counted noun, for what follows a number."""
    place = number.last
    unit, last = _named_unit(tokens, place, lexicon)
    short = last == place + 1 and len(tokens[place].text) <= 2
    if short and tokens[place].text not in ("x", "%", "$", "€", "£", "×"):
        written = number.form == "digit" and (tokens[place].glued or len(tokens[place].text) == 2)
        if not written or tokens[place].text == "us":
            unit, last = "", place
    if unit == "x" and tokens[place].text == "times" and not _is_factor(tokens, last):
        return "", place, False
    if unit:
        return unit, last, False
    noun, last = _noun(tokens, number)
    if number.suffix == "b" and noun not in ("tokens", "users"):
        return "parameters", number.last, False
    known, _ = _named_unit(tokens, last - 1, lexicon) if noun else ("", 0)
    return known or noun, last, bool(noun) and not known


def _is_factor(tokens: Sequence[Token], place: int) -> bool:
    """Whether "times" multiplies: not in "three times a week", "five times this year"."""
    words = [token.text for token in tokens[place : place + 1]]
    return words[:1] not in (["a"], ["per"], ["in"], ["before"], ["already"], ["today"], ["this"])


def _noun(tokens: Sequence[Token], number: Number) -> tuple[str, int]:
    """What is counted: the first plural within three words ("twelve new data centers")."""
    for place in range(number.last, min(number.last + 3, len(tokens))):
        word = tokens[place].text
        if not word[0].isalpha() or word in _NO_NOUN:
            break
        if _is_plural(word):
            return word, place + 1
    after = tokens[number.last].text if number.last < len(tokens) else ""
    before = tokens[number.first - 1].text if number.first else ""
    if before in ("a", "an", "our", "the", "this") and after.isalpha() and after not in _NO_NOUN:
        return after + "s", number.last + 1
    return "", number.last


def _is_plural(word: str) -> bool:
    if word in _IRREGULAR:
        return True
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def _per(tokens: Sequence[Token], unit: str, last: int, lexicon: Lexicon) -> tuple[str, int]:
    """ "tokens per second per user", "dollars a month", "$4 per million tokens"."""
    while last + 1 < len(tokens):
        word, place = tokens[last].text, last + 1
        each = word in _EACH and unit != "%" and unit != "x"
        if not (word in _PER or each):
            break
        scale = lexicon.scales.get(tokens[place].text, 1.0) if tokens[place].text != "m" else 1e6
        place += scale != 1.0
        named, end = _named_unit(tokens, place, lexicon)
        if word in _EACH and named not in _TIME and not (unit[:1] in "$€£c" and end == place):
            break
        if end == place:
            if place >= len(tokens) or not tokens[place].text[0].isalpha():
                break
            named, end = tokens[place].text, place + 1
        size = {1e3: "1k ", 1e6: "1M ", 1e9: "1G "}.get(scale, "")
        one = named if size or not named.islower() else named.removesuffix("s")
        unit, last = f"{unit}/{size}{_TIME.get(named, one)}", end
    return unit, last


# ---- ranges, corrections


def _ranges(tokens: Sequence[Token], found: Sequence[_Measure]) -> list[_Measure]:
    """ "three to five percent": the first takes the unit of the second."""
    result = list(found)
    for place in range(len(result) - 2, -1, -1):
        low, high = result[place], result[place + 1]
        between = [token.text for token in tokens[low.last : high.first]]
        if low.unit or between not in (["to"], ["or"], ["-"], ["–"], ["and"]):
            continue
        number = low.number
        scale = high.number.scale if number.scale == 1.0 and number.value < 1000 else 1.0
        number = replace(number, value=number.value * scale, scale=scale)
        result[place] = replace(low, number=number, unit=high.unit, counted=high.counted)
    return result


def _without_taken_back(
    tokens: Sequence[Token], found: Sequence[_Measure], lexicon: Lexicon
) -> list[_Measure]:
    """Without the numbers that are corrected in the next breath; the new one keeps the unit."""
    kept: list[_Measure] = []
    for measure in found:
        if kept and _takes_back(tokens, kept[-1], measure, lexicon):
            wrong = kept.pop()
            if not measure.unit or (measure.counted and not wrong.counted):
                measure = replace(measure, unit=wrong.unit, counted=wrong.counted)
        kept.append(measure)
    return kept


def _takes_back(tokens: Sequence[Token], old: _Measure, new: _Measure, lexicon: Lexicon) -> bool:
    between = [token.text for token in tokens[old.last : new.first]]
    if old.unit and new.unit and old.unit != new.unit and not new.counted:
        return False
    text = " ".join(between)
    cue = pattern(lexicon.numbers.taken_back).search(text)
    if cue is None or pattern(lexicon.numbers.not_taken_back).search(text):
        return False
    before, after = text[: cue.start()].split(), text[cue.end() :].split()
    sure = cue.group().startswith(
        ("sorry", "correct", "i mean", "make", "scratch", "excuse", "i mis")
    )
    strays = [word for word in before + after if word not in _FILLERS]
    strays = [word for word in strays if not pattern(lexicon.numbers.taken_back).fullmatch(word)]
    return len(strays) <= (4 if sure else 0)


# ---- what is no quantity of a claim


def _is_idle(
    tokens: Sequence[Token], measure: _Measure, found: Sequence[_Measure], lexicon: Lexicon
) -> bool:
    lists = lexicon.numbers
    before = tokens[measure.first - 1].text if measure.first else ""
    after = tokens[measure.last].text if measure.last < len(tokens) else ""
    return (
        _is_denied(tokens, measure)
        or _is_year(measure, before, found, lexicon)
        or _is_clock_or_date(tokens, measure, found, lexicon)
        or measure.unit in lists.idle
        or (after in lists.idle and not measure.unit)
        or (before in lists.before_label and (measure.counted or not measure.unit))
        or _is_in_name(tokens, measure, before, lexicon)
        or _is_bare(measure, before, after, lexicon)
    )


def _is_denied(tokens: Sequence[Token], measure: _Measure) -> bool:
    """ "not fifty": said of a number that is not so."""
    before = [token.text for token in tokens[max(0, measure.first - 2) : measure.first]]
    return before[-1:] == ["not"] or before == ["not", "the"]


def _is_year(measure: _Measure, before: str, found: Sequence[_Measure], lexicon: Lexicon) -> bool:
    """1999, "twenty twenty five", "since two thousand eight"."""
    number = measure.number
    dated = before in lexicon.numbers.before_year
    if number.form == "digit" and number.scale == 1.0 and 1900 <= number.value <= 2060:
        return not measure.unit or (measure.counted and dated)
    if number.form != "word":
        return False
    if 2000 < number.value <= 2060:
        return dated and (not measure.unit or measure.counted)
    return any(
        _century(pair) and measure.number in pair and (not pair[1].scale > 1)
        for pair in _neighbours(found)
    ) and (not measure.unit or measure.counted)


def _neighbours(found: Sequence[_Measure]) -> list[tuple[Number, Number]]:
    bare = [measure.number for measure in found]
    pairs = zip(bare, bare[1:], strict=False)
    return [(one, two) for one, two in pairs if one.last == two.first]


def _century(pair: tuple[Number, Number]) -> bool:
    return pair[0].value in (18.0, 19.0, 20.0) and 0 <= pair[1].value <= 99


def _is_clock_or_date(
    tokens: Sequence[Token], measure: _Measure, found: Sequence[_Measure], lexicon: Lexicon
) -> bool:
    lists, number = lexicon.numbers, measure.number
    around = [token.text for token in tokens[max(0, number.first - 1) : number.first]]
    around += [token.text for token in tokens[number.last : number.last + 1]]
    after = tokens[number.last].text if number.last < len(tokens) else ""
    if any(word in lists.months and word not in ("may", "march") for word in around):
        return number.value <= 31
    if around and around[0] in ("may", "march") and number.value <= 31 and not measure.unit:
        return True
    if after in lists.after_clock or after == "th":
        return True
    pair = next((pair for pair in _neighbours(found) if number in pair), None)
    clock = pair is not None and pair[0].value <= 12 and pair[1].value < 60
    if pair is not None and clock and pair[0].first > 0:
        return tokens[pair[0].first - 1].text in lists.before_clock and not measure.unit
    return False


def _is_in_name(tokens: Sequence[Token], measure: _Measure, before: str, lexicon: Lexicon) -> bool:
    """ "Llama 4": a number right after a name, in no unit of measure."""
    if measure.unit and not measure.counted:
        return False
    if before in lexicon.numbers.names:
        return True
    named = measure.first > 1 and tokens[measure.first - 1].capital
    began = measure.first > 1 and tokens[measure.first - 2].text in ".?!"
    return named and not began and measure.number.value < 100 and measure.number.form == "digit"


def _is_bare(measure: _Measure, before: str, after: str, lexicon: Lexicon) -> bool:
    """A number that counts nothing ("the one", "one customer") or stands alone."""
    number = measure.number
    if number.value == 1 and (measure.counted or not measure.unit):
        return True
    if measure.unit:
        return False
    if number.scale >= 1e6:
        return False
    decimal = number.value != int(number.value)
    return not ((number.value >= 10 or decimal) and before in lexicon.numbers.plain)
