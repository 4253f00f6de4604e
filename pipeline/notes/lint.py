"""Holds a finished post against the voice: the numbers of prompts/lint.toml, its words, its form.

It reads the Markdown alone, so that a post that a person has edited can be held against it too.
"""

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path

from pipeline.claims.lexicon import pattern
from pipeline.config import Section
from pipeline.notes.matching import QUOTED
from pipeline.prompts import Prompts
from pipeline.text import ALIKE, alikeness, plain
from pipeline.toml import read, validate
from pipeline.wording import in_all

_HEADING = re.compile(r"^##\s+(.*)")
_MARKS = re.compile(r"(?:\[\^[^\]]+\])+\s*$")
# the same where a Markdown knows no footnotes
_PLAIN_MARK = re.compile(r" \[\\\[(\d+)\\\]\]\(#receipt-\d+\)")
_PLAIN_NOTE = re.compile(r'^<span id="receipt-(\d+)"></span>\\\[\d+\\\] ', re.MULTILINE)
_FOOTNOTE = re.compile(r"^\[\^([^\]]+)\]:\s*(.*)$")
# in a footnote: the stretch in which something was never said, and what the room did
_UNSAID = re.compile(r"\d\d\]?(?:\([^)]*\))?-\d+:\d\d(?::\d\d)? ")
_SOUNDS = "|".join(in_all("applause", "laughter", "music"))
_HEARD = re.compile(rf"[\d)] \\?\[(?:{_SOUNDS})\\?\]")  # ... of the room
_WITHOUT_MODEL = re.compile(r"[“„\"]|No word on: |[^“\"]{1,60}: “")  # how a quoted line begins
_I_OR_WE = re.compile(r"\b(?:I|me|my|mine|we|us|our|I'm|I'd|I'll|I've)\b")
_QUOTED = 0.9  # share of quotations from which a post is one of quotes, without a voice of its own
Range = tuple[float, float]


class OfNotes(Section):
    """What holds for each note, and for their words in all."""

    words_most: int
    words_median: Range
    final_stops_most: float


class OfTalks(Section):
    """How many notes a talk has."""

    notes: Range
    notes_median: Range


class OfPost(Section):
    """Shares of all notes of a post."""

    laughs: Range
    digits: Range
    unsaid: Range
    room: Range
    first_person: Range
    receipts_least: float
    repeats_most: int


class Lists(Section):
    """Words in the notation of `pipeline.claims.lexicon.pattern`."""

    laughs: tuple[str, ...]
    mocking: tuple[str, ...]


class Bounds(Section):
    """The contents of lint.toml."""

    note: OfNotes
    talk: OfTalks
    post: OfPost
    words: Lists


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say against a post; `line` counts from 1, 0 is the post as a whole."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as it stands in the post, without its footnote marks."""

    number: int
    text: str
    talk: str
    heading: int  # the line of the talk's heading: titles may be alike
    receipts: bool
    footnotes: str = ""  # the text of its receipts


@dataclass(frozen=True)
class PostCount:
    """A post in numbers, as the voice profile gives them for the source post."""

    notes: tuple[NoteLine, ...]
    bounds: Bounds

    @cached_property
    def words(self) -> list[int]:
        return [len(note.text.split()) for note in self.notes]

    def share(self, holds: Callable[[NoteLine], bool]) -> float:
        """The share of notes of which something holds."""
        return sum(map(holds, self.notes)) / max(1, len(self.notes))

    @cached_property
    def shares(self) -> dict[str, float]:
        """How much of the post laughs, counts, misses something, watches the room, says "I"."""
        laugh = pattern(self.bounds.words.laughs)
        told = {
            "laughs": self.share(lambda note: laugh.search(plain(note.text)) is not None),
            "digits": self.share(lambda note: re.search(r"[0-9]", note.text) is not None),
            "unsaid": self.share(lambda note: _UNSAID.search(note.footnotes) is not None),
            "room": self.share(lambda note: _HEARD.search(note.footnotes) is not None),
            "first_person": self.share(lambda n: bool(_I_OR_WE.search(QUOTED.sub(" ", n.text)))),
        }
        of_receipts = () if any(note.receipts for note in self.notes) else ("unsaid", "room")
        return {name: share for name, share in told.items() if name not in of_receipts}

    @property
    def quotes(self) -> bool:
        """Whether it was written without a model, and has no voice of its own."""
        return self.share(lambda note: _WITHOUT_MODEL.match(note.text) is not None) >= _QUOTED

    def stops(self, note: NoteLine) -> bool:
        text = note.text
        return text.rstrip("”\"'").endswith(".") and not text.endswith("...")


def bounds(prompts: Prompts) -> Bounds:
    """The user's bounds or the built-in ones; raises ConfigError that names the file."""
    return bounds_in(prompts.find("lint").path)


def bounds_in(file: Path) -> Bounds:
    """The bounds of one file; raises ConfigError that names it."""
    return validate(Bounds, read(file), str(file))


def counted(markdown: str, held: Bounds) -> PostCount:
    """The notes of a post, counted."""
    return PostCount(tuple(_notes(markdown)), held)


def lint(markdown: str, prompts: Prompts, bare: bool = False) -> tuple[Finding, ...]:
    """All that can be said against a post; empty when it keeps to the voice. A `bare` one may be
    without any receipt."""
    count = counted(markdown, bounds(prompts))
    if not count.notes:
        return (Finding(0, "no notes: a talk's heading begins with ##, each note is a paragraph"),)
    return (*_of_the_whole(count), *_of_each(count, bare), *_of_pairs(count))


# ---- reading


def _notes(markdown: str) -> Iterator[NoteLine]:
    """The paragraphs under talks' headings that carry receipts; where none does, all but the
    first of each, if any has more than one."""
    lines = list(_lines(markdown))
    if not any(line.receipts for line in lines):
        own = [line for before, line in pairwise(lines) if line.heading == before.heading]
        yield from own or lines
        return
    noted: set[int] = set()  # talks of which a note was seen: what stands before is the summary
    for line in lines:
        if line.receipts:
            noted.add(line.heading)
        if line.heading in noted:
            yield line


def _lines(markdown: str) -> Iterator[NoteLine]:
    talk, begins = "", 0
    footnotes = {m[1]: m[2] for _, text in _body(markdown) if (m := _FOOTNOTE.match(text))}
    for number, text in _body(markdown):
        heading = _HEADING.match(text)
        if heading:
            talk, begins = heading.group(1), number
        elif text.strip() == "---":
            talk = ""
        elif talk and text.strip() and not _FOOTNOTE.match(text):
            bare = _MARKS.sub("", text).strip()
            marks = re.findall(r"\[\^([^\]]+)\]", text.strip()[len(bare) :])
            receipts = " ".join(footnotes.get(mark, "") for mark in marks)
            shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", bare)
            yield NoteLine(number, shown, talk, begins, bool(marks), receipts)


def _body(markdown: str) -> list[tuple[int, str]]:
    """(line number, line) after the front matter."""
    lines = _PLAIN_NOTE.sub(r"[^\1]: ", _PLAIN_MARK.sub(r"[^\1]", markdown)).splitlines()
    begin = 0
    if lines and lines[0] in ("+++", "---"):
        begin = lines.index(lines[0], 1) + 1 if lines[0] in lines[1:] else 0
    return list(enumerate(lines, start=1))[begin:]


# ---- judging


def _of_the_whole(count: PostCount) -> Iterator[Finding]:
    held, many = count.bounds, len(count.notes)
    stops = count.share(count.stops)
    yield from _share("share of final stops", stops, (0.0, held.note.final_stops_most), many)
    if count.quotes:
        return
    talks = Counter(note.heading for note in count.notes).values()
    words, notes = statistics.median(count.words), statistics.median(talks)
    yield from _outside("words in a note (median)", words, held.note.words_median)
    yield from _outside("notes in a talk (median)", notes, held.talk.notes_median)
    for name, value in count.shares.items():
        yield from _share(f"share of notes: {name}", value, getattr(held.post, name), many)


def _share(what: str, value: float, allowed: Range, many: int) -> Iterator[Finding]:
    """A share of so many notes that is further from what is allowed than chance takes it, 99 times
    of 100."""
    least, most = allowed
    bound = least if value < least else most
    yield from _outside(what, value, allowed, 2.58 * math.sqrt(bound * (1 - bound) / many))


def _outside(what: str, value: float, allowed: Range, room: float = 0.0) -> Iterator[Finding]:
    least, most = allowed
    if not least - room <= value <= most + room:
        yield Finding(0, f"{what} is {value:.2g}, not {least:g} to {most:g}")


def _of_each(count: PostCount, bare: bool) -> Iterator[Finding]:
    held = count.bounds
    for note, words in zip(count.notes, count.words, strict=True):
        if words > held.note.words_most:
            yield Finding(note.number, f"{words} words, more than {held.note.words_most}")
        if re.match(r"[-*+>#] |\d+\. ", note.text):
            yield Finding(note.number, "a note is a plain line, not a list item or a quotation")
        mocking = pattern(held.words.mocking).search(plain(note.text))
        if mocking:
            yield Finding(note.number, f"“{mocking.group()}” is about a person, not about a claim")
    without = [note for note in count.notes if not note.receipts]
    may = bare and len(without) == len(count.notes)
    if not may and len(without) > (1 - held.post.receipts_least) * len(count.notes):
        told = f"{len(without)} notes without a receipt, this is the first"
        yield Finding(without[0].number, told)
    least, most = held.talk.notes
    for _, same in groupby(count.notes, key=lambda note: note.heading):
        own = list(same)
        if not least <= len(own) <= most:
            yield Finding(
                own[0].number, f"{own[0].talk}: {len(own)} notes, not {least:g} to {most:g}"
            )


def _of_pairs(count: PostCount) -> Iterator[Finding]:
    repeated = [
        (note, earlier)
        for place, note in enumerate(count.notes)
        for earlier in count.notes[:place]
        if alikeness(note.text, earlier.text) >= ALIKE
    ]
    if len(repeated) > count.bounds.post.repeats_most:
        yield from (
            Finding(note.number, f"says what line {earlier.number} says")
            for note, earlier in repeated
        )
