"""What a speech model makes up looks like this; pure, and the same for every engine.

About one segment in a hundred of Whisper's is invented (A. Koenecke et al., "Careless Whisper",
arXiv 2402.08021), most of it after applause, music or silence. A guard names the words and says
why; it changes none. The engine hears them again with other settings, and what is still suspicious
is kept, marked and given a low probability.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Word
from pipeline.text import unmarked

PHANTOM = "a phrase that speech models make of applause, music or silence"
DOUBTED = 0.05  # the probability that doubted words get at most

_LONGEST_LOOP = 12  # words of a phrase that is looked for again after itself
_COMPRESSION = 2.4  # Whisper's own threshold: text that zlib makes this much smaller repeats itself
_TEXT = 80  # characters under which that ratio means nothing
_RATE_WORDS = 8
_WORDS_A_SECOND = 10.0  # the fastest auctioneers reach about 7
_ALONE = 1.0  # seconds without words on both sides
_FEW = 6  # words that are made of a breath or of clapping: "Thank you very much for watching."
_BEGINS = 0.1  # probability of their first word: 0.05 and less of those, 0.22 and more of speech
_ECHO = 4  # vocabulary entries in the order of the prompt

_NEVER_SAID = re.compile(
    r"(?:subtitles?|captions?) (?:made )?by [^ ]+(?: [^ ]+)?|amara\.? ?org|"
    r"sous-titr(?:es|age)|untertitel (?:der|im|von)|subtítulos por"
)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Words `first` up to, not including, `after` look made up."""

    first: int
    after: int
    why: str


def suspect(words: Sequence[Word], vocabulary: Sequence[str] = ()) -> tuple[Suspicion, ...]:
    """All that is suspicious in some words: in order, not overlapping."""
    loops = tuple(_loops(words))
    found = (
        *(loops or _squeezable(words)),  # a loop has a place, a ratio has none
        *_too_fast(words),
        *_phantoms(words),
        *_echoes(words, vocabulary),
    )
    return _merged(sorted(found, key=lambda one: (one.first, one.after)))


def _merged(found: Sequence[Suspicion]) -> tuple[Suspicion, ...]:
    """Suspicions that touch become one, with the reasons of all."""
    merged: list[Suspicion] = []
    for one in found:
        if not merged or one.first > merged[-1].after:
            merged.append(one)
            continue
        last = merged.pop()
        known = one.why in last.why.split("; ")
        why = last.why if known else f"{last.why}; {one.why}"
        merged.append(Suspicion(last.first, max(last.after, one.after), why))
    return tuple(merged)


def doubted(words: Sequence[Word], suspicious: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    """The same words, those from each first up to each last place at a low probability."""
    places = {place for first, after in suspicious for place in range(first, after)}
    return tuple(
        replace(word, probability=min(word.probability, DOUBTED)) if place in places else word
        for place, word in enumerate(words)
    )


def _loops(words: Sequence[Word]) -> Iterator[Suspicion]:
    """A phrase said again and again: "very very very" is human, six in a row are not."""
    texts = [unmarked(word.text) for word in words]
    first = 0
    while first < len(texts):
        after = max(_loop_end(texts, first, size) for size in range(1, _LONGEST_LOOP + 1))
        if after > first:
            yield Suspicion(first, after, "the same words again and again")
        first = max(after, first + 1)


def _loop_end(texts: Sequence[str], first: int, size: int) -> int:
    """Where the loop of `size` words that begins at `first` ends; `first` when there is none."""
    after = first + size
    while after < len(texts) and texts[after] == texts[after - size]:
        after += 1
    return after if (after - first) // size >= _bearable(size) else first


def _bearable(size: int) -> int:
    """How often a phrase of `size` words in a row is too often."""
    return 6 if size == 1 else 4 if size < 5 else 3


def _squeezable(words: Sequence[Word]) -> Iterator[Suspicion]:
    text = " ".join(word.text for word in words).encode()
    if len(text) >= _TEXT and len(text) / len(zlib.compress(text)) > _COMPRESSION:
        yield Suspicion(0, len(words), "it repeats itself more than speech does")


def _too_fast(words: Sequence[Word]) -> Iterator[Suspicion]:
    for first in range(len(words) - _RATE_WORDS + 1):
        after = first + _RATE_WORDS
        if words[after - 1].end - words[first].start < _RATE_WORDS / _WORDS_A_SECOND:
            yield Suspicion(first, after, "more words than can be said in that time")


def _phantoms(words: Sequence[Word]) -> Iterator[Suspicion]:
    """What subtitles hold and rooms do not, and what hardly begins between two pauses."""
    said = " ".join(unmarked(word.text) for word in words)
    for match in _NEVER_SAID.finditer(said):
        first = said.count(" ", 0, match.start())
        yield Suspicion(first, said.count(" ", 0, match.end()) + 1, PHANTOM)
    for first, after in _stretches(words):
        if hardly_begins(words[first:after]):
            yield Suspicion(first, after, PHANTOM)


def hardly_begins(words: Sequence[Word]) -> bool:
    """Whether a few words alone are made of no speech: the model was not sure that any begins."""
    return 0 < len(words) <= _FEW and words[0].probability < _BEGINS


def _stretches(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """(first, after) of the words between two pauses."""
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place].start - words[place - 1].end >= _ALONE:
            yield first, place
            first = place


def _echoes(words: Sequence[Word], vocabulary: Sequence[str]) -> Iterator[Suspicion]:
    """The prompt read back: several of its names in their order and nothing between."""
    said = [unmarked(word.text) for word in words]
    for start in range(len(vocabulary) - _ECHO + 1):
        names = " ".join(vocabulary[start : start + _ECHO]).lower().split()
        for first in range(len(said) - len(names) + 1):
            if said[first : first + len(names)] == names:
                yield Suspicion(first, first + len(names), "the list of names read back")
