"""Two numbers for one thing, which cannot both be true.

A claim is held against those made before it in its talk, in the talks before, at earlier events,
and against the sources. Precision first: the more a unit says by itself, the fewer words must be
shared, and nothing may tell the cases apart: another time, another scope, another company.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.claims import units
from pipeline.claims.evidence import Passage, Sources
from pipeline.claims.lexicon import WORDS, is_english
from pipeline.claims.meaning import meaning
from pipeline.claims.statements import StatedNumber, Statement, stated
from pipeline.data import Claim, Contradiction, Other, Quantity, Talk
from pipeline.text import sentences

_ENOUGH = 2  # points that make one thing: shared words, what the unit tells
_ONE_SUBJECT = 0.5  # share of the rarer statement's meaning that must be common
_ONE_MEASURE = 0.25  # the same, where a measure is named beside both numbers: "latency"
_SAME = 0.95  # numbers this near to one another agree: one of them was rounded
_Pair = tuple[Statement, Statement]


def find_contradictions(
    talks: Sequence[Talk],
    found: Sequence[tuple[Claim, ...]],
    sources: Sources | None = None,
    earlier: Sequence[Passage] = (),
    language: str = "en",
) -> tuple[tuple[Contradiction, ...], ...]:
    """What stands against the claims of each talk; only English is compared.

    `earlier` are claims of earlier events, each under the name of who made it.
    """
    if not is_english(language):
        return tuple(() for _ in found)
    compared = _Compared()
    for passage in earlier:
        where = Other(passage.text, ledger=passage.place)
        compared.add(stated(passage.text, where, passage.heading))
    results = []
    for talk, claims in zip(talks, found, strict=True):
        places = (Other(each.quote, talk=talk.index, time=each.start) for each in claims)
        told = zip(claims, places, strict=True)
        said = [stated(each.quote, where, talk.title, each) for each, where in told]
        pairs = list(_before(said, compared))
        pairs += _written(said, sources, compared) if sources else ()
        results.append(tuple(_contradiction(pair, claims) for pair in pairs))
    return tuple(results)


def _contradiction(pair: _Pair, claims: Sequence[Claim]) -> Contradiction:
    one, other = pair
    place = next(place for place, claim in enumerate(claims) if claim is one.claim)
    return Contradiction(one.quote, place, other.where)


def _before(said: Sequence[Statement], compared: "_Compared") -> Iterator[_Pair]:
    """Each claim with the latest before it that it cannot agree with."""
    for claim in said:
        others = compared.candidates(claim)
        if against := next(
            (earlier for earlier in others if compared.conflict(claim, earlier)), None
        ):
            yield claim, against
        compared.add(claim)


def _written(said: Sequence[Statement], sources: Sources, compared: "_Compared") -> Iterator[_Pair]:
    for claim in said:
        passages = sources.find(claim.quote) if claim.numbers else ()
        lines = ((passage, line) for passage in passages for line in sentences(passage.text))
        for passage, line in lines:
            where = Other(line, source=passage.place)
            other = stated(line, where, passage.heading)
            if compared.conflict(claim, other):
                yield claim, other
                break


class _Compared:
    """What was said before, found by its units."""

    def __init__(self) -> None:
        self._weak = _stems(WORDS.weak)
        self._scope = _stems(WORDS.scope)
        self._aspects = _stems((*WORDS.aspects, *WORDS.measured))
        self._measured = _stems(WORDS.measured)
        self._said: list[Statement] = []
        self._by_unit: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, said: Statement) -> None:
        """Keep a statement for those after it."""
        for unit in {number.unit for number in said.numbers}:
            self._by_unit[unit].append(len(self._said))
        self._said.append(said)

    def candidates(self, said: Statement) -> Iterator[Statement]:
        """Statements in one of its units, the latest first."""
        found = {place for number in said.numbers for place in self._by_unit[number.unit]}
        return (self._said[place] for place in sorted(found, reverse=True))

    def conflict(self, one: Statement, two: Statement) -> bool:
        """Whether two statements cannot both be true."""
        if not _one_time(one, two):
            return False
        for first, second, unit in _unequal(one, two):
            near = one.terms ^ two.terms if two.where.source else first.near ^ second.near
            if not near & self._scope and self._one_thing(one, two, (first, second), unit):
                return True
        return False

    def _one_thing(
        self, one: Statement, two: Statement, numbers: tuple[StatedNumber, StatedNumber], unit: str
    ) -> bool:
        """Whether two numbers in one unit are about one thing."""
        if _is_stock(one, two, unit):
            return True
        shared = (one.terms & two.terms) - self._weak
        near = numbers[0].near & numbers[1].near
        told = units.specificity(unit)
        if told == 1 and not units.is_measure(unit) and not unit.startswith(("%", "time")):
            told = 0  # "three customers called"
        things = shared - self._aspects
        heads = [each.head - self._weak - self._aspects for each in numbers]
        elsewhere = two.where.source or two.where.ledger
        named = [each.near & self._aspects for each in numbers]
        if not told and all(named) and not named[0] & named[1]:
            return False  # "faster" here, "cheaper" there
        if not (told or near - self._weak) or not (things or elsewhere):
            return False
        sure = told and not two.where.source
        alike = len(things) + bool(two.where.source and one.title & two.terms)
        one_subject = bool(heads[0] & heads[1]) or not all(heads)
        if not sure and alike < 2 - one_subject:
            return False
        lead = numbers[0].lead - self._weak
        led_alike = bool(lead) and lead == numbers[1].lead - self._weak
        measured = bool(near & self._measured)
        if len(shared) + told + (led_alike or measured) < _ENOUGH:
            return False
        smaller = min(len(one.terms), len(two.terms)) + told
        bar = _ONE_MEASURE if measured else _ONE_SUBJECT
        return len(one.terms & two.terms) + told >= bar * smaller


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(meaning, words))


def _is_stock(one: Statement, two: Statement, unit: str) -> bool:
    """Whether both count what one company has: it has one number of customers at a time."""
    if not (one.has and two.has) or units.is_measure(unit) or units.specificity(unit) != 1:
        return False
    return _related(one, two)


def _related(one: Statement, two: Statement) -> bool:
    """One speaker, one talk, or a name in the heading of one that the other names, too."""
    if one.claim and two.claim and one.claim.speaker == two.claim.speaker:
        return True
    same = one.where.talk == two.where.talk is not None
    return same or bool(one.title & (two.title | two.terms) or two.title & one.terms)


def _one_time(one: Statement, two: Statement) -> bool:
    relative = any(p.startswith(("last", "next", "this")) for p in two.periods)
    if one.cases != two.cases or (two.where.ledger and relative):
        return False  # what was "last year" at an earlier event is another year now
    if not (two.where.source or two.where.ledger):
        return one.periods == two.periods
    said = [frozenset(p for p in each.periods if p.isdigit()) for each in (one, two)]
    return not all(said) or said[0] == said[1]


def _unequal(one: Statement, two: Statement) -> Iterator[tuple[StatedNumber, StatedNumber, str]]:
    """Numbers in one unit that differ, where no number of `two` agrees with that of `one`."""
    for first in one.numbers:
        same = [(second, unit) for second in two.numbers
                if (unit := _common_unit(first.unit, second.unit))]  # fmt: skip
        if not any(_agree(first, second) for second, _ in same):
            yield from ((first, second, unit) for second, unit in same)


def _common_unit(one: str, two: str) -> str | None:
    """The unit of both; a percentage of something may be one that does not say of what."""
    if one == two or {one, two} == {"time taken", "time within"}:
        return two if one else None
    short, long = sorted((one, two), key=len)
    return short if short == "%" and long.startswith("% of ") else None


def _agree(one: StatedNumber, two: StatedNumber) -> bool:
    """Whether two numbers may both be true: 12 is "under 20", 25 is not; or one was rounded."""
    if bool(one.bound) != bool(two.bound):
        bound, free = (one, two) if one.bound else (two, one)
        less, more = (bound, free) if bound.bound > 0 else (free, bound)
        return _size(less.value) * _SAME <= _size(more.value)
    low, high = sorted((_size(one.value), _size(two.value)))
    if high <= 0 or low == high:
        return True
    if one.value.unit == "%" and 90 < low < 100 >= high:
        low, high = 100 - high, 100 - low  # 99.9 and 99.99 percent are far apart
    return low / high >= _SAME


def _size(value: Quantity) -> float:
    factor = units.base(value.unit)[1] if units.base(value.unit)[0] == "s" else 1.0
    return abs(value.value) * factor
