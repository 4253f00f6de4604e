"""The word lists of a language, read from `words/<language>.toml`.

A language without a list is no error: whoever asks gets None, does without, and says so.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Words = tuple[str, ...]
APOSTROPHE = "\u2019"


class Lists:
    """Word lists by the names that they have in the file: `lexicon.claims.comparatives`."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = _tuples(lists)

    def __getattr__(self, name: str) -> Words:
        try:
            return self.__dict__["_lists"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"there is no word list {name!r}") from None


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


@dataclass(frozen=True, eq=False)
class Lexicon:
    """All the word lists of one language; the file says what each is for."""

    units: dict[str, Words]
    scales: dict[str, float]
    fractions: dict[str, float]
    factors: dict[str, float]
    same: tuple[Words, ...]
    numbers: Lists
    claims: Lists
    sentences: Lists
    stems: Lists
    comparing: Lists


def load(language: str) -> Lexicon | None:
    """The lists for an ISO code ("en", "en-US"), or None where there are none."""
    return _load(language.partition("-")[0].lower())


@cache
def _load(code: str) -> Lexicon | None:
    file = Path(__file__).parent / "words" / f"{code}.toml"
    if not (code.isalpha() and file.exists()):
        return None
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return Lexicon(
        units=_named(read["units"]),
        scales=read["scales"],
        fractions=read["fractions"],
        factors=read["factors"],
        same=tuple(map(tuple, read["same"])),
        numbers=Lists(read["numbers"]),
        claims=Lists(read["claims"]),
        sentences=Lists(read["sentences"]),
        stems=Lists(read["stems"]),
        comparing=Lists(read["comparing"]),
    )


def _tuples(lists: Mapping[str, Sequence[str]]) -> dict[str, Words]:
    return {name: tuple(words) for name, words in lists.items()}


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
