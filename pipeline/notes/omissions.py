"""What a talk's claims need and the whole talk never mentions, decided by code.

`prompts/caveats.toml` names, per kind of claim, the topics an honest version would mention and
the words that count. An omission is a topic, not a claim: its receipt is the claims that need it
and the words that were looked for in vain.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from pipeline import config
from pipeline.data import Claim, Omission, Talk
from pipeline.errors import ConfigError
from pipeline.notes import quantities
from pipeline.notes.stems import stem, tokens


class Caveat(config.Section):
    """A topic that a claim needs, and the words that count as mentioning it."""

    topic: str = Field(min_length=1)
    words: tuple[str, ...] = Field(min_length=1)
    about: tuple[str, ...] = ()  # only for claims that hold one of these; (): for all


class Caveats(config.Section):
    """The checklist: the topics of each kind of claim."""

    performance: tuple[Caveat, ...] = ()
    price: tuple[Caveat, ...] = ()
    scale: tuple[Caveat, ...] = ()
    reliability: tuple[Caveat, ...] = ()
    market: tuple[Caveat, ...] = ()
    capability: tuple[Caveat, ...] = ()
    history: tuple[Caveat, ...] = ()

    def of(self, kind: str) -> tuple[Caveat, ...]:
        """The topics of one kind of claim."""
        found: tuple[Caveat, ...] = getattr(self, kind)
        return found


def load_caveats(file: Path) -> Caveats:
    """The checklist of a file; raises ConfigError, which names the file, the key and the nearest
    key that exists."""
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not valid TOML ({error})") from None
    return config.validate(Caveats, values, str(file))


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text mentions: its stems as one line, and the units of its numbers."""

    line: str
    units: frozenset[str]

    @classmethod
    def of(cls, text: str, units: Sequence[str], language: str) -> "Mentions":
        return cls(_line(text, language), frozenset(units))

    def any(self, words: Sequence[str], language: str) -> bool:
        """Whether one of some words, phrases or "#units" is there, in any form of the word."""
        return any(self._has(word, language) for word in words)

    def _has(self, word: str, language: str) -> bool:
        if word.startswith("#"):
            return any(unit.partition("/")[0] == word[1:] for unit in self.units)
        return _line(word, language) in self.line


@cache
def _line(text: str, language: str) -> str:
    """Stems between bars, so that a phrase is found by looking for its line in another."""
    return f"|{'|'.join(stem(token, language) for token in tokens(text))}|"


def find(
    talk: Talk, claims: Sequence[Claim], caveats: Caveats, language: str = "en"
) -> tuple[Omission, ...]:
    """The topics that the claims need and the talk never mentions, in the checklist's order."""
    text = talk.text
    whole = Mentions.of(text, [value.unit for value in quantities.parse(text, language)], language)
    needed: dict[str, tuple[list[int], list[str]]] = {}
    mentioned: set[str] = set()
    for place, claim in enumerate(claims):
        own = Mentions.of(claim.quote, [value.unit for value in claim.values], language)
        for caveat in caveats.of(claim.kind):
            if caveat.about and not own.any(caveat.about, language):
                continue
            if whole.any(caveat.words, language):
                mentioned.add(caveat.topic)
            needing, words = needed.setdefault(caveat.topic, ([], []))
            needing.append(place)
            words.extend(word for word in caveat.words if word not in words)
    return tuple(
        Omission(topic, tuple(needing), tuple(words))
        for topic, (needing, words) in needed.items()
        if topic not in mentioned
    )
