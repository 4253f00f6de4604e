"""A talk's notes on their way: written, held to account by code and by a judge, put right once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from rapidfuzz import fuzz

from pipeline.data import Dropped, Note, Talk
from pipeline.notes import material
from pipeline.notes.answers import Written, WrittenNote, WrittenPart
from pipeline.notes.checks.verify import verify, verify_line
from pipeline.notes.citations import resolve_citations
from pipeline.notes.evening import Evening

MEDIAN = 15  # words of a note: a post whose notes run longer gets its long ones back
LONG = 20  # words of such a long one
SUMMARY = 2  # lines
ALIKE = 80.0  # rapidfuzz score (0..100) from which a line of a summary is a note again
AGAIN = (
    "The notes below were refused. Write each again as a part under its number, with receipts that "
    "bear it and an empty `summary`; leave out those that cannot be put right, and add no others."
)
PART = "{part} has no notes: {why}"

T = TypeVar("T")
Own = dict[int, WrittenNote]  # notes put right, by their place among what failed of a talk


def portions(items: Iterable[T], weight: Callable[[T], float], most: float) -> list[list[T]]:
    """Items in their order, as many together as weigh `most`; one alone may weigh more."""
    made: list[list[T]] = []
    room = 0.0
    for item in items:
        room -= weight(item)
        if room < 0 or not made:
            made.append([])
            room = most - weight(item)
        made[-1].append(item)
    return made


@dataclass(frozen=True, slots=True)
class Failed:
    """A note that cannot stay as it is, and why; `instead` stands if it is not put right."""

    written: WrittenNote
    reasons: tuple[str, ...]
    instead: Note | None = None
    judged: bool = False  # a judge refused it, and no code


@dataclass
class TalkDraft:
    """What is written of one talk so far."""

    talk: Talk
    evening: Evening
    summary: tuple[str, ...] = ()
    notes: list[Note] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    unsure: list[Dropped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    origin: dict[Note, WrittenNote] = field(default_factory=dict)
    longer: dict[Note, Note] = field(default_factory=dict)  # of notes that were said in fewer words
    quotes: str = ""  # why the talk has nothing but quotes

    def take(self, part: WrittenPart) -> None:
        """Keep what code can show to be true, and set the rest aside."""
        self.summary = (*self.summary, *part.summary)
        for written in part.notes:
            tried = self._tried(written)
            if isinstance(tried, Failed):
                self.failed.append(tried)

    def unwritten(self, part: str, why: str) -> None:
        """Say that a talk, or `part` of it ("part 2 of 3"), was not written."""
        self.quotes = why
        if part:
            self.warnings.append(PART.format(part=part, why=why))

    def _tried(self, written: WrittenNote) -> Note | Failed:
        """The note, which is kept now, or why it cannot be."""
        note, reasons = resolve_citations(written, self.talk, self.evening)
        if note is not None:
            reasons = verify(note, self.talk, self.evening, self.notes)
        if note is None or reasons:
            return Failed(written, reasons)
        self.origin[note] = written
        self.notes.append(note)
        return note

    def doubt(self, note: Note, why: str) -> None:
        """Set aside a note that the judge refuses; a longer one that it let stand comes back."""
        if not self._remove(note):
            self.failed.append(Failed(self.origin[note], (why,), judged=True))

    def _remove(self, note: Note) -> bool:
        """Whether a longer note takes its place."""
        longer = self.longer.pop(note, None)
        self.notes = [each for each in self.notes if each is not note]
        if longer:
            self.notes.append(longer)
        return longer is not None

    def unjudged(self, notes: Sequence[Note], warning: str, briefly: str) -> None:
        """Say that no judge has seen these notes; where one is needed, none of them stays."""
        if self.evening.judge_needed:
            gone = [note for note in notes if not self._remove(note)]
            self.dropped += (Dropped(self.talk.index, note.text, briefly) for note in gone)
            self.quotes = briefly
        elif notes:
            self.warnings.append(warning)

    def shorten(self) -> None:
        """Ask for the long notes anew, which stay as they are where that fails."""
        for note in [note for note in self.notes if words(note.text) > LONG]:
            why = f"it has {words(note.text)} words, in a post that runs long: say it shorter"
            self.failed.append(Failed(self.origin[note], (why,), instead=note))

    def mend(self, answers: Own) -> list[Note]:
        """Take what was put right, by its place among the failed; what was not is dropped."""
        failed, self.failed = self.failed, []
        mended: list[Note] = []
        for place, each in enumerate(failed):
            if each.instead is not None:
                self.notes = [note for note in self.notes if note is not each.instead]
            better = self._tried(answers[place]) if place in answers else None
            if isinstance(better, Note):
                mended.append(better)
                if each.judged:
                    self.unsure.append(Dropped(self.talk.index, better.text, *each.reasons))
                if each.instead:
                    self.longer[better] = each.instead
            elif each.instead is not None:
                self.notes.append(each.instead)
            else:
                self._drop(each, better.reasons if better else ())
        return mended

    def _drop(self, each: Failed, again: tuple[str, ...] = ()) -> None:
        """Say why a note is not there: its reasons, and those of the second try."""
        why = "; ".join(dict.fromkeys((*each.reasons, *again)))
        self.dropped.append(Dropped(self.talk.index, each.written.text, why))

    def drop_failed(self) -> None:
        """Nothing more is asked: what failed is dropped with its reasons."""
        for each in self.failed:
            if each.instead is None:
                self._drop(each)
        self.failed = []

    def lines(self) -> tuple[str, ...]:
        """The summary's lines that hold and say what no note says."""
        kept: list[str] = []
        for line in self.summary:
            tidy = " ".join(line.split()).rstrip(".")
            reasons = verify_line(tidy, self.talk, self.evening) or repeated(tidy, self.notes)
            if reasons or len(kept) == SUMMARY:
                why = "; ".join(reasons) or f"a summary has {SUMMARY} lines"
                self.dropped.append(Dropped(self.talk.index, tidy, why))
            else:
                kept.append(tidy)
        return tuple(kept)


def words(text: str) -> int:
    return len(text.split())


def repeated(line: str, notes: Sequence[Note]) -> tuple[str, ...]:
    """Why a summary's line is one note too many: a note holds most of its words."""
    alike = (note for note in notes if fuzz.token_set_ratio(line, note.text) >= ALIKE)
    return tuple(f"it says what the note “{note.text}” says" for note in alike)


def runs_long(drafts: Sequence[TalkDraft]) -> bool:
    """Whether the notes of a post are longer than the voice has them."""
    counts = [words(note.text) for draft in drafts for note in draft.notes]
    return bool(counts) and median(counts) > MEDIAN


def refused(drafts: Sequence[TalkDraft]) -> str:
    """What goes back to the writer: each note with its receipts and the reasons."""
    numbered = enumerate(((d, f) for d in drafts for f in d.failed), start=1)
    shown = (_shown(number, draft.talk, failed) for number, (draft, failed) in numbered)
    return f"{AGAIN}\n\n" + "\n".join(shown)


def _shown(number: int, talk: Talk, failed: Failed) -> str:
    answer = failed.written.model_dump_json()
    why = "; ".join(failed.reasons)
    return f"{number}. of “{material.harmless(talk.title)}”: {answer}\n   refused: {why}"


def handed_out(answer: Written, drafts: Sequence[TalkDraft]) -> Iterator[tuple[TalkDraft, Own]]:
    """What was put right, by draft and by place among what failed there."""
    by_number = {part.number: part.notes[0] for part in answer.parts if part.notes}
    number = 0
    for draft in drafts:
        numbers = range(number + 1, number + 1 + len(draft.failed))
        number += len(draft.failed)
        yield draft, {place: by_number[n] for place, n in enumerate(numbers) if n in by_number}
