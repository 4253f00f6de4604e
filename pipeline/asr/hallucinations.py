"""Words that a speech model made up, found by their look; pure, and the same for every engine.

About one segment in a hundred of Whisper's is invented (A. Koenecke et al., "Careless Whisper",
arXiv 2402.08021), most of it after applause, music or silence. A check names the words and says
why; it changes none. The engine hears them again with other settings, and what is still suspicious
is kept, marked and given a low probability.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Word
from pipeline.text import unmarked

PHANTOM_PHRASE = "a phrase that speech models make of applause, music or silence"
DOUBTED_PROBABILITY = 0.05  # the probability that doubted words get at most

_LONGEST_LOOP = 80  # words of a phrase that is looked for again after itself: half a window's
_ISOLATING_PAUSE = 1.0  # seconds without words on both sides
_PHANTOM_WORDS = 6  # at most, made of a breath or of clapping: "Thank you very much for watching."
_ONSET = 0.1  # probability of the first word: 0.05 and less of those, 0.22 and more of speech
_ECHOED_ENTRIES = 4  # vocabulary entries in the order of the prompt

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
    """The words that look made up, with the reasons: in order, not overlapping."""
    found = (
        *_repetitions(words),
        *_phantom_phrases(words),
        *_prompt_echoes(words, vocabulary),
    )
    return _merged(sorted(found, key=lambda one: (one.first, one.after)))


def _merged(suspicions: Sequence[Suspicion]) -> tuple[Suspicion, ...]:
    """Suspicions that touch become one, with the reasons of all."""
    merged: list[Suspicion] = []
    for suspicion in suspicions:
        if not merged or suspicion.first > merged[-1].after:
            merged.append(suspicion)
            continue
        last = merged.pop()
        known = suspicion.why in last.why.split("; ")
        why = last.why if known else f"{last.why}; {suspicion.why}"
        merged.append(Suspicion(last.first, max(last.after, suspicion.after), why))
    return tuple(merged)


def marked_doubtful(words: Sequence[Word], runs: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    """The same words, those of each (first, after) at DOUBTED_PROBABILITY or less."""
    places = {place for first, after in runs for place in range(first, after)}
    lowered = [replace(w, probability=min(w.probability, DOUBTED_PROBABILITY)) for w in words]
    return tuple(lowered[n] if n in places else word for n, word in enumerate(words))


def _repetitions(words: Sequence[Word]) -> Iterator[Suspicion]:
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
    return after if (after - first) // size >= _min_repetitions(size) else first


def _min_repetitions(size: int) -> int:
    """How often a phrase of `size` words in a row is too often."""
    return 6 if size == 1 else 4 if size < 5 else 3 if size < 40 else 2


def _phantom_phrases(words: Sequence[Word]) -> Iterator[Suspicion]:
    """Credits as subtitles have them, and a few words alone of which the first is improbable."""
    said = " ".join(unmarked(word.text) for word in words)
    for match in _NEVER_SAID.finditer(said):
        first = said.count(" ", 0, match.start())
        yield Suspicion(first, said.count(" ", 0, match.end()) + 1, PHANTOM_PHRASE)
    for first, after in _between_pauses(words):
        if has_improbable_onset(words[first:after]):
            yield Suspicion(first, after, PHANTOM_PHRASE)


def has_improbable_onset(words: Sequence[Word]) -> bool:
    """Whether a few words alone are no speech: the model was not sure that any begins."""
    return 0 < len(words) <= _PHANTOM_WORDS and words[0].probability < _ONSET


def _between_pauses(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """(first, after) of the words between two pauses."""
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or words[place].start - words[place - 1].end >= _ISOLATING_PAUSE:
            yield first, place
            first = place


def _prompt_echoes(words: Sequence[Word], vocabulary: Sequence[str]) -> Iterator[Suspicion]:
    """The prompt read back: several of its names in their order and nothing between."""
    said = [unmarked(word.text) for word in words]
    for start in range(len(vocabulary) - _ECHOED_ENTRIES + 1):
        names = " ".join(vocabulary[start : start + _ECHOED_ENTRIES]).lower().split()
        for first in range(len(said) - len(names) + 1):
            if said[first : first + len(names)] == names:
                yield Suspicion(first, first + len(names), "the list of names read back")
