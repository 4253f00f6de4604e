"""The word lists of words/, and a word as it is shown."""

from functools import cache, lru_cache
from pathlib import Path

FOLDER = Path(__file__).with_name("words")
HONORIFICS = frozenset({"dr", "doctor", "professor", "prof", "mr", "mrs", "ms", "miss", "sir"})
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"'})


@lru_cache(maxsize=65536)
def stripped(word: str) -> str:
    """A word as it is shown, without the punctuation around it: "Park," -> "Park"."""
    return word.translate(_QUOTES).strip("\"'().,;:!?\u2026-[]")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of words/<name>.txt; lines that begin with # are comments."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
