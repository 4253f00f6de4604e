"""The words, numbers and signs of a text, and where they stand in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.claims.lexicon import APOSTROPHE
from pipeline.text import UNSPACED

_TOKEN = re.compile(
    r"\d{1,4}(?:[-/]\d{1,2}){2}\b"  # a date
    r"|\d{1,2}:\d{2}|\d+/\d+"  # a clock time, a fraction or "24/7"
    r"|[^\W\d_]+-?\d[\w.]*\w|[^\W\d_]\d\b"  # a name: GPT-4o, H100, o3
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|[{UNSPACED}]"  # of a script without blanks: each sign
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number in digits or a sign, in lower case, and where it stands."""

    text: str
    start: int
    end: int
    glued: bool  # nothing stands between it and the token before
    capital: bool


Form = Literal["word", "digit", "fraction", "factor", "nines"]


@dataclass(frozen=True, slots=True)
class Number:
    """Tokens `first` up to `last` (not included) are worth `value`; `scale` is its "million"."""

    first: int
    last: int
    value: float
    form: Form
    scale: float = 1.0
    suffix: str = ""  # "b" of "70B"


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text; a hyphen inside a word only parts it ("ninety-nine")."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text.replace(APOSTROPHE, "'")):
        glued = bool(found) and found[-1].end == match.start()
        word = match.group()
        capital = word[:1].isupper()
        found.append(Token(word.lower(), match.start(), match.end(), glued, capital))
    return tuple(token for place, token in enumerate(found) if not _is_hyphen(found, place))


def _is_hyphen(tokens: Sequence[Token], place: int) -> bool:
    around = tokens[max(0, place - 1) : place + 2]
    return tokens[place].text == "-" and any(token.text[0].isalpha() for token in around)


def text_at(tokens: Sequence[Token], place: int) -> str:
    """The text of a token, "" beyond either end."""
    return tokens[place].text if 0 <= place < len(tokens) else ""
