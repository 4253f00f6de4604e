"""The writer that needs no model: it quotes."""

from dataclasses import replace

from pipeline import config
from pipeline.data import Claim, Findings, Talk, TalkNotes
from pipeline.notes.extract import extract
from pipeline.prompts import Prompts
from pipeline.store import Store
from pipeline.writer.case import make_case
from pipeline.writer.context import Context


def load(options: config.Writer, run: config.Run, prompts: Prompts, store: Store) -> "QuotesWriter":
    """The writer of one event."""
    return QuotesWriter()


class QuotesWriter:
    """Writes the talks of one event, each in its own words."""

    name = "quotes"
    model = "quotes"
    version = "1"
    ask = None

    async def claims(self, talk: Talk, context: Context) -> tuple[Claim, ...]:
        """None: all that can be found without a model, the detector has found."""
        return ()

    async def write(self, talk: Talk, findings: Findings, context: Context) -> TalkNotes:
        """The quotes of a talk, without what was said to whoever takes notes."""
        case = make_case(talk, findings, context)
        warnings = case.guarded.warnings()
        if not case.said.utterances:
            return TalkNotes(talk, "", (), case.findings, warnings=warnings)
        noted = extract(case.said, case.findings, context.outline, context.language)
        return replace(noted, talk=talk, warnings=warnings)
