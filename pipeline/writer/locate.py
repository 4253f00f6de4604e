"""Where in a talk a quote was said: every receipt carries the transcript's own words and times."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.data import Receipt, Talk, Utterance, Word
from pipeline.writer.words import english

ENOUGH = 90.0  # rapidfuzz score (0..100) under which a quote was not said


def plain(text: str) -> str:
    """A word without case and without the punctuation around it: "Thanks," is "thanks"."""
    return re.sub(r"^[^\w$€£]+|[^\w%]+$", "", text.casefold().replace("\u2019", "'"))


@dataclass(frozen=True, slots=True)
class Said:
    """A quote found: the words, and whose utterance they are."""

    utterance: Utterance
    words: tuple[Word, ...]

    def receipt(self) -> Receipt:
        quote = " ".join(word.text for word in self.words)
        return Receipt(quote, self.words[0].start, self.words[-1].end, self.utterance.speaker)


def locate(quote: str, talk: Talk, utterance: int | None = None) -> Said | None:
    """The words of the talk that a quote repeats, or None where nobody said it.

    With `utterance`, only that one and its neighbours are searched: a quote has to stand where
    it is said to stand.
    """
    wanted = [token for token in map(plain, quote.split()) if token]
    if not wanted:
        return None
    near = [u for u in talk.utterances if utterance is None or abs(u.id - utterance) <= 1]
    near.sort(key=lambda u: (u.id != utterance, u.id))
    for exactly in (True, False):
        for candidate in near:
            words = (_exactly if exactly else _nearly)(wanted, candidate.words)
            if words:
                return Said(candidate, words)
    return None


def _exactly(wanted: Sequence[str], words: tuple[Word, ...]) -> tuple[Word, ...]:
    tokens = [plain(word.text) for word in words]
    size = len(wanted)
    for place in range(len(tokens) - size + 1):
        if tokens[place : place + size] == wanted:
            return words[place : place + size]
    return ()


def _nearly(wanted: Sequence[str], words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The stretch that is nearest, snapped to whole words, when it is near enough."""
    text, starts = "", []
    for word in words:
        starts.append(len(text))
        text += plain(word.text) + " "
    quote = " ".join(wanted)
    if len(quote) > len(text) + 3:
        return ()
    found = fuzz.partial_ratio_alignment(quote, text, score_cutoff=ENOUGH)
    if found is None or found.score < ENOUGH:
        return ()
    first = max((i for i, start in enumerate(starts) if start <= found.dest_start), default=0)
    last = max((i for i, start in enumerate(starts) if start < found.dest_end - 1), default=0)
    near = words[first : last + 1]
    return near if _says_as_much(wanted, [plain(word.text) for word in near]) else ()


def _says_as_much(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether no number and no "not" makes the difference: few letters, another claim."""
    return Counter(filter(_telling, one)) == Counter(filter(_telling, other))


def _telling(token: str) -> bool:
    return any(map(str.isdigit, token)) or token.endswith("n't") or token in english().telling
