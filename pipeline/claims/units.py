"""The unit of a number: what stands before and after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.claims.lexicon import Lexicon, Words, members, pattern
from pipeline.claims.tokens import Number, Token, text_at

_MONEY = frozenset({"$", "€", "£"})
_SIGNS = _MONEY | {"%", "x", "\u00d7"}  # units of one character that mean what they say anywhere
_PER = frozenset({"per", "/"})
_EACH = frozenset({"a", "an", "each", "every"})
_UNTIMED = frozenset({"a", "per", "in", "before", "already", "today", "this", "since"})
_THESE = frozenset({"those", "these", "our", "its", "their"})
_SINGLE = {
    "min": "min",
    "s": "s",
    "h": "h",
    "days": "day",
    "weeks": "week",
    "months": "month",
    "years": "year",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number and the unit found around it; tokens `first` up to `last` (not included)."""

    number: Number
    first: int
    last: int
    unit: str
    counted: bool  # the unit is a noun that is counted, not a unit of measure


def measure(tokens: Sequence[Token], number: Number, lexicon: Lexicon | None) -> Measure:
    """A number with its unit; without word lists, only a sign next to it counts."""
    first, last = number.first, number.last
    if first > 0 and tokens[first - 1].text in _MONEY:
        unit, counted = tokens[first - 1].text, False
        first -= 1
    elif number.form == "nines":
        unit, counted = "%", False
    elif number.form in ("fraction", "factor"):
        return Measure(number, first, _end_of_part(tokens, number), "x", False)
    elif lexicon is None:
        sign = last < len(tokens) and tokens[last].text in _SIGNS
        return Measure(number, first, last + sign, tokens[last].text if sign else "", False)
    else:
        unit, last, counted = _unit(tokens, number, lexicon)
    if unit != "%" and lexicon is not None and text_at(tokens, last):
        unit, last = _per(tokens, unit, last, lexicon)
    return Measure(number, first, last, unit, counted)


def _end_of_part(tokens: Sequence[Token], number: Number) -> int:
    """ "half the power" is one quantity, with the thing it is half of."""
    words = [token.text for token in tokens[number.last : number.last + 3]]
    if number.form != "fraction" or len(words) < 2:
        return number.last
    if words[0] == "the":
        return number.last + 2
    if words[0] == "of":
        return number.last + len(words[: 3 if words[1] == "the" else 1])
    return number.last


@cache
def _names(units: tuple[tuple[str, Words], ...]) -> dict[str, str]:
    return {name: unit for unit, names in units for name in names}


def _named(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> tuple[str, int]:
    """The unit whose name begins at a place, the longest first, and where it ends."""
    names = _names(tuple(lexicon.units.items()))
    for length in (3, 2, 1):
        words = tokens[place : place + length]
        name = " ".join(token.text for token in words)
        if len(words) == length and name in names:
            return names[name], place + length
    return "", place


def _unit(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> tuple[str, int, bool]:
    """Unit, end and whether it is a counted noun, for what follows a number."""
    place = number.last
    unit, last = _named(tokens, place, lexicon)
    if unit and not _is_meant(tokens, number, last):
        unit, last = "", place
    if unit == "x" and tokens[place].text == "times" and not _is_factor(tokens, last, lexicon):
        return "", place, False
    if unit:
        return unit, last, False
    noun, last = _noun(tokens, number, lexicon)
    if number.suffix == "b" and noun not in ("tokens", "users"):
        return "parameters", number.last, False
    known, _ = _named(tokens, last - 1, lexicon) if noun else ("", 0)
    return known or noun, last, bool(noun) and not known


def _is_meant(tokens: Sequence[Token], number: Number, last: int) -> bool:
    """Whether a short name is a unit: "5 nm" is, "we gave five us" is not."""
    name = tokens[number.last]
    if last > number.last + 1 or len(name.text) > 2 or name.text in _SIGNS:
        return True
    return number.form == "digit" and name.text != "us" and (name.glued or len(name.text) == 2)


def _is_factor(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> bool:
    """Whether "times" multiplies: not in "three times a week", "we ran it five times and"."""
    after = tokens[place].text if place < len(tokens) else "."
    after = tokens[place + 1].text if after == "," and place + 1 < len(tokens) else after
    if after != "and":
        return after not in _UNTIMED
    before = " ".join(token.text for token in tokens[:place])
    return pattern(lexicon.claims.comparatives).search(before) is not None


def _noun(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> tuple[str, int]:
    """What is counted: the first plural within three words ("twelve new data centers")."""
    no_noun = members(lexicon.numbers.no_noun)
    numerals = members(lexicon.numbers.numerals)
    first = number.last
    if text_at(tokens, first) == "of" and text_at(tokens, first + 1) in _THESE:
        first += 2  # "1,200 of those plates"
    for place in range(first, min(first + 3, len(tokens))):
        word = tokens[place].text
        if not word[0].isalpha() or word in no_noun or word in numerals:
            break
        if _is_plural(word, lexicon):
            after = tokens[place + 1].text if place + 1 < len(tokens) else "."
            more = after[0].isalpha() and after not in no_noun and _is_plural(after, lexicon)
            return (after, place + 2) if more else (word, place + 1)  # "customs forms"
    labelled = [token.text for token in tokens[max(0, number.first - 2) : number.first]]
    if len(labelled) == 2 and labelled[1] == ":" and _is_plural(labelled[0], lexicon):
        return labelled[0], number.last  # "Supported languages: 28"
    after = tokens[number.last].text if number.last < len(tokens) else ""
    before = tokens[number.first - 1].text if number.first else ""
    if before in ("a", "an", "our", "the", "this") and after.isalpha() and after not in no_noun:
        return after + "s", number.last + 1
    return "", number.last


def _is_plural(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.numbers.irregular:
        return True
    return len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is", "'s"))


def _per(tokens: Sequence[Token], unit: str, last: int, lexicon: Lexicon) -> tuple[str, int]:
    """ "tokens per second per user", "dollars a month", "$4 per million tokens"."""
    while last + 1 < len(tokens):
        found = _denominator(tokens, unit, last, lexicon)
        if found is None:
            break
        below, last = found
        unit = f"{unit}/{below}"
    return unit, last


def _denominator(
    tokens: Sequence[Token], unit: str, last: int, lexicon: Lexicon
) -> tuple[str, int] | None:
    """What a unit is divided by, and where that ends: "1M tokens", "s", "user"."""
    word, place = tokens[last].text, last + 1
    if word == "and" and "/" in unit and tokens[place].text in _SINGLE.values():
        return tokens[place].text, place + 1  # "per seat and month"
    if word == "of" and "/" not in unit and text_at(tokens, place + 1) in _PER | {"a", "an"}:
        word, place = tokens[place + 1].text, place + 2  # "sixty liters of water per second"
    if word not in _PER and (word not in _EACH or unit in ("%", "x")):
        return None
    scale = lexicon.scales.get(tokens[place].text, 1.0) if len(tokens[place].text) > 2 else 1.0
    place += scale != 1.0
    if place >= len(tokens):
        return None
    named, end = _named(tokens, place, lexicon)
    if word in _EACH and named not in _SINGLE and unit[:1] not in _MONEY and unit != "cents":
        return None
    if end == place:
        word = tokens[place].text
        if not word[0].isalpha() or word in lexicon.fractions:
            return None
        named, end = tokens[place].text, place + 1
    if (
        word in _EACH
        and named not in _SINGLE
        and text_at(tokens, end) in ("from", "over", "on", "in", "than")
    ):
        return None  # "a loss of $4, an improvement from $5"
    size = {1e3: "1k ", 1e6: "1M ", 1e9: "1G "}.get(scale, "")
    single = named if size or not named.islower() else named.removesuffix("s")
    return f"{size}{_SINGLE.get(named, single)}", end
