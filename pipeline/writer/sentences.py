"""Which stretches of speech can stand on a line of their own, by their grammar."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.data import Word
from pipeline.writer.words import english

SHORTEST = 3  # words of a line
VERB_WITHIN = 9  # words from the start
LONG_ENOUGH = 10  # words of "when ..." with its other half


def plain(text: str) -> str:
    """A word without case and without the punctuation around it: "Thanks," is "thanks"."""
    return re.sub(r"^[^\w$€£]+|[^\w%]+$", "", text.casefold().replace("\u2019", "'"))


def cannot_end(word: str) -> bool:
    """Whether a sentence that ends in this word was cut short: "half the"."""
    return plain(word) in english().cannot_end


def core(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without the links that a speaker starts with ("and", "so", "well"), and without the first
    words of the next sentence ("I", "the")."""
    first, last, known = 0, len(words), english()
    while first < last - 1 and plain(words[first].text) in known.links:
        if plain(words[first + 1].text) in known.after_so:
            break
        first += 1
    while last > first + 1 and plain(words[last - 1].text) in known.loose:
        last -= 1
    return tuple(words[first:last])


def clauses_begin(words: Sequence[Word]) -> list[int]:
    """The places where a clause begins after another."""
    return [
        place
        for place in range(1, len(words))
        if plain(words[place].text) in english().joints
        or words[place - 1].text.endswith((",", ";", ":"))
    ]


def stands(words: Sequence[Word], whole: bool) -> bool:
    """Whether some words of a sentence can stand alone; `whole` when they run to its end.

    They begin and end as sentences do, hold a verb, and no pair that nobody says ("the of").
    """
    tokens, known = [plain(word.text) for word in words], english()
    if len(tokens) < SHORTEST or tokens[0] in known.cannot_start | known.relatives:
        return False
    if tokens[0] in known.conditions and not (whole and len(tokens) >= LONG_ENOUGH):
        return False
    if tokens[-1] in known.cannot_end and not (whole and tokens[-1] in known.pointing):
        return False
    return any(map(_is_verb, tokens[1:VERB_WITHIN])) and not _odd(tokens)


def _is_verb(token: str) -> bool:
    known = english()
    return token in known.finite or (token.endswith("ed") and token not in known.telling)


def _odd(tokens: Sequence[str]) -> bool:
    """Word pairs that nobody says: "the of", "a to", "we we". Signs of a misheard stretch."""
    known = english()
    odd_after = known.cannot_end - known.after_determiner
    return any(
        one == two or (one in known.determiners and two in odd_after)
        for one, two in pairwise(tokens)
    )
