"""What a talk's claims need and the whole talk never mentions, decided by code.

`prompts/caveats.toml` names the topics that an honest claim would mention, which claims need
them, and the words that count. An omission is a topic, not a claim: its receipt is the claims that
need it and the words that were looked for in vain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from pipeline import config
from pipeline.claims import quantities, sentences, units
from pipeline.data import Claim, Omission, Talk
from pipeline.text import stems
from pipeline.toml import read, validate

_FEW = 10  # of things that are counted


class Caveat(config.Section):
    """A topic that a claim needs, and the words that count as mentioning it."""

    topic: str = Field(min_length=1)
    words: tuple[str, ...] = ()  # count anywhere in the talk
    nearby: tuple[str, ...] = ()  # count beside the claim
    about: tuple[str, ...] = ()  # only for claims that hold one of these; (): for all
    together_with: tuple[str, ...] = ()  # ... and one of these


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
    """The checklist of a file; raises ConfigError with a wrong key and the nearest right one."""
    return validate(Caveats, read(file), str(file))


def find_omissions(
    talk: Talk, claims: Sequence[Claim], caveats: Caveats, language: str = "en"
) -> tuple[Omission, ...]:
    """The topics that the claims need and the talk never mentions, in the claims' order."""
    cut = [Mentioned.of(each.text, language) for each in sentences.sentences_of(talk.utterances)]
    counted = frozenset(unit for each in cut for unit in each.units)
    whole = Mentioned(line(talk.text, language), counted, language)
    compared = any(claim.baseline for claim in claims)
    needed: dict[str, _Need] = {}
    for place, claim in enumerate(claims):
        own = Mentioned.of(claim.quote, language)
        for caveat in _needed(claim, _subject(claim, language), caveats):
            need = needed.setdefault(caveat.topic, _Need())
            need.claims[place] = None
            need.words |= dict.fromkeys(caveat.words)
            need.met = (
                need.met
                or (compared and "#baseline" in caveat.words)
                or whole.holds(caveat.words)
                or own.holds(caveat.nearby)
            )
    return tuple(
        Omission(topic, tuple(need.claims), tuple(w for w in need.words if w[0] != "#"))
        for topic, need in needed.items()
        if not need.met
    )


def _subject(claim: Claim, language: str) -> "Mentioned":
    """What a claim is about; "three customers called" is no claim about customers."""
    many = (v.unit for v in claim.values if v.value >= _FEW or units.specificity(v.unit) != 1)
    return Mentioned(line(claim.quote, language), frozenset(many), language)


def _needed(claim: Claim, own: "Mentioned", caveats: Caveats) -> Iterator[Caveat]:
    """The topics that a claim needs: by the subjects that it names."""
    for caveat in (each for kind in Caveats.model_fields for each in caveats.of(kind)):
        named = (caveat.about, caveat.together_with)
        if all(own.holds(words) for words in named if words):
            yield caveat


@dataclass(slots=True)
class _Need:
    """A topic, the claims that need it, the words looked for, and whether one of them is there."""

    claims: dict[int, None] = field(default_factory=dict)
    words: dict[str, None] = field(default_factory=dict)
    met: bool = False


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a text mentions: its stems as one line, and the units of its numbers."""

    line: str
    units: frozenset[str]
    language: str

    @classmethod
    def of(cls, text: str, language: str) -> "Mentioned":
        found = frozenset(value.unit for value in quantities.parse(text, language))
        return cls(line(text, language), found, language)

    def holds(self, words: Sequence[str]) -> bool:
        """Whether a word, phrase or "#unit" of some is there, in any form of the word."""
        wanted, counted = _wanted(tuple(words), self.language)
        units = {each for unit in self.units for each in (unit, unit.partition("/")[0])}
        return not units.isdisjoint(counted) or any(each in self.line for each in wanted)


@lru_cache(maxsize=4096)
def _wanted(words: tuple[str, ...], language: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """What is looked for: the lines of words and phrases, and units."""
    lines = (line(word, language) for word in words if word[:1] != "#")
    counted = frozenset(word[1:] for word in words if word[:1] == "#")
    return tuple(each for each in lines if each.strip("|")), counted


@lru_cache(maxsize=16384)
def line(text: str, language: str) -> str:
    """Stems between bars, so that a phrase is found by looking for its line in another."""
    return f"|{'|'.join(stems(text, language))}|"
