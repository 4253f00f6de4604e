"""The notes of an event's talks: asked for, handed out, judged, and once put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.errors import ModelError, TooLong, Unusable
from pipeline.llm.asking import all_of
from pipeline.llm.conversation import Message, estimate
from pipeline.notes import editor
from pipeline.notes.answers import Written, WrittenPart
from pipeline.notes.judge import AT_ONCE, NOTE, Group, judge, variables, without_judge
from pipeline.notes.questions import WRITE, Questions, batches
from pipeline.notes.talk_draft import Answers, KeptNote, TalkDraft
from pipeline.notes.writing_context import TalkSection, Task, WritingContext
from pipeline.progress import Tick

MOST = 40  # notes that go back in one question
UNJUDGED = "the notes of this talk were checked by code alone: {error}"

Judged = tuple[TalkDraft, Sequence[KeptNote]]  # a talk, and those of its notes that are new


async def write(drafts: Sequence[TalkDraft], questions: Questions, tick: Tick) -> None:
    """Write each draft; those of one evening are written from the same material."""
    room = _room(questions)
    by_evening: dict[int, list[TalkDraft]] = {}
    for draft in drafts:
        by_evening.setdefault(id(draft.evening), []).append(draft)
    done = 0
    for own in by_evening.values():
        context = WritingContext(own[0].evening, room, questions.answer)
        await Writing(questions, context, {draft.talk.index: draft for draft in own}).fill()
        done += len(own)
        tick(done)


@dataclass(frozen=True)
class Writing:
    """Fills the drafts of one evening, by the indices of their talks."""

    questions: Questions
    context: WritingContext
    drafts: Mapping[int, TalkDraft]

    async def fill(self) -> None:
        """One question first, since its call fills the server's prefix cache; then the others."""
        drafts = list(self.drafts.values())
        tasks = self.context.tasks([TalkSection(d.talk, d.talk.utterances) for d in drafts])
        await all_of(map(self._once, tasks[:1]))
        await all_of(map(self._once, tasks[1:]))
        await self._judge([(draft, list(draft.kept)) for draft in drafts])
        await self._fitting()._edit(drafts)

    # ---- asked for

    async def _once(self, task: Task) -> None:
        """Ask what was not asked like this before: where a person moved an edge, the other talks of
        a group keep what was written of them."""
        if len(task.sections) == 1 or self._known(task):
            await self._write(task)
            return
        left: list[TalkSection] = []
        for section in task.sections:
            (alone,) = self.context.tasks([section])
            known = self._known(alone)
            if known is None:
                left.append(section)
                continue
            self._take(section, known.parts)
        if left:
            await self._write(self.context.tasks(left)[0])

    def _known(self, task: Task) -> Written | None:
        return self.questions.ask.find_stored(self._messages(task), Written)

    def _messages(self, task: Task) -> tuple[Message, ...]:
        return self.questions.ask.compose("write", {**self.context.shared, "task": task.text})

    async def _write(self, task: Task) -> None:
        """The parts of an answer go to their talks; those that are missing are asked for alone."""
        try:
            answer = await self._asked(task.text)
        except ModelError as error:
            smaller = self._fitting()
            again = _instead(task, error, self.context, smaller.context)
            if again and isinstance(error, TooLong):
                self.questions.tell(error)
            if not again:
                self.questions.failed(error)
                for section in task.sections:
                    self.drafts[section.talk.index].unwritten(section.part, error.briefly)
            for each in again:
                await smaller._write(each)
        else:
            for each in self._handed_out(answer, task):
                await self._write(each)

    def _handed_out(self, answer: Written, task: Task) -> list[Task]:
        """Give each talk its part; what is to be asked for the talks that have none."""
        if len(task.sections) == 1:  # under any number
            self._take(task.sections[0], answer.parts)
            return []
        zero = {part.number for part in answer.parts} == set(range(len(task.sections)))
        missing = []
        for number, section in enumerate(task.sections, start=not zero):
            (alone,) = self.context.tasks([section])
            own = tuple(part for part in answer.parts if part.number == number)
            self._take(section, own)
            if not own:
                missing.append(alone)
            elif self.questions.ask.is_whole(self._messages(task), Written):
                self.questions.ask.store(self._messages(alone), Written(parts=own))
        return missing

    def _take(self, section: TalkSection, parts: Sequence[WrittenPart]) -> None:
        for part in parts:
            self.drafts[section.talk.index].take(part, section.said[0].start)

    async def _asked(self, task: str) -> Written:
        return await self.questions("write", {**self.context.shared, "task": task}, Written)

    def _fitting(self) -> "Writing":
        """The same in questions cut to what the server was learnt to take."""
        room = min(self.context.room, _room(self.questions))
        answer = min(self.context.answer, self.questions.answer)
        return replace(self, context=replace(self.context, room=room, answer=answer))

    # ---- judged

    async def _judge(self, judged: Sequence[Judged]) -> None:
        """Set aside what receipts do not bear; as many notes at once as a question holds."""
        room = self.questions.room("judge", variables((), self.context.evening))
        most = max(1, min(AT_ONCE, room // NOTE))
        wanted = [
            (draft, some[at : at + most])
            for draft, some in judged
            for at in range(0, len(some), most)
        ]
        await all_of(map(self._judge_at_once, batches(wanted, lambda each: len(each[1]), most)))

    async def _judge_at_once(self, group: Sequence[Judged]) -> None:
        """Where code does not know the language, no note stays that no judge has seen."""
        groups = [
            Group(draft.talk, [kept.note for kept in some], draft.beside(some))
            for draft, some in group
        ]
        try:
            judged = await judge(groups, self.context.evening, self.questions.ask)
        except ModelError as error:
            self.questions.failed(error)
            for draft, some in group:
                draft.unjudged(some, UNJUDGED.format(error=error.briefly), error.briefly)
            judged = without_judge(groups, self.context.evening)
        notes = [(draft, kept) for draft, some in group for kept in some]
        for place, why in judged.refused.items():
            draft, kept = notes[place]
            draft.doubt(kept, why)
        for place, why in judged.unclear.items():
            draft, kept = notes[place]
            draft.ask_anew(kept, why)

    # ---- what was refused goes back once, with the post as it stands

    async def _edit(self, drafts: Sequence[TalkDraft]) -> None:
        """One question for all talks, or a few; what is not put right is dropped."""
        asked = [each for each in drafts if each.refused or each.kept]
        for group in batches(asked, _lines, MOST):
            answers = await self._asked_as_editor(group)
            mended = [(d, d.mend(own)) for d, own in zip(group, answers, strict=True)]
            await self._judge([each for each in mended if each[1]])
            for draft in group:
                draft.drop_refused()

    async def _asked_as_editor(self, group: Sequence[TalkDraft]) -> list[Answers]:
        """What the model writes in the place of each refused note, and of lines that stand; the
        post is not shown to a model that has no room for it."""
        refused = [each.written for draft in group for each in draft.refused]
        unsaid = {draft.talk.index: self.context.unsaid(draft.talk) for draft in group}
        question = editor.question(group, unsaid)
        if estimate(question) > self.context.room // 2:  # the rest is for what was refused
            question = editor.question(group, None)
        if not question:
            return [[] for _ in group]
        try:
            answer = await self._asked("\n\n".join((*self.context.excerpt(refused), question)))
        except ModelError as error:
            self.questions.failed(error)
            return [[None] * len(draft.refused) for draft in group]
        return editor.put_right(group, answer.parts)


def _lines(draft: TalkDraft) -> float:
    """How much of the editor's question a talk is: a refused note is shown whole."""
    return len(draft.refused) + len(draft.standing) / 6


def _room(questions: Questions) -> int:
    """Tokens of one question for its material."""
    return questions.room("write", WRITE)


def _instead(
    task: Task, error: ModelError, context: WritingContext, smaller: WritingContext
) -> list[Task]:
    """What is asked where a question failed: in smaller pieces where it did not fit, talk by talk
    where the common answer of several could not be used; nothing where nothing else is left."""
    if isinstance(error, TooLong) and smaller.room < context.room:
        return smaller.tasks(task.sections)
    if isinstance(error, Unusable) and len(task.sections) > 1:
        return [alone for section in task.sections for alone in smaller.tasks([section])]
    return []
