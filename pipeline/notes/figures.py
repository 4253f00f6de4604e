"""The numbers of a note and of what it cites: value, unit, what is counted and which way it goes.

Spoken and written numbers are the same; a number of another measure, of other things, or one that
was taken back in the next breath is not.
"""

import re
from calendar import month_name
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from text_to_num import alpha2digit

from pipeline.claims import quantities, units
from pipeline.claims.lexicon import is_english
from pipeline.claims.meaning import meaning, meanings
from pipeline.claims.quantities import Measure
from pipeline.notes.matching import plain_number
from pipeline.text import Token, stem, tokenize

FEW = 3  # counted at a glance: "which of the two", "three speeds in one evening"
SAME = 1e-6  # relative difference under which two numbers are one
_WAY = re.compile(r"(?:(?:more|less|fewer|as) )?(?!per|over|under|after|other|never)\w+er\b"
                  r"|(?:more|less|fewer)(?: (?!than)\w+)?")  # fmt: skip
MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTH = "|".join(MONTHS)
_DAY = re.compile(
    rf"\b(\d\d?)(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b|\b({_MONTH}) (\d\d?)(?:st|nd|rd|th)?\b"
    r"|\b\d{4}-(0[1-9]|1[0-2])-(\d\d)\b",
    re.IGNORECASE,
)
_LESS, _MORE = ("less", "fewer", "lower"), ("more", "higher", "greater")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text. `unit` is "" where none is said; `way` is "faster" of "20x faster"."""

    text: str
    value: float
    unit: str = ""
    counted: bool = False  # the unit is a noun, not a measure
    way: frozenset[str] = frozenset()
    spoken_one: bool = False  # "one" or "zero" as a word: as often no number
    spelled_few: bool = False  # "two" as a word and of no measure: the writer may count for himself
    before: str = ""  # the words before and after, in lower case
    after: str = ""

    @property
    def is_time(self) -> bool:
        return units.base(self.unit)[0] == "s"

    @property
    def size(self) -> float:
        """The value in the base unit of its measure: seconds, watts."""
        return self.value * units.base(self.unit)[1]


@lru_cache(maxsize=8192)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """All numbers of a text, in order, years and dates too."""
    tokens = tokenize(_shown(text, language))
    found = quantities.measures(tokens, language)
    spoken = (quantities.year(*pair) for pair in pairwise(each.number for each in found))
    years = (Figure(f"{year:g}", year) for year in spoken if year)
    return (*(_figure(tokens, each, language) for each in found), *years)


def _shown(text: str, language: str) -> str:
    spaced = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d{3}\b)", "", text)
    spaced = re.sub(r"\b\d+(?:st|nd|rd|th)\b|\bthe (?:\d\d)?\d0s\b", "", spaced)
    return " ".join(plain_number(word, language) for word in spaced.split())


def _figure(tokens: Sequence[Token], found: Measure, language: str) -> Figure:
    said = [token.text for token in tokens]
    ahead = " ".join(said[found.last : found.last + 2])
    way = _WAY.match(ahead) if found.unit in ("x", "%") else None
    return Figure(
        text=" ".join(said[found.first : found.last]),
        value=round(found.number.value, 9),
        unit=found.unit,
        counted=found.counted,
        way=frozenset(map(_kin, way.group().split())) if way else frozenset(),
        spoken_one=found.number.form == "word" and found.number.value in (0.0, 1.0),
        spelled_few=(
            found.number.form == "word"
            and found.number.value <= FEW
            and not units.is_measure(found.unit)
        ),
        before=said[found.first - 1] if found.first else "",
        after=said[found.last] if found.last < len(said) else "",
    )


def _kin(word: str) -> str:
    """ "quicker" is "faster", "fewer" is "less"."""
    return "less" if word in _LESS else "more" if word in _MORE else meaning(word)


def days(text: str) -> frozenset[tuple[int, int]]:
    """The days that a text names ("ninth of July", "2026-07-21"): month and day of the month."""
    found = set[tuple[int, int]]()
    ordinals = re.sub(r"\b\d\d?\b", "#", alpha2digit(text, "en", 0))  # "9th", and not "one may"
    for before, month, other, after, count, day in _DAY.findall(f"{text}; {ordinals}"):
        named = (month or other).lower()
        found.add((MONTHS[named] if named else int(count), int(before or after or day)))
    return frozenset(found)


# ---- comparing


def bears(text: str, told: Figure, language: str, counted: frozenset[str]) -> bool:
    """Whether a number of a text bears the one that a note tells; `counted` are the things of
    which the event has other numbers."""
    return any(
        _equal(said, told) and _same_thing(said, told, text, language, counted)
        for said in figures(text, language)
    )


def _equal(said: Figure, told: Figure) -> bool:
    if told.way and said.way and not told.way & said.way:
        return False
    if not (units.is_measure(said.unit) and units.is_measure(told.unit)):
        return same_value(said.value, told.value) or same_value(said.size, told.size)
    return _one_measure(said.unit, told.unit) and same_value(said.size, told.size)


def _one_measure(said: str, told: str) -> bool:
    """Whether two units have one base; pounds that were spoken may be money."""
    bases = [units.base(unit)[0].partition("/") for unit in (said, told)]
    return bases[0] == bases[1] or [base[0] for base in bases] == ["lb", "£"]


def _same_thing(
    said: Figure, told: Figure, text: str, language: str, counted: frozenset[str]
) -> bool:
    """The same measure, or things of the same name. Another noun may name the same thing, in the
    sentence ("downloaded 300 million times") or in a note's own words ("3,100 kids"), where no
    other number counts it; a rate is of what was said."""
    one, two = said.unit.split("/"), told.unit.split("/")
    below = [{stem(each, language) for each in some[1:]} for some in (one, two)]
    if not (below[0] <= below[1] or below[1] <= below[0]):
        return False
    if not one[0] or not two[0] or stem(one[0], language) == stem(two[0], language):
        return True
    occasions = one[0] == "x" and not said.way
    if units.is_measure(told.unit) or (units.is_measure(said.unit) and not occasions):
        return _one_measure(one[0], two[0])
    noun = meaning(two[0], language)
    if noun in things([text], language):
        return False
    return noun in meanings(text, language) or (noun not in counted and not one[1:])


def things(texts: Iterable[str], language: str) -> frozenset[str]:
    """What the numbers of some texts count, as stems."""
    counted = (f.unit.partition("/")[0] for text in texts for f in figures(text, language))
    return frozenset(meaning(unit, language) for unit in counted if unit)


def same_value(one: float, other: float) -> bool:
    """Whether two numbers are the same but for the last digits of a computation."""
    return abs(one - other) <= SAME * max(1e-9, abs(one), abs(other))


@lru_cache(maxsize=4096)
def taken_back(text: str, language: str) -> tuple[tuple[float, float], ...]:
    """Numbers with a "sorry" after them, each with what is said instead; not where it is the same
    again ("$14 million. Sorry, fourteen")."""
    if not is_english(language):
        return ()
    tokens = tokenize(text)
    found = quantities.retracted_numbers(tokens, quantities.measures(tokens, language))
    pairs = ((old.number.value, new.number.value) for old, new in found)
    return tuple((old, new) for old, new in pairs if not new or old / new not in (1e3, 1e6, 1e9))
