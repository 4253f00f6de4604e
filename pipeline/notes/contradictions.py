"""Statements that cannot both be true: two numbers for one thing, or a sentence and its denial.

Precision first: two sentences are about one thing only if they share most of their words that
carry meaning and the words next to the number, and nothing tells their scopes apart: another
year, another product, another rival, "peak" here and "average" there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.data import Claim, Contradiction, Other, Quantity, Talk
from pipeline.notes import claims as detector
from pipeline.notes import lexicon as lexicons
from pipeline.notes import quantities, sentences
from pipeline.notes.evidence import Sources
from pipeline.notes.ledger import Ledger
from pipeline.notes.lexicon import plain
from pipeline.notes.stems import content, stem, tokens

_GENERIC = frozenset({"x", "%", "$", "€", "£", "", "s", "ms", "min", "h", "W", "kW", "MW", "°C",
                      "days", "weeks", "months", "years", "GB", "TB"})  # fmt: skip
_SCOPE = frozenset(
    "peak averag median mean percentil maximum minimum worst best typic train infer prompt input "
    "output lab product test pilot beta year month quarter week yesterday today tomorrow last next "
    "previous europ america asia us eu german japan china india uk london inch small larg medium "
    "first second third previous old new plan target goal expect forecast pre post idl load night "
    "day winter summer weekend tier free premium enterpris gross net indoor outdoor offlin onlin "
    "hardwar softwar memory storag public privat internal extern rival competitor compet".split()
)
_WEAK = frozenset(
    "time percent dollar million billion thousand hundr peopl thing way lot make made go say said "
    "tell know want see look use need take year come give work realli veri much mani new".split()
)
_LOOSE = re.compile(
    r"\b(?:over|more than|at least|up to|almost|nearly|about|around|roughly|approximately|under|"
    r"less than|fewer than|close to|some|above|below|between|as much as|north of|well over)\s+"
    r"(?:the\s+|a\s+)?$"
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|without|cannot|neither|nor|[a-z]+n't)\b"
)
_OTHERS = re.compile(
    r"\b(?:rivals?|competitors?|competition|others|gpus?|graphics cards?|they|their|vendor|old way)"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence as it is compared: subject stems, numbers with the words next to them."""

    quote: str
    values: tuple[Quantity, ...]
    terms: frozenset[str]
    near: tuple[frozenset[str], ...]  # per value: stems next to it
    where: Other
    start: float
    speaker: str
    claim: Claim | None = None
    negated: bool = False


def find(
    talks: Sequence[Talk],
    found: Sequence[tuple[Claim, ...]],
    sources: Sources | None = None,
    ledger: Ledger | None = None,
    language: str = "en",
) -> tuple[tuple[tuple[Claim, ...], tuple[Contradiction, ...]], ...]:
    """Per talk its claims (those found, and sentences that deny an earlier one) and what stands
    against them."""
    earlier = [_of_entry(entry, language) for entry in ledger.entries()] if ledger else []
    results = []
    for talk, claims in zip(talks, found, strict=True):
        said = list(_of_talk(talk, claims, language))
        pairs = list(_conflicts(said, earlier))
        if sources is not None:
            pairs += _against_sources(said, sources, language)
        results.append(_numbered(claims, pairs))
        earlier += said
    return tuple(results)


def _numbered(
    claims: Sequence[Claim], pairs: Sequence[tuple[_Said, _Said, str]]
) -> tuple[tuple[Claim, ...], tuple[Contradiction, ...]]:
    """The claims with those that only a contradiction made worth a look, and all by number."""
    added = [each.claim for each, _, _ in pairs if each.claim and each.claim not in claims]
    every = tuple(sorted({*claims, *added}, key=lambda claim: (claim.start, claim.quote)))
    places = {claim: place for place, claim in enumerate(every)}
    return every, tuple(
        Contradiction(each.quote, places[each.claim], other.where, why)
        for each, other, why in pairs
        if each.claim
    )


# ---- what was said, ready to be compared


def _of_talk(talk: Talk, claims: Sequence[Claim], language: str) -> Iterator[_Said]:
    """The claims of a talk and its other statements, in time order."""
    lexicon = lexicons.load(language)
    said = [_of_claim(talk, claim, True, language) for claim in claims]
    if lexicon is not None:
        taken = [(claim.start, claim.end) for claim in claims]
        for statement in detector.statements(sentences.cut(talk.utterances), lexicon, language):
            sentence = statement.sentence
            if any(sentence.start < end and sentence.end > start for start, end in taken):
                continue
            claim = detector.as_claim(statement, lexicon)
            said.append(_of_claim(talk, claim, False, language))
    yield from sorted(said, key=lambda each: each.start)


def _of_claim(talk: Talk, claim: Claim, found: bool, language: str) -> _Said:
    where = Other(claim.quote, talk=talk.index, time=claim.start)
    return _said(claim.quote, claim.values, where, claim, language)


def _of_entry(entry: "object", language: str) -> _Said:
    from pipeline.notes.ledger import Entry

    assert isinstance(entry, Entry)
    where = Other(entry.quote, ledger=entry.place, time=entry.start)
    return _said(entry.quote, entry.values, where, None, language)


def _said(
    quote: str, values: tuple[Quantity, ...], where: Other, claim: Claim | None, language: str
) -> _Said:
    spoken = frozenset(stem(token, language) for v in values for token in tokens(v.text))
    terms = content(quote, language) - spoken
    near = tuple(_near(quote, value, language) - spoken for value in values)
    return _Said(
        quote=quote,
        values=values,
        terms=terms,
        near=near,
        where=where,
        start=claim.start if claim else 0.0,
        speaker=claim.speaker if claim else "",
        claim=claim,
        negated=bool(_NEGATION.search(plain(quote))),
    )


def _near(quote: str, value: Quantity, language: str) -> frozenset[str]:
    """The stems within five words of a number."""
    before, _, after = quote.partition(value.text)
    words = " ".join(before.split()[-5:] + after.split()[:5])
    return content(words, language) | content(value.text, language)


# ---- pairs that conflict


def _conflicts(
    said: Sequence[_Said], earlier: Sequence[_Said]
) -> Iterator[tuple[_Said, _Said, str]]:
    """Each statement against all before it; one conflict a statement, with the latest."""
    for place, each in enumerate(said):
        for other in [*reversed(said[:place]), *reversed(earlier)]:
            if each.claim is None:
                continue
            why = _numbers_differ(each, other) or _denies(each, other)
            if why:
                yield each, other, why
                break


def _against_sources(
    said: Sequence[_Said], sources: Sources, language: str
) -> list[tuple[_Said, _Said, str]]:
    pairs = []
    for each in said:
        if each.claim is None or not each.values:
            continue
        for passage in sources.find(each.quote):
            where = Other(passage.text, source=passage.place)
            other = _said(passage.text, quantities.parse(passage.text, language), where, None,
                          language)  # fmt: skip
            why = _numbers_differ(each, other)
            if why:
                pairs.append((each, other, why))
                break
    return pairs


def _numbers_differ(one: _Said, two: _Said) -> str | None:
    """Why two statements give one thing two numbers, or None."""
    if not one.values or not two.values or not _same_scope(one, two):
        return None
    for first, near_first in zip(one.values, one.near, strict=True):
        same = [
            (second, near)
            for second, near in zip(two.values, two.near, strict=True)
            if second.unit == first.unit
        ]
        if any(_agree(one, first, two, second) for second, _ in same):
            continue
        for second, near_second in same:
            if _one_thing(one, two, first.unit, near_first & near_second):
                return f"{_shown(first)} here, {_shown(second)} there"
    return None


def _agree(one: _Said, first: Quantity, two: _Said, second: Quantity) -> bool:
    """Whether two numbers may both be true: equal, nearly equal, or one of them is loose."""
    low, high = sorted((abs(first.value), abs(second.value)))
    if high == 0 or low == high:
        return True
    loose = any(
        _LOOSE.search(plain(said.quote.partition(value.text)[0]))
        for said, value in ((one, first), (two, second))
    )
    if first.unit == "%" and low > 90:
        return (100 - high) / max(100 - low, 1e-9) > 0.8
    return low / high > (0.67 if loose else 0.95)


def _same_scope(one: _Said, two: _Said) -> bool:
    if (one.terms ^ two.terms) & _SCOPE:
        return False
    if bool(_OTHERS.search(plain(_subject(one)))) != bool(_OTHERS.search(plain(_subject(two)))):
        return False
    return _years(one.quote) == _years(two.quote)


def _subject(said: _Said) -> str:
    return " ".join(said.quote.split()[:4])


def _years(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\b(?:19|20)\d\d\b", text))


def _one_thing(one: _Said, two: _Said, unit: str, near: frozenset[str]) -> bool:
    shared = (one.terms & two.terms) - _WEAK
    smaller = min(len(one.terms), len(two.terms))
    if unit.partition("/")[0] in _GENERIC:
        return bool(near - _WEAK) and len(shared) >= 2 and len(shared) >= 0.5 * smaller
    return len(shared) >= 2 and len(shared) >= 0.34 * smaller


def _shown(value: Quantity) -> str:
    return value.text


def _denies(one: _Said, two: _Said) -> str | None:
    """Why one statement denies another, or None: the same words, and a "not" in only one."""
    if one.negated == two.negated or not _same_scope(one, two):
        return None
    shared = (one.terms & two.terms) - _WEAK
    smaller = min(len(one.terms), len(two.terms))
    if len(shared) >= 3 and len(shared) >= 0.75 * smaller:
        return "one says so, the other denies it"
    return None
