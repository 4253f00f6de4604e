"""The writer that asks a model four questions: outline, write, judge, close; and believes none.

A talk whose answers cannot be used is written in quotes, and the post says so; a server that dies
half way costs the talks that it did not answer, never the event.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline import config
from pipeline.cache import Cache
from pipeline.corrections.talk_edges import apply_talk_fixes
from pipeline.corrections.voices import apply_late_voice_fixes
from pipeline.data import Dropped, Outline, TalkNotes, Usage
from pipeline.errors import ModelError, TooLong
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.notes import WrittenUp
from pipeline.notes.close import Closed, close
from pipeline.notes.corrected import asked_again
from pipeline.notes.evening import Evening
from pipeline.notes.fallback import finished, share
from pipeline.notes.outline import outline
from pipeline.notes.questions import Questions
from pipeline.notes.talk_draft import TalkDraft
from pipeline.notes.writing import write
from pipeline.progress import Piece, Watch
from pipeline.prompts import Prompts

PROPOSED = "the talks stand as they were proposed without the model: {error}"
UNFINISHED = (
    "not finished: what the model had not written when it stopped is quotes; run it again, and "
    "only what is missing is asked and paid for ({error})"
)
UNCLOSED = "the post has neither caveat nor description: {error}"


def load(options: config.Writer, run: config.Run, prompts: Prompts, cache: Cache) -> "ModelWriter":
    """The writer of one event; no server is asked before it writes."""
    return ModelWriter(Asker(Client(options, run), prompts, cache))


class ModelWriter:
    """Writes one event."""

    def __init__(self, ask: Asker) -> None:
        self.ask = ask
        self._questions = Questions(ask)

    @property
    def model(self) -> str:
        return self.ask.client.model

    @property
    def usage(self) -> Usage:
        return self.ask.usage

    async def write_up(self, evening: Evening, watch: Watch) -> WrittenUp:
        """The whole event; raises ModelError when the server answers no call at all."""
        warnings: list[str] = []
        questions = self._questions
        questions.say = watch.say
        with watch.stage("outline", Piece(1, unit="talks")):
            known, strange = await self._outline(evening, warnings)
        known, of_voices = apply_late_voice_fixes(known, evening.corrections.voice)
        known, fits = apply_talk_fixes(known, evening.corrections.talk)
        now, again = asked_again(known, evening.corrections)
        before, evening = replace(evening, outline=known), replace(evening, outline=now)
        talks = [talk for talk in now.talks if talk.kind != "break"]
        drafts = [TalkDraft(talk, evening if talk.index in again else before) for talk in talks]
        with watch.stage("notes", Piece(len(talks), unit="talks")) as tick:
            await write(drafts, questions, tick)
        if questions.dead and not questions.answered:
            raise questions.dead
        with watch.stage("close", Piece(1, unit="talks")):
            noted = [finished(each) for each in drafts]
            warnings += share(drafts, noted, questions.dead.briefly if questions.dead else "")
            ours = any(draft.notes for draft in drafts)
            closed = Closed(tuple(noted))
            if ours:
                closed = await self._closed(noted, evening, warnings)
        questions.sum_up()
        if questions.dead:
            watch.say(UNFINISHED.format(error=questions.dead))
        return WrittenUp(
            outline=now,
            talks=closed.talks,
            caveat=closed.caveat,
            description=closed.description,
            dropped=(*strange, *closed.dropped),
            warnings=(*warnings, *dict.fromkeys(self.ask.lost)),
            quotes_only=bool(drafts) and not ours,
            unfinished=questions.dead is not None,
            fits=(*of_voices, *fits),
        )

    async def _outline(
        self, evening: Evening, warnings: list[str]
    ) -> tuple[Outline, tuple[Dropped, ...]]:
        """As the model corrects it, or as it was proposed."""
        try:
            try:
                return await outline(evening, self._questions)
            except TooLong as error:  # but what fits is known now
                self._questions.tell(error)
                return await outline(evening, self._questions)
        except ModelError as error:
            self._questions.failed(error)
            warnings.append(PROPOSED.format(error=error.briefly))
            return evening.outline, ()

    async def _closed(
        self, talks: Sequence[TalkNotes], evening: Evening, warnings: list[str]
    ) -> Closed:
        """The post read to its end; as it is where the model cannot."""
        try:
            return await close(talks, evening, self._questions)
        except ModelError as error:
            self._questions.failed(error)
            warnings.append(UNCLOSED.format(error=error.briefly))
            return Closed(tuple(talks))
