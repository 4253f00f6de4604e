"""Where numbers stand in a text, spoken or written, and what they are worth.

Number words are text2num's; this adds what speech is full of and a grammar of numbers is not:
"1.3 billion", "two and a half million", "five nines"; see `parts` for numbers without such words.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from text_to_num import find_numbers

from pipeline.claims import parts
from pipeline.claims.lexicon import Lexicon
from pipeline.claims.tokens import Number, Token, text_at, tokenize

_PLAIN_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LANGUAGES = frozenset({"en", "fr", "es", "pt", "de", "it", "nl", "da"})  # text2num's


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
        if not each.is_ordinal
    }


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
        return parts.at(tokens, place, spoken, lexicon)
    for extend in (parts.scaled, _and_a_half, parts.scaled):
        number = extend(tokens, number, lexicon)
    return _as_fraction(tokens, number, lexicon) or _nines(tokens, number) or number


def _and_a_half(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number:
    """ "two and a half", "a million and a half"."""
    words = [text_at(tokens, number.last + step) for step in range(3)]
    if words[0] != "and" or words[1] not in ("a", "one"):
        return number
    part = lexicon.fractions.get(words[2])
    if part is None:
        return number
    return replace(number, last=number.last + 3, value=number.value + part * number.scale)


def _as_fraction(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number | None:
    """ "two thirds", "one tenth"."""
    word = text_at(tokens, number.last)
    part = lexicon.fractions.get(word)
    if part is None or word == "half" or number.value > 9:
        return None
    return Number(number.first, number.last + 1, round(number.value * part, 3), "fraction")


def _nines(tokens: Sequence[Token], number: Number) -> Number | None:
    """ "five nines" of uptime are 99.999 percent."""
    if text_at(tokens, number.last) != "nines" or not 1 < number.value < 12:
        return None
    nines = 100 - 10 ** (2 - number.value)
    return Number(number.first, number.last + 1, round(nines, 10), "nines")


__all__ = ["Number", "Token", "find", "tokenize"]
