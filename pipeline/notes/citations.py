"""From a model's note to one with receipts: what it cites, looked up where it was said."""

import re
from collections.abc import Iterator, Sequence

from pipeline.claims.meaning import content
from pipeline.data import Note, Receipt, Talk, ms
from pipeline.notes import quote_search, receipts, sums
from pipeline.notes.answers import Absent, Quote, SoundNumber, SourceLine, Sum, WrittenNote
from pipeline.notes.checks import absence
from pipeline.notes.evening import Evening
from pipeline.notes.figures import figures
from pipeline.notes.matching import QUOTED, stands
from pipeline.text import sentences

_LEFT_OUT = re.compile(r"\s*(?:\[?\.\.\.\]?|\[?\u2026\]?)\s*")
_CELL = 4  # words of a cell of a table


Cited = Receipt | str  # a receipt, or why there is none, in words for the model


def resolve_citations(
    written: WrittenNote, talk: Talk, evening: Evening
) -> tuple[Note | None, tuple[str, ...]]:
    """The note with its receipts, or every reason why it can have none."""
    found = list(_all(written, talk, evening))
    problems = tuple(dict.fromkeys(each for each in found if isinstance(each, str)))
    kept = list(dict.fromkeys(each for each in found if isinstance(each, Receipt)))
    if problems:
        return None, problems
    if not kept:
        return None, ("it cites nothing: quote the words it rests on",)
    return Note(tidied(written.text), written.kind, _time(kept, talk), tuple(kept)), ()


def tidied(text: str) -> str:
    """A model's line in the form of the voice: no bullet before it, no full stop after it, not in
    a quotation either."""
    line = re.sub(r"^[-*\u2022]\s+", "", " ".join(text.split()))
    return re.sub(r"(?<!\.)\.([\"\u201c\u201d\u00ab\u00bb]?)$", r"\1", line)


def _all(written: WrittenNote, talk: Talk, evening: Evening) -> Iterator[Cited]:
    for cited in written.receipts:
        match cited:
            case Quote():
                yield from _quoted(cited, evening)
            case SourceLine():
                yield _source(cited.source, written.text, talk, evening)
            case Absent():
                yield _absent(cited, talk, evening)
            case Sum():
                yield _sum(cited.sum, written.text, talk, evening)
            case SoundNumber():
                yield _sound(cited.sound, evening)


def _quoted(quote: Quote, evening: Evening) -> Iterator[Cited]:
    """A receipt for each part of a quote that "..." divides."""
    for part in filter(None, _LEFT_OUT.split(quote.quote)):
        missing = f"nobody says “{part}” in utterance {quote.utterance}: quote word for word"
        yield quote_search.find(part, evening, quote.utterance) or missing


def _source(place: str, text: str, talk: Talk, evening: Evening) -> Cited:
    found = evening.line(place)
    if found is None:
        files = ", ".join(file.name for file in evening.files) or "none"
        return f"there is no line {place}: cite “file:line” of one of these: {files}"
    bearing = _bearing(found.text, text, evening.language)
    return Receipt(found.text, talk.start, talk.start, None, found.place, "source", bearing)


def _bearing(line: str, text: str, language: str) -> str:
    """The sentence of a line that a note quotes, or has most of its numbers and words from; of a
    table's row its first cell and those with the note's numbers."""
    told = {figure.value for figure in figures(text, language) if not figure.spoken_one}
    cells = line.split(", ")
    if len(cells) > 2 and all(len(cell.split()) <= _CELL for cell in cells):
        with_numbers = [c for c in cells[1:] if {f.value for f in figures(c, language)} & told]
        return ", ".join([cells[0], *with_numbers]) if with_numbers else line
    if len(line.split()) <= receipts.MOST:
        return line
    words, quoted = content(text, language), QUOTED.findall(text)

    def in_common(sentence: str) -> tuple[bool, int, int]:
        said = {figure.value for figure in figures(sentence, language)}
        held = any(stands(quote, sentence, language) for quote in quoted)
        return held, len(said & told), len(content(sentence, language) & words)

    return max(sentences(line), key=in_common)


def _absent(cited: Absent, talk: Talk, evening: Evening) -> Cited:
    """Words that are nowhere in the scope, or where one of them is."""
    if not cited.absent:
        return "“absent” has no words to look for: give those that would have been said"
    said = talk.utterances if cited.where == "talk" else evening.outline.utterances
    start, end = said[0].start, said[-1].end
    words = ", ".join(dict.fromkeys(cited.absent))
    found = absence.said_after_all(cited.absent, start, end, evening)
    return found or Receipt(words, start, end, None, kind="absent")


def _sum(expression: str, text: str, talk: Talk, evening: Evening) -> Cited:
    """What a sum comes to, to the digits that the note gives, at least two."""
    if sums.value(expression) is None:
        return f"{expression} is no sum: write numbers and + - * / alone, “1610/124”"
    told = (f for f in figures(text, evening.language) if sums.tells(f, expression))
    digits = max((sums.digits_of(figure.value) for figure in told), default=2)
    told_so = sums.shown(expression, max(2, digits))
    return Receipt(told_so, talk.start, talk.start, None, kind="sum")


def _sound(number: int, evening: Evening) -> Cited:
    if not 0 <= number < len(evening.sounds):
        return f"there is no sound {number}: cite only what is listed"
    sound = evening.sounds[number]
    return Receipt(f"[{sound.kind}]", sound.start, sound.end, None, kind="sound")


def _time(found: Sequence[Receipt], talk: Talk) -> float:
    """When the note's first words are said in its talk; the talk's end where none are."""
    heard = (r.start for r in found if r.kind in ("quote", "sound"))
    return ms(next((time for time in heard if talk.start <= time <= talk.end), talk.end))
