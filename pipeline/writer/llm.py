"""The writer that asks a language model, and believes nothing that it cannot check."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from pydantic import BaseModel

from pipeline import config
from pipeline.data import Claim, Dropped, Findings, Note, Talk, TalkNotes
from pipeline.errors import ModelError
from pipeline.llm.asking import Asker, again
from pipeline.llm.client import Client
from pipeline.llm.server import Message, estimate
from pipeline.notes.extract import extract
from pipeline.prompts import Prompts
from pipeline.store import Store
from pipeline.writer import answers, resolve
from pipeline.writer.answers import WrittenNote
from pipeline.writer.case import Case, make_case
from pipeline.writer.context import Context
from pipeline.writer.guard import guarded
from pipeline.writer.material import Piece, listed, pieces, variables
from pipeline.writer.verify import verify, verify_line

UNTOLD = "nothing of the model's summary could be shown to be true: this one is extracted"
_AGAIN = "Write these notes again, in this order and corrected; write no other notes."
_SUMMARISED = 80  # words: half a minute
SHAPES: dict[str, type[BaseModel]] = {
    "claims": answers.Claims,
    "notes": answers.Notes,
    "summary": answers.Summary,
}


def load(options: config.Writer, run: config.Run, prompts: Prompts, store: Store) -> "LlmWriter":
    """The writer of one event; no server is asked before the first talk."""
    return LlmWriter(Asker(Client(options, run), prompts, store))


@dataclass
class Account:
    """What one talk has cost so far, and what its model made up."""

    asker: Asker
    dropped: list[Dropped] = field(default_factory=list)


class LlmWriter:
    """Writes the talks of one event. `ask` is for questions about the event as a whole."""

    name = "llm"
    version = "1"

    def __init__(self, ask: Asker) -> None:
        self.ask = ask
        self._accounts: dict[int, Account] = {}

    @property
    def model(self) -> str:
        """The model's name; "auto" before the first question."""
        return self.ask.client.model

    async def claims(self, talk: Talk, context: Context) -> tuple[Claim, ...]:
        """The model's claims, in words that are in the talk; what nobody said is dropped."""
        spoken = guarded(talk).spoken()
        if not spoken.utterances:
            return ()
        account = self._account(talk)
        asked = (
            account.asker("claims", variables(piece, Findings(), context), answers.Claims)
            for piece in self.pieces("claims", spoken, Findings(), context)
        )
        found: dict[float, Claim] = {}
        for told in (each for answer in await asyncio.gather(*asked) for each in answer.claims):
            claim = resolve.claim(told, spoken, context.language)
            if claim is None:
                why = "a claim of the model's own: nobody says this"
                account.dropped.append(Dropped(talk.index, told.quote, why))
            else:
                found.setdefault(claim.start, claim)
        return tuple(found[start] for start in sorted(found))

    async def write(self, talk: Talk, findings: Findings, context: Context) -> TalkNotes:
        """The talk's notes and summary; every one of them has passed `verify`."""
        account = self._account(talk)
        case = make_case(talk, findings, context, wary=True)
        warnings = case.guarded.warnings()
        if not case.guarded.spoken().utterances:
            return TalkNotes(talk, "", (), case.findings, warnings=warnings)
        notes = await self._all_notes(case, account)
        lines = await self._summary(case, account)
        if not lines and _is_worth_one(case.talk):
            lines, warnings = [_extracted(case)], (*warnings, UNTOLD)
        return TalkNotes(
            talk=talk,
            summary="\n".join(lines),
            notes=notes,
            findings=case.findings,
            dropped=tuple(sorted(account.dropped, key=lambda dropped: dropped.text)),
            usage=account.asker.usage,
            warnings=warnings,
        )

    def preview(
        self, name: str, talk: Talk, findings: Findings, context: Context
    ) -> tuple[Message, ...]:
        """The very text that a prompt would send for a talk (its first piece, if it is cut)."""
        case = make_case(talk, findings, context)
        piece = self.pieces(name, case.guarded.spoken(), case.findings, context)[0]
        return self.ask.compose(name, variables(piece, case.findings, context), SHAPES[name])

    def pieces(
        self, name: str, talk: Talk, findings: Findings, context: Context
    ) -> tuple[Piece, ...]:
        """The talk in pieces that fit into the model's context with this prompt."""
        given = variables(Piece(talk, findings, 1, 1), findings, context)
        around = self.ask.compose(name, {**given, "transcript": ""}, SHAPES[name])
        taken = sum(estimate(message["content"]) for message in around)
        return pieces(talk, findings, self.ask.client.room - taken)

    def _account(self, talk: Talk) -> Account:
        asker = Asker(self.ask.client, self.ask.prompts, self.ask.store)
        return self._accounts.setdefault(talk.index, Account(asker))

    async def _all_notes(self, case: Case, account: Account) -> tuple[Note, ...]:
        """The notes of all pieces in time order, without what the overlap wrote twice."""
        parts = self.pieces("notes", case.guarded.spoken(), case.findings, case.context)
        written = await asyncio.gather(*(self._notes(part, case, account) for part in parts))
        notes: list[Note] = []
        for note in sorted((n for part in written for n in part), key=lambda note: note.time):
            if verify(note, case, notes) is None:
                notes.append(note)
        return tuple(notes)

    async def _notes(self, piece: Piece, case: Case, account: Account) -> list[Note]:
        """The notes of a piece; those that fail go back once, those that fail again are dropped."""
        given = variables(piece, case.findings, case.context)
        messages = account.asker.compose("notes", given, answers.Notes)
        answer = await account.asker.converse(messages, answers.Notes)
        notes, failed = _judged(answer.notes, case, [])
        if not failed:
            return notes
        reasons = listed(f"“{note.text}”: {why}" for note, why in failed)
        asked = again(answer.model_dump_json(), f"These notes cannot stay:\n{reasons}\n{_AGAIN}")
        try:
            better = await account.asker.converse([*messages, *asked], answers.Notes)
        except ModelError:
            better = answers.Notes(notes=())
        for (note, why), instead in zip_longest(failed, better.notes[: len(failed)]):
            passed, _ = _judged([instead] if instead else [], case, notes)
            notes += passed
            if not passed:
                account.dropped.append(Dropped(case.talk.index, note.text, why))
        return notes

    async def _summary(self, case: Case, account: Account) -> list[str]:
        """Two or three lines; those that fail are asked for once more, then left out.

        A talk of a few sentences gets none: its notes say it all.
        """
        if not _is_worth_one(case.talk):
            return []
        spoken = case.guarded.spoken()
        parts = self.pieces("summary", spoken, case.findings, case.context)
        asked = [variables(part, case.findings, case.context) for part in parts]
        if len(parts) > 1:
            answered = await asyncio.gather(
                *(account.asker("summary", given, answers.Summary) for given in asked)
            )
            lines = [line for answer in answered for line in answer.lines]
            asked = [{**asked[0], "transcript": listed(lines), "part": ""}]
        return await self._checked_summary(asked[0], case, account)

    async def _checked_summary(
        self, given: dict[str, object], case: Case, account: Account
    ) -> list[str]:
        messages: Sequence[Message] = account.asker.compose("summary", given, answers.Summary)
        answer = await account.asker.converse(messages, answers.Summary)
        lines = [resolve.tidied(line) for line in answer.lines]
        failed = {line: why for line in lines if (why := verify_line(line, case))}
        if not failed:
            return lines
        reasons = listed(f"“{line}”: {why}" for line, why in failed.items())
        asked = again(answer.model_dump_json(), f"These lines cannot stay:\n{reasons}\n")
        try:
            better = await account.asker.converse([*messages, *asked], answers.Summary)
        except ModelError:
            better = answer
        told = [resolve.tidied(line) for line in better.lines]
        for line in told:
            why = verify_line(line, case)
            if why:
                account.dropped.append(Dropped(case.talk.index, line, why))
        return [line for line in told if verify_line(line, case) is None]


def _extracted(case: Case) -> str:
    """The summary that needs no model."""
    return extract(case.said, case.findings, case.context.outline, case.context.language).summary


def _is_worth_one(talk: Talk) -> bool:
    return sum(len(utterance.words) for utterance in talk.utterances) >= _SUMMARISED


def _judged(
    written: Sequence[WrittenNote], case: Case, kept: Sequence[Note]
) -> tuple[list[Note], list[tuple[WrittenNote, str]]]:
    """The notes that stand, and the others with the reason."""
    notes: list[Note] = []
    failed: list[tuple[WrittenNote, str]] = []
    for each in written:
        note = resolve.resolve(each, case)
        why = note if isinstance(note, str) else verify(note, case, [*kept, *notes])
        if isinstance(note, Note) and why is None:
            notes.append(note)
        else:
            failed.append((each, str(why)))
    return notes, failed
