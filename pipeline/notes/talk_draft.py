"""A talk's notes on their way: written, held to account by code and by a judge, put right once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from rapidfuzz import fuzz

from pipeline.data import Dropped, Note, Talk
from pipeline.notes.answers import WrittenNote, WrittenPart
from pipeline.notes.checks.verify import verify, verify_line
from pipeline.notes.citations import resolve_citations
from pipeline.notes.evening import Evening

MOST = 12  # notes of a talk
SUMMARY = 2  # lines
ALIKE = 80.0  # rapidfuzz score (0..100) from which a line of a summary is a note again
PART = "{part} has no notes: {why}"

Place = tuple[float, float]  # when a note's part of the talk begins, and which of its notes it is


@dataclass(frozen=True, slots=True, eq=False)
class KeptNote:
    """A note that holds so far, and what the model wrote; `before`, which it was asked for anew,
    comes back if a judge refuses it. `added` is one more, by the editor."""

    note: Note
    written: WrittenNote
    place: Place
    before: "KeptNote | None" = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class RefusedNote:
    """A note that cannot stay as it is, and why; `instead` stands if it is not put right."""

    written: WrittenNote
    reasons: tuple[str, ...]
    place: Place
    instead: KeptNote | None = None
    judged: bool = False  # a judge refused it, and no code


Answers = list[WrittenNote | None]  # what is written in the place of each refused note


@dataclass
class TalkDraft:
    """What is written of one talk so far."""

    talk: Talk
    evening: Evening
    summary: tuple[str, ...] = ()
    kept: list[KeptNote] = field(default_factory=list)
    refused: list[RefusedNote] = field(default_factory=list)
    # lines that are new, each with the place of the one before it, if there is one
    added: list[tuple[WrittenNote, Place | None]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    left_out: list[Dropped] = field(default_factory=list)  # of what was more than asked for
    unsure: list[Dropped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    why_quoted: str = ""  # why the talk has nothing but quotes

    @property
    def standing(self) -> list[KeptNote]:
        """The notes that hold and that nobody asked for anew, in their order."""
        asked = {each.instead for each in self.refused}
        return sorted((k for k in self.kept if k not in asked), key=attrgetter("place"))

    @property
    def notes(self) -> list[Note]:
        """Those that hold so far, in the order in which they were written: one leans on another."""
        return [kept.note for kept in sorted(self.kept, key=attrgetter("place"))]

    def beside(self, some: Sequence[KeptNote]) -> list[str]:
        """The lines that stand or may stand beside some notes, in the order of the talk."""
        others = [(kept.place, kept.note.text) for kept in self.kept if kept not in some]
        others += ((r.place, r.written.text) for r in self.refused if not r.instead)
        return [text for _, text in sorted(others)]

    def take(self, part: WrittenPart, start: float = 0.0) -> None:
        """Keep what code can show to be true of a part that begins then, and set the rest aside."""
        self.summary = (*self.summary, *part.summary)
        for place, written in enumerate(part.notes, len(self.kept) + len(self.refused)):
            tried = self._tried(written, (start, place))
            if isinstance(tried, RefusedNote):
                self.refused.append(tried)

    def unwritten(self, part: str, why: str) -> None:
        """Say that a talk, or `part` of it ("part 2 of 3"), was not written."""
        self.why_quoted = why
        if part:
            self.warnings.append(PART.format(part=part, why=why))

    def _tried(
        self, written: WrittenNote, place: Place, before: KeptNote | None = None
    ) -> KeptNote | RefusedNote:
        """The note, which is kept now, or why it cannot be."""
        note, reasons = resolve_citations(written, self.talk, self.evening)
        if note is not None:
            reasons = verify(note, self.talk, self.evening, self.notes)
        if note is None or reasons:
            return RefusedNote(written, reasons, place)
        self.kept.append(KeptNote(note, written, place, before))
        return self.kept[-1]

    def doubt(self, kept: KeptNote, why: str) -> None:
        """Set aside a note that the judge refuses; what it let stand before comes back."""
        if kept not in self.kept or self._withdraw(kept):
            return
        if kept.added:
            self.leave_out(kept.written.text, why)
        else:
            self.refused.append(RefusedNote(kept.written, (why,), kept.place, judged=True))

    def _withdraw(self, kept: KeptNote) -> bool:
        """Whether the note before takes its place."""
        self.kept.remove(kept)
        if kept.before:
            self.kept.append(kept.before)
        return kept.before is not None

    def unjudged(self, some: Sequence[KeptNote], warning: str, briefly: str) -> None:
        """Say that no judge has seen these notes; where one is needed, none of them stays."""
        if self.evening.judge_needed:
            for kept in (kept for kept in some if not self._withdraw(kept)):
                lines = self.left_out if kept.added else self.dropped
                lines.append(Dropped(self.talk.index, kept.note.text, briefly))
            self.why_quoted = briefly
        elif some and warning not in self.warnings:
            self.warnings.append(warning)

    def ask_anew(self, kept: KeptNote, why: str) -> None:
        """Ask for a note anew, which stays as it is where that fails."""
        self.refused.append(RefusedNote(kept.written, (why,), kept.place, instead=kept))

    def mend(self, answers: Sequence[WrittenNote | None]) -> list[KeptNote]:
        """Take what was put right of the refused notes; what was not is dropped. What is new stands
        behind its line, while the talk has room. The notes of both, in the order of the post."""
        refused, self.refused = self.refused, []
        mended = [self._mended(each, answer) for each, answer in zip(refused, answers, strict=True)]
        last: dict[Place | None, Place] = {}  # the newest line behind each
        for note, place in self.added:
            if kept := self._behind(last.get(place, place), note):
                last[place] = kept.place
                mended.append(kept)
        self.added = []
        return sorted(filter(None, mended), key=attrgetter("place"))

    def _behind(self, place: Place | None, written: WrittenNote) -> KeptNote | None:
        """A line more, behind another and before the next, or before all."""
        full = len(self.kept) >= MOST
        if full or (place and all(kept.place != place for kept in self.kept)):
            gone = "the line that it stands behind is not there"
            self.leave_out(written.text, f"its talk has {MOST} notes already" if full else gone)
            return None
        part, number = place or min((kept.place for kept in self.kept), default=(0.0, 0))
        number -= place is None
        later = (n for at, n in (kept.place for kept in self.kept) if at == part and n > number)
        tried = self._tried(written, (part, (number + min(later, default=number + 1)) / 2))
        if isinstance(tried, RefusedNote):
            self.leave_out(written.text, *tried.reasons)
            return None
        self.kept[-1] = replace(tried, added=True)
        return self.kept[-1]

    def leave_out(self, text: str, *why: str) -> None:
        """Say why a line that nobody has to miss is not there."""
        self.left_out.append(Dropped(self.talk.index, text, "; ".join(why)))

    def _mended(self, each: RefusedNote, answer: WrittenNote | None) -> KeptNote | None:
        if each.instead:
            self.kept.remove(each.instead)
        better = self._tried(answer, each.place, each.instead) if answer else None
        if isinstance(better, KeptNote):
            if each.judged:
                self.unsure.append(Dropped(self.talk.index, better.note.text, *each.reasons))
            return better
        if each.instead:
            self.kept.append(each.instead)
        else:
            self._drop(each, better.reasons if better else ())
        return None

    def _drop(self, each: RefusedNote, again: tuple[str, ...] = ()) -> None:
        """Say why a note is not there: its reasons, and those of the second try."""
        why = "; ".join(dict.fromkeys((*each.reasons, *again)))
        self.dropped.append(Dropped(self.talk.index, each.written.text, why))

    def drop_refused(self) -> None:
        """Nothing more is asked: what is refused is dropped with its reasons."""
        for each in self.refused:
            if not each.instead:
                self._drop(each)
        self.refused = []

    def summary_lines(self) -> tuple[list[str], list[Dropped]]:
        """The summary's lines that hold and say what no note says, and why the others do not."""
        kept: list[str] = []
        dropped: list[Dropped] = []
        for line in self.summary:
            tidy = " ".join(line.split()).rstrip(".")
            reasons = verify_line(tidy, self.talk, self.evening) or repeated(tidy, self.notes)
            if reasons or len(kept) == SUMMARY:
                why = "; ".join(reasons) or f"a summary has {SUMMARY} lines"
                dropped.append(Dropped(self.talk.index, tidy, why))
            else:
                kept.append(tidy)
        return kept, dropped


def repeated(line: str, notes: Sequence[Note]) -> tuple[str, ...]:
    """Why a summary's line is one note too many: a note holds most of its words."""
    alike = (note for note in notes if fuzz.token_set_ratio(line, note.text) >= ALIKE)
    return tuple(f"it says what the note “{note.text}” says" for note in alike)
