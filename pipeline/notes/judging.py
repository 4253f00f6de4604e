"""The judge of an event's notes: asked where one is wanted, or needed for the language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Note, Usage
from pipeline.errors import ModelError
from pipeline.llm.asking import all_of
from pipeline.notes.draft import Draft, portions
from pipeline.notes.evening import Evening
from pipeline.notes.judge import Group, judge
from pipeline.notes.questions import Questions

UNJUDGED = "the notes of this talk were checked by code alone: {error}"
MOST = 60  # notes that are judged in one question
NOTE = 200  # tokens of a note with its receipts

Judged = tuple[Draft, Sequence[Note]]


@dataclass
class Judging:
    """Sets aside what receipts do not bear."""

    questions: Questions

    async def drafts(self, judged: Sequence[Judged]) -> None:
        """Notes of drafts; all of an event's at once, or as many as one question holds."""
        wanted = [(made, notes) for made, notes in judged if notes]
        if wanted and self.wanted(wanted[0][0].evening):
            most = min(MOST, self.questions.room("judge", {"notes": ""}) // NOTE)
            groups = portions(wanted, lambda each: len(each[1]), most)
            await all_of(map(self._group, groups))

    def wanted(self, evening: Evening) -> bool:
        return bool(self.questions.ask.client.options.judge) or evening.judge_needed

    async def _group(self, group: Sequence[Judged]) -> None:
        """Where code does not know the language, no note stays that no judge has seen."""
        notes = [(made, note) for made, own in group for note in own]
        groups = [(made.talk, own) for made, own in group]
        try:
            verdicts = await self.verdicts(groups, group[0][0].evening)
        except ModelError as error:
            self.questions.failed(error)
            for made, own in group:
                made.unjudged(own, UNJUDGED.format(error=error.briefly), error.briefly)
            return
        for place, why in verdicts.items():
            made, note = notes[place]
            made.doubt(note, why)

    async def verdicts(self, groups: Sequence[Group], evening: Evening) -> Mapping[int, str]:
        """What the judge refuses; another model is asked where one is named."""
        ask = self.questions.ask
        wanted = ask.client.options.judge
        if not isinstance(wanted, str):
            return await judge(groups, evening, ask)
        other = replace(ask, client=ask.client.with_model(wanted), usage=Usage())
        try:
            return await judge(groups, evening, other)
        finally:
            ask.usage += other.usage
