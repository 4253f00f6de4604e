"""What a talk is, without a model: who speaks on what, and its own most central thoughts."""

from collections import Counter
from collections.abc import Sequence

from pipeline.claims import sentences
from pipeline.claims.sentences import Sentence
from pipeline.claims.stems import stem
from pipeline.data import Note
from pipeline.writer.case import Case
from pipeline.writer.overheard import centrality, statement
from pipeline.writer.phrases import capital, listed
from pipeline.writer.sentences import plain
from pipeline.writer.telling import Teller
from pipeline.writer.verify import verify_line
from pipeline.writer.wordings import FIELDS, Phrasebook
from pipeline.writer.words import english

LINES = 3
SHORT, FEWER_LINES = 150, 2  # words of a talk of which fewer lines are enough
OFTEN = 4  # times that a word is said before the talk is about it
LONG_TALK = 3.0  # minutes from which its length is worth saying


def summary(case: Case, teller: Teller, book: Phrasebook, noted: Sequence[Note]) -> str:
    """Two or three lines, one a line, each shown to be true; none repeats a note."""
    said = sentences.cut(teller.talk.utterances)
    most = FEWER_LINES if sum(len(each.words) for each in said) < SHORT else LINES
    head = _head(said, teller, book)
    lines: dict[str, float] = {}
    for time, line in _gist(said, teller):
        if len(lines) == most - bool(head):
            break
        if line not in lines and not _is_noted(time, noted) and verify_line(line, case) is None:
            lines[line] = time
    return "\n".join([*([head] if head else []), *sorted(lines, key=lambda line: lines[line])])


def _is_noted(time: float, notes: Sequence[Note]) -> bool:
    """Whether a note already rests on what is said at that time."""
    cited = (receipt for note in notes for receipt in note.receipts if receipt.speaker)
    return any(receipt.start <= time < receipt.end for receipt in cited)


def _head(said: Sequence[Sentence], teller: Teller, book: Phrasebook) -> str:
    """ "Ada Park, founder of Kestrel, on chips and memory, 12 minutes"; "" when the heading says
    it all."""
    fields = {"who": teller.cast(), "minutes": _minutes(teller), "about": _about(said, teller)}
    told = {name: text for name, text in fields.items() if text}
    kind = f"head.{teller.talk.kind}"
    if "who" not in told:
        kind = "head.topics"
    return capital(book.word((kind if kind in FIELDS else "head",), told) or "")


def _minutes(teller: Teller) -> str:
    minutes = (teller.talk.end - teller.talk.start) / 60
    return f"{round(minutes)} minutes" if minutes >= LONG_TALK else ""


def _about(said: Sequence[Sentence], teller: Teller) -> str:
    """ "memory, models and power": the nouns said and understood most, one of each stem; a noun is
    what ends a group that an article or a preposition has begun."""
    language = teller.context.language
    names = {plain(word) for name in teller.context.names() for word in name.split()}
    known = english()
    idle = known.dull | known.telling | known.finite | known.imperatives | names
    forms: dict[str, Counter[str]] = {}
    for words in (sentence.words for sentence in said):
        tokens = ["", *(plain(word.text) for word in words), ""]
        for before, word, bare, after in zip(tokens, words, tokens[1:], tokens[2:], strict=False):
            opened = before in known.determiners | known.prepositions
            ended = after in known.cannot_end | known.finite | {""} or not word.text[-1].isalnum()
            if len(bare) > 3 and bare.isalpha() and bare not in idle and teller.heard((word,)):
                forms.setdefault(stem(bare, language), Counter())[bare] += opened and ended
    often = sorted(forms.values(), key=lambda uses: -uses.total())
    most = [uses.most_common(1)[0][0] for uses in often if uses.total() >= OFTEN][:3]
    return listed(most) if len(most) > 1 else ""


def _gist(said: Sequence[Sentence], teller: Teller) -> list[tuple[float, str]]:
    """(time, line) of the sentences that say most, the best first."""
    central = centrality(said, teller.context.language)
    scored = []
    for sentence, score in zip(said, central, strict=True):
        told = statement(teller, sentence)
        if told:
            who = teller.who(sentence.speaker, told.text)
            line = f"{who}: {told.text}" if who else capital(told.text)
            scored.append((score, told.receipt.start, line))
    return [(time, line) for _, time, line in sorted(scored, reverse=True)]
