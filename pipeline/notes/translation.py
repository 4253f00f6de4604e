"""A checked post in another language: its lines written anew, its quotes with what they mean.

Code holds each line against the one that was checked: the same figures, the same quotes word for
word. One that differs stays as it was written, and the post says how many did.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Note, Receipt, TalkNotes
from pipeline.errors import ModelError
from pipeline.llm.asking import Asker
from pipeline.notes import WrittenUp
from pipeline.notes.answers import Answer, Text
from pipeline.notes.material import harmless, listed
from pipeline.notes.receipts import shown
from pipeline.notes.wording import QUOTED, plain_number

KEPT = "{count} of {all} lines stand as they were written: their translation was not the same"
UNMEANT = "{count} of {all} quotes stand without what they mean: their translation was not the same"
UNTOLD = "a part of the post is not translated: {why}"
_MARKUP = re.compile(r"[<>`\n]|\]\(|https?:")
_SPACES = "[\u00a0\u202f]"  # between the groups of a number
_ENDS = ".,\u00a0\u202f"
_NUMBER = re.compile(rf"\d[\d{_ENDS}]*")


class Numbered(Answer):
    """A line by its number."""

    number: int
    text: Text


class Translated(Answer):
    """The answer to translate.md."""

    lines: tuple[Numbered, ...] = ()
    quotes: tuple[Numbered, ...] = ()


@dataclass(frozen=True, slots=True)
class Languages:
    """From what is spoken to what the post is written in."""

    spoken: str
    written: str


async def translated(written: WrittenUp, tongues: Languages, ask: Asker) -> WrittenUp:
    """The post in its language, with a warning for what stands as it was; raises ModelError."""
    top = [written.description, *(note.text for note in written.caveat)]
    parts = [(top, written.caveat), *((_lines(noted), noted.notes) for noted in written.talks)]
    asked = (_ask(lines, notes, tongues, ask) for lines, notes in parts)
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, ModelError):
            raise answer
    failed = [answer for answer in answers if isinstance(answer, ModelError)]
    if len(failed) == len(answers):
        raise failed[0]
    made = [_Made(part, each, tongues) for part, each in zip(parts, answers, strict=True)]
    first, *others = made
    return replace(
        written,
        language=tongues.written,
        description=first.lines[0],
        caveat=first.notes(first.lines[1:]),
        talks=tuple(map(_talk, written.talks, others)),
        warnings=(*_lost(made), *dict.fromkeys(map(_untold, failed)), *dict.fromkeys(ask.lost)),
        unfinished=bool(failed),
    )


def _lost(made: Sequence["_Made"]) -> Iterator[str]:
    """How many lines and quotes have no translation that holds."""
    kept, unmeant = sum(each.kept for each in made), sum(each.unmeant for each in made)
    if kept:
        yield KEPT.format(count=kept, all=sum(len(each.lines) for each in made))
    if unmeant:
        yield UNMEANT.format(count=unmeant, all=sum(each.quotes for each in made))


def _untold(error: ModelError) -> str:
    return UNTOLD.format(why=error.briefly)


def _lines(noted: TalkNotes) -> list[str]:
    """A talk's heading, summary and notes."""
    return [noted.talk.title, *noted.summary.splitlines(), *(note.text for note in noted.notes)]


def _talk(noted: TalkNotes, made: "_Made") -> TalkNotes:
    summary = len(noted.summary.splitlines())
    return replace(
        noted,
        talk=replace(noted.talk, title=made.lines[0]),
        summary="\n".join(made.lines[1 : 1 + summary]),
        notes=made.notes(made.lines[1 + summary :]),
    )


async def _ask(
    lines: Sequence[str], notes: Sequence[Note], tongues: Languages, ask: Asker
) -> Translated:
    quotes = [quote for quote, _ in _quotes(notes, tongues.spoken)]
    if not any(lines):
        return Translated()
    variables = {
        "spoken": tongues.spoken,
        "language": tongues.written,
        "lines": listed(f"{n}. {harmless(line)}" for n, line in enumerate(lines, 1) if line),
        "quotes": listed(f"{n}. {harmless(quote)}" for n, quote in enumerate(quotes, 1)),
    }
    return await ask("translate", variables, Translated)


def _quotes(notes: Sequence[Note], spoken: str) -> Iterator[tuple[str, Receipt]]:
    """What the post shows of what was said, by its receipt, each once."""
    found = {
        receipt: shown(receipt, spoken, note.text)
        for note in notes
        for receipt in note.receipts
        if receipt.kind == "quote"
    }
    yield from ((quote, receipt) for receipt, quote in found.items())


class _Made:
    """What came of a part: its lines, those that hold translated, and what its quotes mean."""

    def __init__(
        self,
        part: tuple[Sequence[str], Sequence[Note]],
        answer: Translated | BaseException,
        tongues: Languages,
    ) -> None:
        lines, self._notes = part
        told = answer if isinstance(answer, Translated) else Translated()
        new = {each.number: " ".join(each.text.split()) for each in told.lines}
        fit = {
            n: new[n] for n, line in enumerate(lines, 1) if n in new and same(line, new[n], tongues)
        }
        self.lines = [fit.get(number, line) for number, line in enumerate(lines, 1)]
        stay = (line for n, line in enumerate(lines, 1) if line and n not in fit)
        means = {each.number: each.text for each in told.quotes}
        quotes = list(_quotes(self._notes, tongues.spoken))
        self._means: Mapping[Receipt, tuple[str, str]] = {
            receipt: (quote, " ".join(means[number].split()))
            for number, (quote, receipt) in enumerate(quotes, 1)
            if number in means and same(quote, means[number], tongues)
        }
        came = isinstance(answer, Translated)  # of what did not, the reason is told instead
        self.quotes = len(quotes)
        self.kept = len(list(stay)) if came else 0
        self.unmeant = len(quotes) - len(self._means) if came else 0

    def notes(self, texts: Sequence[str]) -> tuple[Note, ...]:
        """The notes with these texts, and what their quotes mean beside them."""
        return tuple(
            replace(note, text=text, receipts=tuple(map(self._with_meaning, note.receipts)))
            for note, text in zip(self._notes, texts, strict=True)
        )

    def _with_meaning(self, receipt: Receipt) -> Receipt:
        quote, meaning = self._means.get(receipt, ("", ""))
        return replace(receipt, translated=quote, translation=meaning)


def same(line: str, other: str, tongues: Languages) -> bool:
    """Whether a line has the figures and, word for word, the quotes of another, and no markup.

    A figure is copied, or written as the other language writes it: "2,400" and "2.400" are one.
    """
    quotes = all(quote in other for quote in QUOTED.findall(line) if len(quote.split()) > 1)
    was, now = (Counter(each.rstrip(_ENDS) for each in _NUMBER.findall(t)) for t in (line, other))
    figures = _read(was - now, tongues.spoken) == _read(now - was, tongues.written)
    return quotes and figures and not _MARKUP.search(other)


def _read(figures: Counter[str], language: str) -> list[str]:
    """Figures that a language writes so, without groups and with a point for its decimals."""
    found = (plain_number(re.sub(_SPACES, "", each), language) for each in figures.elements())
    return sorted(re.sub(r",(?=\d{3}(?!\d))", "", each).replace(",", ".") for each in found)
