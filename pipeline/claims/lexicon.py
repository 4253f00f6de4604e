"""The word lists of a language, read from `words/<language>.toml`.

A language without a list is no error: whoever asks gets None, does without, and says so.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from pipeline.config import Section
from pipeline.languages import code

Words = tuple[str, ...]


class Lexicon(Section):
    """All the word lists of one language; the file says what each is for."""

    scales: dict[str, float]
    fractions: dict[str, float]
    factors: dict[str, float]
    no_noun: frozenset[str]
    plurals: frozenset[str]
    function: frozenset[str]
    weak: Words
    scope: Words
    aspects: Words
    measured: Words
    at_most: Words
    at_least: Words
    same: Words


def load(language: str) -> Lexicon | None:
    """The lists for an ISO code ("en", "en-US"), or None where there are none."""
    return _load(code(language))


@cache
def _load(language: str) -> Lexicon | None:
    file = Path(__file__).parent / "words" / f"{language}.toml"
    if not (language.isalpha() and file.exists()):
        return None
    return Lexicon.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))


@cache
def pattern(words: Words) -> re.Pattern[str]:
    """An expression for words and phrases in `plain` text ("*": any ending); no words, no match."""
    found = (re.escape(word).replace(r"\*", r"[\w']*").replace(r"\ ", r"[\s,-]+") for word in words)
    return re.compile(r"(?<![\w'])(?:" + ("|".join(found) or "(?!)") + r")(?![\w'])")
