"""The floor under a model: where its notes do not suffice a talk is told in quotes, and says so."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from pipeline.data import TalkNotes
from pipeline.notes.extractive.quotes_writer import quoted
from pipeline.notes.talk_draft import TalkDraft

QUOTED = "quotes only: {why}"
REFUSED = "not one note of the model's could be shown to be true"
SILENT = "the model wrote nothing of it"
FILLED = (
    "{own} of {all} lines are the model's, the others are quotes: most of what it wrote could not "
    "be shown to be true"
)
LINES = "{own} of {all} lines are the model's, the others are quotes"


def finished(draft: TalkDraft) -> TalkNotes:
    """The talk as it stands in the post: in quotes where no note of the model's holds, filled up
    with quotes where fewer were kept than dropped."""
    notes = tuple(draft.notes)
    summary, refused = draft.summary_lines()
    own = TalkNotes(
        draft.talk,
        summary="\n".join(summary),
        notes=notes,
        dropped=(*draft.dropped, *draft.left_out, *refused),
        unsure=tuple(draft.unsure),
        warnings=tuple(draft.warnings),
    )
    if notes and len(notes) >= len(draft.dropped):
        return own
    (instead,) = quoted([draft.talk], draft.evening)
    if not notes:
        why = draft.why_quoted or (REFUSED if draft.dropped else SILENT)
        return replace(instead, dropped=own.dropped, warnings=(QUOTED.format(why=why),))
    return _filled(own, instead)


def _filled(own: TalkNotes, instead: TalkNotes) -> TalkNotes:
    """The model's lines with those quotes that none of them rests on, all in time order."""
    known = {receipt.quote for note in own.notes for receipt in note.receipts}
    more = [n for n in instead.notes if not known & {receipt.quote for receipt in n.receipts}]
    if not more:
        return own
    both = tuple(sorted((*own.notes, *more), key=attrgetter("time")))
    said = FILLED.format(own=len(own.notes), all=len(both))
    summary = own.summary or instead.summary
    return replace(own, notes=both, summary=summary, warnings=(*own.warnings, said))


def share(
    drafts: Sequence[TalkDraft], talks: Sequence[TalkNotes], why: str = ""
) -> tuple[str, ...]:
    """How many lines of a post are the model's, where not all of them are, and `why`."""
    lines = [note for noted in talks for note in noted.notes]
    own = {note for draft in drafts for note in draft.notes}
    told = sum(note in own for note in lines)
    said = LINES.format(own=told, all=len(lines)) + (f": {why}" if why else "")
    return (said,) if told < len(lines) else ()
