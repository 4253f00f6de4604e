"""Where numbers stand in a text, spoken or written, and what they are worth.

Number words are text2num's; this adds what speech is full of and a grammar of numbers is not:
"1.3 billion", "two and a half million", "a third of the power", "twice".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from text_to_num import find_numbers

from pipeline.claims.lexicon import WORDS, is_english
from pipeline.languages import code
from pipeline.text import SPOKEN, Token, stem

CENTURIES = (18.0, 19.0, 20.0)  # with which a spoken year begins
_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_WHOLE = ("of", "the", "as", "our", "their", "its", "that", "less", "cheaper", "more", "faster")
Form = Literal["word", "digit", "part"]


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens `first` up to `last` (not included) are worth `value`; `scale` is its "million"."""

    first: int
    last: int
    value: float
    form: Form
    scale: float = 1.0


# forms of "one" that text2num does not know
_INFLECTED = {"de": dict.fromkeys(("eine", "einen", "einem", "einer", "eines"), "ein")}


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


def is_spoken(language: str) -> bool:
    """Whether number words of a language are read."""
    return code(language) in SPOKEN


def text_at(tokens: Sequence[Token], place: int) -> str:
    """The text of a token, "" beyond either end."""
    return tokens[place].text if 0 <= place < len(tokens) else ""


def numbers_in(tokens: Sequence[Token], language: str) -> tuple[Number, ...]:
    """The numbers among some tokens, in order, none overlapping another."""
    spoken = _spoken(tokens, language)
    english = is_english(language)
    found: list[Number] = []
    place = 0
    while place < len(tokens):
        number = _plain(tokens, place, spoken)
        if english:
            number = _english(tokens, place, number)
        if number is not None:
            found.append(number)
        place = number.last if number else place + 1
    return tuple(found)


def _spoken(tokens: Sequence[Token], language: str) -> dict[int, Number]:
    """text2num's numbers by their first token; ordinals are none."""
    if not is_spoken(language):
        return {}
    heard = [_Heard(_INFLECTED.get(code(language), {}).get(t.text, t.text)) for t in tokens]
    found = find_numbers(heard, code(language), 0)
    return {
        each.start: Number(each.start, each.end, float(each.value), "word")
        for each in found
        if not each.is_ordinal
    }


def _plain(tokens: Sequence[Token], place: int, spoken: dict[int, Number]) -> Number | None:
    text = tokens[place].text
    if _DIGITS.fullmatch(text):
        return Number(place, place + 1, float(text.replace(",", "")), "digit")
    after = spoken.get(place + 1)
    if text == "point" and after and place not in spoken:
        return replace(after, first=place, value=float(f"0.{after.value:.0f}"))
    return spoken.get(place)


def _english(tokens: Sequence[Token], place: int, number: Number | None) -> Number | None:
    """A number with what follows it, or one without a number word."""
    number = number or _part(tokens, place) or _factor(tokens, place)
    if number is None or number.form == "part":
        return number
    for extend in (_scaled, _and_a_half, _scaled):
        number = extend(tokens, number)
    return _thirds(tokens, number) or number


def _part(tokens: Sequence[Token], place: int) -> Number | None:
    """ "half the power", "a third of the cost", "cut in half"; "half a million" is a number."""
    name = place + (text_at(tokens, place) in ("a", "an"))
    word, then = text_at(tokens, name), text_at(tokens, name + 1)
    if word not in WORDS.fractions or text_at(tokens, place - 1) in ("second", "first", "last"):
        return None
    half = word == "half" and name == place
    if half and then in ("a", "an"):
        return Number(place, name + 2, 0.5, "digit")
    in_half = half and text_at(tokens, place - 1) in ("by", "in")
    if in_half or ((half or name > place) and then in _WHOLE):
        return Number(place, name + 1, round(WORDS.fractions[word], 3), "part")
    return None


def _factor(tokens: Sequence[Token], place: int) -> Number | None:
    """ "twice the power", "tripled"; but "it stopped twice" is how often, and nobody doubles down
    by two."""
    value = WORDS.factors.get(stem(tokens[place].text))
    often = tokens[place].text in ("twice", "double") and text_at(tokens, place + 1) not in _WHOLE
    return Number(place, place + 1, value, "part") if value and not often else None


def _scaled(tokens: Sequence[Token], number: Number) -> Number:
    """ "1.3 billion", "50k", "70B"."""
    while number.last < len(tokens):
        token = tokens[number.last]
        scale = WORDS.scales.get(token.text)
        short = len(token.text) <= 2
        if scale is None or (short and not (token.glued and number.form == "digit")):
            break
        value = number.value * scale
        number = replace(number, last=number.last + 1, value=value, scale=number.scale * scale)
    if number.form == "word" and number.scale == 1.0:  # the "million" that text2num read
        inside = WORDS.scales.get(tokens[number.last - 1].text, 1.0)
        number = replace(number, scale=inside if number.value >= inside else 1.0)
    return number


def _and_a_half(tokens: Sequence[Token], number: Number) -> Number:
    """ "two and a half", "a million and a half"."""
    link, article, name = (text_at(tokens, number.last + step) for step in range(3))
    part = WORDS.fractions.get(name)
    if link != "and" or article not in ("a", "one") or part is None:
        return number
    return replace(number, last=number.last + 3, value=number.value + part * number.scale)


def _thirds(tokens: Sequence[Token], number: Number) -> Number | None:
    """ "two thirds", "one tenth"."""
    word = text_at(tokens, number.last)
    if word not in WORDS.fractions or word == "half" or number.value > 9:
        return None
    value = round(number.value * WORDS.fractions[word], 3)
    return Number(number.first, number.last + 1, value, "part")
