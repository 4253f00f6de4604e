"""A language model may correct where talks begin: one call, which sees an outline, never the hour.

Its answer is taken whole or not at all: talks that do not tile the event's utterances are refused,
and a title that holds a word which nobody said and no list knows is not taken.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from pipeline.data import Outline, Speaker, Talk, TalkKind, Utterance
from pipeline.errors import ModelError
from pipeline.event import EventInfo
from pipeline.talks.headings import AUDIENCE, PANELIST

EDGE = 12  # words shown of each end of what one speaker says in one go
HOLDS = 0.1  # share of a talk's speech that makes a speaker one of its speakers

M = TypeVar("M", bound=BaseModel)


class Ask(Protocol):
    """One question to a language model, as the writer answers it."""

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M: ...


class RevisedTalk(BaseModel):
    """A talk from its first to its last utterance, both included."""

    model_config = ConfigDict(extra="forbid")
    first: int
    last: int
    kind: TalkKind
    title: str


class Revision(BaseModel):
    """All talks of the event, in order."""

    model_config = ConfigDict(extra="forbid")
    talks: tuple[RevisedTalk, ...]


async def revise(outline: Outline, ask: Ask, event: EventInfo) -> tuple[Outline, tuple[str, ...]]:
    """The outline with the model's talks, or as it was and the reason why."""
    if not outline.talks:
        return outline, ()
    try:
        revision = await ask("outline", _variables(outline, event), Revision)
    except ModelError as error:
        return outline, (f"the talks stand as they were proposed: {error}",)
    wrong = refusal(revision, outline.utterances)
    if wrong:
        return outline, (f"the talks stand as they were proposed: the model's {wrong}",)
    talks = _taken(revision, outline, event)
    return replace(outline, talks=talks, speakers=_recast(outline.speakers, talks)), ()


def refusal(revision: Revision, utterances: Sequence[Utterance]) -> str | None:
    """Why the talks do not tile the utterances, or None."""
    ids = [utterance.id for utterance in utterances]
    known = frozenset(ids)
    for talk in revision.talks:
        strange = next((i for i in (talk.first, talk.last) if i not in known), None)
        if strange is not None:
            return f"outline names an utterance that does not exist ({strange})"
    covered = [i for talk in revision.talks for i in range(talk.first, talk.last + 1)]
    if len(covered) != len(set(covered)):
        return "talks overlap"
    return None if covered == ids else "talks leave a gap or are out of order"


def _variables(outline: Outline, event: EventInfo) -> dict[str, object]:
    labels = {speaker.id: speaker.label for speaker in outline.speakers}
    return {
        "event": event,
        "talks": [
            f"U{talk.utterances[0].id}-U{talk.utterances[-1].id} {talk.kind}: {talk.title}"
            for talk in outline.talks
        ],
        "utterances": [
            _line(list(run), labels)
            for _, run in groupby(outline.utterances, key=lambda one: one.speaker)
        ],
    }


def _line(run: Sequence[Utterance], labels: Mapping[str, str]) -> str:
    """What one speaker says in one go: where, how long, its first and last words."""
    words = [word.text for utterance in run for word in utterance.words]
    said = " ".join(words)
    if len(words) > 2 * EDGE:
        said = f"{' '.join(words[:EDGE])} ... {' '.join(words[-EDGE:])}"
    ids = f"U{run[0].id}" if len(run) == 1 else f"U{run[0].id}-U{run[-1].id}"
    seconds = run[-1].end - run[0].start
    return f"{ids} at {run[0].start:.0f} s, {seconds:.0f} s, {labels[run[0].speaker]}: {said}"


def _taken(revision: Revision, outline: Outline, event: EventInfo) -> tuple[Talk, ...]:
    known = _vocabulary(outline, event)
    place = {utterance.id: index for index, utterance in enumerate(outline.utterances)}
    talks = []
    for index, told in enumerate(revision.talks):
        held = outline.utterances[place[told.first] : place[told.last] + 1]
        title = " ".join(told.title.split())
        if not title or not _words(title) <= known:
            title = _nearest(outline.talks, held).title
        talks.append(Talk(index, title, told.kind, _speakers(held), held))
    return tuple(talks)


def _recast(speakers: Sequence[Speaker], talks: Sequence[Talk]) -> tuple[Speaker, ...]:
    """The speakers, those who were taken for panelists and sit on no panel as who they are."""
    panels = {u.speaker for talk in talks if talk.kind == "panel" for u in talk.utterances}
    asking = {u.speaker for talk in talks if talk.kind == "qa" for u in talk.utterances} - panels
    return tuple(
        replace(one, role=AUDIENCE) if one.role == PANELIST and one.id in asking else one
        for one in speakers
    )


def _nearest(talks: Sequence[Talk], held: Sequence[Utterance]) -> Talk:
    """The proposed talk that shares most utterances with these."""
    ids = {utterance.id for utterance in held}
    return max(talks, key=lambda talk: sum(one.id in ids for one in talk.utterances))


def _speakers(held: Sequence[Utterance]) -> tuple[str, ...]:
    """Who speaks, the one who speaks most first."""
    seconds: dict[str, float] = {}
    for one in held:
        seconds[one.speaker] = seconds.get(one.speaker, 0.0) + one.end - one.start
    enough = HOLDS * sum(seconds.values())
    order = sorted(seconds, key=lambda speaker: -seconds[speaker])
    return tuple(s for s in order if seconds[s] >= enough)


def _vocabulary(outline: Outline, event: EventInfo) -> frozenset[str]:
    """Every word that was said or that a list, a heading or a name holds."""
    said = (utterance.text for utterance in outline.utterances)
    labels = (f"{speaker.name or ''} {speaker.role or ''}" for speaker in outline.speakers)
    agenda = (f"{item.title} {' '.join(item.speakers)}" for item in event.agenda)
    people = (f"{person.name} {person.role}" for person in event.people)
    titles = (talk.title for talk in outline.talks)
    known = (*said, *labels, *agenda, *people, *titles, *event.glossary, event.title, _PLAIN)
    return frozenset().union(*map(_words, known))


# words that a heading may have of its own
_PLAIN = (
    "opening keynote talk panel questions answers question answer q a qa lightning sponsored break "
    "closing welcome good night with and the of in on for to from by how what why session customer "
    "customers speaker speakers host audience part one two demo s"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", text.lower()))
