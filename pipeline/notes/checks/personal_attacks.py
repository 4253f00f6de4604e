"""What a note may not say of anybody in its own words: crimes, and wit at a person's expense."""

import re
from collections.abc import Iterator

from pipeline.claims.lexicon import pattern
from pipeline.data import Note, Talk
from pipeline.notes.cue_words import cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.matching import QUOTED
from pipeline.text import plain

_STEM = 5  # letters that "fraud" and "fraudulent" have in common
_CALLS = re.compile(r"\b(?:an?|is|are|was|were|commit\w*|by)\s+$")


def attacks(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """The word with which a note accuses or mocks somebody and its cited words do not."""
    absent = (receipt.quote for receipt in note.receipts_of("absent"))
    said = plain(" ".join((*evening.cited_texts(note), *absent)))
    crime = _accusation(note.text, said, evening.language)
    if crime:
        yield f"“{crime}” accuses in its own words: quote who says so, or leave it out"
    words = (found.group() for found in pattern(evening.mocking).finditer(plain(note.text)))
    heard = plain(" ".join((said, *(each.text for each in talk.utterances))))
    mocking = next((word for word in words if word not in heard), None)
    if mocking:
        yield f"“{mocking}” is about a person, not about a claim: leave it out"


def _accusation(text: str, said: str, language: str) -> str | None:
    """The word with which a note accuses somebody outside of a quotation. What the cited words
    are about ("fraud filters") accuses nobody, but in "it is a fraud"."""
    accusing = rf"\b(?:{cue_words(language).accusing})\b"
    for found in re.finditer(accusing, QUOTED.sub(" ", plain(text))):
        is_topic = found.group()[:_STEM] in said
        if not is_topic or _CALLS.search(found.string[: found.start()]):
            return found.group()
    return None
