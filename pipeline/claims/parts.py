"""Numbers said without a number word, or with a word that is none by itself: "half the power",
"twice", "a dozen", "point five", "an order of magnitude"."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.claims.lexicon import Lexicon, members
from pipeline.claims.stems import stem
from pipeline.claims.tokens import Number, Token, text_at

SCALES = frozenset({1e2, 1e3, 1e6, 1e9, 1e12})
_OPENERS = ("oh", "point", "a", "an", "one", "dozen")
_LESS = frozenset({"cheaper", "less", "more", "faster", "smaller", "lighter", "fewer", "lower"})
_TIMES = ("s", "min", "h", "days", "weeks", "months", "years")


def _openers(lexicon: Lexicon) -> frozenset[str]:
    """Words with which a number begins that text2num does not know."""
    return members((*_OPENERS, *lexicon.fractions))


def at(
    tokens: Sequence[Token], place: int, spoken: dict[int, Number], lexicon: Lexicon
) -> Number | None:
    """The number that begins at a place without a number word; `spoken` are text2num's."""
    word = text_at(tokens, place)
    if word not in _openers(lexicon) and stem(word) not in lexicon.factors:
        return None
    readings: tuple[Callable[[], Number | None], ...] = (
        lambda: _leading_point(tokens, place, spoken),
        lambda: _magnitude(tokens, place, spoken),
        lambda: _half_a(tokens, place, spoken, lexicon),
        lambda: _part_of(tokens, place, lexicon),
        lambda: _one_unit(tokens, place, lexicon),
        lambda: _scale_alone(tokens, place, lexicon),
        lambda: _factor(tokens, place, lexicon),
    )
    return next((number for read in readings if (number := read())), None)


def _leading_point(tokens: Sequence[Token], place: int, spoken: dict[int, Number]) -> Number | None:
    """ "point five", "oh point five"."""
    point = place + 1 if text_at(tokens, place) == "oh" else place
    decimals = spoken.get(point + 1)
    if text_at(tokens, point) != "point" or decimals is None or decimals.value >= 1000:
        return None
    return replace(decimals, first=place, value=float(f"0.{decimals.value:.0f}"))


def _magnitude(tokens: Sequence[Token], place: int, spoken: dict[int, Number]) -> Number | None:
    """ "an order of magnitude" is ten times."""
    words = [text_at(tokens, place + step) for step in range(4)]
    if words[1:] == ["order", "of", "magnitude"] and words[0] in ("an", "one"):
        return Number(place, place + 4, 10.0, "factor")
    return None


def _half_a(
    tokens: Sequence[Token], place: int, spoken: dict[int, Number], lexicon: Lexicon
) -> Number | None:
    """ "half a million", "half a second", "half an hour"."""
    if text_at(tokens, place) != "half" or text_at(tokens, place + 1) not in ("a", "an"):
        return None
    return scaled(tokens, Number(place, place + 2, 0.5, "digit"), lexicon)


def _part_of(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "half the power", "a third of the cost", "cut by half"."""
    article = text_at(tokens, place) in ("a", "an")
    name = place + 1 if article else place
    part = lexicon.fractions.get(text_at(tokens, name))
    if part is None or text_at(tokens, place - 1) in ("second", "first", "last", "other"):
        return None
    half = text_at(tokens, name) == "half"
    then = text_at(tokens, name + 1)
    whole = then == "of" or (half and then in ("the", "as", "our", "their", "that", "its", "what"))
    less = article and then in _LESS
    by_half = half and not article and text_at(tokens, place - 1) in ("by", "in")
    if not (whole or by_half or less) or not (half or article):
        return None
    return Number(place, name + 1, round(part, 3), "fraction")


def _one_unit(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "more than an hour": an article that counts, after a word that says how exactly."""
    bounds = ("than", "about", "within", "under", "over", "nearly", "almost")
    if text_at(tokens, place) not in ("a", "an") or text_at(tokens, place - 1) not in bounds:
        return None
    times = (name for unit in _TIMES for name in lexicon.units[unit])
    return Number(place, place + 1, 1.0, "word") if text_at(tokens, place + 1) in times else None


def _scale_alone(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "a dozen customers"."""
    if text_at(tokens, place) == "dozen" and text_at(tokens, place - 1) == "a":
        return Number(place, place + 1, lexicon.scales["dozen"], "word")
    return None


def _factor(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Number | None:
    """ "twice", "tripled"; but nobody doubles down by two."""
    value = lexicon.factors.get(stem(text_at(tokens, place)))
    after = text_at(tokens, place + 1)
    if value is None or after in ("check", "click", "down", "edged"):
        return None
    if text_at(tokens, place) == "twice" and after in ("", ".", ",", "a", "in", "and", "last"):
        return None  # "it stopped twice" is how often
    return Number(place, place + 1, value, "factor")


def scaled(tokens: Sequence[Token], number: Number, lexicon: Lexicon) -> Number:
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
    return last if last in SCALES and number.value >= last else 1.0
