"""What a note may not say of anybody in its own words: crimes, and wit at a person's expense."""

import re

from pipeline.claims.lexicon import pattern
from pipeline.notes.cue_words import cue_words
from pipeline.notes.matching import QUOTED
from pipeline.text import plain

_STEM = 5  # letters that "fraud" and "fraudulent" have in common
_CALLS = re.compile(r"\b(?:an?|is|are|was|were|commit\w*|by)\s+$")


def accuses(text: str, said: str, language: str) -> str | None:
    """The word with which a note accuses somebody outside of a quotation. What the cited words
    are about ("fraud filters") accuses nobody, but in "it is a fraud"."""
    known = cue_words(language)
    if known is None:
        return None
    for found in re.finditer(rf"\b(?:{known.accusing})\b", QUOTED.sub(" ", plain(text))):
        is_topic = found.group()[:_STEM] in plain(said)
        if not is_topic or _CALLS.search(found.string[: found.start()]):
            return found.group()
    return None


def mocks(text: str, said: str, mocking: tuple[str, ...]) -> str | None:
    """A word about a person's looks, origin or wits that the cited words do not hold."""
    for found in pattern(mocking).finditer(plain(text)):
        if found.group() not in plain(said):
            return found.group()
    return None
