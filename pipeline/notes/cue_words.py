"""What the checks of a note know of a language: negations, conditions, words for saying."""

import tomllib
from functools import cache
from pathlib import Path

from pipeline.claims.numbers import is_spoken
from pipeline.config import Section
from pipeline.languages import code
from pipeline.text import APOSTROPHE

_FILE = Path(__file__).parent / "words" / "languages.toml"


class CueWords(Section):
    """A language's entry in words/languages.toml, which says what each list is for."""

    negations: frozenset[str]
    conditions: frozenset[str]
    sayings: frozenset[str]
    unsaid: tuple[str, ...]
    accusing: str
    nouns: bool

    def denies(self, word: str) -> bool:
        """Whether a word, in lower case, is a negation: "never", "doesn't", "nobody's"."""
        plain = word.replace(APOSTROPHE, "'")
        return plain.removesuffix("'s") in self.negations or plain.endswith("n't")


_NONE: frozenset[str] = frozenset()
_NOTHING = CueWords(
    negations=_NONE, conditions=_NONE, sayings=_NONE, unsaid=("(?!)",), accusing="(?!)", nouns=False
)


def cue_words(language: str) -> CueWords:
    """What is known of a language; nothing of one that has no entry."""
    return _all().get(code(language), _NOTHING)


@cache
def _all() -> dict[str, CueWords]:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: CueWords.model_validate(entry) for name, entry in read.items()}


def is_known(language: str) -> bool:
    """Whether spoken numbers and negations can be checked; where not, a judge has to read on."""
    return code(language) in _all() and is_spoken(language)
