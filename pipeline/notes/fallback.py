"""The floor under a model: where its notes do not suffice a talk is told in quotes, and says so."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.data import Note, TalkNotes
from pipeline.notes.draft import Draft
from pipeline.notes.quotes_writer import quoted

QUOTED = "quotes only: {why}"
REFUSED = "not one note of the model's could be shown to be true"
SILENT = "the model wrote nothing of it"
FILLED = (
    "{own} of {all} lines are the model's, the others are quotes: most of what it wrote could not "
    "be shown to be true"
)
LINES = "{own} of {all} lines are the model's, the others are quotes"


def finished(draft: Draft) -> TalkNotes:
    """The talk as it stands in the post: in quotes where no note of the model's holds, filled up
    with quotes where fewer were kept than dropped."""
    dropped = len(draft.dropped)
    notes = tuple(sorted(draft.notes, key=_time))
    own = TalkNotes(
        draft.talk,
        summary="\n".join(draft.lines()),
        notes=notes,
        dropped=tuple(draft.dropped),
        unsure=tuple(draft.unsure),
        warnings=tuple(draft.warnings),
    )
    if notes and len(notes) >= dropped:
        return own
    (instead,) = quoted([draft.talk], draft.evening)
    if not notes:
        why = draft.quotes or (REFUSED if dropped else SILENT)
        return replace(instead, dropped=own.dropped, warnings=(QUOTED.format(why=why),))
    return _filled(own, instead)


def _filled(own: TalkNotes, instead: TalkNotes) -> TalkNotes:
    """The model's lines with those quotes that none of them rests on, all in time order."""
    known = {receipt.quote for note in own.notes for receipt in note.receipts}
    more = [n for n in instead.notes if not known & {receipt.quote for receipt in n.receipts}]
    if not more:
        return own
    both = tuple(sorted((*own.notes, *more), key=_time))
    said = FILLED.format(own=len(own.notes), all=len(both))
    summary = own.summary or instead.summary
    return replace(own, notes=both, summary=summary, warnings=(*own.warnings, said))


def share(drafts: Sequence[Draft], talks: Sequence[TalkNotes], why: str = "") -> tuple[str, ...]:
    """How many lines of a post are the model's, where not all of them are, and `why`."""
    lines = [note for noted in talks for note in noted.notes]
    own = {note for draft in drafts for note in draft.notes}
    told = sum(note in own for note in lines)
    said = LINES.format(own=told, all=len(lines)) + (f": {why}" if why else "")
    return (said,) if told < len(lines) else ()


def _time(note: Note) -> float:
    return note.time
