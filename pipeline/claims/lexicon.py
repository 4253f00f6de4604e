"""The word lists of English, read from `words/en.toml`.

Another language is no error: whoever asks does without them, and says so.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from pipeline.config import Section
from pipeline.languages import code

Words = tuple[str, ...]


class Lexicon(Section):
    """All the word lists; the file says what each is for."""

    scales: dict[str, float]
    fractions: dict[str, float]
    factors: dict[str, float]
    no_noun: frozenset[str]
    plurals: frozenset[str]
    function: frozenset[str]
    weak: Words
    same: Words


_FILE = Path(__file__).parent / "words" / "en.toml"
WORDS = Lexicon.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def is_english(language: str) -> bool:
    """Whether an ISO code ("en", "en-US") is of the language of the lists."""
    return code(language) == "en"


@cache
def pattern(words: Words) -> re.Pattern[str]:
    """An expression for words and phrases in `plain` text ("*": any ending); no words, no match."""
    found = (re.escape(word).replace(r"\*", r"[\w']*").replace(r"\ ", r"[\s,-]+") for word in words)
    return re.compile(r"(?<![\w'])(?:" + ("|".join(found) or "(?!)") + r")(?![\w'])")
