"""Where at an event a quote was said: word for word, numbers spoken or written.

A receipt shows the whole sentence. What was cited of it is widened to the left over a negation, a
condition and "they said", so that no quote means the opposite of what was said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from pipeline.data import Receipt, Utterance, Word
from pipeline.notes.cue_words import CueWords, cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.matching import exactly, nearly, tokens
from pipeline.text import joined, unmarked

SURE = 3  # tokens: a shorter quote has to stand exactly in the utterance that is named
FAR = 4  # tokens: a shorter quote is not looked for anywhere else
_ANNOUNCES = 4  # words from "they said" to the quote that it announces: "They said, Ada, it is"
REACH = 12  # words before a quote in which a negation or a condition may govern it


@dataclass(frozen=True, slots=True)
class Said:
    """A quote found: words of one speaker."""

    words: tuple[Word, ...]
    utterances: tuple[Utterance, ...]


def find(quote: str, evening: Evening, utterance: int | None = None) -> Said | None:
    """The words that a quote repeats, first where it is said to stand, or None."""
    wanted = [token.text for token in tokens(tuple(quote.split()), evening.language)]
    if not wanted:
        return None
    near = _near(evening, utterance) if utterance is not None else ()
    if len(wanted) < SURE and utterance in evening.utterances:
        return _search(wanted, near[:1], evening.language, to_the_word=True)
    far = _far(evening, utterance) if len(wanted) >= FAR or utterance is None else ()
    for where, to_the_word in ((near, True), (near, False), (far, True), (far, False)):
        said = _search(wanted, where, evening.language, to_the_word)
        if said:
            return said
    return None


def receipt(said: Said, evening: Evening) -> Receipt:
    """A quote with the whole sentence around it."""
    numbers_of = {utterance.id for utterance in said.utterances}
    begin, end = said.words[0].start, said.words[-1].end
    around = [
        sentence
        for sentence in evening.sentences
        if sentence.utterance in numbers_of and sentence.start < end and sentence.end > begin
    ]
    words = [word for sentence in around for word in sentence.words] or list(said.words)
    first = next((place for place, word in enumerate(words) if word.start >= begin), 0)
    first = _widened(words, first, cue_words(evening.language))
    cited = joined(word.text for word in words[first:] if word.start < end)
    quote = joined(word.text for word in words)
    speaker = said.utterances[0].speaker
    return Receipt(quote, words[0].start, words[-1].end, speaker, cited=cited)


def _widened(words: Sequence[Word], first: int, known: CueWords | None) -> int:
    """Where a quote begins with what turns it around: "not", "if", "they said"."""
    if known is None:
        return first
    for place in range(max(0, first - REACH), first):
        word = unmarked(words[place].text)
        if known.denies(word) or word in known.conditions:
            return place
        if word in known.sayings and first - place <= _ANNOUNCES:
            return max(0, place - 1)
    return first


# ---- where to look


def _near(evening: Evening, utterance: int) -> tuple[tuple[Utterance, ...], ...]:
    """The utterance, its neighbours, and what its speaker says over a pause."""
    known = [evening.utterances.get(utterance + step) for step in (0, -1, 1)]
    alone = [(each,) for each in known if each]
    around = [evening.utterances.get(utterance + step) for step in (-1, 0, 1)]
    return (*alone, *_runs([each for each in around if each]))


def _far(evening: Evening, utterance: int | None) -> tuple[tuple[Utterance, ...], ...]:
    """All that was said, what is next to an utterance first."""
    said = evening.outline.utterances
    alone = [(each,) for each in said]
    pairs = [pair for pair in pairwise(said) if pair[0].speaker == pair[1].speaker]
    every = [*alone, *pairs]
    if utterance is not None:
        every.sort(key=lambda some: abs(some[0].id - utterance))
    return tuple(every)


def _runs(said: Sequence[Utterance]) -> Iterator[tuple[Utterance, ...]]:
    for _, same in groupby(said, key=lambda utterance: utterance.speaker):
        run = tuple(same)
        if len(run) > 1:
            yield run


def _search(
    wanted: Sequence[str], where: Sequence[tuple[Utterance, ...]], language: str, to_the_word: bool
) -> Said | None:
    for some in where:
        words = tuple(word for utterance in some for word in utterance.words)
        found = tokens(tuple(word.text for word in words), language)
        span = exactly(wanted, found) if to_the_word else nearly(wanted, found, language)
        if span:
            return _said(words[span.start : span.stop], some)
    return None


def _said(words: tuple[Word, ...], some: tuple[Utterance, ...]) -> Said:
    own = {id(word) for word in words}
    holding = tuple(u for u in some if any(id(word) in own for word in u.words))
    return Said(words, holding)
