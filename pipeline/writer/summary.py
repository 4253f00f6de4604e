"""What a talk is about, without a model: its own most central sentences, whole."""

from collections import Counter
from collections.abc import Sequence

from pipeline.notes import sentences
from pipeline.notes.sentences import Sentence
from pipeline.notes.stems import stem
from pipeline.writer.drafts import centrality, is_small_talk
from pipeline.writer.phrases import capital
from pipeline.writer.sentences import plain, reads_well
from pipeline.writer.telling import Teller
from pipeline.writer.wordings import Phrasebook
from pipeline.writer.words import english

LINES = 3
LEAD = 0.5  # what the first sentences have ahead of the last: speakers say early what it is about


def summary(teller: Teller, book: Phrasebook, taken: set[str]) -> str:
    """Two or three lines, one a line: what it is about, then its gist in the speaker's thoughts."""
    said = sentences.cut(teller.talk.utterances)
    lines = [line for line in (_about(said, teller, book),) if line]
    gist = sorted(_gist(teller, said, taken)[: LINES - len(lines)])
    return "\n".join([*lines, *(text for _, text in gist)])


def _about(said: Sequence[Sentence], teller: Teller, book: Phrasebook) -> str:
    """ "Mostly about memory, models and power": the words said most, from one stem each."""
    forms: dict[str, Counter[str]] = {}
    for sentence in said:
        for word in sentence.words:
            bare = plain(word.text)
            if len(bare) > 3 and bare.isalpha() and bare not in english().dull:
                forms.setdefault(stem(bare, teller.context.language), Counter())[bare] += 1
    often = sorted(forms.values(), key=lambda uses: -uses.total())
    words = [uses.most_common(1)[0][0] for uses in often if uses.total() >= 2][:3]
    if len(words) == 3:
        return capital(book.word("about", dict(zip("abc", words, strict=True))) or "")
    if len(words) == 2:
        return capital(book.word("about.short", dict(zip("ab", words, strict=True))) or "")
    return ""


def _gist(teller: Teller, said: Sequence[Sentence], taken: set[str]) -> list[tuple[float, str]]:
    """(time, line) of the sentences that say most, the best first."""
    central = centrality(said, teller.context.language)
    length = max(1, len(said))
    scored = []
    for place, (sentence, score) in enumerate(zip(said, central, strict=True)):
        text = capital(teller.clause(sentence.words, sentence.speaker))
        if not text or is_small_talk(sentence) or any(text in note for note in taken):
            continue
        lead = 1.0 + LEAD * (1 - place / length)
        scored.append((score * lead * reads_well(sentence.words), sentence.start, text))
    return [(time, text) for _, time, text in sorted(scored, reverse=True)]
