"""The word lists of words/, and a word as all of this package compares it."""

import re
from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("words")
HONORIFICS = frozenset({"dr", "doctor", "professor", "prof", "mr", "mrs", "ms", "miss", "sir"})
_OTHER = re.compile(r"[^\w'&]+")
_ENDS = frozenset(".!?\u2026")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})


@lru_cache(maxsize=65536)
def bare(word: str) -> str:
    """Lower case without punctuation, but with apostrophes: "Thanks," -> "thanks"."""
    return _OTHER.sub("", word.translate(_QUOTES).casefold()).strip("'")


@lru_cache(maxsize=65536)
def stripped(word: str) -> str:
    """A word as it is shown, without the punctuation around it: "Park," -> "Park"."""
    return word.translate(_QUOTES).strip("\"'().,;:!?\u2026-[]")


def ends_sentence(word: str) -> bool:
    """Whether the shown word closes a sentence."""
    return word.rstrip("\"'\u201d\u2019)")[-1:] in _ENDS


@cache
def listed(name: str) -> frozenset[str]:
    """The words of words/<name>.txt; lines that begin with # are comments."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
