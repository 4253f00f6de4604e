"""A checked post in another language: its lines written anew, its quotes with what they mean.

Code holds each line against the one that was checked: the same figures, the same quotes word for
word. One that differs stays as it was written, and the post says how many did.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.data import Note, Receipt, TalkNotes
from pipeline.errors import ModelError
from pipeline.llm.asking import Asker, all_of
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
    caveat = written.caveat
    top = _Part((written.description, *(note.text for note in caveat)), caveat, tongues)
    parts = [top, *(_Part(noted.lines, noted.notes, tongues) for noted in written.talks)]
    await all_of(part.asked(ask) for part in parts)
    failed = [part.failed for part in parts if part.failed]
    if len(failed) == len(parts):
        raise failed[0]
    untold = (UNTOLD.format(why=error.briefly) for error in failed)
    return replace(
        written,
        language=tongues.written,
        description=top.line(written.description),
        caveat=tuple(map(top.note, caveat)),
        talks=tuple(map(_talk, written.talks, parts[1:])),
        warnings=(*_lost(parts), *dict.fromkeys(untold), *dict.fromkeys(ask.lost)),
        unfinished=bool(failed),
    )


def _talk(noted: TalkNotes, part: "_Part") -> TalkNotes:
    talk = replace(noted.talk, title=part.line(noted.talk.title))
    summary = "\n".join(map(part.line, noted.summary.splitlines()))
    return replace(noted, talk=talk, summary=summary, notes=tuple(map(part.note, noted.notes)))


def _lost(parts: Sequence["_Part"]) -> Iterator[str]:
    """How many lines and quotes have no translation that holds."""
    came = [part for part in parts if not part.failed]  # of the others the reason is told
    kept = sum(line not in part.new for part in came for line in part.lines if line)
    unmeant = sum(quote not in part.new for part in came for quote in part.quotes)
    if kept:
        yield KEPT.format(count=kept, all=sum(len(part.lines) for part in parts))
    if unmeant:
        yield UNMEANT.format(count=unmeant, all=sum(len(part.quotes) for part in parts))


@dataclass
class _Part:
    """What is translated together, the top of a post or a talk: lines, and the quotes of notes."""

    lines: tuple[str, ...]
    notes: tuple[Note, ...]
    tongues: Languages
    failed: ModelError | None = None
    new: dict[str, str] = field(default_factory=dict)  # what holds, by what it translates

    @property
    def quotes(self) -> tuple[str, ...]:
        """What the post shows of what was said, each once."""
        shows = (self._shown(receipt, note) for note in self.notes for receipt in note.receipts)
        return tuple(dict.fromkeys(filter(None, shows)))

    def _shown(self, receipt: Receipt, note: Note) -> str:
        return shown(receipt, self.tongues.spoken, note.text) if receipt.kind == "quote" else ""

    async def asked(self, ask: Asker) -> None:
        """Ask, and keep in `new` what holds, or in `failed` why nothing came."""
        answer = Translated()
        if any(self.lines):
            variables = {
                "spoken": self.tongues.spoken,
                "language": self.tongues.written,
                "lines": listed(
                    f"{n}. {harmless(line)}" for n, line in enumerate(self.lines, 1) if line
                ),
                "quotes": listed(f"{n}. {harmless(q)}" for n, q in enumerate(self.quotes, 1)),
            }
            try:
                answer = await ask("translate", variables, Translated)
            except ModelError as error:
                self.failed = error
                return
        for texts, told in ((self.lines, answer.lines), (self.quotes, answer.quotes)):
            for each in told:
                text = texts[each.number - 1] if 0 < each.number <= len(texts) else ""
                new = " ".join(each.text.split())
                if text and same(text, new, self.tongues):
                    self.new[text] = new

    def line(self, text: str) -> str:
        """A line translated, or as it was written."""
        return self.new.get(text, text)

    def note(self, note: Note) -> Note:
        """A note translated, and what its quotes mean beside them."""
        receipts = (self._with_meaning(receipt, note) for receipt in note.receipts)
        return replace(note, text=self.line(note.text), receipts=tuple(receipts))

    def _with_meaning(self, receipt: Receipt, note: Note) -> Receipt:
        quote = self._shown(receipt, note)
        meaning = self.new.get(quote, "")
        return replace(receipt, translated=quote if meaning else "", translation=meaning)


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
