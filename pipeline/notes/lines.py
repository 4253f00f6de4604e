"""All lines of a post as one list, for what is done to each, and the post made of it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.corrections.file import NoteFix
from pipeline.data import Note
from pipeline.notes import WrittenUp


@dataclass(frozen=True, slots=True)
class PostLine:
    """A line of a post. `talk` is its place among the talks; the caveat has none."""

    talk: int | None
    note: Note
    summary: bool = False
    before: Note | None = None  # as a program or a model wrote it; a person's was not
    fix: NoteFix | None = None  # of a person who has written it, or wants it kept


def lines(written: WrittenUp) -> Iterator[PostLine]:
    """The caveat's, then each talk's summary and notes."""
    for note in written.caveat:
        yield PostLine(None, note, before=note)
    for place, noted in enumerate(written.talks):
        for text in noted.summary.splitlines():
            note = Note(text, "summary", noted.talk.start, ())
            yield PostLine(place, note, True, note)
        for note in noted.notes:
            yield PostLine(place, note, before=note)


def with_lines(written: WrittenUp, made: Sequence[PostLine]) -> WrittenUp:
    """The post with these lines in the place of its own."""
    talks = tuple(
        replace(
            noted,
            summary="\n".join(each.note.text for each in made if each.talk == at and each.summary),
            notes=tuple(each.note for each in made if each.talk == at and not each.summary),
        )
        for at, noted in enumerate(written.talks)
    )
    return replace(
        written, talks=talks, caveat=tuple(each.note for each in made if each.talk is None)
    )
