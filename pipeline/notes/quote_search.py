"""Where at an event a quote was said: word for word, numbers spoken or written.

A receipt shows the whole sentence. What was cited of it is widened to the left over a negation, a
condition and "they said", so that no quote means the opposite of what was said.
"""

from collections.abc import Iterator, Sequence
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


def find(quote: str, evening: Evening, utterance: int) -> Receipt | None:
    """The words that a quote repeats, first where it is said to stand, with the whole sentence
    around them; None where nobody says them."""
    language = evening.language
    wanted = [token.text for token in tokens(tuple(quote.split()), language)]
    if not wanted:
        return None
    near = _near(evening, utterance)
    if len(wanted) < SURE and utterance in evening.utterances:
        return _search(wanted, near[:1], evening, to_the_word=True)
    far = _far(evening, utterance) if len(wanted) >= FAR else ()
    for where, to_the_word in ((near, True), (near, False), (far, True), (far, False)):
        found = _search(wanted, where, evening, to_the_word)
        if found:
            return found
    return None


def _search(
    wanted: Sequence[str],
    where: Sequence[tuple[Utterance, ...]],
    evening: Evening,
    to_the_word: bool,
) -> Receipt | None:
    for some in where:
        words = tuple(word for utterance in some for word in utterance.words)
        said = tokens(tuple(word.text for word in words), evening.language)
        span = exactly(wanted, said) if to_the_word else nearly(wanted, said, evening.language)
        if span:
            return _receipt(words[span.start : span.stop], some, evening)
    return None


def _receipt(found: Sequence[Word], some: Sequence[Utterance], evening: Evening) -> Receipt:
    """Some words of what one speaker says, with the whole sentences that hold them."""
    own = {id(word) for word in found}
    numbers = {one.id for one in some if any(id(word) in own for word in one.words)}
    begin, end = found[0].start, found[-1].end
    around = (
        sentence
        for sentence in evening.sentences
        if sentence.utterance in numbers and sentence.start < end and sentence.end > begin
    )
    words = [word for sentence in around for word in sentence.words] or list(found)
    first = next((place for place, word in enumerate(words) if word.start >= begin), 0)
    first = _widened(words, first, cue_words(evening.language))
    cited = joined(word.text for word in words[first:] if word.start < end)
    quote = joined(word.text for word in words)
    return Receipt(quote, words[0].start, words[-1].end, some[0].speaker, cited=cited)


def _widened(words: Sequence[Word], first: int, known: CueWords) -> int:
    """Where a quote begins with what turns it around: "not", "if", "they said"."""
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


def _far(evening: Evening, utterance: int) -> tuple[tuple[Utterance, ...], ...]:
    """All that was said, what is next to an utterance first."""
    said = evening.outline.utterances
    alone = [(each,) for each in said]
    pairs = [pair for pair in pairwise(said) if pair[0].speaker == pair[1].speaker]
    return tuple(sorted((*alone, *pairs), key=lambda some: abs(some[0].id - utterance)))


def _runs(said: Sequence[Utterance]) -> Iterator[tuple[Utterance, ...]]:
    for _, same in groupby(said, key=lambda utterance: utterance.speaker):
        run = tuple(same)
        if len(run) > 1:
            yield run
