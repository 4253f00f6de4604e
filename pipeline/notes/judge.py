"""Whether a note's receipts bear it, asked of a model that sees nothing but the receipts."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pipeline.data import Note, Receipt, Talk
from pipeline.llm.asking import Asker
from pipeline.notes import material
from pipeline.notes.answers import Answer, Number, Several
from pipeline.notes.evening import Evening

DOUBTED = "the receipts do not bear it"


class Verdict(Answer):
    """Whether a note holds, and if not, what is wrong with it."""

    note: Number
    holds: bool
    why: str | None = None


class Verdicts(Answer):
    """The answer to judge.md."""

    verdicts: Annotated[tuple[Verdict, ...], Several] = ()


async def judge(
    notes: Sequence[Note], talk: Talk, evening: Evening, ask: Asker
) -> Mapping[int, str]:
    """Why notes (by their places) cannot stay; raises ModelError where the judge is of no use.

    A note without a verdict stays: code has checked it.
    """
    if not notes:
        return {}
    answer = await ask("judge", variables(notes, talk, evening), Verdicts)
    return {
        verdict.note - 1: (verdict.why or DOUBTED)
        for verdict in answer.verdicts
        if not verdict.holds and 0 < verdict.note <= len(notes)
    }


def variables(notes: Sequence[Note], talk: Talk, evening: Evening) -> dict[str, object]:
    """What judge.md is filled with: the heading, and each note with its receipts."""
    shown = (
        f"{number}. {material.harmless(note.text)}\n"
        + "\n".join(f"   - {receipt(each, evening)}" for each in note.receipts)
        for number, note in enumerate(notes, start=1)
    )
    speakers = ", ".join(dict.fromkeys(who(speaker, evening) for speaker in talk.speakers))
    return {
        "heading": f"Heading: {material.harmless(talk.title)} (speakers: {speakers})",
        "notes": "\n\n".join(shown),
    }


def who(speaker: str, evening: Evening) -> str:
    """A speaker's name and role."""
    name, role = evening.label(speaker), evening.role(speaker)
    return material.harmless(name if not role or role == name else f"{name}, {role}")


def receipt(each: Receipt, evening: Evening) -> str:
    """A receipt in one line: who says what, or what was looked for, added up or heard."""
    quote = material.harmless(each.quote)
    if each.kind == "source":
        return f"{each.source}: {quote}"
    if each.kind == "absent":
        scope = f"{material.clock(each.start)} to {material.clock(each.end)}"
        return f"a program looked in vain, in what was said from {scope}, for: {quote}"
    if each.kind == "sum":
        return f"a program computed: {quote}"
    if each.kind == "sound":
        return f"heard at {material.clock(each.start)}: {quote}"
    return f"{who(each.speaker or '', evening)} says at {material.clock(each.start)}: {quote}"
