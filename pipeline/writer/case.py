"""A talk with all that its notes may rest on."""

from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.data import Findings, Talk
from pipeline.writer.context import Context
from pipeline.writer.ground import Ground, ground
from pipeline.writer.guard import Guarded, gives_orders, guarded


@dataclass(frozen=True)
class Case:
    """One talk with all that its notes may rest on; made by `make_case`."""

    talk: Talk
    findings: Findings
    context: Context
    wary: bool = False  # a model wrote it: no note rests on what may be an order to the model

    @cached_property
    def said(self) -> Talk:
        """What a note can rest on."""
        return self.guarded.trusted() if self.wary else self.guarded.spoken()

    @cached_property
    def guarded(self) -> Guarded:
        return guarded(self.talk)

    @cached_property
    def ground(self) -> Ground:
        return ground(self.said, self.findings, self.context)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Quotes that are not from this talk but may be cited."""
        found = [contradiction.other.quote for contradiction in self.findings.contradictions]
        return (*found, *(p.quote for passages in self.findings.evidence for p in passages))

    @property
    def english(self) -> bool:
        """Whether the word lists apply."""
        return self.context.language.startswith("en")


def make_case(talk: Talk, findings: Findings, context: Context, wary: bool = False) -> Case:
    """The case of a talk: without claims that are orders, and with only its own sounds.

    Between two talks a sound is the earlier one's: what is clapped at is over.
    """
    begins = [other.start for other in context.outline.talks if other.utterances]
    after = min((begin for begin in begins if begin > talk.start), default=float("inf"))
    own = tuple(sound for sound in findings.sounds if sound.start < after)
    safe = guarded(talk).without_orders(findings)
    evidence = tuple(
        tuple(passage for passage in passages if not gives_orders(passage.quote))
        for passages in safe.evidence
    )
    return Case(talk, replace(safe, sounds=own, evidence=evidence), context, wary)
