"""Numbers that are no quantities: years, list numbers, names, denied ones, bare ones."""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.tokens import Number, Token
from pipeline.claims.units import Measure

_TIMES = ("min", "h", "days", "weeks", "months", "years")
_ENDS = ("", ",", ".", ";", "and", "but")
_NAMING = ("the", "our", "this")
_VERBS = ("are", "is", "were", "was", "have", "had")
_FEW = 12  # of things that speakers announce: "three points", "ten questions"


def is_idle(
    tokens: Sequence[Token], measure: Measure, found: Sequence[Measure], lexicon: Lexicon
) -> bool:
    """Whether a number says nothing that could be checked; `found` are all of its sentence."""
    lists = lexicon.numbers
    before, after = _around(tokens, measure)
    loose = measure.counted or not measure.unit
    few = measure.number.value <= _FEW
    return (
        before == "not"
        or (few and measure.unit in lists.idle)
        or _is_year(tokens, measure, before, found, lexicon)
        or (loose and _is_in_name(tokens, measure))
        or (after == "ago" and measure.unit in _TIMES)
        or _is_bare(tokens, measure, found, lexicon)
    )


def _around(tokens: Sequence[Token], measure: Measure) -> tuple[str, str]:
    before = tokens[measure.first - 1].text if measure.first else ""
    after = tokens[measure.last].text if measure.last < len(tokens) else ""
    return before, after


def _is_year(
    tokens: Sequence[Token],
    measure: Measure,
    before: str,
    found: Sequence[Measure],
    lexicon: Lexicon,
) -> bool:
    """1999, "twenty twenty five", "since two thousand eight"."""
    number = measure.number
    if measure.unit and not measure.counted:
        return False
    dated = before in lexicon.numbers.before_year
    if number.form == "digit":
        year = (
            tokens[number.first].end - tokens[number.first].start == 4
            and 1900 <= number.value <= 2060
        )
        named = before in _NAMING and number.value % 100 != 0  # "the 2022 session"
        return year and (dated or named or not measure.unit)
    if 2000 < number.value <= 2060:
        return dated
    return any(_is_century(pair) and number in pair for pair in _neighbours(found))


def _neighbours(found: Sequence[Measure]) -> list[tuple[Number, Number]]:
    """Numbers that follow one another without a word between."""
    return [
        (one, two)
        for one, two in pairwise(measure.number for measure in found)
        if one.last == two.first
    ]


def _is_century(pair: tuple[Number, Number]) -> bool:
    return pair[0].value in (18.0, 19.0, 20.0) and 0 <= pair[1].value <= 99 and pair[1].scale == 1


def _is_in_name(tokens: Sequence[Token], measure: Measure) -> bool:
    """ "Llama 4", "the Fortune 500": a number right after a name."""
    named = measure.first > 1 and tokens[measure.first - 1].capital
    began = measure.first > 1 and tokens[measure.first - 2].text in ".?!"
    return named and not began and measure.number.value < 1000 and measure.number.form == "digit"


def _is_bare(
    tokens: Sequence[Token], measure: Measure, found: Sequence[Measure], lexicon: Lexicon
) -> bool:
    """A number that counts nothing ("the one", "one customer") or stands alone; but "it took
    fifty minutes, and now it takes six" leaves out a unit that was named."""
    number = measure.number
    before, after = _around(tokens, measure)
    if number.value == 1 and (measure.counted or not measure.unit):
        return True
    if measure.unit or number.scale >= 1e6:
        return False
    gap = any(each.unit and not each.counted for each in found if each.last <= measure.first)
    if gap and after in _ENDS and before in lexicon.numbers.gapped:
        return False
    decimal = number.value != int(number.value)
    subject = before in ("", ".", ",") and after in _VERBS  # "Ninety are critical"
    return not ((number.value >= 10 or decimal) and (subject or before in lexicon.numbers.plain))
