"""The writer that needs no model: checked facts, worded from prompts/offline.toml."""

from collections import Counter
from collections.abc import Sequence

from pipeline import config
from pipeline.claims import sentences
from pipeline.data import Claim, Dropped, Findings, Note, Talk, TalkNotes
from pipeline.prompts import Prompts
from pipeline.store import Store
from pipeline.writer import wordings
from pipeline.writer.case import make_case
from pipeline.writer.context import Context
from pipeline.writer.drafts import Draft, of_findings
from pipeline.writer.overheard import (
    of_questions,
    of_refusals,
    of_silence,
    of_statements,
    of_the_room,
)
from pipeline.writer.phrases import capital
from pipeline.writer.summary import summary
from pipeline.writer.telling import Teller
from pipeline.writer.verify import verify
from pipeline.writer.wordings import Phrasebook

FEWEST, MOST = 4, 12  # notes of a talk
WORDS_A_NOTE = 30  # of the talk, between FEWEST and MOST
SHARE = {
    "summary": 0.25,
    "claim": 0.5,
    "omission": 0.34,
    "room": 0.34,
    "aside": 0.34,
}  # of a talk's notes, at most
WORTH = 1.2  # weight under which a draft only makes up for a lack of others


def load(
    options: config.Writer, run: config.Run, prompts: Prompts, store: Store
) -> "OfflineWriter":
    """The writer of one event; raises PromptError when offline.toml is at fault."""
    return OfflineWriter(wordings.load(prompts))


class OfflineWriter:
    """Writes the talks of one event in their order, and does not repeat a wording needlessly."""

    name = "offline"
    model = "prompts/offline.toml"
    version = "2"
    ask = None

    def __init__(self, words: wordings.Wordings) -> None:
        self.words = words
        self._book: Phrasebook | None = None

    async def claims(self, talk: Talk, context: Context) -> tuple[Claim, ...]:
        """None: all that can be found without a model, the detector has found."""
        return ()

    async def write(self, talk: Talk, findings: Findings, context: Context) -> TalkNotes:
        """The notes and summary of a talk."""
        case = make_case(talk, findings, context)
        spoken, warnings = case.said, case.guarded.warnings()
        if not spoken.utterances:
            return TalkNotes(talk, "", (), case.findings, warnings=warnings)
        book = self._book = self._book or Phrasebook(self.words, context.event.title)
        teller = Teller(spoken, context, self.words.spelling)
        notes: list[Note] = []
        dropped: list[Dropped] = []
        for draft in choose(_drafts(teller, case.findings, book.named), _room_for(talk)):
            note = _worded(draft, book)
            why = verify(note, case, notes) if note else None
            if note and why:
                dropped.append(Dropped(talk.index, note.text, why))
            elif note:
                notes.append(note)
        told = summary(case, teller, book, notes)
        return TalkNotes(talk, told, tuple(notes), case.findings, tuple(dropped), warnings=warnings)


def _worded(draft: Draft, book: Phrasebook) -> Note | None:
    """The draft in words, now and then with a laugh; None where no wording fits."""
    text = book.word(draft.wordings, draft.fields)
    if text is None:
        return None
    if draft.kind == "omission":
        book.named.update(draft.about)
    laugh = book.laugh(draft.absurd)
    return Note(f"{capital(text)} {laugh}".strip(), draft.kind, draft.time, draft.receipts)


def _room_for(talk: Talk) -> int:
    words = sum(len(utterance.words) for utterance in talk.utterances)
    return max(FEWEST, min(MOST, round(words / WORDS_A_NOTE)))


def _drafts(teller: Teller, findings: Findings, named: Counter[str]) -> tuple[Draft, ...]:
    said = sentences.cut(teller.talk.utterances)
    return (
        *of_findings(teller, findings, named),
        *of_the_room(teller, findings.sounds, said),
        *of_questions(teller, said),
        *of_refusals(teller, said),
        *of_statements(teller, findings, said),
        *of_silence(teller, said),
    )


def choose(found: Sequence[Draft], most: int) -> tuple[Draft, ...]:
    """The drafts that deserve a place, in time order: no kind crowds out the others."""
    chosen: list[Draft] = []
    used: set[str] = set()
    for draft in sorted(found, key=lambda draft: (-draft.weight, draft.time)):
        same = sum(other.kind == draft.kind for other in chosen)
        if len(chosen) == most:
            break
        full = same >= max(1, round(SHARE.get(draft.kind, 1.0) * most))
        spare = draft.weight < WORTH and len(chosen) >= FEWEST
        if full or spare or draft.about & used:
            continue
        chosen.append(draft)
        used |= draft.about
    return tuple(sorted(chosen, key=lambda draft: draft.time))
