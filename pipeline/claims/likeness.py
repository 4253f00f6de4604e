"""Whether two statements are about one thing, and then whether they can both be true.

They are about one thing if they share enough of their rare words (an inverse document frequency
over what was said) and the property next to their numbers, and if nothing tells their scopes
apart: another year, another product, a rival's number here and our own there. The more a unit
says by itself, the fewer words must be shared.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pipeline.claims.lexicon import Lexicon
from pipeline.claims.measures import agree, common_unit, tells, within
from pipeline.claims.said import Number, Reader, Said

_ENOUGH = 2  # points that make one thing
_ONE_SUBJECT = 0.5  # share of the rarer statement's meaning that must be common
_ONE_MEASURE = 0.25  # the same, where a measure is named beside both numbers: "latency"
_TYPICAL = frozenset({"averag", "median", "mean", "typic", "usual", "our"})
_MANY = 10  # of an inventory; "two customers told me" is none
_RELATIVE = ("last", "next", "this")


class Likeness:
    """Compares statements; knows how rare each word is, once it has learned what was said."""

    def __init__(self, lexicon: Lexicon, reader: Reader) -> None:
        self._inventory = frozenset(lexicon.comparing.inventory)
        self._measures = frozenset(lexicon.units)
        self._weak = reader.stems(lexicon.comparing.weak)
        self._scope = reader.stems(lexicon.comparing.scope)
        self._aspects = reader.stems(lexicon.comparing.aspects)
        self._measured = reader.stems(lexicon.comparing.measured)
        self._counts: Counter[str] = Counter()
        self._total = 0

    def learn(self, said: Sequence[Said]) -> None:
        """Count in how many statements each word occurs, on top of those learned before."""
        self._counts.update(term for each in said for term in each.terms)
        self._total += len(said)

    def conflict(self, one: Said, two: Said) -> str | None:
        """Why two statements cannot both be true, or None if they can."""
        if not one.numbers or not two.numbers or not _one_time(one, two):
            return None
        if (one.condition - two.terms) or (two.condition - one.terms):
            return None  # a narrower case
        for first, second, unit in _unequal(one, two):
            scoped = (first.clause ^ second.clause) & self._scope
            if not scoped and self._one_thing(one, two, (first, second), unit):
                return f"{first.value.text} here, {second.value.text} there"
        return None

    def _one_thing(self, one: Said, two: Said, numbers: tuple[Number, Number], unit: str) -> bool:
        """Whether two numbers in one unit are about one thing."""
        if self._is_inventory(one, two, unit):
            return True
        telling = self._telling(one, two, numbers, unit)
        if not telling and not self._one_aspect(*numbers):
            return False
        shared = _shared(one, two)
        sure = telling and not two.where.source
        if not sure and not self._named_alike(one, two, shared, numbers):
            return False
        lead = numbers[0].lead - self._weak
        led_alike = bool(lead) and lead == numbers[1].lead - self._weak
        measured = bool(numbers[0].near & numbers[1].near & self._measured)
        if len(shared - self._weak) + telling + (led_alike or measured) < _ENOUGH:
            return False
        of_unit = telling * self._weight({unit})
        smaller = min(self._weight(one.terms), self._weight(two.terms)) + of_unit
        bar = _ONE_MEASURE if measured else _ONE_SUBJECT
        return self._weight(shared) + of_unit >= bar * smaller

    def _telling(self, one: Said, two: Said, numbers: tuple[Number, Number], unit: str) -> int:
        """How much the unit tells here: less where the subjects differ, nothing for a noun that
        is counted ("three customers called"), nor for a price in the talk that named the other:
        somebody may be reading out a price list."""
        told = tells(unit)
        if told == 1 and unit not in self._measures and not unit.startswith(("%", "time", "every")):
            return 0
        return told

    def _one_subject(self, first: Number, second: Number) -> bool:
        """Whether the words before two numbers have one in common, or a pronoun may stand for
        it."""
        heads = (
            first.head - self._weak - self._aspects,
            second.head - self._weak - self._aspects,
        )
        return first.pronoun or second.pronoun or bool(heads[0] & heads[1]) or not all(heads)

    def _named_alike(
        self, one: Said, two: Said, shared: frozenset[str], numbers: tuple[Number, Number]
    ) -> bool:
        """Whether something beside the property is named on both sides ("the chip", a company);
        twice where two subjects stand before the numbers."""
        things = len(shared - self._weak - self._aspects)
        company = bool(two.where.source) and bool(one.title & two.terms)
        bare = not any(number.head - self._weak - self._aspects - _TYPICAL for number in numbers)
        needed = 1 if self._one_subject(*numbers) else 2
        return things + company >= needed or (bare and _kin(one, two))

    def _one_aspect(self, first: Number, second: Number) -> bool:
        """Whether the words next to two numbers name one property: not "faster" and "cheaper"."""
        named = first.near & self._aspects, second.near & self._aspects
        if all(named):
            return bool(named[0] & named[1])
        return bool(first.near & second.near - self._weak)

    def _is_inventory(self, one: Said, two: Said, unit: str) -> bool:
        """Whether both count what one company has: it has one number of customers at a time."""
        counted = unit in self._inventory or (two.where.ledger and unit not in self._measures)
        if not (counted and one.having and two.having):
            return False
        many = all(max(n.value.value for n in said.numbers) >= _MANY for said in (one, two))
        return many and _kin(one, two)

    def _weight(self, terms: Iterable[str]) -> float:
        """The sum of the terms' inverse document frequencies; words of no weight count a tenth."""
        return sum(
            (0.1 if term in self._weak else 1.0)
            * math.log(1 + max(1, self._total) / (1 + self._counts[term]))
            for term in terms
        )


def _agree(one: Number, two: Number) -> bool:
    """Whether two numbers may both be true: 12 is "under 20", and 25 is not."""
    if bool(one.bound) != bool(two.bound):
        (bound, free) = (one, two) if one.bound else (two, one)
        return within(free.value, bound.value, bound.bound)
    return agree(one.value, two.value, one.loose or two.loose)


def _unequal(one: Said, two: Said) -> Iterator[tuple[Number, Number, str]]:
    """Numbers in one unit that differ, where no number of `two` agrees with that of `one`."""
    for first in one.numbers:
        same = [
            (second, unit)
            for second in two.numbers
            if (unit := common_unit(first.unit, second.unit, one.terms & two.terms)) is not None
        ]
        if not any(_agree(first, second) for second, _ in same):
            yield from ((first, second, unit) for second, unit in same)


def _shared(one: Said, two: Said) -> frozenset[str]:
    """The stems of both; a pronoun may stand for what the sentence before it was about."""
    direct = one.terms & two.terms
    if one.before == two.quote or two.before == one.quote:
        return direct
    return direct | (one.hints & two.terms) | (one.terms & two.hints)


def _one_time(one: Said, two: Said) -> bool:
    """Whether both speak of one time, and of one side: ours or a rival's."""
    if two.where.ledger and any(period.startswith(_RELATIVE) for period in two.periods):
        return False  # what was "last year" then is another year now
    if two.where.source or two.where.ledger:
        return not (one.years and two.years) or one.years == two.years
    return one.periods == two.periods and one.years == two.years


def _kin(one: Said, two: Said) -> bool:
    """One speaker, one talk, or a company or person in the heading of one that the other's
    heading or talk names, too."""
    if one.claim and two.claim and one.claim.speaker == two.claim.speaker:
        return True
    if one.where.talk == two.where.talk is not None:
        return True
    named = two.terms if two.where.source else two.talk
    return bool(one.title & (two.title | named) or two.title & one.talk)
