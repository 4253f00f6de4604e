"""What people say when the floor changes hands: the phrases of words/cues.toml, found.

Events in another language get no cues; voices still cut them.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.data import Utterance
from pipeline.talks.lexicon import FOLDER
from pipeline.text import unmarked

# "[so] (big|huge) hand": so or nothing, big or huge, hand; * is any
_PLACE = re.compile(r"\[([^]]*)\]|\(([^)]*)\)|([^\s\[(]+)")


@dataclass(frozen=True, slots=True)
class FoundPhrase:
    """A phrase, found: `first` and `last` are places of words in its utterance."""

    kind: str
    side: str
    first: int
    last: int
    time: float


@cache
def _table() -> dict[str, list[tuple[str, str, re.Pattern[str]]]]:
    """The kind, the side and the expression of each phrase, by the words with which it begins."""
    tables = tomllib.loads((FOLDER / "cues.toml").read_text(encoding="utf-8"))["cue"]
    found: dict[str, list[tuple[str, str, re.Pattern[str]]]] = defaultdict(list)
    for table in tables:
        for text in table["phrases"]:
            pattern = re.compile("".join(_slot(*place) for place in _PLACE.findall(text)))
            for first in _firsts(text):
                found[first].append((table["kind"], table.get("name", ""), pattern))
    return found


def _slot(optional: str, choice: str, word: str) -> str:
    """One place of a phrase as a regular expression, the longest choice first."""
    choices = sorted((optional or choice or word).split("|"), key=len, reverse=True)
    said = "|".join(r"\S+" if one == "*" else re.escape(one) for one in choices)
    return f"(?:(?:{said}) )" + "?" * bool(optional)


def _firsts(text: str) -> Iterator[str]:
    """The words with which a phrase may begin."""
    for optional, choice, word in _PLACE.findall(text):
        yield from {one.split()[0] for one in (optional or choice or word).split("|")}
        if not optional:
            return


def find_cues(utterance: Utterance) -> tuple[FoundPhrase, ...]:
    """The cues of an utterance, in order."""
    return tuple(
        FoundPhrase(kind, side, first, last, utterance.words[first].start)
        for kind, side, first, last in _phrases(tuple(word.text for word in utterance.words))
    )


@lru_cache(maxsize=16384)  # an utterance is read again whenever another is cut or rewritten
def _phrases(shown: tuple[str, ...]) -> tuple[tuple[str, str, int, int], ...]:
    """(kind, side, first, last word) of each phrase in some words, the longest at each word."""
    words = [unmarked(text) for text in shown]
    said, at = " ".join(words) + " ", 0
    found: list[tuple[str, str, int, int]] = []
    reach: dict[str, int] = {}
    for first, word in enumerate(words):
        begun = ((kind, side, p.match(said, at)) for kind, side, p in _table().get(word, ()))
        sizes = [
            (kind, side, match[0].count(" ")) for kind, side, match in begun if match and match[0]
        ]
        longest = max((size for *_, size in sizes), default=0)
        for kind, side, size in sizes:
            last = first + size - 1
            if size == longest and last > reach.get(kind, -1):  # else it is part of the one before
                found.append((kind, side, first, last))
                reach[kind] = last
        at += len(word) + 1
    return tuple(found)
