"""From talks to notes: all that a note may rest on is gathered, then a writer is asked."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from pipeline.audio.inputs import SOURCES, EventInput
from pipeline.choose import Choice
from pipeline.claims import web
from pipeline.claims.claims import find
from pipeline.claims.ledger import Ledger
from pipeline.claims.omissions import load_caveats
from pipeline.claims.reading import Passage
from pipeline.claims.stems import content
from pipeline.data import Claim, Correction, Outline, RoomSound, TalkNotes
from pipeline.kit import Kit
from pipeline.notes import WrittenUp
from pipeline.notes.evening import Evening, SourceText, source_texts
from pipeline.notes.lint import bounds
from pipeline.notes.receipts import as_heard
from pipeline.notes.terms import load_terms
from pipeline.progress import Watch

NOT_LOOKED_UP = "the web search failed: {count} claims were not looked up"
SHARED = 2  # stems that a claim of an earlier event has in common with one of this event


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to write about."""

    source: EventInput
    story: Outline
    sounds: tuple[RoomSound, ...]
    language: str
    folder: Path  # of the post: what the web said is saved there


def annotate(material: Material, kit: Kit, watch: Watch) -> WrittenUp:
    """The event as it stands in the post; raises ModelError for a server that never answers."""
    evening = gather(material, kit, watch)

    def work(choice: Choice) -> WrittenUp:
        writer = kit.engines.writer(kit.prompts, kit.store)
        written = asyncio.run(writer.write_up(evening, watch))
        kit.engines.named_model("writer", writer.model)
        return written

    written = kit.engines.trying("writer", work, watch.warn)
    for warning in written.warnings:
        watch.warn(warning)
    kit.reached("notes")
    talks = _with_claims(written, material.language)
    return _as_heard(replace(written, talks=tuple(talks)), material.story.corrections)


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


def gather(material: Material, kit: Kit, watch: Watch) -> Evening:
    """All that a note may rest on: what was said and heard, sources, earlier events, the lists."""
    info = material.source.info.model_copy(update={"title": material.source.title})
    claims = [c for talk in material.story.talks for c in find(talk, material.language)]
    return Evening(
        event=info,
        outline=material.story,
        sounds=material.sounds,
        sources=(*_sources(material, watch), *_found(claims, material, kit, watch)),
        ledger=tuple(_earlier(claims, Ledger(kit.ledger, besides=info), material.language))
        if kit.ledger
        else (),
        terms=load_terms(kit.prompts.find("terms").path),
        mocking=bounds(kit.prompts).words.mocking,
        caveats=load_caveats(kit.prompts.find("caveats").path),
        language=material.language,
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
    claims: Sequence[Claim], material: Material, kit: Kit, watch: Watch
) -> Iterator[SourceText]:
    """What the web says of the check-worthy sentences, page by page, where that was asked for."""
    search = web.load(kit.config.writer, kit.config.run)
    if search is None:
        return
    found = web.look_up(claims, search, material.folder / "web.json", material.source.info.title)
    if found.failed:
        watch.note(found.problem)
        watch.warn(NOT_LOOKED_UP.format(count=found.failed), passing=True)
    for place, passages in groupby(sorted(found.passages, key=_place), key=_place):
        yield SourceText(place, tuple(passage.text for passage in passages))


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
