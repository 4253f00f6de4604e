"""Phrases of several wordings, found in words that are joined by spaces."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_PLACE = re.compile(r"\[([^]]*)\]|\(([^)]*)\)|([^\s\[(]+)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of the table: "[so] (big|huge) hand", so or nothing, big or huge, hand; * is any."""

    kind: str
    side: str
    text: str


class Phrases:
    """All phrases of a table, by the words with which they begin."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_first: dict[str, list[tuple[Phrase, re.Pattern[str]]]] = defaultdict(list)
        for phrase in phrases:
            pattern = re.compile("".join(_slot(*place) for place in _PLACE.findall(phrase.text)))
            for first in _firsts(phrase.text):
                self._by_first[first].append((phrase, pattern))

    def longest(self, word: str, said: str, at: int) -> tuple[int, list[Phrase]]:
        """How many words of a text the longest phrase has that begins with the word at a place,
        and what it is; the text ends with a space."""
        most, found = 0, list[Phrase]()
        for phrase, pattern in self._by_first.get(word, ()):
            match = pattern.match(said, at)
            count = match[0].count(" ") if match else 0
            if count > most:
                most, found = count, []
            if count and count == most:
                found.append(phrase)
        return most, found


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
