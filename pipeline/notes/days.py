"""Days of the year in a text, in English words or in figures: "21st of July", "2026-07-21"."""

import re
from calendar import month_name

MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_NAMES = "|".join(MONTHS)
_DAY = re.compile(
    rf"\b(\d\d?)(?:st|nd|rd|th)?(?: of)? ({_NAMES})\b"
    rf"|\b({_NAMES}) (\d\d?)(?:st|nd|rd|th)?\b"
    r"|\b\d{4}-(0[1-9]|1[0-2])-(\d\d)\b",
    re.IGNORECASE,
)


def days(text: str) -> frozenset[tuple[int, int]]:
    """The days that a text names, each as its month and its day of the month."""
    found = set[tuple[int, int]]()
    for before, month, other, after, count, day in _DAY.findall(text):
        named = (month or other).lower()
        found.add((MONTHS[named] if named else int(count), int(before or after or day)))
    return frozenset(found)
