"""A talk's notes on their way: written, held to account by code and by a judge, put right once."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from rapidfuzz import fuzz

from pipeline.data import Dropped, Note, Talk
from pipeline.notes import material
from pipeline.notes.answers import Quote, SourceLine, WrittenNote, WrittenPart
from pipeline.notes.checks.verify import verify, verify_line
from pipeline.notes.citations import resolve_citations
from pipeline.notes.evening import Evening

SHORT = 16  # words that half of a post's notes have at the most: lint.toml's median
SUMMARY = 2  # lines
ALIKE = 80.0  # rapidfuzz score (0..100) from which a line of a summary is a note again
FIRST_REFUSED, FIRST_STANDING = 101, 201  # numbers of notes in the editor's question, no talk's
AGAIN = (
    "The notes below were refused, or hold and cannot be followed. Answer with a part for each: "
    "its `number` here ({refused} and on, no talk's), an empty `summary` and one note, with "
    "receipts that bear it, in at most 28 words; leave out those that cannot be put right."
)
EDIT = (
    "Then read the post as it stands, as its editor and from its top, as somebody who was not "
    "there. Say lines anew: a part under the number ({standing} and on) with one note, which keeps "
    "its receipts where it gives none (an empty list). Strike what nobody would miss: a part under "
    "its number without a note. One line in three at most, struck or anew; leave the good ones "
    "alone. Look in this order:\n"
    "- what is unfair: figures of different things set against each other, a consequence that "
    "needs a condition which nobody gave, a condition that was said with it and is left out\n"
    "- what the post tells more than twice (a price that nobody named, a joke): the best two stay\n"
    "- what was left out: of each talk of somebody who sells, and of each figure without its "
    "baseline, what a buyer asks next is told in one line of that talk, two to four things that "
    "nobody said there, named exactly, each in “absent”; where it lacks the first of them, say "
    "that line anew, or a flat one instead\n"
    "- what cannot be followed, is flat or squeezed, is built like the lines before it, tells a "
    "name's role again, is longer than it needs; “lol” behind a line that only states something\n"
    "{short} of {count} lines have at most {most} words, and more than half have to: where these "
    "are fewer, shorten those besides that are nearly so and lose nothing by it."
)
STRUCK = "struck when the post was read as a whole"
STRIKES = 8  # a model may strike one line of so many, no more
PART = "{part} has no notes: {why}"


@dataclass(frozen=True, slots=True, eq=False)
class KeptNote:
    """A note that holds so far, and what the model wrote; `before`, which it was asked for anew,
    comes back if a judge refuses it."""

    note: Note
    written: WrittenNote
    place: tuple[float, int]
    before: "KeptNote | None" = None


@dataclass(frozen=True, slots=True)
class RefusedNote:
    """A note that cannot stay as it is, and why; `instead` stands if it is not put right."""

    written: WrittenNote
    reasons: tuple[str, ...]
    place: tuple[float, int]  # when its part of the talk begins, and which of its notes it is
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
    dropped: list[Dropped] = field(default_factory=list)
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
        self, written: WrittenNote, place: tuple[float, int], before: KeptNote | None = None
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
        if not self._withdraw(kept):
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
            gone = [kept.note.text for kept in some if not self._withdraw(kept)]
            self.dropped += (Dropped(self.talk.index, text, briefly) for text in gone)
            self.why_quoted = briefly
        elif some and warning not in self.warnings:
            self.warnings.append(warning)

    def ask_anew(self, kept: KeptNote, why: str) -> None:
        """Ask for a note anew, which stays as it is where that fails."""
        self.refused.append(RefusedNote(kept.written, (why,), kept.place, instead=kept))

    def strike(self, kept: KeptNote) -> None:
        """Leave out a note of which its editor says that nobody would miss it."""
        self.kept.remove(kept)
        self.dropped.append(Dropped(self.talk.index, kept.note.text, STRUCK))

    def mend(self, answers: Sequence[WrittenNote | None]) -> list[KeptNote]:
        """Take what was put right of the refused notes, in their order; what was not is dropped."""
        refused, self.refused = self.refused, []
        mended = map(self._mended, refused, answers)
        return [kept for kept in mended if kept]

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


def sent_back(drafts: Sequence[TalkDraft], unsaid: Mapping[int, str] | None) -> str:
    """The editor's question: each refused note with its receipts and the reasons, and then the post
    as it stands, each line under its number, with what a program found `unsaid` in each talk, by
    index; without it the post is not shown."""
    numbered = enumerate(((d, r) for d in drafts for r in d.refused), start=FIRST_REFUSED)
    shown = [_shown(number, draft.talk, refused) for number, (draft, refused) in numbered]
    refused = [AGAIN.format(refused=FIRST_REFUSED), "\n".join(shown)] if shown else []
    lines = [kept for draft in drafts for kept in draft.standing if unsaid is not None]
    short = sum(len(kept.note.text.split()) <= SHORT for kept in lines)
    edit = EDIT.format(standing=FIRST_STANDING, short=short, count=len(lines), most=SHORT)
    return "\n\n".join([*refused, edit, _post(drafts, unsaid or {})] if lines else refused)


def _post(drafts: Sequence[TalkDraft], unsaid: Mapping[int, str]) -> str:
    """The lines that stand, under the headings of their talks."""
    numbers = itertools.count(FIRST_STANDING)
    blocks = (
        "\n".join(
            [
                f"## {material.harmless(draft.talk.title)}{unsaid.get(draft.talk.index, '')}",
                *(f"{next(numbers)}. {material.harmless(k.note.text)}" for k in draft.standing),
            ]
        )
        for draft in drafts
    )
    return "\n\n".join(blocks)


def put_right(drafts: Sequence[TalkDraft], parts: Sequence[WrittenPart]) -> list[Answers]:
    """What is written in the place of each refused note, draft by draft, after those standing lines
    that are said anew were asked for, and some struck. The first note under a number is its own;
    notes that came under a talk's go where most of what they cite is cited."""
    own: dict[int, WrittenNote] = {}
    others: list[WrittenNote] = []
    struck = [p.number for p in parts if p.number >= FIRST_STANDING and not p.notes]
    struck = struck[: sum(len(draft.standing) for draft in drafts) // STRIKES]
    for part in parts:
        if part.number < FIRST_REFUSED or part.number in own:
            others += part.notes
        elif part.notes:
            own[part.number] = part.notes[0]
            others += part.notes[1:]
    refused = [each for draft in drafts for each in draft.refused]
    better = _placed(refused, own, others)
    numbers = itertools.count(FIRST_STANDING)
    found = []
    for draft in drafts:
        count = len(draft.refused)
        answers, better = better[:count], better[count:]
        for kept, number in zip(draft.standing, numbers, strict=False):
            if number in own:
                draft.ask_anew(kept, "")
                answers.append(_with_receipts(own[number], kept.written))
            elif number in struck and len(draft.kept) > 1:
                draft.strike(kept)
        found.append(answers)
    return found


def _with_receipts(new: WrittenNote, old: WrittenNote) -> WrittenNote:
    """A line said anew, on the receipts of the old one where it gives none."""
    return new if new.receipts else old.model_copy(update={"text": new.text})


def _placed(
    refused: Sequence[RefusedNote], own: Mapping[int, WrittenNote], others: Sequence[WrittenNote]
) -> Answers:
    """The answer to each refused note."""
    found = {n: own[n + FIRST_REFUSED] for n in range(len(refused)) if n + FIRST_REFUSED in own}
    for note in others:
        cited = _cited(note)
        shared = [(len(cited & _cited(each.written)), -at) for at, each in enumerate(refused)]
        most, nearest = max((each for each in shared if -each[1] not in found), default=(0, 0))
        if most:
            found[-nearest] = note
    return [found.get(place) for place in range(len(refused))]


def _cited(note: WrittenNote) -> frozenset[int | str]:
    """The utterances and the lines of sources that a note cites."""
    cited = (each for each in note.receipts if isinstance(each, Quote | SourceLine))
    return frozenset(each.utterance if isinstance(each, Quote) else each.source for each in cited)


def _shown(number: int, talk: Talk, refused: RefusedNote) -> str:
    answer = refused.written.model_dump_json()
    why = "; ".join(refused.reasons)
    what = "holds, but cannot be followed" if refused.instead else "refused"
    return f"{number}. of “{material.harmless(talk.title)}”: {answer}\n   {what}: {why}"
