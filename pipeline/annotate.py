"""From talks to notes: all that a note may rest on is gathered, then a writer is asked."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from pipeline.audio.inputs import SOURCES, EventInput
from pipeline.claims import web
from pipeline.claims.claims import find
from pipeline.claims.ledger import Ledger
from pipeline.claims.meaning import content
from pipeline.claims.omissions import load_caveats
from pipeline.claims.pages import is_own
from pipeline.claims.reading import Passage
from pipeline.corrections.file import Corrections
from pipeline.data import Claim, Correction, Outline, RoomSound, TalkNotes
from pipeline.engines.choose import Choice
from pipeline.errors import ModelError
from pipeline.languages import code
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.looking import Looking
from pipeline.notes import WrittenUp
from pipeline.notes.corrected import corrected
from pipeline.notes.evening import Evening, SourceText, source_texts
from pipeline.notes.lint import bounds
from pipeline.notes.receipts import as_heard
from pipeline.notes.terms import load_terms
from pipeline.notes.translation import Languages, translated
from pipeline.progress import Piece, Watch
from pipeline.session import Session

NOT_LOOKED_UP = "the web search failed: {count} claims were not looked up"
OWN_PAGE = "A page of the speaker's own company, which says what the company wants said:"
NOT_WRITTEN = "the post is to be in {wanted} and stands in {spoken}: {why}"
SHARED = 2  # stems that a claim of an earlier event has in common with one of this event


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to write about."""

    source: EventInput
    story: Outline
    sounds: tuple[RoomSound, ...]
    language: str
    folder: Path  # of the post: what the web said is saved there
    corrections: Corrections = field(default_factory=Corrections)


def annotate(material: Material, session: Session, watch: Watch) -> WrittenUp:
    """The event as it stands in the post; raises ModelError for a server that never answers."""
    evening = gather(material, session, watch)

    def work(choice: Choice) -> WrittenUp:
        prompts = session.prompts.spoken(material.language)
        writer = session.engines.writer(prompts, session.cache)
        try:
            written = asyncio.run(writer.write_up(evening, watch))
        finally:
            watch.usage += writer.usage
        session.engines.named_model("writer", writer.model)
        return written

    written = session.engines.trying("writer", work, watch.warn)
    for warning in written.warnings:
        watch.warn(warning, written.unfinished)
    written = _in_language(corrected(written, evening), material.language, session, watch)
    session.reached("notes")
    talks = _with_claims(written, material.language)
    return _as_heard(replace(written, talks=tuple(talks)), written.outline.corrections)


def _in_language(written: WrittenUp, spoken: str, session: Session, watch: Watch) -> WrittenUp:
    """The post in the language that is asked for, as far as there is a model for it."""
    wanted = session.config.post.language
    if wanted is None or wanted == code(spoken) or not written.talks:
        return written
    if session.engines.choices["writer"].backend.name != "llm":
        watch.warn(NOT_WRITTEN.format(wanted=wanted, spoken=spoken, why="that takes a model"))
        return written
    client = Client(session.config.writer, session.config.run)
    ask = Asker(client, session.prompts.spoken(wanted), session.cache)
    try:
        with watch.stage("translate", Piece(len(written.talks), unit="talks")):
            done = asyncio.run(translated(written, Languages(spoken, wanted), ask))
    except ModelError as error:
        told = NOT_WRITTEN.format(wanted=wanted, spoken=spoken, why=error.briefly)
        watch.warn(told, passing=True)
        watch.note(str(error))
        return written
    finally:
        watch.usage += ask.usage
    for warning in done.warnings:
        watch.warn(warning, done.unfinished)
    return done


def _as_heard(written: WrittenUp, corrections: Sequence[Correction]) -> WrittenUp:
    """The same with receipts that quote what was heard, whatever a name is written like."""
    talks = tuple(
        replace(talk, notes=tuple(as_heard(note, corrections) for note in talk.notes))
        for talk in written.talks
    )
    caveat = tuple(as_heard(note, corrections) for note in written.caveat)
    return replace(written, talks=talks, caveat=caveat)


def _with_claims(written: WrittenUp, language: str) -> Iterator[TalkNotes]:
    """Each talk with its check-worthy sentences: what the ledger keeps of it."""
    for noted in written.talks:
        yield replace(noted, claims=find(noted.talk, language))


def gather(material: Material, session: Session, watch: Watch) -> Evening:
    """All that a note may rest on: what was said and heard, sources, earlier events, the lists."""
    info = material.source.info.model_copy(update={"title": material.source.title})
    prompts = session.prompts.spoken(material.language)
    claims = [c for talk in material.story.talks for c in find(talk, material.language)]
    return Evening(
        event=info,
        outline=material.story,
        sounds=material.sounds,
        sources=(*_sources(material, watch), *_found(claims, material, session, watch)),
        ledger=tuple(_earlier(claims, Ledger(session.ledger, besides=info), material.language))
        if session.ledger
        else (),
        terms=load_terms(prompts.find("terms").path),
        mocking=bounds(prompts).words.mocking,
        caveats=load_caveats(prompts.find("caveats").path),
        language=material.language,
        corrections=material.corrections,
    )


def _sources(material: Material, watch: Watch) -> tuple[SourceText, ...]:
    """The user's own files."""
    beside = material.source.folder
    if not beside:
        return ()
    texts, problems = source_texts(beside / SOURCES, material.source.beyond)
    for problem in problems:
        watch.note(problem)  # names a path, which is nothing for a post
    return texts


def _found(
    claims: Sequence[Claim], material: Material, session: Session, watch: Watch
) -> Iterator[SourceText]:
    """What the web says of the check-worthy sentences, page by page, where that was asked for."""
    search = web.load(session.config.writer, session.config.run)
    if search is None:
        return
    if isinstance(session.cache, Looking):
        search = replace(search, find=web.not_asked)
    info = material.source.info
    saved = material.folder / "web.json"
    found = web.look_up(claims, search, saved, info.title, material.language)
    if found.failed:
        watch.note(found.problem)
        watch.warn(NOT_LOOKED_UP.format(count=found.failed), passing=True)
    story = material.story
    titles = (info.title, *(talk.title for talk in story.talks))
    names = " ".join((*titles, *(each.role or "" for each in story.speakers)))
    for place, passages in groupby(sorted(found.passages, key=_place), key=_place):
        texts = tuple(passage.text for passage in passages)
        yield SourceText(place, (OWN_PAGE, *texts) if is_own(place, names) else texts)


def _place(passage: Passage) -> str:
    return passage.place


def _earlier(claims: Sequence[Claim], ledger: Ledger, language: str) -> Iterator[SourceText]:
    """What was claimed at earlier events about what is claimed now, an event a text."""
    subjects = [content(claim.quote, language) for claim in claims]
    near = (
        entry
        for entry in ledger.earlier()
        if any(len(content(entry.quote, language) & each) >= SHARED for each in subjects)
    )
    for place, entries in groupby(near, key=lambda entry: entry.place):
        yield SourceText(place, tuple(f"{entry.speaker}: {entry.quote}" for entry in entries))
