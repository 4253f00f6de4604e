"""The word lists of a language, read from `words/<language>.toml`.

A language without a list is no error: whoever asks gets None, does without, and says so.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

Words = tuple[str, ...]


class _List(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Numbers(_List):
    """Which numbers are no quantities, and how a speaker takes one back."""

    months: Words
    before_year: Words
    before_clock: Words
    after_clock: Words
    before_label: Words
    names: Words
    idle: Words
    taken_back: Words
    not_taken_back: Words
    plain: Words


class Cues(_List):
    """What makes a sentence a claim, and what makes it none."""

    superlatives: Words
    absolutes: Words
    comparatives: Words
    own: Words
    acts: Words
    history: Words
    jokes: Words
    hypotheticals: Words
    conditionals: Words
    conditional_results: Words
    others_say: Words
    rejections: Words
    pivots: Words
    questions: Words
    small_talk: Words
    goals: Words
    baselines: Words


class Lexicon(_List):
    """All the word lists of one language."""

    units: dict[str, Words]
    scales: dict[str, float]
    fractions: dict[str, float]
    factors: dict[str, float]
    numbers: Numbers
    claims: Cues
    kinds: dict[str, Words]


@cache
def load(language: str) -> Lexicon | None:
    """The lists for an ISO code ("en", "en-US"), or None where there are none."""
    code = language.partition("-")[0].lower()
    file = Path(__file__).parent / "words" / f"{code}.toml"
    if not (code.isalpha() and file.exists()):
        return None
    return Lexicon.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


@cache
def pattern(words: Words) -> re.Pattern[str]:
    """One expression for a list of words and phrases, to search in `plain` text.

    "*" ends a word open; an entry that holds "(" is an expression itself.
    """
    return re.compile(r"(?<![\w'])(?:" + "|".join(map(_expression, words)) + r")(?![\w'])")


def _expression(entry: str) -> str:
    if "(" in entry:
        return entry
    return re.escape(entry).replace(r"\*", r"[\w']*").replace(r"\ ", r"[\s,-]+")


def plain(text: str) -> str:
    """Lower case with straight apostrophes: the form in which lists are searched."""
    return text.lower().replace("’", "'")
