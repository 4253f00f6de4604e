"""Whether two statements are about one thing, and then whether they can both be true.

They are about one thing if they share enough of their rare words (an inverse document frequency
over what was said), the words next to their numbers above all, and if nothing tells their scopes
apart: another year, another product, a rival's number here and our own there.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.data import Claim, Other, Quantity
from pipeline.notes.lexicon import Lexicon, Words, pattern, plain
from pipeline.notes.stems import content, stem, tokens

_NEAR = 5  # words around a number that tell what it counts
_CLAUSE = re.compile(r"[,;:]\s|\b(?:and|but|because|which|while)\b")
_SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "days": 86400.0, "weeks": 604800.0,
            "months": 2.63e6, "years": 3.156e7}  # fmt: skip
_GENERIC = frozenset({"x", "%", "$", "€", "£", "", "time", "W", "kW", "MW", "GB", "TB"})
_MADE_UP = frozenset({"% up", "time taken"})  # units by the words around them
_SHARE_OF = re.compile(r" of (?:all |the |our |their |its |your )*(\w+)")  # "of all tumors"
_TIMES = frozenset({"s", "min", "h", "day", "week", "month", "year"})
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ONE_SUBJECT = 0.5  # share of the rarer statement's meaning that must be common
_DENIED = 0.8
_DENIED_EVER = 0.45  # "never" is denied by one case
_MANY = 10  # of an inventory; "two customers told me" is none
_SHORTEST = 5  # words of a sentence that can deny another
_SAME = 0.95  # numbers this near to one another agree: one of them was rounded
_SAME_LOOSE = 0.67  # "over twenty" and 25 agree


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence stands in."""

    heading: str = ""  # the talk's or document's title, or the speaker's name
    before: str = ""  # the sentence before it
    talk: frozenset[str] = frozenset()  # stems of the whole talk


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it is compared."""

    quote: str
    text: str  # plain
    values: tuple[Quantity, ...]
    near: tuple[frozenset[str], ...]  # per value: the stems next to it
    around: tuple[frozenset[str], ...]  # per value: the stems of its clause, roughly
    loose: tuple[bool, ...]  # per value: "over" or "about" stands before it
    units: tuple[str, ...]  # per value, in words that different spellings share
    terms: frozenset[str]  # stems that carry meaning
    before: str  # the sentence before it
    hints: frozenset[str]  # its stems, where "they" or "it" may stand for one of them
    where: Other
    speaker: str
    title: frozenset[str]  # of the heading: company names, without "head of"
    talk: frozenset[str]  # what the whole talk speaks of
    negated: bool
    universal: bool
    ours: bool  # speaks of "we" or "you"
    rival: bool  # speaks of a rival
    periods: frozenset[str]
    years: frozenset[str]
    claim: Claim | None


class Book:
    """Knows how rare each word is, once it has learned what was said."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self.language = language
        self._lists = lexicon.comparing
        self._weak = self._stems(self._lists.weak)
        self._scope = self._stems(self._lists.scope)
        self._measures = frozenset(lexicon.units)
        self._aspects = self._stems(self._lists.aspects)
        self._stations = self._stems(self._lists.stations)
        self._counts: Counter[str] = Counter()
        self._total = 1

    def _stems(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(stem(word, self.language) for word in words)

    def said(
        self,
        quote: str,
        values: tuple[Quantity, ...],
        where: Other,
        setting: Setting,
        claim: Claim | None = None,
    ) -> Said:
        """A sentence, ready to be compared; `claim` is what it is, if it is said at this event."""
        text = plain(quote)
        spoken = frozenset(stem(t, self.language) for v in values for t in tokens(v.text))
        first = text.split()[:1]
        clause = self._clause if not where.source else lambda *_: content(quote, self.language)
        pronoun = bool(first) and first[0].strip(",") in self._lists.pronouns
        return Said(
            quote=quote,
            text=text,
            values=values,
            near=tuple(self._near(quote, value) for value in values),
            around=tuple(clause(quote, value) for value in values),
            loose=tuple(self._is_loose(text, value) for value in values),
            units=tuple(self._unit(value, text) for value in values),
            terms=content(quote, self.language) - spoken,
            before=setting.before,
            hints=content(setting.before, self.language) if pronoun else frozenset(),
            where=where,
            speaker=claim.speaker if claim else "",
            title=content(setting.heading, self.language) - self._stations,
            talk=setting.talk,
            negated=self._has(self._lists.negations, text.replace("or not", "")),
            universal=self._has(self._lists.universal, text),
            ours=self._has(self._lists.we, text) and not where.source,
            rival=self._has(self._lists.rivals, " ".join(text.split()[:3])),
            periods=frozenset(m.group() for m in pattern(self._lists.periods).finditer(text)),
            years=frozenset(_YEAR.findall(text)),
            claim=claim,
        )

    def _unit(self, value: Quantity, text: str) -> str:
        if value.unit == "%" and self._has(self._lists.uptime, text):
            return "% up"
        share = _SHARE_OF.match(text.partition(plain(value.text))[2]) if value.unit == "%" else None
        if share:
            return f"% of {stem(share.group(1), self.language)}"
        if value.unit in _SECONDS:
            return "time taken" if self._has(self._lists.taking, text) else "time"
        return value.unit

    def _near(self, quote: str, value: Quantity) -> frozenset[str]:
        before, _, after = quote.partition(value.text)
        words = [*before.split()[-_NEAR:], *value.text.split(), *after.split()[:_NEAR]]
        return content(" ".join(words), self.language)

    def _clause(self, quote: str, value: Quantity) -> frozenset[str]:
        """The stems of the clause of a number: up to the next "and" or comma on either side."""
        before, _, after = quote.partition(value.text)
        words = f"{_CLAUSE.split(before)[-1]} {value.text} {_CLAUSE.split(after)[0]}"
        return content(words, self.language)

    def _has(self, words: Words, text: str) -> bool:
        return pattern(words).search(text) is not None

    def learn(self, said: Sequence[Said]) -> None:
        """Count in how many statements each word occurs."""
        self._counts = Counter(term for each in said for term in each.terms)
        self._total = max(1, len(said))

    def _weight(self, terms: Iterable[str]) -> float:
        """The sum of the terms' inverse document frequencies; words of no weight count a tenth."""
        return sum(
            (0.1 if term in self._weak else 1.0)
            * math.log(1 + self._total / (1 + self._counts[term]))
            for term in terms
        )

    # ---- conflicts

    def conflict(self, one: Said, two: Said) -> str | None:
        """Why two statements cannot both be true, or None if they can."""
        return self._numbers_differ(one, two) or self._denial(one, two)

    def _numbers_differ(self, one: Said, two: Said) -> str | None:
        if not one.values or not two.values or not self._same_time(one, two):
            return None
        for first, second, unit in self._unequal(one, two):
            near = one.near[first], two.near[second]
            scoped = (one.around[first] ^ two.around[second]) & self._scope
            if not scoped and self._one_thing(one, two, unit, near):
                return f"{one.values[first].text} here, {two.values[second].text} there"
        return None

    def _unequal(self, one: Said, two: Said) -> Iterator[tuple[int, int, str]]:
        """Places of numbers that differ, and their unit, where no number of `two` agrees."""
        for first, value in enumerate(one.values):
            same = [
                (place, unit)
                for place, other in enumerate(two.units)
                if (unit := _common(one.units[first], other)) is not None
            ]
            if not any(
                _agree(value, two.values[place], one.loose[first] or two.loose[place])
                for place, _ in same
            ):
                yield from ((first, place, unit) for place, unit in same)

    def _is_loose(self, text: str, value: Quantity) -> bool:
        """Whether "over" or "about" stands before a number."""
        before = text.partition(plain(value.text))[0].split()[-3:]
        return self._has(self._lists.loose, " ".join(before))

    def _one_thing(
        self, one: Said, two: Said, unit: str, near: tuple[frozenset[str], frozenset[str]]
    ) -> bool:
        """Whether two numbers in one unit, with the words next to them, are about one thing."""
        shared = self._shared(one, two)
        strong = shared - self._weak
        specific = _is_specific(unit)
        if self._is_inventory(one, two, unit):
            return True
        strangers = not two.where.source and not _kin(one, two)
        if not self._one_house(one, two) and len(strong) < 3:
            return False
        if not specific and not self._one_aspect(*near):
            return False
        measured = specific and (unit in self._measures or unit in _MADE_UP or "/" in unit)
        needed = (1 if measured else 2) + strangers  # a count alone says little
        if unit.startswith("% of ") or (_is_rate(unit) and self._one_subject(one, two)):
            needed = 0
        if len(strong) < needed:
            return False
        if needed == 0 and not strong:
            return _is_rate(unit)
        of_unit = self._weight({unit}) if specific else 0.0
        smaller = min(self._weight(one.terms), self._weight(two.terms)) + of_unit
        return self._weight(shared) + of_unit >= _ONE_SUBJECT * smaller

    def _one_subject(self, one: Said, two: Said) -> bool:
        """Whether two statements may be about one subject: one begins with "it" or "we", or the
        words before their first numbers have one in common."""
        heads = [said.text.partition(plain(said.values[0].text))[0] for said in (one, two)]
        if any(self._has(self._lists.pronouns + self._lists.we, head) for head in heads):
            return True
        stems = [content(head, self.language) - self._weak for head in heads]
        return bool(stems[0] & stems[1]) or not all(stems)

    def _is_inventory(self, one: Said, two: Said, unit: str) -> bool:
        """Whether both count what one company has: it has one number of customers at a time."""
        if unit not in self._lists.inventory:
            return False
        many = all(max(value.value for value in said.values) >= _MANY for said in (one, two))
        have = all(self._has(self._lists.having, said.text) for said in (one, two))
        return many and have and _kin(one, two)

    def _one_aspect(self, one: frozenset[str], two: frozenset[str]) -> bool:
        """Whether the words next to two numbers name one property: not "faster" and "cheaper"."""
        named = one & self._aspects, two & self._aspects
        if all(named):
            return bool(named[0] & named[1])
        return bool((one & two) - self._weak)

    def _shared(self, one: Said, two: Said) -> frozenset[str]:
        """The stems of both; a pronoun may stand for what the sentence before it was about."""
        direct = one.terms & two.terms
        if one.before == two.quote or two.before == one.quote:
            return direct
        return direct | (one.hints & two.terms) | (one.terms & two.hints)

    def _one_house(self, one: Said, two: Said) -> bool:
        """Whether "we" is the same company in both: one speaker, one talk, or one company named
        in both headings. A statement without "we" may be about anyone."""
        return not (one.ours and two.ours) or _kin(one, two)

    def _same_time(self, one: Said, two: Said) -> bool:
        """Whether both speak of one time, and of one side: ours or a rival's."""
        if one.rival != two.rival:
            return False
        if two.where.source or two.where.ledger:  # written or said at another time
            return not (one.years and two.years) or one.years == two.years
        return one.periods == two.periods and one.years == two.years

    def _denial(self, one: Said, two: Said) -> str | None:
        """The same words, and a "not" in only one of them."""
        if one.negated == two.negated:
            return None
        universal = one.universal if one.negated else two.universal
        scoped = (one.terms ^ two.terms) & self._scope
        if not universal and (scoped or not self._same_time(one, two)):
            return None
        strong = (one.terms & two.terms) - self._weak
        if len(strong) < 2:
            return None
        if min(len(one.text.split()), len(two.text.split())) < _SHORTEST:
            return None
        denial = one if one.negated else two
        whole = denial.terms if universal else min(one.terms, two.terms, key=self._weight)
        bar = _DENIED_EVER if universal else _DENIED
        bar = bar if self._one_house(one, two) else 1.0
        if self._weight(strong) < bar * self._weight(whole):
            return None
        return "one says so, the other denies it"


def _kin(one: Said, two: Said) -> bool:
    """One speaker, one talk, or a company or person in the heading of one that the other's
    heading or talk names, too."""
    if one.speaker and one.speaker == two.speaker:
        return True
    if one.where.talk == two.where.talk is not None:
        return True
    return bool(one.title & (two.title | two.talk) or two.title & one.talk)


def _agree(first: Quantity, second: Quantity, loose: bool) -> bool:
    """Whether two numbers in one unit may both be true."""
    low, high = sorted((_size(first), _size(second)))
    if high <= 0 or low == high:
        return True
    if first.unit == "%" and low > 90 and high < 100:
        low, high = 100 - high, 100 - low  # 99.9 and 99.99 percent are far apart
    return low / high > (_SAME_LOOSE if loose else _SAME)


def _is_rate(unit: str) -> bool:
    """Whether a unit is things in a time: "dishes/h", "tokens/s", but not "$/month"."""
    head, *below = unit.split("/")
    return bool(below) and head not in _GENERIC and below[-1] in _TIMES


def _common(one: str, two: str) -> str | None:
    """The unit of both; a percentage of something may be one that does not say of what."""
    if one == two:
        return one
    short, long = sorted((one, two), key=len)
    return short if short == "%" and long.startswith("% of ") else None


def _is_specific(unit: str) -> bool:
    """Whether a unit alone tells what is meant: "cycles" and "$/acre", not "%" or "$/month"."""
    head, *below = unit.split("/")
    return head not in _GENERIC or any(each not in _TIMES for each in below)


def _size(value: Quantity) -> float:
    return abs(value.value) * _SECONDS.get(value.unit, 1.0)
