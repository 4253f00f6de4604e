"""The notes of an event's talks: asked for, handed out, judged, and once put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import ModelError, TooLong, Unusable
from pipeline.llm.asking import all_of
from pipeline.llm.conversation import Message
from pipeline.notes.answers import Written
from pipeline.notes.briefs import Briefing, TalkSection, Task
from pipeline.notes.draft import Draft, handed_out, portions, refused, runs_long
from pipeline.notes.judging import Judging
from pipeline.notes.questions import WRITE, Questions
from pipeline.progress import Tick

MOST = 40  # notes that go back in one question


@dataclass
class Writing:
    """Fills the drafts of one event; those of one evening are written from the same material."""

    questions: Questions
    judging: Judging

    async def fill(self, drafts: Sequence[Draft], tick: Tick) -> None:
        """Each draft, with what was refused put right where it can be."""
        room = self.questions.room("write", WRITE)
        by_evening: dict[int, list[Draft]] = {}
        for draft in drafts:
            by_evening.setdefault(id(draft.evening), []).append(draft)
        done = 0
        for own in by_evening.values():
            await self._evening(own, Briefing(own[0].evening, room))
            done += len(own)
            tick(done)

    async def _evening(self, drafts: Sequence[Draft], briefing: Briefing) -> None:
        """One question first, since its call fills the server's prefix cache; then the others."""
        by_talk = {draft.talk.index: draft for draft in drafts}
        tasks = briefing.tasks([TalkSection(each.talk, each.talk.utterances) for each in drafts])

        async def one(task: Task) -> None:
            if left := self._left(task, briefing, by_talk):
                await self._write(left, briefing, by_talk)

        await all_of(map(one, tasks[:1]))
        await all_of(map(one, tasks[1:]))
        await self.judging.drafts([(each, list(each.notes)) for each in drafts])
        await self._repair(drafts, self._fitting(briefing))

    # ---- asked for

    def _left(self, task: Task, briefing: Briefing, drafts: Mapping[int, Draft]) -> Task | None:
        """What is still to be asked of a group that was not asked like this before: where a person
        moved an edge, the other talks keep what was written of them."""
        if len(task.sections) == 1 or self._known(task, briefing):
            return task
        left: list[TalkSection] = []
        for section in task.sections:
            (alone,) = briefing.tasks([section])
            known = self._known(alone, briefing)
            if known is None:
                left.append(section)
                continue
            for part in known.parts:
                drafts[section.talk.index].take(part)
        return briefing.tasks(left)[0] if left else None

    def _known(self, task: Task, briefing: Briefing) -> Written | None:
        return self.questions.ask.find_stored(self._messages(task, briefing), Written)

    def _messages(self, task: Task, briefing: Briefing) -> tuple[Message, ...]:
        return self.questions.ask.compose("write", {**briefing.shared, "task": task.text})

    async def _write(self, task: Task, briefing: Briefing, drafts: Mapping[int, Draft]) -> None:
        """The parts of an answer go to their talks; those that are missing are asked for alone."""
        smaller = briefing
        try:
            answer = await self._asked(task.text, briefing)
        except ModelError as error:
            smaller = self._fitting(briefing)
            again = _instead(task, error, briefing, smaller)
            if not again:
                self.questions.failed(error)
                for section in task.sections:
                    drafts[section.talk.index].unwritten(section.part, error.briefly)
        else:
            again = self._handed_out(answer, task, briefing, drafts)
        for each in again:
            await self._write(each, smaller, drafts)

    def _handed_out(
        self, answer: Written, task: Task, briefing: Briefing, drafts: Mapping[int, Draft]
    ) -> list[Task]:
        """Give each talk its part; what is to be asked for the talks that have none."""
        if len(task.sections) == 1:  # under any number
            for part in answer.parts:
                drafts[task.sections[0].talk.index].take(part)
            return []
        told = {part.number: part for part in answer.parts}
        missing = []
        for number, section in enumerate(task.sections, start=1):
            (alone,) = briefing.tasks([section])
            own = told.get(number)
            if own is None:
                missing.append(alone)
                continue
            drafts[section.talk.index].take(own)
            if not self.questions.ask.lost:  # nothing of it was cut off
                kept = Written(parts=(own,))
                self.questions.ask.store(self._messages(alone, briefing), kept)
        return missing

    async def _asked(self, task: str, briefing: Briefing) -> Written:
        return await self.questions("write", {**briefing.shared, "task": task}, Written)

    def _fitting(self, briefing: Briefing) -> Briefing:
        """The briefing cut to what the server was learnt to take."""
        room = self.questions.room("write", WRITE)
        return replace(briefing, room=min(briefing.room, room))

    # ---- what was refused goes back once

    async def _repair(self, drafts: Sequence[Draft], briefing: Briefing) -> None:
        """One question for all talks, or a few; what is not put right is dropped."""
        if runs_long(drafts):
            for each in drafts:
                each.shorten()
        failed = [draft for draft in drafts if draft.failed]
        for group in portions(failed, lambda draft: len(draft.failed), MOST):
            answer = await self._put_right(group, briefing)
            mended = [(made, made.mend(own)) for made, own in handed_out(answer, group)]
            await self.judging.drafts(mended)
            for made in group:
                made.drop_failed()

    async def _put_right(self, group: Sequence[Draft], briefing: Briefing) -> Written:
        around = briefing.excerpt(each.written for draft in group for each in draft.failed)
        try:
            return await self._asked("\n\n".join((*around, refused(group))), briefing)
        except ModelError as error:
            self.questions.failed(error)
            return Written()


def _instead(task: Task, error: ModelError, briefing: Briefing, smaller: Briefing) -> list[Task]:
    """What is asked where a question failed: in smaller pieces where it did not fit, talk by talk
    where the common answer of several could not be used; nothing where nothing else is left."""
    if isinstance(error, TooLong) and smaller.room < briefing.room:
        return smaller.tasks(task.sections)
    if isinstance(error, Unusable) and len(task.sections) > 1:
        return smaller.each(task.sections)
    return []
