"""Where numbers stand in a text, spoken or written, and what they are worth.

Number words are text2num's; this adds what speech is full of and a grammar of numbers is not:
"1.3 billion", "two and a half million", "point five", "a third of", "twice", "five nines".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from text_to_num import find_numbers

from pipeline.notes.lexicon import APOSTROPHE, Lexicon, members

_TOKEN = re.compile(
    r"\d{1,4}(?:[-/]\d{1,2}){2}\b"  # a date
    r"|\d{1,2}:\d{2}|\d+/\d+"  # a clock time, a fraction or "24/7"
    r"|[^\W\d_]+-?\d[\w.]*\w|[^\W\d_]\d\b"  # a name: GPT-4o, H100, o3
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[^\w\s]"
)
_PLAIN_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LANGUAGES = frozenset({"en", "fr", "es", "pt", "de", "it", "nl", "da"})  # text2num's
_OPENERS = ("oh", "point", "a", "an", "one", "dozen")
_BEFORE_SCALE = frozenset(
    {"", "a", "an", "per", "every", "half", "each", "several", "/", "$", "of"}
)
_LESS = frozenset({"cheaper", "less", "more", "faster", "smaller", "lighter", "fewer", "lower"})
_SCALE_VALUES = frozenset({1e2, 1e3, 1e6, 1e9, 1e12})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number in digits or a sign, in lower case, and where it stands."""

    text: str
    start: int
    end: int
    glued: bool  # nothing stands between it and the token before
    capital: bool


Form = Literal["word", "digit", "fraction", "factor", "nines"]


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens `first` up to `last` (not included) are worth `value`; `scale` is its "million"."""

    first: int
    last: int
    value: float
    form: Form
    scale: float = 1.0
    suffix: str = ""  # "b" of "70B"


class _Heard:
    """A token in the form that text2num asks for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self) -> str:
        return self._text

    def nt_separated(self, _: "_Heard") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return self._text in ("second", "seconds")  # a unit far more often than an ordinal


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text; a hyphen inside a word only parts it ("ninety-nine")."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text.replace(APOSTROPHE, "'")):
        glued = bool(found) and found[-1].end == match.start()
        word = match.group()
        capital = word[:1].isupper()
        found.append(Token(word.lower(), match.start(), match.end(), glued, capital))
    return tuple(token for place, token in enumerate(found) if not _is_hyphen(found, place))


def _is_hyphen(tokens: Sequence[Token], place: int) -> bool:
    around = tokens[max(0, place - 1) : place + 2]
    return tokens[place].text == "-" and any(token.text[0].isalpha() for token in around)


def find(tokens: Sequence[Token], lexicon: Lexicon | None, language: str) -> tuple[Number, ...]:
    """The numbers among some tokens, in order, none overlapping another."""
    spoken = _spoken(tokens, language)
    numbers: list[Number] = []
    place = 0
    while place < len(tokens):
        number = _at(tokens, place, spoken, lexicon)
        if number is not None:
            numbers.append(number)
        place = number.last if number else place + 1
    return tuple(numbers)


def _spoken(tokens: Sequence[Token], language: str) -> dict[int, Number]:
    """text2num's numbers by their first token; ordinals are none."""
    code = language.partition("-")[0].lower()
    if code not in _LANGUAGES:
        return {}
    found = find_numbers([_Heard(token.text) for token in tokens], code, 0)
    return {
        each.start: Number(each.start, each.end, float(each.value), "word")
        for each in found
        if not each.is_ordinal and not _is_remnant(tokens, each.start, each.end, each.value)
    }


def _is_remnant(tokens: Sequence[Token], first: int, last: int, value: float) -> bool:
    """Whether a number's first words were lost: "my million" for "nine million", "and five"."""
    if tokens[first].text == "and":
        return True
    alone = last == first + 1 and value in _SCALE_VALUES and not tokens[first].text[0].isdigit()
    before = tokens[first - 1].text if first else ""
    counted = before in _BEFORE_SCALE or _PLAIN_NUMBER.fullmatch(before) is not None
    return alone and not counted


def _at(
    tokens: Sequence[Token], place: int, spoken: dict[int, Number], lexicon: Lexicon | None
) -> Number | None:
    """The number that begins at a place."""
    text = tokens[place].text
    number = spoken.get(place)
    if _PLAIN_NUMBER.fullmatch(text):
        number = Number(place, place + 1, float(text.replace(",", "")), "digit")
    if lexicon is None:
        return number
    if number is None:
        found = text in _openers(lexicon)
        return _without_number_word(tokens, place, spoken, lexicon) if found else None
    number = _with_decimals(tokens, number, spoken)
    for extend in (_scaled, _and_a_half, _scaled):
        number = extend(tokens, number, lexicon)
    return _as_fraction(tokens, number, lexicon) or _nines(tokens, number) or number


def _text(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) else ""


def _with_decimals(tokens: Sequence[Token], number: Number, spoken: dict[int, Number]) -> Number:
    """ "21 point 5", where digits and words meet."""
    if _text(tokens, number.last) != "point":
        return number
    following = number.last + 1
    decimals = spoken.get(following)
    digits = _text(tokens, following)
    if decimals is None and digits.isdigit():
        decimals = Number(following, following + 1, float(digits), "digit")
    if decimals is None:
        return number
    value = float(f"{number.value:.0f}.{decimals.value:.0f}")
    return replace(number, last=decimals.last, value=value)


def _scaled(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number:
    """ "1.3 billion", "50k", "70B", "$4 m"."""
    while number.last < len(tokens):
        token = tokens[number.last]
        scale = lexicon.scales.get(token.text)
        short = len(token.text) <= 2
        if scale is None or (short and not (token.glued and number.form == "digit")):
            break
        if number.scale == scale and not short:
            break
        number = replace(
            number,
            last=number.last + 1,
            value=number.value * scale,
            scale=number.scale * scale,
            suffix=token.text if short else "",
        )
    if number.form == "word" and number.scale == 1.0:
        number = replace(number, scale=_own_scale(tokens, number, lexicon))
    return number


def _own_scale(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> float:
    """The "million" inside a spoken number that text2num read as one."""
    last = lexicon.scales.get(tokens[number.last - 1].text, 1.0)
    return last if last in _SCALE_VALUES and number.value >= last else 1.0


def _and_a_half(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number:
    """ "two and a half", "a million and a half"."""
    words = [_text(tokens, number.last + step) for step in range(3)]
    if words[0] != "and" or words[1] not in ("a", "one"):
        return number
    part = lexicon.fractions.get(words[2])
    if part is None:
        return number
    return replace(number, last=number.last + 3, value=number.value + part * number.scale)


def _as_fraction(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number | None:
    """ "two thirds", "one tenth"."""
    word = _text(tokens, number.last)
    part = lexicon.fractions.get(word)
    if part is None or word == "half" or number.value > 9:
        return None
    return Number(number.first, number.last + 1, round(number.value * part, 3), "fraction")


def _nines(tokens: Sequence[Token], number: Number) -> Number | None:
    """ "five nines" of uptime are 99.999 percent."""
    if _text(tokens, number.last) != "nines" or not 1 < number.value < 12:
        return None
    nines = 100 - 10 ** (2 - number.value)
    return Number(number.first, number.last + 1, round(nines, 10), "nines")


def _openers(lexicon: Lexicon) -> frozenset[str]:
    """Words with which a number begins that text2num does not know."""
    return members((*_OPENERS, *lexicon.fractions, *lexicon.factors))


def _without_number_word(
    tokens: Sequence[Token], place: int, spoken: dict[int, Number], lexicon: Lexicon
) -> Number | None:
    readings: tuple[Callable[[], Number | None], ...] = (
        lambda: _leading_point(tokens, place, spoken),
        lambda: _magnitude(tokens, place, spoken),
        lambda: _half_a(tokens, place, spoken, lexicon),
        lambda: _part_of(tokens, place, lexicon),
        lambda: _scale_alone(tokens, place, lexicon),
        lambda: _factor(tokens, place, lexicon),
    )
    return next((number for read in readings if (number := read())), None)


def _leading_point(tokens: Sequence[Token], place: int, spoken: dict[int, Number]) -> Number | None:
    """ "point five", "oh point five"."""
    point = place + 1 if _text(tokens, place) == "oh" else place
    decimals = spoken.get(point + 1)
    if _text(tokens, point) != "point" or decimals is None or decimals.value >= 1000:
        return None
    return replace(decimals, first=place, value=float(f"0.{decimals.value:.0f}"))


def _magnitude(tokens: Sequence[Token], place: int, spoken: dict[int, Number]) -> Number | None:
    """ "an order of magnitude" is ten times."""
    words = [_text(tokens, place + step) for step in range(4)]
    if words[1:] == ["order", "of", "magnitude"] and words[0] in ("an", "one"):
        return Number(place, place + 4, 10.0, "factor")
    return None


def _half_a(
    tokens: Sequence[Token], place: int, spoken: dict[int, Number], lexicon: Lexicon
) -> Number | None:
    """ "half a million", "half a second", "half an hour"."""
    if _text(tokens, place) != "half" or _text(tokens, place + 1) not in ("a", "an"):
        return None
    return _scaled(tokens, Number(place, place + 2, 0.5, "digit"), lexicon)


def _part_of(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "half the power", "a third of the cost", "cut by half"."""
    article = _text(tokens, place) in ("a", "an")
    name = place + 1 if article else place
    part = lexicon.fractions.get(_text(tokens, name))
    if part is None or _text(tokens, place - 1) in ("second", "first", "last", "other"):
        return None
    half = _text(tokens, name) == "half"
    then = _text(tokens, name + 1)
    whole = then == "of" or (half and then in ("the", "as", "our", "their", "that", "its", "what"))
    less = article and then in _LESS
    by_half = half and not article and _text(tokens, place - 1) in ("by", "in")
    if not (whole or by_half or less) or not (half or article):
        return None
    return Number(place, name + 1, round(part, 3), "fraction")


def _scale_alone(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "a dozen customers"."""
    if _text(tokens, place) == "dozen" and _text(tokens, place - 1) == "a":
        return Number(place, place + 1, lexicon.scales["dozen"], "word")
    return None


def _factor(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "twice", "tripled"; but nobody doubles down by two."""
    value = lexicon.factors.get(_text(tokens, place))
    if value is None or _text(tokens, place + 1) in ("check", "click", "down", "edged", "check"):
        return None
    return Number(place, place + 1, value, "factor")
