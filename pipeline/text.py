"""Words as one text."""

import re
from collections.abc import Iterable

# scripts that are written without blanks: Chinese and Japanese with their punctuation, Thai, Lao,
# Burmese, Khmer
UNSPACED = (
    "\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0eff"
    "\u1000-\u109f\u1780-\u17ff"
)
_BLANK = re.compile(f"(?<=[{UNSPACED}]) (?=[{UNSPACED}])")


def joined(words: Iterable[str]) -> str:
    """The words with blanks between them, but none inside what is written without."""
    text = " ".join(words)
    return text if text.isascii() else _BLANK.sub("", text)
