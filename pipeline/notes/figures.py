"""The numbers of a note and of what it cites: value, unit, what is counted and which way it goes.

Spoken and written numbers are the same; a number of another measure, of other things, or one that
was taken back in the next breath is not.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise, zip_longest

from pipeline.claims import lexicon, numbers, units
from pipeline.claims.lexicon import Lexicon, pattern
from pipeline.claims.stems import meaning, stem
from pipeline.claims.tokens import Number, Token
from pipeline.notes.tongue import unit_names
from pipeline.notes.wording import CENTURIES, plain_number

SAME = 1e-6  # relative difference under which two numbers are one
ABOUT = 0.05  # relative difference that "about" and "almost" bridge
CORRECTED_WITHIN = 8  # tokens from a number to the "sorry" that takes it back
_AHEAD = 3  # tokens after a unit that say which way a comparison goes
_BASE: dict[str, tuple[str, float]] = {
    "ns": ("s", 1e-9), "µs": ("s", 1e-6), "ms": ("s", 1e-3), "min": ("s", 60.0),
    "h": ("s", 3600.0), "days": ("s", 86400.0), "weeks": ("s", 604800.0),
    "mW": ("W", 1e-3), "kW": ("W", 1e3), "MW": ("W", 1e6), "GW": ("W", 1e9),
    "%": ("x", 0.01), "cents": ("$", 0.01),
    "KB": ("GB", 1e-6), "MB": ("GB", 1e-3), "TB": ("GB", 1e3), "PB": ("GB", 1e6),
    "Mbit": ("Gbit", 1e-3), "MHz": ("GHz", 1e-3), "TFLOPS": ("PFLOPS", 1e-3),
    "mm": ("m", 1e-3), "nm": ("m", 1e-9), "km": ("m", 1e3), "t": ("kg", 1e3),
}  # fmt: skip
_MEASURES = frozenset(base for base, _ in _BASE.values()) | frozenset(
    ("€", "£", "months", "years", "°C", "degrees", "kWh", "MWh", "miles", "mph", "lb", "FLOPS")
)
_LESS, _MORE = ("less", "fewer", "lower"), ("more", "higher", "greater")
_MORE_OR_LESS = re.compile(r"(?:less|fewer|more)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text. `unit` is "" where none is said; `way` is "faster" of "20x faster"."""

    text: str
    value: float
    unit: str
    counted: bool  # the unit is a noun, not a measure
    way: frozenset[str]
    bound: int  # 1 "more than", -1 "less than"
    loose: bool  # "about", "almost"
    spoken_one: bool  # "one" or "zero" as a word: as often no number
    before: str  # the words before and after, in lower case
    after: str

    @property
    def is_time(self) -> bool:
        return _base(self.unit)[0] == "s"

    @property
    def size(self) -> float:
        """The value in the base unit of its measure: seconds, watts."""
        return self.value * _base(self.unit)[1]


@lru_cache(maxsize=8192)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """All numbers of a text, in order, years and dates too."""
    shown = _shown(text, language)
    tokens = numbers.tokenize(shown)
    known = lexicon.load(language)
    found = numbers.find(tokens, known, language)
    result, end = list[Figure](), 0
    for number in found:
        measured = _measure(tokens, number, known, language)
        if number.first >= end:
            result.append(_figure(tokens, number, measured, known))
            end = measured.last
    return (*result, *_years(found), *_durations(result))


def _shown(text: str, language: str) -> str:
    spaced = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d{3}\b)", "", text)
    spaced = re.sub(r"\b\d+(?:st|nd|rd|th)\b", "", spaced)
    return " ".join(plain_number(word, language) for word in spaced.split())


def _measure(
    tokens: Sequence[Token], number: Number, known: Lexicon | None, language: str
) -> units.Measure:
    """With word lists for the language their units, else signs and the names of a few."""
    found = units.measure(tokens, number, known)
    after = tokens[number.last].text if number.last < len(tokens) else ""
    if after == "h" and number.form == "digit":
        return units.Measure(number, found.first, number.last + 1, "h", False)
    if known is not None or found.unit:
        return found
    unit = unit_names(language).get(after, "")
    return units.Measure(number, found.first, number.last + bool(unit), unit, False)


def _figure(
    tokens: Sequence[Token], number: Number, found: units.Measure, known: Lexicon | None
) -> Figure:
    before = tokens[max(0, found.first - 3) : found.first]
    return Figure(
        text=" ".join(token.text for token in tokens[found.first : found.last]),
        value=round(number.value, 9),
        unit=found.unit,
        counted=found.counted,
        way=_way(tokens, found, known),
        bound=_bound(" ".join(token.text for token in before), known),
        loose=_is_loose(" ".join(token.text for token in before), known),
        spoken_one=number.form == "word" and number.value in (0.0, 1.0),
        before=before[-1].text if before else "",
        after=tokens[found.last].text if found.last < len(tokens) else "",
    )


def _durations(found: Sequence[Figure]) -> Iterator[Figure]:
    """ "8 h 52 min" is one stretch of time, too."""
    for one, two in pairwise(found):
        if one.unit == "h" and two.unit == "min" and two.before in ("h", "hours", "hour", "and"):
            value = one.value + two.value / 60
            yield replace(one, text=f"{one.text} {two.text}", value=value)


def _years(found: Sequence[Number]) -> Iterator[Figure]:
    """ "twenty seventeen" is 2017 too."""
    for one, two in pairwise(found):
        if one.value in CENTURIES and two.first == one.last and 10 <= two.value < 100:
            value = one.value * 100 + two.value
            yield Figure(f"{value:g}", value, "", False, frozenset(), 0, False, False, "", "")


def _way(tokens: Sequence[Token], found: units.Measure, known: Lexicon | None) -> frozenset[str]:
    """The comparison right after a factor or share: "faster", "more expensive"."""
    if known is None or found.unit not in ("x", "%"):
        return frozenset()
    ahead = " ".join(token.text for token in tokens[found.last : found.last + _AHEAD])
    compares = pattern(known.claims.comparatives).match(ahead) or _MORE_OR_LESS.match(ahead)
    words = compares.group().split() if compares else ()
    return frozenset(_kin(word) for word in words if word not in ("as", "the", "than"))


def _kin(word: str) -> str:
    """ "quicker" is "faster", "fewer" is "less"."""
    return "less" if word in _LESS else "more" if word in _MORE else meaning(word)


def _bound(before: str, known: Lexicon | None) -> int:
    if known is None:
        return 0
    under, over = known.comparing.at_most, known.comparing.at_least
    less, more = (re.search(pattern(some).pattern + "$", before) for some in (under, over))
    return -1 if less else 1 if more else 0


def _is_loose(before: str, known: Lexicon | None) -> bool:
    words = known.comparing.loose if known else ()
    return re.search(pattern(words).pattern + "$", before) is not None if words else False


# ---- comparing


def bears(
    said: Figure, told: Figure, text: str, language: str, counted: frozenset[str] = frozenset()
) -> bool:
    """Whether a number that was said, in `text`, bears the one that a note tells; `counted` are
    the things of which the event has other numbers."""
    if not (_equal(said, told) or _is_about(said, told)) or told.bound * said.bound < 0:
        return False
    if told.way and said.way and not told.way & said.way:
        return False
    return _same_thing(said, told, text, language, counted)


def _is_about(said: Figure, told: Figure) -> bool:
    """Whether "almost nine hours" are 8 h 52 min."""
    same = _base(said.unit)[0] == _base(told.unit)[0]
    return told.loose and same and abs(said.size - told.size) <= ABOUT * abs(said.size)


def _equal(said: Figure, told: Figure) -> bool:
    if "" in (said.unit, told.unit) or not (_is_measure(said) and _is_measure(told)):
        return close(said.value, told.value) or close(said.size, told.size)
    return _base(said.unit)[0] == _base(told.unit)[0] and close(said.size, told.size)


def _same_thing(
    said: Figure, told: Figure, text: str, language: str, counted: frozenset[str]
) -> bool:
    """The same measure, or things of the same name. Another noun may name the same thing, in the
    sentence ("downloaded 300 million times") or in a note's own words ("3,100 kids"), where no
    other number counts it."""
    one, two = said.unit.split("/"), told.unit.split("/")
    below = [{stem(each, language) for each in some[1:]} for some in (one, two)]
    if not (below[0] <= below[1] or below[1] <= below[0]):
        return False
    if not one[0] or not two[0] or stem(one[0], language) == stem(two[0], language):
        return True
    occasions = one[0] == "x" and not said.way
    if _is_measure(told) or (_is_measure(said) and not occasions):
        return _base(one[0])[0] == _base(two[0])[0]
    noun = meaning(two[0], language)
    if noun in things([text], language):
        return False
    return noun in _stems(text, language) or noun not in counted | _unit_stems(language)


def things(texts: Iterable[str], language: str) -> frozenset[str]:
    """What the numbers of some texts count, as stems."""
    units_of = (f.unit.partition("/")[0] for text in texts for f in figures(text, language))
    return frozenset(meaning(unit, language) for unit in units_of if unit)


@cache
def _unit_stems(language: str) -> frozenset[str]:
    """Things with a name of their own among the units: "tokens", "users"."""
    known = lexicon.load(language)
    names = (name for some in known.units.values() for name in some) if known else ()
    return frozenset(meaning(name, language) for name in names)


def is_other_count(told: Figure, said: Figure, language: str) -> bool:
    """Whether "one patient" is told where another number of patients was said."""
    noun = stem(told.unit or told.after, language)
    return said.counted and not close(said.value, 1.0) and stem(said.unit, language) == noun


@lru_cache(maxsize=4096)
def _stems(text: str, language: str) -> frozenset[str]:
    return frozenset(meaning(word.strip(".,;:!?\"'()"), language) for word in text.split())


def _is_measure(figure: Figure) -> bool:
    return _base(figure.unit)[0] in _MEASURES


def close(one: float, other: float) -> bool:
    """Whether two numbers are the same but for the last digits of a computation."""
    return abs(one - other) <= SAME * max(1e-9, abs(one), abs(other))


@cache
def _base(unit: str) -> tuple[str, float]:
    head = unit.partition("/")[0]
    return _BASE.get(head, (head, 1.0))


# ---- taken back


@lru_cache(maxsize=4096)
def taken_back(text: str, language: str) -> tuple[tuple[float, float | None], ...]:
    """Numbers with a "sorry" after them, each with what is said instead, if anything is."""
    known = lexicon.load(language)
    return tuple(_taken_back(text, known, language)) if known else ()


def _taken_back(text: str, known: Lexicon, language: str) -> Iterable[tuple[float, float | None]]:
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
