"""How well a sentence reads on a line of its own, when it may have been misheard."""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.data import Word
from pipeline.writer.words import english

SHORTEST, LONGEST = 5, 24  # words of a line
DOUBT, GUESS = 0.25, 0.15  # probabilities of a word under which it is doubted, or a guess


def plain(text: str) -> str:
    """A word without case and without the punctuation around it: "Thanks," is "thanks"."""
    return re.sub(r"^[^\w$€£]+|[^\w%]+$", "", text.casefold().replace("\u2019", "'"))


def cannot_end(word: str) -> bool:
    """Whether a sentence that ends in this word was cut short: "half the"."""
    return plain(word) in english().cannot_end


def core(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without the links that a speaker starts with: "and", "so", "well"."""
    first = 0
    while first < len(words) - 1 and plain(words[first].text) in english().links:
        first += 1
    return tuple(words[first:])


def reads_well(words: Sequence[Word]) -> float:
    """0 for a fragment or garble, up to 1 for what can stand alone on a line of a post."""
    tokens = [plain(word.text) for word in words]
    known = english()
    if not SHORTEST <= len(tokens) <= LONGEST:
        return 0.0
    if tokens[0] in known.cannot_start or tokens[-1] in known.cannot_end:
        return 0.0
    if not any(token in known.finite or token.endswith("ed") for token in tokens[1:8]):
        return 0.0
    score = sum(word.probability for word in words) / len(words)
    score -= 0.15 * _oddities(tokens) + 0.3 * _doubts(words)
    return max(0.0, min(1.0, score - 0.02 * abs(len(tokens) - 12)))


def _doubts(words: Sequence[Word]) -> float:
    """Guessed words that carry meaning, and more than that neighbours that are both guesses."""
    pairs = sum(one.probability < DOUBT and two.probability < DOUBT for one, two in pairwise(words))
    single = sum(word.probability < GUESS and len(word.text) > 3 for word in words)
    return pairs + single / 3


def _oddities(tokens: Sequence[str]) -> int:
    """Word pairs that nobody says: "the of", "a to", "we we". Signs of a misheard stretch."""
    known = english()
    odd_after = known.cannot_end - known.after_determiner
    return sum(
        one == two or (one in known.determiners and two in odd_after)
        for one, two in pairwise(tokens)
    )
