"""What a note stands on: every word, number and name that was said, found or known beforehand."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from pipeline.claims import lexicon, numbers, quantities
from pipeline.claims.lexicon import pattern
from pipeline.claims.stems import stem
from pipeline.data import Findings, Quantity, Talk
from pipeline.event import EventInfo
from pipeline.writer.context import Context
from pipeline.writer.locate import plain

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
CORRECTED_WITHIN = 8  # tokens from a number to the "sorry" that takes it back
SMALL = 100.0  # a count up to this may count things by another name
_SAME = 1e-6  # relative difference under which two numbers are one


@dataclass(frozen=True)
class Ground:
    """The texts that a talk's notes may draw on, and what is in them."""

    texts: tuple[str, ...]
    language: str
    facts: tuple[float, ...] = ()  # numbers that nobody said: minutes, speakers

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The quantities that count; what was taken back in the next breath is none."""
        said = [q for text in self.texts for q in quantities.parse(text, self.language)]
        times = Counter(quantity.value for quantity in said)
        return tuple(q for q in said if times[q.value] > self._taken_back[q.value])

    @cached_property
    def numbers(self) -> frozenset[float]:
        """Every number that stands, whatever it counts: years and small counts too."""
        said = Counter(v for text in self.texts for v in all_numbers(text, self.language))
        return frozenset(said - self._taken_back)

    def put_right(self, value: float) -> frozenset[float | None]:
        """What took the place of a number that was taken back in the next breath."""
        return frozenset(right for wrong, right in self._corrections if wrong == value)

    @cached_property
    def _taken_back(self) -> Counter[float]:
        return Counter(wrong for wrong, _ in self._corrections)

    @cached_property
    def _corrections(self) -> tuple[tuple[float, float | None], ...]:
        return tuple(pair for text in self.texts for pair in _corrections(text, self.language))

    @cached_property
    def bare(self) -> frozenset[float]:
        """Numbers that were said without a unit: "nineteen million so far"."""
        return self.numbers - frozenset(q.value for q in self.quantities if q.unit)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(
            stem(plain(word), self.language) for text in self.texts for word in text.split()
        )

    @cached_property
    def squashed(self) -> str:
        """All texts without spaces and signs, to find "GPT-4" in "g p t 4"."""
        return squash(" ".join(self.texts))

    def has_word(self, word: str) -> bool:
        """Whether a word stands there, in any form and any spelling with hyphens or spaces."""
        return stem(plain(word), self.language) in self.stems or squash(word) in self.squashed

    def has_quantity(self, wanted: Quantity) -> bool:
        """Whether this number of this unit was said: "20x" is "twenty times".

        What is counted may be called by another name; a unit of measure may be left out where it
        was said before ("eighty million euros, and nineteen million so far").
        """
        if any(_equal(wanted, said) for said in self.quantities):
            return True
        unit = _base(wanted.unit)[0]
        if unit not in _MEASURES:
            return wanted.value in self.numbers and (not unit or wanted.value <= SMALL)
        return wanted.value in self.bare and any(_base(q.unit)[0] == unit for q in self.quantities)

    def has_number(self, value: float) -> bool:
        """Whether a bare number was said in any role."""
        known = (*self.facts, *self.numbers, *(q.value for q in self.quantities))
        return any(_close(value, number) for number in known)


def ground(talk: Talk, findings: Findings, context: Context) -> Ground:
    """Talk, evidence, the other side of contradictions, and the event file."""
    others = [found.other for found in findings.contradictions]
    others += [other for passages in findings.evidence for other in passages]
    places = (place for other in others for place in (other.ledger, other.source) if place)
    known = _known_texts(context.event)
    texts = [utterance.text for utterance in talk.utterances]
    texts += [other.quote for other in others]
    minutes = (talk.end - talk.start) / 60 if talk.utterances else 0.0
    facts = (float(round(minutes)), float(len(talk.speakers)))
    names = (talk.title, *context.names())
    return Ground(tuple(dict.fromkeys([*texts, *places, *known, *names])), context.language, facts)


def _known_texts(event: EventInfo) -> Iterable[str]:
    yield from (event.title, event.place, event.blurb, event.intro, event.attended)
    yield event.date or ""
    for item in event.agenda:
        yield " ".join((item.time, item.title, *item.speakers))
    for person in event.people:
        yield f"{person.name} {person.role}"
    for link in event.links:
        yield link.note
    yield from event.glossary


def all_numbers(text: str, language: str) -> Iterable[float]:
    """Every number of a text, whatever it counts, and "twenty twenty five" as 2025 too."""
    tokens = numbers.tokenize(text)
    known = lexicon.load(language)
    found = numbers.find(tokens, known, language)
    for place, number in enumerate(found):
        yield number.value
        after = found[place + 1 : place + 2]
        if after and after[0].first == number.last and number.value in (18.0, 19.0, 20.0):
            yield number.value * 100 + after[0].value


def _corrections(text: str, language: str) -> Iterable[tuple[float, float | None]]:
    """Numbers with a "sorry" after them, each with what is said instead.

    "ninety million requests, sorry, nine million"; None where the next breath has no number.
    """
    known = lexicon.load(language)
    if known is None:
        return
    tokens = numbers.tokenize(text)
    sure, cue = pattern(known.numbers.surely_taken_back), pattern(known.numbers.taken_back)
    none = pattern(known.numbers.not_taken_back)
    found = numbers.find(tokens, known, language)
    for wrong, right in zip_longest(found, found[1:]):
        end = wrong.last + CORRECTED_WITHIN
        instead = right is not None and right.first <= end
        after = tokens[wrong.last : right.first if instead else end]
        said = " ".join(token.text for token in after)
        if (cue if instead else sure).search(said) and not none.search(said):
            yield wrong.value, right.value if right and instead else None


def squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


_TO_BASE: dict[str, tuple[str, float]] = {
    "ms": ("s", 1e-3),
    "µs": ("s", 1e-6),
    "ns": ("s", 1e-9),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "days": ("s", 86400.0),
    "weeks": ("s", 604800.0),
    "kW": ("W", 1e3),
    "MW": ("W", 1e6),
    "GW": ("W", 1e9),
    "%": ("x", 0.01),
    "MB": ("GB", 1e-3),
    "TB": ("GB", 1e3),
    "PB": ("GB", 1e6),
}
_MEASURES = frozenset(
    {
        "x",
        "s",
        "W",
        "GB",
        "$",
        "€",
        "£",
        "tokens",
        "parameters",
        "months",
        "years",
        "km",
        "kg",
        "°C",
    }
)


def _equal(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same; what is counted may be called by another name."""
    (first, size), (second, scale) = _base(one.unit), _base(other.unit)
    if not _close(one.value * size, other.value * scale):
        return False
    measured = {first, second} & _MEASURES
    return first == second or "" in (first, second) or not measured


def _base(unit: str) -> tuple[str, float]:
    head = unit.partition("/")[0]
    return _TO_BASE.get(head, (head, 1.0))


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(1.0, abs(one), abs(other))


def words_of(text: str) -> Sequence[str]:
    """The words of a note, with their capitals."""
    return _TOKEN.findall(text)
