"""A claim, and a line of a source that has another number for the same thing.

Only what is nearly the same sentence is held together: two that share most of their meaning. What
was said against what was said is left to a model: of 29 such pairs at first sight 13 were
contradictions, of those with a source, by this rule, .89 (tests/benchmarks/claims.py --from).
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.claims import quantities, units
from pipeline.claims.evidence import Sources, weak
from pipeline.claims.lexicon import is_english
from pipeline.claims.meaning import meaning, meanings
from pipeline.data import Claim, Contradiction, Quantity
from pipeline.text import sentences, stem, words

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COMMON = 2  # meanings that are no weak ones, in both
_ONE_THING = 0.7  # share of the shorter sentence's meanings that are in both
_SAME = 0.95  # numbers this near to one another agree: one of them was rounded


def find_contradictions(
    claims: Sequence[Claim], sources: Sources, language: str = "en"
) -> tuple[Contradiction, ...]:
    """What the sources have against the claims of a talk; only English is compared."""
    found = [_against(each, sources) for each in claims] if is_english(language) else []
    pairs = ((place, next(lines, None)) for place, lines in enumerate(found))
    return tuple(Contradiction(place, *line) for place, line in pairs if line)


def _against(claim: Claim, sources: Sources) -> Iterator[tuple[str, str]]:
    """Lines with another number than a claim, and where they stand."""
    for passage in sources.find(claim.quote) if claim.values else ():
        for line in sentences(passage.text):
            values = quantities.parse(line)
            if _differ(claim.values, values) and _one_thing(claim, line, values):
                yield line, passage.place


def _one_thing(claim: Claim, line: str, values: Sequence[Quantity]) -> bool:
    """Whether a claim and a line are about one thing: most of what one says is in the other."""
    one = meanings(claim.quote) - _of_numbers(claim.values)
    two = meanings(line) - _of_numbers(values)
    common = one & two
    least = _ONE_THING * min(len(one), len(two))
    years = [set(_YEAR.findall(text)) for text in (claim.quote, line)]
    one_time = not all(years) or years[0] & years[1]
    return bool(one_time and len(common - weak("en")) >= _COMMON and len(common) >= least)


def _of_numbers(values: Sequence[Quantity]) -> frozenset[str]:
    """Stems of the numbers and of their measures; what they count is a subject."""
    names = units.names("en")
    return frozenset(
        meaning(word)
        for value in values
        for word in words(value.text)
        if word in names or stem(word) not in map(stem, words(value.unit))
    )


def _differ(claimed: Sequence[Quantity], written: Sequence[Quantity]) -> bool:
    """Whether a number has others of its unit on the other side, none of which agrees with it."""
    for one in claimed:
        same = [two for two in written if one.unit and one.unit == two.unit]
        if same and not any(_agree(one, two) for two in same):
            return True
    return False


def _agree(one: Quantity, two: Quantity) -> bool:
    """Whether two numbers may be one that was rounded; 99.9 and 99.99 percent are far apart."""
    low, high = sorted((abs(one.value), abs(two.value)))
    if one.unit == "%" and 90 < low < 100 >= high:
        low, high = 100 - high, 100 - low
    return low >= _SAME * high
