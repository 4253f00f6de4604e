"""Where the vocabulary changes: TextTiling (Hearst 1997) over utterances.

The words of the 120 before a gap and the 120 after it are compared as bags of stems; a gap's dip
is how far their cosine falls below the peaks on its two sides.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import snowballstemmer

from pipeline.data import Utterance
from pipeline.talks.lexicon import bare, listed

WINDOW = 120  # words on each side
REACH = 12  # gaps looked at on each side for a peak
_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a bare word; empty for words that say nothing about a topic."""
    low = bare(word)
    return "" if len(low) < 4 or low in listed("not_names") else str(_STEMMER.stemWord(low))


def dips(utterances: Sequence[Utterance]) -> np.ndarray:
    """For each utterance, how much the vocabulary changes before it, 0..1; 0 for the first."""
    bags = [Counter(filter(None, (stem(w.text) for w in u.words))) for u in utterances]
    likeness = np.ones(len(bags))
    for place in range(1, len(bags)):
        likeness[place] = _cosine(_gather(bags, place - 1, -1), _gather(bags, place, 1))
    return _depth(likeness)


def _gather(bags: Sequence[Counter[str]], place: int, step: int) -> Counter[str]:
    """The bag of about WINDOW / 2 telling words from a place on, forwards or backwards."""
    total: Counter[str] = Counter()
    size = 0
    while 0 <= place < len(bags) and size < WINDOW // 2:
        total.update(bags[place])
        size += bags[place].total()
        place += step
    return total


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    dot = sum(count * other[word] for word, count in one.items() if word in other)
    norm = sum(c * c for c in one.values()) * sum(c * c for c in other.values())
    return dot / norm**0.5 if norm else 1.0


def _depth(likeness: np.ndarray) -> np.ndarray:
    depth = np.zeros(len(likeness))
    for place in range(1, len(likeness)):
        left = likeness[max(1, place - REACH) : place + 1].max()
        right = likeness[place : place + REACH + 1].max()
        depth[place] = (left + right) / 2 - likeness[place]
    return depth
