"""An English sentence taken apart for comparison: words, numbers, its time and whose it is."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.claims import quantities, units
from pipeline.claims.lexicon import WORDS, pattern
from pipeline.claims.meaning import meaning, meanings
from pipeline.data import Claim, Other, Quantity
from pipeline.text import plain, stem, words

_NEAR = 5  # words around a number that tell what it counts
_LEAD = 2  # words before a number that lead up to it: "is deleted after"
_PERIOD = re.compile(
    r"\b(?:(?:last|next|this|previous) (?:year|month|quarter|week|season|spring|summer|winter|time)"
    r"|(?:years?|months?) ago|in twenty \w+|used to|back then|at first|originally|at launch"
    r"|by the end|will|(?:first|second|third|fourth) quarter|(?:19|20)\d\d)\b"
)
_CASE = re.compile(r"\b(?:when|while|whenever|during|if)\b")
_HAS = re.compile(
    r"\b(?:have|has|had|there are|in use|support\w*|speak\w*|serv\w*|operat\w*|runs?|cover\w*"
    r"|employ\w*|connect\w*|in (?:orbit|the field)|used? by|use (?:us|our|this|it)|trust us)\b"
)
_TAKES = re.compile(r"\b(?:takes?|took|taking)\b")
_WITHIN = re.compile(r"\b(?:in|within|after)(?: about| around| under| less than| only)? $")
_UP = re.compile(r"\b(?:of the time|up ?time|availab\w*)\b")
_SHARE_OF = re.compile(r" of (?:all |the |our |their |its |your )*(\w+)")  # "of all tumors"


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number of a sentence, with what stands around it."""

    value: Quantity
    unit: str  # as units are compared
    bound: int  # 1 for "over", -1 for "under", else 0
    head: frozenset[str]  # stems before it in the sentence
    lead: frozenset[str]  # of the words that lead up to it
    near: frozenset[str]  # stems around it


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it is compared."""

    quote: str
    numbers: tuple[StatedNumber, ...]
    terms: frozenset[str]  # stems that carry meaning
    where: Other
    title: frozenset[str]  # names in the heading: people, companies
    has: bool  # says what somebody has
    periods: frozenset[str]
    cases: frozenset[str]  # "when", "if": a narrower case
    claim: Claim | None = None


def stated(
    quote: str,
    where: Other,
    heading: str,
    claim: Claim | None = None,
) -> Statement:
    """A sentence, ready to be compared; `claim` is what it is, if it is said at this event."""
    values = claim.values if claim else quantities.parse(quote)
    text = plain(quote)
    return Statement(
        quote=quote,
        numbers=tuple(_numbers(quote, values)),
        terms=meanings(quote) - _of_numbers(values),
        where=where,
        title=meanings(heading),
        has=_HAS.search(text) is not None,
        periods=frozenset(_PERIOD.findall(text)),
        cases=frozenset(_CASE.findall(text)),
        claim=claim,
    )


def _of_numbers(values: Iterable[Quantity]) -> frozenset[str]:
    """Stems of the numbers and of their measures; what they count is a subject."""
    names = units.names("en")
    return frozenset(
        meaning(word)
        for value in values
        for word in words(value.text)
        if word in names or stem(word) not in map(stem, words(value.unit))
    )


def _numbers(quote: str, values: Iterable[Quantity]) -> Iterator[StatedNumber]:
    """The numbers of a sentence, in its order: "3 of 30" has a 3 twice."""
    at = 0
    for value in values:
        begin = max(at, quote.find(value.text, at))
        at = begin + len(value.text)
        yield _number(value, quote[:begin], quote[at:])


def _number(value: Quantity, before: str, after: str) -> StatedNumber:
    head, tail = before.split(), after.split()
    said = plain(" ".join(head[-3:]))
    bound = bool(pattern(WORDS.at_least).search(said)) - bool(pattern(WORDS.at_most).search(said))
    return StatedNumber(
        value=value,
        unit=compared_unit(value, plain(before), plain(after)),
        bound=bound,
        head=meanings(before),
        lead=meanings(" ".join(head[-_LEAD:])),
        near=meanings(" ".join([*head[-_NEAR:], *tail[:_NEAR]])),
    )


def compared_unit(value: Quantity, before: str, after: str) -> str:
    """One unit for all spellings of a measure; a percentage goes with what it is a share of."""
    if value.unit != "%":
        if units.base(value.unit)[0] != "s":
            return value.unit
        if _TAKES.search(before + after):
            return "time taken"
        return "time within" if _WITHIN.search(before) else "time"
    if _UP.search(before + after):
        return "% up"
    share = _SHARE_OF.match(after)
    return f"% of {stem(share.group(1))}" if share else "%"
