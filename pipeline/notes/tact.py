"""What a note may not say of anybody in its own words: crimes, and wit at a person's expense."""

import re
from functools import cache

from pipeline.claims.lexicon import pattern, plain
from pipeline.notes.tongue import tongue
from pipeline.notes.wording import QUOTED


def accuses(text: str, language: str) -> str | None:
    """The word with which a note accuses somebody outside of a quotation."""
    known = tongue(language)
    found = _accusing(known.accusing).search(QUOTED.sub(" ", text).lower()) if known else None
    return found.group() if found else None


def mocks(text: str, said: str, mocking: tuple[str, ...]) -> str | None:
    """A word about a person's looks, origin or wits that the cited words do not hold."""
    for found in pattern(mocking).finditer(plain(text)) if mocking else ():
        if found.group() not in plain(said):
            return found.group()
    return None


@cache
def _accusing(stems: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{stems})\b")
