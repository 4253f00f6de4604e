"""notes.json: the post's talks, notes and receipts, and what they rest on, for other programs."""

from pipeline.claims.claims import find_claims
from pipeline.data import (
    Correction,
    Doubted,
    Dropped,
    Engine,
    Note,
    Quantity,
    TalkKind,
    TalkNotes,
    Usage,
)
from pipeline.event import Link
from pipeline.render.article import Article
from pipeline.render.shape import Shape


class EventShape(Shape):
    """What is known about the event; empty strings where nothing is."""

    slug: str
    title: str
    date: str | None
    """YYYY-MM-DD"""
    place: str
    links: tuple[Link, ...]
    language: str
    """ISO code of what is spoken."""
    duration: float
    """Seconds."""


class ClaimShape(Shape):
    """A check-worthy sentence, verbatim."""

    quote: str
    start: float
    end: float
    speaker: str
    """A speaker's id."""
    values: tuple[Quantity, ...]
    baseline: str | None
    """What it is compared with, where that was named."""


class TalkShape(Shape):
    """One talk; times are seconds on the event's time line."""

    index: int
    title: str
    kind: TalkKind
    start: float
    end: float
    speakers: tuple[str, ...]
    """Ids, the main speaker first."""
    summary: str
    notes: tuple[Note, ...]
    """In the order of the talk; each receipt holds the whole sentence."""
    claims: tuple[ClaimShape, ...]
    """The check-worthy sentences that code finds."""
    omissions: tuple[Note, ...]
    """The notes about what was never said."""
    contradictions: tuple[Note, ...]
    """The notes about what does not fit."""


class NotesFile(Shape):
    """All that the post says, and what it rests on."""

    event: EventShape
    engines: dict[str, Engine]
    """By stage: asr, diarize, writer."""
    caveat: tuple[Note, ...]
    """What stands on top of the post."""
    description: str
    """One sentence about the post; empty without a model."""
    talks: tuple[TalkShape, ...]
    dropped: tuple[Dropped, ...]
    usage: Usage
    """What the language model was paid for."""
    warnings: tuple[str, ...]
    """What is missing or doubtful, a sentence each."""
    corrections: tuple[Correction, ...] = ()
    """Misheard names and terms put right in the transcript, with what was heard."""
    doubts: tuple[Doubted, ...] = ()
    """For a person: notes that corrections.toml no longer bears, corrections that fit no more."""


def notes(article: Article) -> NotesFile:
    """The public notes of an article."""
    written = article.written
    return NotesFile(
        event=_event(article),
        engines=dict(article.engines),
        caveat=written.caveat,
        description=written.description,
        talks=tuple(_talk(noted, article.heard.language) for noted in written.talks),
        dropped=article.dropped,
        usage=article.usage,
        warnings=article.all_warnings(),
        corrections=written.outline.corrections,
        doubts=article.doubts,
    )


def _event(article: Article) -> EventShape:
    source = article.heard.source
    return EventShape(
        slug=source.slug,
        title=source.title,
        date=source.info.date,
        place=source.info.place,
        links=source.info.links,
        language=article.heard.language,
        duration=article.heard.audio.duration,
    )


def _talk(noted: TalkNotes, language: str) -> TalkShape:
    talk = noted.talk
    return TalkShape(
        index=talk.index,
        title=talk.title,
        kind=talk.kind,
        start=talk.start,
        end=talk.end,
        speakers=talk.speakers,
        summary=noted.summary,
        notes=noted.notes,
        claims=tuple(map(ClaimShape.model_validate, find_claims(talk, language))),
        omissions=tuple(note for note in noted.notes if note.kind == "omission"),
        contradictions=tuple(note for note in noted.notes if note.kind == "contradiction"),
    )
