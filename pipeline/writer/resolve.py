"""From a model's note to one with receipts: what it cites by number and quote, looked up."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeVar

from pipeline.claims import quantities
from pipeline.data import Claim, Note, Receipt, Talk, ms
from pipeline.writer import receipts
from pipeline.writer.answers import FoundClaim, WrittenNote
from pipeline.writer.case import Case
from pipeline.writer.locate import locate

T = TypeVar("T")
SHORTEST = 3  # words of a quote: fewer are found anywhere


class Unfounded(Exception):
    """What a note cites is not there; the message tells the model so. Never leaves this file."""


def resolve(written: WrittenNote, case: Case) -> Note | str:
    """The note with its receipts, or why it can have none."""
    try:
        found = tuple(dict.fromkeys(_receipts(written, case)))
    except Unfounded as error:
        return str(error)
    if not found:
        return "it cites nothing: quote the words it rests on"
    heard = (r.start for r in found if not r.source and not r.quote.startswith(receipts.NOT_SAID))
    time = ms(next(heard, case.talk.end))
    return Note(tidied(written.text), written.kind, time, tuple(_longest(found)))


def _longest(found: Sequence[Receipt]) -> Iterator[Receipt]:
    """The receipts without those whose words stand in another."""
    for one in found:
        others = (o for o in found if o is not one and o.speaker and o.speaker == one.speaker)
        if not any(o.start <= one.start and one.end <= o.end for o in others):
            yield one


def tidied(text: str) -> str:
    """A model's line in the form of the voice: no bullet before it, no full stop after it."""
    line = re.sub(r"^[-*•]\s+", "", " ".join(text.split()))
    return line[:-1] if line.endswith(".") and not line.endswith("..") else line


def _receipts(written: WrittenNote, case: Case) -> Iterator[Receipt]:
    findings, context = case.findings, case.context
    if all(len(quote.quote.split()) < SHORTEST for quote in written.quotes) and written.quotes:
        raise Unfounded("its quotes are too short to prove anything: quote more of the sentence")
    for quote in written.quotes:
        said = locate(quote.quote, case.said, quote.utterance)
        if said is None:
            raise Unfounded(
                f"utterance {quote.utterance} does not hold “{quote.quote}”: quote word for word"
            )
        yield said.receipt()
    omitted = _cited(findings.omissions, written.omissions, "omission")
    yield from (
        receipts.of_claim(findings.claims[omission.claims[0]])
        for omission in omitted
        if omission.claims
    )
    if omitted:
        yield receipts.of_omissions(omitted, case.talk)
    for found in _cited(findings.contradictions, written.contradictions, "contradiction"):
        yield receipts.of_claim(findings.claims[found.claim])
        yield receipts.of_other(found.other, context)
    passages = [passage for of_claim in findings.evidence for passage in of_claim]
    for passage in _cited(passages, written.evidence, "passage of evidence"):
        yield receipts.of_other(passage, context)
    for sound in _cited(findings.sounds, written.sounds, "sound"):
        yield receipts.of_sound(sound)


def _cited(listed: Sequence[T], numbers: Sequence[int], what: str) -> list[T]:
    for number in numbers:
        if not 0 <= number < len(listed):
            raise Unfounded(f"there is no {what} {number}: cite only what is listed")
    return [listed[number] for number in numbers]


def claim(told: FoundClaim, talk: Talk, language: str) -> Claim | None:
    """A model's claim with the transcript's own words, or None where nobody says it."""
    said = locate(told.quote, talk, told.utterance)
    if said is None:
        return None
    receipt = said.receipt()
    baseline = told.baseline if told.baseline and locate(told.baseline, talk) else None
    return Claim(
        quote=receipt.quote,
        kind=told.kind,
        start=receipt.start,
        end=receipt.end,
        speaker=said.utterance.speaker,
        utterance=said.utterance.id,
        values=quantities.parse(receipt.quote, language),
        baseline=baseline,
    )
