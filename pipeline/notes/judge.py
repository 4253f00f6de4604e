"""Whether a note's receipts bear it, asked of a model that sees nothing but the receipts."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pipeline.data import Note, Receipt, Talk
from pipeline.llm.asking import Asker
from pipeline.notes import material
from pipeline.notes.answers import Answer, Number, Several
from pipeline.notes.evening import Evening
from pipeline.notes.orders import HIDDEN, is_order

CONTEXT = 20  # words of what was said before a receipt
SLACK = 0.05  # seconds by which two sentences may overlap
DOUBTED = "the receipts do not bear it"
UNJUDGED = "the judge says nothing of it, and code does not know the language"


class Verdict(Answer):
    """Whether a note holds, and if not, what is wrong with it."""

    note: Number
    holds: bool
    why: str | None = None


class Verdicts(Answer):
    """The answer to judge.md."""

    verdicts: Annotated[tuple[Verdict, ...], Several] = ()


Group = tuple[Talk, Sequence[Note]]  # notes under the heading of their talk


async def judge(groups: Sequence[Group], evening: Evening, ask: Asker) -> Mapping[int, str]:
    """Why notes cannot stay, by their places through all groups; raises ModelError where the judge
    is of no use.

    A note without a verdict stays, where code has checked its numbers and negations.
    """
    count = sum(len(notes) for _, notes in groups)
    if not count:
        return {}
    answer = await ask("judge", variables(groups, evening), Verdicts)
    verdicts = {one.note - 1: one for one in answer.verdicts if 0 < one.note <= count}
    refused = {n: one.why or DOUBTED for n, one in verdicts.items() if not one.holds}
    silent = set(range(count)) - set(verdicts) if evening.judge_needed else ()
    return refused | dict.fromkeys(silent, UNJUDGED)


def variables(groups: Sequence[Group], evening: Evening) -> dict[str, object]:
    """What judge.md is filled with: headings, and under each its notes with their receipts."""
    numbers = iter(range(1, 1 + sum(len(notes) for _, notes in groups)))
    blocks = (
        "\n\n".join([_heading(talk, evening), *(_note(next(numbers), n, evening) for n in notes)])
        for talk, notes in groups
        if notes
    )
    return {"notes": "\n\n".join(blocks)}


def _heading(talk: Talk, evening: Evening) -> str:
    speakers = ", ".join(dict.fromkeys(who(speaker, evening) for speaker in talk.speakers))
    return f"Heading: {material.harmless(talk.title)} (speakers: {speakers})"


def _note(number: int, note: Note, evening: Evening) -> str:
    receipts = (f"   - {_before(each, evening)}{receipt(each, evening)}" for each in note.receipts)
    return "\n".join([f"{number}. {material.harmless(note.text)}", *receipts])


def who(speaker: str, evening: Evening) -> str:
    """A speaker's name and role."""
    name, role = material.called(evening)(speaker), evening.role(speaker)
    return material.harmless(name if not role or role in name else f"{name}, {role}")


def _before(each: Receipt, evening: Evening) -> str:
    """The end of what was said just before a quote, for what its pronouns point at."""
    if each.kind != "quote":
        return ""
    said = [one for one in evening.sentences if one.end <= each.start + SLACK]
    if said and is_order(said[-1].text):
        return f"{HIDDEN} "
    words = said[-1].text.split()[-CONTEXT:] if said else []
    return f"[{material.harmless(' '.join(words))}] " if words else ""


def receipt(each: Receipt, evening: Evening) -> str:
    """A receipt in one line: who says what, or what was looked for, added up or heard."""
    quote = material.harmless(each.quote)
    if each.kind == "source":
        title = evening.head(each.source or "").split("\n")[1:2]
        named = f" ({material.harmless(title[0].lstrip('# '))})" if title else ""
        return f"{each.source}{named}: {quote}"
    if each.kind == "absent":
        scope = f"{material.clock(each.start)} to {material.clock(each.end)}"
        return f"a program looked in vain, in what was said from {scope}, for: {quote}"
    if each.kind == "sum":
        return f"a program computed: {quote}"
    if each.kind == "sound":
        length = max(1, round(each.end - each.start))
        return f"heard at {material.clock(each.start)} for {length} s: {quote}"
    return f"{who(each.speaker or '', evening)} says at {material.clock(each.start)}: {quote}"
