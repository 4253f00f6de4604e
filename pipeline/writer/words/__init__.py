"""What the writers know about the words of a language, read from `<language>.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipeline.claims.lexicon import Lists


class Words:
    """Sets of words by the names that they have in the file; lower case, straight apostrophes.

    `saying` holds phrases for `pipeline.claims.lexicon.pattern`.
    """

    def __init__(self, sets: Mapping[str, str], saying: Lists) -> None:
        self.saying = saying
        self._sets = {name: frozenset(words.split()) for name, words in sets.items()}

    def __getattr__(self, name: str) -> frozenset[str]:
        try:
            return self.__dict__["_sets"][name]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"there is no set of words {name!r}") from None


@cache
def english() -> Words:
    """The one language for whose notes there are lists."""
    file = Path(__file__).parent / "en.toml"
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    saying = Lists(read.pop("saying"))
    return Words(read, saying)
