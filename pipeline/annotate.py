"""From talks to notes: claims of all talks first, since a talk is held against those before it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.audio.inputs import SOURCES, EventInput
from pipeline.choose import Choice
from pipeline.claims import Ledger, Sources, examine, web
from pipeline.claims.claims import find
from pipeline.claims.merge import merge
from pipeline.claims.omissions import load_caveats
from pipeline.data import Claim, Findings, Outline, RoomSound, Talk, TalkNotes, Usage
from pipeline.kit import Kit
from pipeline.progress import Piece, Tick, Watch
from pipeline.talks.revise import revise
from pipeline.writer import Context, Writer

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to write about."""

    source: EventInput
    story: Outline
    sounds: tuple[RoomSound, ...]
    language: str
    folder: Path  # of the post: what the web said is saved there


@dataclass(frozen=True, slots=True)
class Studied:
    """Talks and what was found about each, before a line is written."""

    context: Context
    talks: tuple[Talk, ...]
    findings: tuple[Findings, ...]


Annotated = tuple[Outline, tuple[TalkNotes, ...], Usage]


def annotate(material: Material, kit: Kit, watch: Watch) -> Annotated:
    """The outline, corrected by the model where there is one, the notes of its talks, and what
    questions about the event as a whole have cost."""

    def work(choice: Choice) -> Annotated:
        writer = kit.engines.writer(kit.prompts, kit.store)
        written = asyncio.run(_written(writer, material, kit, watch))
        kit.engines.named_model("writer", writer.model)
        return written

    written = kit.engines.trying("writer", work, watch.warn)
    kit.reached("notes")
    return written


async def _written(writer: Writer, material: Material, kit: Kit, watch: Watch) -> Annotated:
    studied = await study(writer, material, kit, watch)
    pairs = list(zip(studied.talks, studied.findings, strict=True))
    with watch.stage("notes", Piece(len(pairs), unit="talks")) as tick:
        notes = await _each(pairs, lambda pair: writer.write(*pair, studied.context), tick)
    asked = writer.ask.usage if writer.ask else Usage()
    return studied.context.outline, tuple(notes), asked


async def study(writer: Writer, material: Material, kit: Kit, watch: Watch) -> Studied:
    """The talks as they stand in the post, with their claims and what is wrong with these."""
    story = material.story
    if writer.ask:
        story, refused = await revise(story, writer.ask, material.source.info)
        for warning in refused:
            watch.warn(warning)
    context = Context(material.source.info, story, material.language)
    talks = tuple(talk for talk in story.talks if talk.kind != "break")
    with watch.stage("claims", Piece(len(talks), unit="talks")) as tick:
        more = await _each(talks, lambda talk: writer.claims(talk, context), tick)
    found = (find(talk, material.language) for talk in talks)
    claims = [merge(one, other) for one, other in zip(found, more, strict=True)]
    return Studied(context, talks, _examined(talks, claims, material, kit, watch))


def _examined(
    talks: Sequence[Talk],
    claims: Sequence[tuple[Claim, ...]],
    material: Material,
    kit: Kit,
    watch: Watch,
) -> tuple[Findings, ...]:
    """What code alone can say about the claims."""
    sources = _sources(claims, material, kit, watch)
    this = material.source.info.model_copy(update={"title": material.source.title})
    return examine(
        talks,
        claims,
        load_caveats(kit.prompts.find("caveats").path),
        material.sounds,
        sources,
        Ledger(kit.ledger, besides=this) if kit.ledger else None,
        material.language,
    )


def _sources(
    claims: Sequence[tuple[Claim, ...]], material: Material, kit: Kit, watch: Watch
) -> Sources:
    """The user's own, and what the web says of the claims where that was asked for."""
    beside = material.source.folder
    none = Sources((), language=material.language)
    sources = Sources.read(beside / SOURCES, material.language) if beside else none
    for warning in sources.warnings:
        watch.warn(warning)
    search = web.load(kit.config.writer, kit.config.run)
    if search is None:
        return sources
    every = [claim for of_talk in claims for claim in of_talk]
    found = web.look_up(every, search, material.folder / "web.json", material.source.info.title)
    for warning in found.warnings:
        watch.warn(warning, passing=True)
    return sources.with_passages(found.passages)


async def _each(items: Sequence[S], work: Callable[[S], Awaitable[T]], tick: Tick) -> list[T]:
    """All at once; the writer bounds how many calls are in flight.

    When one fails the others are finished first, since what they were paid for is then kept.
    """
    done = 0

    async def one(item: S) -> T:
        nonlocal done
        result = await work(item)
        done += 1
        tick(done)
        return result

    results = await asyncio.gather(*map(one, items), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]
