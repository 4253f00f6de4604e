"""Receipts of everything that a note can rest on; they quote and time, and word nothing."""

from collections.abc import Sequence

from pipeline.data import NOT_SAID as NOT_SAID
from pipeline.data import Claim, Omission, Other, Receipt, RoomSound, Talk, Word
from pipeline.writer.context import Context


def of_words(words: Sequence[Word], speaker: str) -> Receipt:
    """Some words of one speaker, as they stand in the transcript."""
    quote = " ".join(word.text for word in words)
    return Receipt(quote, words[0].start, words[-1].end, speaker)


def of_claim(claim: Claim) -> Receipt:
    """A claim's own words."""
    return Receipt(claim.quote, claim.start, claim.end, claim.speaker)


def of_sound(sound: RoomSound) -> Receipt:
    """What was heard of the room: "[applause]"."""
    return Receipt(f"[{sound.kind}]", sound.start, sound.end, None)


def of_omissions(omissions: Sequence[Omission], talk: Talk) -> Receipt:
    """The words that the whole talk was searched for in vain."""
    words = dict.fromkeys(word for omission in omissions for word in omission.looked_for)
    return Receipt(f"{NOT_SAID}{', '.join(words)}]", talk.start, talk.end, None)


def of_other(other: Other, context: Context) -> Receipt:
    """The other side of a contradiction, or a passage of a source, with its place."""
    time = other.time or 0.0
    speaker = None
    if other.time is not None:
        said = context.outline.utterances
        speaker = next((u.speaker for u in said if u.start <= time <= u.end), None)
    return Receipt(other.quote, time, time, speaker, other.source or other.ledger)
