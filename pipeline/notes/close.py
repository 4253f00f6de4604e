"""What only shows when the post is read whole: the caveat on top, lines across talks, doubles."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Dropped, Note, NoteKind, Receipt, TalkNotes
from pipeline.event import EventInfo
from pipeline.notes import material
from pipeline.notes.answers import Answer, SourceLine, Sum, Text, WrittenNote
from pipeline.notes.checks.verify import verify, verify_line
from pipeline.notes.citations import resolve_citations, tidied
from pipeline.notes.evening import Evening
from pipeline.notes.judge import Group, judge
from pipeline.notes.material import source_size, up_to
from pipeline.notes.questions import Questions
from pipeline.notes.talk_draft import MOST as NOTES_A_TALK
from pipeline.notes.writing_context import SOURCES

MOST = 3  # lines of the caveat, and lines that link talks
WORDS = 30  # of a description, for which close.md asks 25
POST, EVENT = "the post", "the event"  # what a description rests on
SHOWN = 120  # lines of the post that its judge sees, about 2,500 tokens: firelight has 75


class RestingLine(Answer):
    """A line that rests on notes, on lines of sources, and on sums over their figures."""

    notes: tuple[int, ...] = ()
    sources: tuple[Text, ...] = ()
    sums: tuple[Text, ...] = ()
    text: Text


class LinkingLine(RestingLine):
    """A line for the end of a talk."""

    talk: int


class Double(Answer):
    """Two notes that say the same, by their numbers."""

    keep: int
    drop: int


class Closing(Answer):
    """The answer to close.md."""

    caveat: tuple[RestingLine, ...] = ()
    description: str = ""
    links: tuple[LinkingLine, ...] = ()
    doubles: tuple[Double, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    """A post read to its end. `added` are new lines, each with the place of the talk at whose end
    it stands; the caveat's have none."""

    without_links: tuple[TalkNotes, ...]
    added: tuple[tuple[int | None, Note], ...] = ()
    description: str = ""
    dropped: tuple[Dropped, ...] = ()

    @property
    def caveat(self) -> tuple[Note, ...]:
        return tuple(note for place, note in self.added if place is None)

    @property
    def talks(self) -> tuple[TalkNotes, ...]:
        """With the lines that link them."""
        return tuple(
            replace(noted, notes=(*noted.notes, *(note for at, note in self.added if at == place)))
            for place, noted in enumerate(self.without_links)
        )

    def lines(self, event: EventInfo) -> tuple[Note, ...]:
        """All that is new here, for a judge: what is added, and the description as a note that
        rests on the post and on what the event is called and announced as."""
        called = ", ".join(filter(None, (event.title, event.place, event.date, event.blurb)))
        printed = [text for noted in self.without_links for text in noted.lines][:SHOWN]
        post = (Receipt(text, 0.0, 0.0, None, POST, "source") for text in printed)
        rests = (Receipt(called, 0.0, 0.0, None, EVENT, "source"), *post)
        summed_up = (Note(self.description, "summary", 0.0, rests),) if self.description else ()
        return (*(note for _, note in self.added), *summed_up)

    def without(self, refused: Mapping[int, str]) -> "Closed":
        """What the judge lets stand of the `lines`; `refused` has the others' places."""
        kept = tuple(each for at, each in enumerate(self.added) if at not in refused)
        lines = [*((place, note.text) for place, note in self.added), (None, self.description)]
        dropped = []
        for at, why in refused.items():
            place, text = lines[at]
            talk = 0 if place is None else self.without_links[place].talk.index
            dropped.append(Dropped(talk, text, why))
        gone = {lines[at][1] for at in refused}
        description = "" if self.description in gone else self.description
        return Closed(self.without_links, kept, description, (*self.dropped, *dropped))


async def close(talks: Sequence[TalkNotes], evening: Evening, questions: Questions) -> Closed:
    """The talks without doubles and with the lines that link them; raises ModelError."""
    if not any(talk.notes for talk in talks):
        return Closed(tuple(talks))
    answer = await questions("close", variables(talks, evening), Closing)
    closed = checked(answer, talks, evening)
    whole = replace(talks[0].talk, title=evening.event.title, speakers=())
    lines = closed.lines(evening.event)
    judged = await judge([Group(whole, lines)], evening, questions.ask)
    return closed.without(judged.refused)


def variables(talks: Sequence[TalkNotes], evening: Evening) -> dict[str, object]:
    """What close.md is filled with."""
    return {
        "event": material.event(evening),
        "sources": material.sources(up_to(evening.sources, SOURCES, source_size)),
        "notes": material.listed(_listed(talks)),
        "language": evening.language,
    }


def _listed(talks: Sequence[TalkNotes]) -> Iterator[str]:
    numbers = itertools.count(1)
    for place, noted in enumerate(talks, start=1):
        yield f"## talk {place}: {material.harmless(noted.talk.title)}"
        yield from (f"{next(numbers)}. {material.harmless(note.text)}" for note in noted.notes)


def checked(answer: Closing, talks: Sequence[TalkNotes], evening: Evening) -> Closed:
    """What of the answer holds; the rest is dropped with its reasons."""
    notes = [(place, note) for place, noted in enumerate(talks) for note in noted.notes]
    doubled = dict(_doubles(answer, [note for _, note in notes]))
    dropped = [Dropped(talks[notes[n][0]].talk.index, notes[n][1].text, why)
               for n, why in doubled.items()]  # fmt: skip
    left = [each for number, each in enumerate(notes) if number not in doubled]
    added: list[tuple[int | None, Note]] = []
    for place, line in _placed(answer, len(talks)):
        noted, there = talks[place or 0], [*left, *added]
        note, reasons = _resolved(line, notes, noted, evening)
        if note:
            reasons = verify(note, noted.talk, evening, [other for _, other in there])
        if place is not None and sum(at == place for at, _ in there) >= NOTES_A_TALK:
            reasons = (*reasons, f"its talk has {NOTES_A_TALK} notes already")
        if note is None or reasons:
            dropped.append(Dropped(noted.talk.index, line.text, "; ".join(reasons)))
        else:
            added.append((place, note))
    description = " ".join(answer.description.split())
    reasons = _unfit(description, talks, evening) if description else ()
    if reasons:
        dropped.append(Dropped(talks[0].talk.index, description, "; ".join(reasons)))
    undoubled = (
        replace(noted, notes=tuple(note for at, note in left if at == place))
        for place, noted in enumerate(talks)
    )
    return Closed(tuple(undoubled), tuple(added), "" if reasons else description, tuple(dropped))


def _placed(answer: Closing, talks: int) -> Iterator[tuple[int | None, RestingLine]]:
    """The lines of the caveat, and those that link talks, each with the place of its talk."""
    yield from ((None, line) for line in answer.caveat[:MOST])
    yield from ((link.talk - 1, link) for link in answer.links[:MOST] if 0 < link.talk <= talks)


def _resolved(
    line: RestingLine, notes: Sequence[tuple[int, Note]], noted: TalkNotes, evening: Evening
) -> tuple[Note | None, tuple[str, ...]]:
    """The line as a note that rests on the receipts of the notes it names."""
    strange = [number for number in line.notes if not 0 < number <= len(notes)]
    if strange or not (line.notes or line.sources):
        nothing = "it rests on nothing: name its notes, those of a sum's figures too"
        return None, (f"there is no note {strange[0]}" if strange else nothing,)
    rests_on = [notes[number - 1][1] for number in line.notes]
    inherited = [receipt for note in rests_on for receipt in note.receipts]
    time = inherited[0].start if inherited else noted.talk.start
    both_sides = any(note.kind == "contradiction" for note in rests_on)
    kind: NoteKind = "contradiction" if both_sides else "aside"
    if line.sources or line.sums:
        sums = tuple(Sum(sum=each) for each in line.sums)
        lines = tuple(SourceLine(source=place) for place in line.sources)
        written = WrittenNote(receipts=(*lines, *sums), text=line.text)
        found, reasons = resolve_citations(written, noted.talk, evening)
        if found is None:
            return None, reasons
        inherited += found.receipts
    return Note(tidied(line.text), kind, time, _once(inherited)), ()


def _once(receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """Receipts without those that are there again; of a file's line, the words for this line."""
    lines = {(each.quote, each.source or each): each for each in receipts}
    return tuple(lines.values())


def _doubles(answer: Closing, notes: Sequence[Note]) -> Iterator[tuple[int, str]]:
    """The second of each pair, unless the first is thrown out itself; a model may throw out a
    fifth of a post, no more."""
    gone: set[int] = set()
    for keep, drop in ((d.keep, d.drop) for d in answer.doubles[: max(1, len(notes) // 5)]):
        here = 0 < keep <= len(notes) and 0 < drop <= len(notes)
        if here and keep != drop and keep not in gone:
            gone.add(drop)
            yield drop - 1, f"it says the same as “{notes[keep - 1].text}”"


def _unfit(description: str, talks: Sequence[TalkNotes], evening: Evening) -> tuple[str, ...]:
    """Why a sentence is not taken: it is long, or has figures or names that nobody knows."""
    count = len(description.split())
    long = (f"it has {count} words: a description has at most {WORDS}",) if count > WORDS else ()
    whole = replace(talks[0].talk, utterances=evening.outline.utterances)
    return (*long, *verify_line(description, whole, evening))
