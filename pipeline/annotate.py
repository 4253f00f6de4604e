"""From talks to notes: all that a note may rest on is gathered, then a writer is asked."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from pipeline.audio.inputs import SOURCES
from pipeline.claims import web
from pipeline.claims.claims import find_claims
from pipeline.claims.ledger import Ledger
from pipeline.claims.meaning import content
from pipeline.claims.omissions import load_caveats
from pipeline.claims.pages import is_own
from pipeline.data import Claim
from pipeline.engines.choose import Choice
from pipeline.errors import ModelError
from pipeline.heard import Heard
from pipeline.languages import code
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.notes import WrittenUp
from pipeline.notes.checks.names import load_terms
from pipeline.notes.corrected import corrected
from pipeline.notes.evening import Evening, SourceText, source_texts
from pipeline.notes.lint import bounds
from pipeline.notes.receipts import as_heard
from pipeline.notes.translation import Languages, translated
from pipeline.progress import Piece, Watch
from pipeline.session import Session

OWN_PAGE = "A page of the speaker's own company, which says what the company wants said:"
NOT_WRITTEN = "the post is to be in {wanted} and stands in {spoken}: {why}"
SHARED = 2  # stems that a claim of an earlier event has in common with one of this event


def annotate(heard: Heard, session: Session, watch: Watch) -> WrittenUp:
    """The event as it stands in the post; raises ModelError for a server that never answers."""
    evening = gather(heard, session, watch)

    def work(choice: Choice) -> WrittenUp:
        prompts = session.prompts.spoken(heard.language)
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
    written = _in_language(corrected(written, evening), heard.language, session, watch)
    session.reached("notes")
    addresses = {each.name: each.address for each in evening.sources if each.address}
    return replace(_as_heard(written), addresses=addresses)


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


def _as_heard(written: WrittenUp) -> WrittenUp:
    """The same with receipts that quote what was heard, whatever a name is written like."""
    corrections = written.outline.corrections
    talks = tuple(
        replace(talk, notes=tuple(as_heard(note, corrections) for note in talk.notes))
        for talk in written.talks
    )
    caveat = tuple(as_heard(note, corrections) for note in written.caveat)
    return replace(written, talks=talks, caveat=caveat)


def gather(heard: Heard, session: Session, watch: Watch) -> Evening:
    """All that a note may rest on: what was said and heard, sources, earlier events, the lists."""
    source, ledger = heard.source, session.settings.ledger
    info = source.info.model_copy(update={"title": source.title})
    prompts = session.prompts.spoken(heard.language)
    claims = [claim for talk in heard.story.talks for claim in find_claims(talk, heard.language)]
    found = _found(claims, heard, session, watch)
    own, problems = (
        source_texts(source.folder / SOURCES, source.beyond) if source.folder else ((), ())
    )
    for problem in problems:
        watch.note(problem)  # names a path, which is nothing for a post
    return Evening(
        event=info,
        outline=heard.story,
        sounds=heard.sounds,
        sources=(*own, *found),
        ledger=tuple(_earlier(claims, Ledger(ledger, besides=info), heard.language))
        if ledger
        else (),
        terms=load_terms(prompts.find("terms").path),
        mocking=bounds(prompts).words.mocking,
        caveats=load_caveats(prompts.find("caveats").path),
        language=heard.language,
        corrections=heard.left_to_correct,
    )


def _found(
    claims: Sequence[Claim], heard: Heard, session: Session, watch: Watch
) -> Iterator[SourceText]:
    """What the web says of the check-worthy sentences, page by page, where that was asked for.

    It is saved in the folder of the post.
    """
    search = web.load(session.config.writer, session.config.run)
    if search is None:
        return
    if not session.cache.computes:
        search = replace(search, find=web.no_search)
    title, saved = heard.source.info.title, session.settings.output / heard.source.slug / "web.json"
    found = web.look_up(claims, search, saved, title, heard.language)
    if found.failed:
        watch.note(found.problem)
        watch.warn(f"the web search failed: {found.failed} claims were not looked up", passing=True)
    talks, speakers = heard.story.talks, heard.story.speakers
    names = " ".join((title, *(t.title for t in talks), *(s.role or "" for s in speakers)))
    by_place = attrgetter("place")
    for place, passages in groupby(sorted(found.passages, key=by_place), key=by_place):
        texts = tuple(passage.text for passage in passages)
        yield SourceText(place, (OWN_PAGE, *texts) if is_own(place, names) else texts)


def _earlier(claims: Sequence[Claim], ledger: Ledger, language: str) -> Iterator[SourceText]:
    """What was claimed at earlier events about what is claimed now, an event a text."""
    subjects = [content(claim.quote, language) for claim in claims]
    near = (
        entry
        for entry in ledger.earlier()
        if any(len(content(entry.quote, language) & each) >= SHARED for each in subjects)
    )
    for place, entries in groupby(near, key=attrgetter("place")):
        yield SourceText(place, tuple(f"{entry.speaker}: {entry.quote}" for entry in entries))
