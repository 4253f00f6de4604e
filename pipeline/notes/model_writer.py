"""The writer that asks a model four questions: outline, write, judge, close; and believes none.

A talk whose answers cannot be used is written in quotes, and the post says so; a server that dies
half way costs the talks that it did not answer, never the event.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from pipeline import config
from pipeline.data import Dropped, Note, Outline, Talk, TalkNotes, Usage
from pipeline.errors import ModelError, ServerFailed, TooLong
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.llm.server import size
from pipeline.notes import WrittenUp
from pipeline.notes.answers import Written
from pipeline.notes.briefs import Briefing
from pipeline.notes.close import Closed, close
from pipeline.notes.draft import Draft, Repaired, handed_out, in_order, refused, runs_long
from pipeline.notes.evening import Evening
from pipeline.notes.judge import Group, judge
from pipeline.notes.outline import Told, outline
from pipeline.notes.outline import variables as outline_variables
from pipeline.notes.quotes_writer import quoted
from pipeline.progress import Piece, Tick, Watch
from pipeline.prompts import Prompts
from pipeline.store import Store

UNJUDGED = "the notes of this talk were checked by code alone: {error}"
PROPOSED = "the talks stand as they were proposed without the model: {error}"
UNCLOSED = "the post has no caveat and no description of the model's: {error}"
UNWRITTEN = "part {number} of {parts} of this talk has no notes: {error}"
QUOTED = "quotes only: "
REFUSED = "not one note of the model's could be shown to be true"
MOST_REFUSED = 40  # notes that go back in one question
_EMPTY: Mapping[str, object] = dict.fromkeys(
    ("event", "people", "topics", "sources", "earlier", "transcript", "task"), ""
)


def load(options: config.Writer, run: config.Run, prompts: Prompts, store: Store) -> "ModelWriter":
    """The writer of one event; no server is asked before it writes."""
    return ModelWriter(Asker(Client(options, run), prompts, store))


@dataclass
class ModelWriter:
    """Writes one event."""

    ask: Asker  # for questions about the event as a whole
    name: str = "llm"
    version: str = "2"
    _say: Callable[[str], None] = print
    _answered: bool = False
    _dead: ServerFailed | None = None  # the server's last words
    _askers: dict[int, list[Asker]] = field(default_factory=dict)  # by talk

    @property
    def model(self) -> str:
        return self.ask.client.model

    async def write_up(self, evening: Evening, watch: Watch) -> WrittenUp:
        """The whole event; raises ModelError when the server answers no call at all."""
        warnings: list[str] = []
        self._say = watch.say
        with watch.stage("outline", Piece(1, unit="talks")):
            known, refused = await self._outline(evening, warnings)
        evening = replace(evening, outline=known)
        talks = [talk for talk in known.talks if talk.kind != "break"]
        with watch.stage("notes", Piece(len(talks), unit="talks")) as tick:
            drafts = await self._drafts(talks, evening, tick)
        if self._dead and not self._answered:
            raise self._dead
        with watch.stage("close", Piece(1, unit="talks")):
            closed, more = await self._closed([self._finished(each) for each in drafts], evening)
        return WrittenUp(
            outline=known,
            talks=closed.talks,
            caveat=closed.caveat,
            description=closed.description,
            usage=self.ask.usage,
            dropped=(*refused, *closed.dropped),
            warnings=(*warnings, *more, *self.ask.lost),
        )

    async def _outline(
        self, evening: Evening, warnings: list[str]
    ) -> tuple[Outline, tuple[Dropped, ...]]:
        """As the model corrects it, or as it was proposed."""
        if not evening.outline.utterances:
            return evening.outline, ()
        try:
            around = outline_variables(evening, evening.outline.utterances[:1])
            known = await outline(evening, self.ask, self._room("outline", around, Told))
        except ModelError as error:
            self._failed(error)
            warnings.append(PROPOSED.format(error=error.briefly))
            return evening.outline, ()
        self._answered = True
        return known

    # ---- write and judge

    async def _drafts(self, talks: Sequence[Talk], evening: Evening, tick: Tick) -> list[Draft]:
        """The first talk alone, since its call fills the server's prefix cache; then the others."""
        briefing = Briefing(evening, self._room("write", _EMPTY, Written))
        done = 0

        async def one(talk: Talk) -> Draft:
            nonlocal done
            made = await self._draft(talk, briefing)
            done += 1
            tick(done)
            return made

        drafts = [await one(talk) for talk in talks[:1]]
        drafts += await asyncio.gather(*map(one, talks[1:]))
        await self._repair(drafts, self._fitting(briefing))
        return drafts

    async def _draft(self, talk: Talk, briefing: Briefing) -> Draft:
        made = Draft(talk, briefing.evening)
        ask = self._asker(talk)
        answers = await self._answers(talk, briefing, ask)
        if any(isinstance(answer, TooLong) for answer in answers):  # what fits was just learnt
            smaller = self._fitting(briefing)
            if smaller.room < briefing.room:
                answers = await self._answers(talk, smaller, ask)
        parts = len(answers)
        for number, answer in enumerate(answers, start=1):
            if isinstance(answer, ModelError):
                self._failed(answer)
                made.quotes = why = answer.briefly
                if parts > 1:
                    made.warnings.append(UNWRITTEN.format(number=number, parts=parts, error=why))
            elif isinstance(answer, BaseException):
                raise answer
            else:
                made.take(answer)
        await self._judge([(made, list(made.notes))], ask)
        return made

    def _fitting(self, briefing: Briefing) -> Briefing:
        """The briefing cut to what the server was learnt to take."""
        return replace(briefing, room=min(briefing.room, self._room("write", _EMPTY, Written)))

    async def _answers(
        self, talk: Talk, briefing: Briefing, ask: Asker
    ) -> list[Written | BaseException]:
        """What the writer says of each piece of a talk, or why it does not."""
        written = (self._write(task, briefing, ask) for task in briefing.of(talk))
        return await asyncio.gather(*written, return_exceptions=True)

    async def _write(self, task: str, briefing: Briefing, ask: Asker) -> Written:
        if self._dead:
            raise self._dead
        answer = await ask("write", {**briefing.shared, "task": task}, Written)
        self._answered = True
        return answer

    async def _judge(self, drafts: Sequence[tuple[Draft, Sequence[Note]]], ask: Asker) -> None:
        """Set aside what the receipts do not bear, where a judge is asked for.

        Where code does not know the language, no note stays that no judge has seen.
        """
        judged = [(made, note) for made, notes in drafts for note in notes]
        if not judged or not self._wants_judge(judged[0][0].evening):
            return
        try:
            groups = [(made.talk, notes) for made, notes in drafts]
            verdicts = await self._verdicts(groups, judged[0][0].evening, ask)
        except ModelError as error:
            self._failed(error)
            for made, notes in drafts:
                made.unjudged(notes, UNJUDGED.format(error=error.briefly), error.briefly)
            return
        for place, why in verdicts.items():
            made, note = judged[place]
            made.doubt(note, why)

    def _wants_judge(self, evening: Evening) -> bool:
        return bool(self.ask.client.options.judge) or evening.judge_needed

    async def _verdicts(
        self, groups: Sequence[Group], evening: Evening, ask: Asker
    ) -> Mapping[int, str]:
        """What the judge refuses; another model is asked where one is named."""
        wanted = ask.client.options.judge
        if not isinstance(wanted, str):
            return await judge(groups, evening, ask)
        by = replace(ask, client=ask.client.with_model(wanted), usage=Usage())
        try:
            return await judge(groups, evening, by)
        finally:
            ask.usage += by.usage

    # ---- what was refused goes back once

    async def _repair(self, drafts: Sequence[Draft], briefing: Briefing) -> None:
        """One question for all talks, or a few; what is not put right is dropped."""
        if runs_long(drafts):
            for each in drafts:
                each.shorten()
        for group in _groups(drafts):
            answer = await self._put_right(group, briefing)
            mended = [(made, made.mend(own)) for made, own in handed_out(answer, group)]
            await self._judge(mended, self.ask)
            for made in group:
                made.drop_failed()

    async def _put_right(self, group: Sequence[Draft], briefing: Briefing) -> Repaired:
        if self._dead:
            return Repaired()
        task = "\n\n".join((*briefing.excerpt(group), refused(group)))
        try:
            return await self.ask("write", {**briefing.shared, "task": task}, Repaired)
        except ModelError as error:
            self._failed(error)
            return Repaired()

    # ---- close

    def _finished(self, made: Draft) -> TalkNotes:
        """The talk's notes; its quotes, where not one of the model's notes can be shown."""
        talk, evening = made.talk, made.evening
        askers = self._askers.get(talk.index, ())
        usage = sum((ask.usage for ask in askers), Usage())
        lost = dict.fromkeys(sentence for ask in askers for sentence in ask.lost)
        written = TalkNotes(
            talk=talk,
            summary="\n".join(made.lines()),
            notes=in_order(made),
            dropped=tuple(made.dropped),
            usage=usage,
            warnings=(*made.warnings, *lost),
        )
        why = made.quotes or (REFUSED if made.dropped else "")
        if written.notes or not why:
            return written
        (instead,) = quoted([talk], evening)
        return replace(instead, dropped=tuple(made.dropped), usage=usage, warnings=(QUOTED + why,))

    async def _closed(
        self, talks: Sequence[TalkNotes], evening: Evening
    ) -> tuple[Closed, tuple[str, ...]]:
        try:
            if self._dead:
                raise self._dead
            closed = await close(talks, evening, self.ask)
            lines = closed.lines()
            verdicts: Mapping[int, str] = {}
            if lines and self._wants_judge(evening):
                whole = replace(talks[0].talk, title=evening.event.title, speakers=())
                verdicts = await self._verdicts([(whole, lines)], evening, self.ask)
            return closed.without(verdicts), ()
        except ModelError as error:
            return Closed(tuple(talks)), (UNCLOSED.format(error=error.briefly),)

    # ---- asking

    def _failed(self, error: ModelError) -> None:
        """An answer that cannot be used costs itself; a server that is gone is not asked again."""
        if self._dead is None:
            self._say(str(error))
        if isinstance(error, ServerFailed):
            self._dead = error

    def _asker(self, talk: Talk) -> Asker:
        """Asks for one talk, so that its cost is known."""
        ask = replace(self.ask, usage=Usage(), lost=[])
        self._askers.setdefault(talk.index, []).append(ask)
        return ask

    def _room(self, prompt: str, around: Mapping[str, object], shape: type[BaseModel]) -> int:
        """Tokens that are left for a prompt's material beside its instructions and the answer."""
        taken = size(self.ask.compose(prompt, around, shape))
        return max(1_000, self.ask.client.room - taken)


def _groups(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """Drafts with something refused, so many that one answer holds what is put right."""
    groups: list[list[Draft]] = []
    count = MOST_REFUSED
    for each in (draft for draft in drafts if draft.failed):
        if count + len(each.failed) > MOST_REFUSED:
            groups.append([])
            count = 0
        groups[-1].append(each)
        count += len(each.failed)
    return groups
