"""What only shows when the post is read whole: the caveat on top, lines across talks, doubles."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Dropped, Note, Receipt, TalkNotes
from pipeline.event import EventInfo
from pipeline.notes import material
from pipeline.notes.answers import Answer, SourceLine, Text, WrittenNote
from pipeline.notes.briefs import MOST as NOTES_A_TALK
from pipeline.notes.briefs import SOURCES, tokens, up_to
from pipeline.notes.evening import Evening
from pipeline.notes.questions import Questions
from pipeline.notes.resolve import resolve, tidied
from pipeline.notes.verify import verify, verify_line

MOST = 3  # lines of the caveat, and lines that link talks
WORDS = 30  # of a description
POST, EVENT = "the post", "the event"  # what a description rests on
SHOWN = 120  # lines of the post that its judge sees, about 2,500 tokens: firelight has 75


class RestingLine(Answer):
    """A line that rests on notes and on lines of sources."""

    notes: tuple[int, ...] = ()
    sources: tuple[Text, ...] = ()
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
    """A post read to its end."""

    talks: tuple[TalkNotes, ...]
    caveat: tuple[Note, ...] = ()
    description: str = ""
    links: tuple[tuple[int, Note], ...] = ()  # lines for the ends of talks, by the talk's place
    dropped: tuple[Dropped, ...] = ()

    def lines(self, event: EventInfo) -> tuple[Note, ...]:
        """All that is new here, for a judge: caveat, links, and the description as a note that
        rests on the post and on what the event is called."""
        called = ", ".join(filter(None, (event.title, event.place, event.date)))
        told = [text for noted in self.talks for text in noted.lines][:SHOWN]
        post = (Receipt(text, 0.0, 0.0, None, POST, "source") for text in told)
        rests = (Receipt(called, 0.0, 0.0, None, EVENT, "source"), *post)
        summed_up = (Note(self.description, "summary", 0.0, rests),) if self.description else ()
        return (*self.caveat, *(note for _, note in self.links), *summed_up)

    def without(self, refused: Mapping[Note, str]) -> "Closed":
        """What the judge lets stand of the `lines`; with the links where they belong."""
        owner = {note: self.talks[at].talk.index for at, note in self.links}
        dropped = (Dropped(owner.get(note, 0), note.text, why) for note, why in refused.items())
        links = [(place, note) for place, note in self.links if note not in refused]
        talks = (
            replace(noted, notes=(*noted.notes, *(note for at, note in links if at == place)))
            for place, noted in enumerate(self.talks)
        )
        return Closed(
            tuple(talks),
            tuple(note for note in self.caveat if note not in refused),
            "" if any(note.text == self.description for note in refused) else self.description,
            (),
            (*self.dropped, *dropped),
        )


async def close(talks: Sequence[TalkNotes], evening: Evening, ask: Questions) -> Closed:
    """The talks without doubles and with the lines that link them; raises ModelError."""
    if not any(talk.notes for talk in talks):
        return Closed(tuple(talks))
    answer = await ask("close", variables(talks, evening), Closing)
    return closed(answer, talks, evening)


def variables(talks: Sequence[TalkNotes], evening: Evening) -> dict[str, object]:
    """What close.md is filled with."""
    return {
        "event": material.event(evening.event),
        "sources": material.sources(up_to(evening.sources, SOURCES, tokens)),
        "notes": material.listed(_listed(talks)),
        "language": evening.language,
    }


def _listed(talks: Sequence[TalkNotes]) -> Iterator[str]:
    number = 0
    for place, noted in enumerate(talks, start=1):
        yield f"## talk {place}: {material.harmless(noted.talk.title)}"
        for note in noted.notes:
            number += 1
            yield f"{number}. {material.harmless(note.text)}"


def closed(answer: Closing, talks: Sequence[TalkNotes], evening: Evening) -> Closed:
    """What of the answer holds; the rest is dropped with its reasons."""
    notes = [(place, note) for place, noted in enumerate(talks) for note in noted.notes]
    doubled = dict(_doubles(answer, [note for _, note in notes]))
    dropped = [Dropped(talks[notes[n][0]].talk.index, notes[n][1].text, why)
               for n, why in doubled.items()]  # fmt: skip
    kept = [note for number, (_, note) in enumerate(notes) if number not in doubled]
    of_talk: Counter[int | None] = Counter(
        at for n, (at, _) in enumerate(notes) if n not in doubled
    )
    added: list[tuple[int | None, Note]] = []  # the caveat's are of no talk
    for place, line in _placed(answer, len(talks)):
        noted = talks[place or 0]
        note, reasons = _resolved(line, notes, noted, evening)
        reasons = verify(note, noted.talk, evening, kept) if note else reasons
        if place is not None and of_talk[place] >= NOTES_A_TALK:
            reasons = (*reasons, f"its talk has {NOTES_A_TALK} notes already")
        if note is None or reasons:
            dropped.append(Dropped(noted.talk.index, line.text, "; ".join(reasons)))
        else:
            kept.append(note)
            added.append((place, note))
            of_talk[place] += 1
    description = " ".join(answer.description.split())
    reasons = _unfit(description, talks, evening) if description else ()
    if reasons:
        dropped.append(Dropped(talks[0].talk.index, description, "; ".join(reasons)))
    return Closed(
        tuple(_renewed(talks, notes, doubled)),
        tuple(note for place, note in added if place is None),
        "" if reasons else description,
        tuple((place, note) for place, note in added if place is not None),
        tuple(dropped),
    )


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
        return None, (f"there is no note {strange[0]}" if strange else "it rests on nothing",)
    inherited = [each for number in line.notes for each in notes[number - 1][1].receipts]
    time = inherited[0].start if inherited else noted.talk.start
    bare = Note(tidied(line.text), "aside", time, _once(inherited))
    if not line.sources:
        return bare, ()
    lines = tuple(SourceLine(source=place) for place in line.sources)
    found, reasons = resolve(WrittenNote(receipts=lines, text=line.text), noted.talk, evening)
    if found is None:
        return None, reasons
    return replace(bare, receipts=_once((*inherited, *found.receipts))), ()


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


def _renewed(
    talks: Sequence[TalkNotes],
    notes: Sequence[tuple[int, Note]],
    doubled: dict[int, str],
) -> Iterator[TalkNotes]:
    for place, noted in enumerate(talks):
        own = [note for n, (at, note) in enumerate(notes) if at == place and n not in doubled]
        yield replace(noted, notes=tuple(own))


def _unfit(description: str, talks: Sequence[TalkNotes], evening: Evening) -> tuple[str, ...]:
    """Why a sentence is not taken: it is long, or has figures or names that nobody knows."""
    count = len(description.split())
    long = (f"it has {count} words: a description has at most {WORDS}",) if count > WORDS else ()
    whole = replace(talks[0].talk, utterances=evening.outline.utterances)
    return (*long, *verify_line(description, whole, evening))
