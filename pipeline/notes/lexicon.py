"""The word lists of a language, read from `words/<language>.toml`.

A language without a list is no error: whoever asks gets None, does without, and says so.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from pipeline.data import ClaimKind

Words = tuple[str, ...]
APOSTROPHE = "\u2019"


class _List(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Numbers(_List):
    """Which numbers are no quantities, and how a speaker takes one back."""

    months: Words
    before_year: Words
    before_clock: Words
    after_clock: Words
    idle: Words
    taken_back: Words
    surely_taken_back: Words
    not_taken_back: Words
    fillers: Words
    no_noun: Words
    irregular: Words
    plain: Words
    gapped: Words


class Cues(_List):
    """What makes a sentence a claim, and what makes it none."""

    superlatives: Words
    absolutes: Words
    how_often: Words
    universal: Words
    comparatives: Words
    vague: Words
    admissions: Words
    proportions: Words
    history: Words
    kidding: Words
    jokes: Words
    hypotheticals: Words
    others_say: Words
    attributed: Words
    rejections: Words
    pivots: Words
    questions: Words
    announced: Words
    telling: Words


class Cuts(_List):
    """Where thoughts begin and end in speech without punctuation."""

    starters: Words
    never_last: Words
    rarely_last: Words
    never_first: Words
    abbreviations: Words


class Meaning(_List):
    """Words that carry no meaning by themselves, and words that carry little."""

    function: Words
    everyday: Words
    irregular: Words
    same: tuple[Words, ...]


class Comparing(_List):
    """What tells two statements apart, or makes their numbers loose."""

    weak: Words
    scope: Words
    periods: Words
    aspects: Words
    measured: Words
    conditions: Words
    uptime: Words
    inventory: Words
    having: Words
    taking: Words
    loose: Words
    at_most: Words
    at_least: Words
    negations: Words
    free: Words
    outages: Words
    every: Words
    occasions: Words
    universal: Words
    rivals: Words
    we: Words
    subjects: Words
    pronouns: Words
    stations: Words


class Kinds(_List):
    """Words that tell what a claim is about."""

    strong: dict[ClaimKind, Words]
    weak: dict[ClaimKind, Words]


def _named(lines: Sequence[str]) -> dict[str, Words]:
    """Each unit with its names: "km kilometer" is also "kilometers" and "km"; a letter by itself
    is a name only where that is said."""
    entries = ([word.replace("_", " ") for word in line.split()] for line in lines)
    named = {unit: ([unit.lower()] if unit[1:] or not unit.isalpha() else []) + names
             for unit, *names in entries}  # fmt: skip
    return {
        unit: tuple(form for name in names for form in (name, f"{name}s"))
        for unit, names in named.items()
    }


class Lexicon(_List):
    """All the word lists of one language."""

    units: Annotated[dict[str, Words], BeforeValidator(_named)]
    scales: dict[str, float]
    fractions: dict[str, float]
    factors: dict[str, float]
    numbers: Numbers
    claims: Cues
    sentences: Cuts
    stems: Meaning
    comparing: Comparing
    kinds: Kinds
    unit_kinds: dict[ClaimKind, Words]


@cache
def load(language: str) -> Lexicon | None:
    """The lists for an ISO code ("en", "en-US"), or None where there are none."""
    code = language.partition("-")[0].lower()
    file = Path(__file__).parent / "words" / f"{code}.toml"
    if not (code.isalpha() and file.exists()):
        return None
    return Lexicon.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


@cache
def members(words: Words) -> frozenset[str]:
    """A list of plain words, to look single words up in."""
    return frozenset(words)


@cache
def pattern(words: Words) -> re.Pattern[str]:
    """One expression for a list of words and phrases, to search in `plain` text.

    "*" ends a word open ("scal*"); an entry with "(", "?" or a backslash is an expression.
    """
    return re.compile(r"(?<![\w'])(?:" + "|".join(map(_expression, words)) + r")(?![\w'])")


def _expression(entry: str) -> str:
    if not re.search(r"[(?\\]", entry):
        entry = re.escape(entry).replace(r"\ ", " ").replace(r"\*", "*")
        entry = entry.replace("*", r"[\w']*")
    elif entry.endswith(")*"):
        entry = entry[:-1] + r"[\w']*"
    return re.sub(r"(?<!\[)[ ]", r"[\\s,-]+", entry)


def plain(text: str) -> str:
    """Lower case with straight apostrophes: the form in which lists are searched."""
    return text.lower().replace(APOSTROPHE, "'")
