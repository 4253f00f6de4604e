"""Whether a voice may be called by a name: the name's words stand where the proof says they do."""

import re

from pipeline.notes.answers import Answer
from pipeline.notes.evening import Evening
from pipeline.text import folded, words

# a name called out, not one's own: "welcome to the show, I'm Ada Park" is no greeting of hers
_GREETED = r"\b(?:welcome|thanks|thank you)\b(?:(?!\b(?:I.?m|I am|name is)\b)[^.!?]){0,60}\b"


class Proof(Answer):
    """Where a name is told: an utterance, an agenda item (from 1) or a source's line."""

    utterance: int | None = None
    quote: str | None = None
    agenda: int | None = None
    source: str | None = None

    def text(self, evening: Evening) -> str:
        """What stands there; empty where there is no such place."""
        if self.utterance is not None:
            one = evening.utterances.get(self.utterance)
            return one.text if one else ""
        if self.agenda is not None:
            items = evening.event.agenda
            item = items[self.agenda - 1] if 0 < self.agenda <= len(items) else None
            return f"{item.title} {' '.join(item.speakers)}" if item else ""
        found = evening.line(self.source or "")
        return found.text if found else ""


def refusal(name: str, proofs: tuple[Proof, ...], voice: str, evening: Evening) -> str | None:
    """Why a voice may not be called so, or None when the proofs bear it."""
    if not proofs:
        return "nothing is cited for it"
    people = " ".join(person.name for person in evening.event.people)
    told = {token for proof in proofs for token in tokens(proof.text(evening))}
    missing = [token for token in tokens(name) if token not in told | set(tokens(people))]
    if missing:
        return f"{' '.join(missing)!r} does not stand where it is said to stand"
    if all(_calls_out(name, proof, voice, evening) for proof in proofs):
        return "it is what this voice calls somebody else"
    return None


def _calls_out(name: str, proof: Proof, voice: str, evening: Evening) -> bool:
    """Whether the voice itself says the name to welcome or thank somebody."""
    one = evening.utterances.get(proof.utterance) if proof.utterance is not None else None
    if one is None or one.speaker != voice:
        return False
    return bool(re.search(_GREETED + re.escape(name), one.text, re.IGNORECASE))


def tokens(text: str) -> list[str]:
    """Words in small letters, without accents and punctuation."""
    return [word for word in map(folded, words(text)) if word]
