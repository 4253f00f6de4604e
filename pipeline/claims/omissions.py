"""What a talk's claims need and the whole talk never mentions, decided by code.

`prompts/caveats.toml` names, per kind of claim, the topics an honest version would mention and
the words that count. An omission is a topic, not a claim: its receipt is the claims that need it
and the words that were looked for in vain.
"""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from pydantic import Field

from pipeline import config
from pipeline.claims import lexicon as lexicons
from pipeline.claims import quantities, sentences
from pipeline.claims.stems import stem, tokens
from pipeline.data import Claim, ClaimKind, Omission, Talk
from pipeline.errors import ConfigError

_FEW = 10  # of things that are counted
_NEAR = 1  # sentences before and after a claim in which the words of `nearby` count


class Caveat(config.Section):
    """A topic that a claim needs, and the words that count as mentioning it."""

    topic: str = Field(min_length=1)
    words: tuple[str, ...] = ()  # count anywhere in the talk
    nearby: tuple[str, ...] = ()  # count beside the claim
    about: tuple[str, ...] = ()  # only for claims that hold one of these; (): for all
    together_with: tuple[str, ...] = ()  # ... and one of these
    counted: bool = False  # only for claims with a number


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


def find(
    talk: Talk, claims: Sequence[Claim], caveats: Caveats, language: str = "en"
) -> tuple[Omission, ...]:
    """The topics that the claims need and the talk never mentions, in the claims' order."""
    heard = _Heard.of(talk, claims, language)
    needed: dict[str, _Need] = {}
    for place, claim in enumerate(claims):
        own = _subject(claim, language)
        for caveat in _needed(claim, own, caveats):
            need = needed.setdefault(caveat.topic, _Need([], [], set()))
            if place not in need.claims:
                need.claims.append(place)
            need.words.extend(w for w in caveat.words if w not in need.words)
            if heard.mentions(caveat, claim):
                need.met.add(place)
    return tuple(
        Omission(topic, tuple(need.claims), tuple(filter(heard.never_says, need.words)))
        for topic, need in needed.items()
        if not need.met
    )


def _subject(claim: Claim, language: str) -> "_Text":
    """What a claim is about; "three customers called" is no claim about customers."""
    many = [v.unit for v in claim.values if v.value >= _FEW or "/" in v.unit or len(v.unit) < 4]
    text = claim.quote
    lexicon = lexicons.load(language)
    if lexicon:
        text = lexicons.pattern(lexicon.claims.how_often).sub(" ", lexicons.plain(text))
    return _Text.of(text, many, language)


def _needed(claim: Claim, own: "_Text", caveats: Caveats) -> Iterator[Caveat]:
    """The topics that a claim needs: those whose subjects it names, and those of all claims of
    its kind."""
    for kind in get_args(ClaimKind):
        for caveat in caveats.of(kind):
            about = own.holds(caveat.about) if caveat.about else kind == claim.kind
            both = not caveat.together_with or own.holds(caveat.together_with)
            if about and both and (claim.values or not caveat.counted):
                yield caveat


@dataclass(slots=True)
class _Need:
    """A topic, the claims that need it, the words looked for, the claims for which one is there."""

    claims: list[int]
    words: list[str]
    met: set[int]


@dataclass(frozen=True, slots=True)
class _Text:
    """What a text mentions: its stems as one line, and the units of its numbers."""

    line: str
    units: frozenset[str]
    language: str

    @classmethod
    def of(cls, text: str, units: Iterable[str], language: str) -> "_Text":
        return cls(_line(text, language), frozenset(_heads(units)), language)

    def holds(self, words: Sequence[str]) -> bool:
        """Whether a word, phrase or "#unit" of some is there, in any form of the word."""
        return any(map(self._has, words))

    def _has(self, word: str) -> bool:
        if word[0] == "#":
            return word[1:] in self.units
        return _line(word, self.language) in self.line


@dataclass(frozen=True, slots=True)
class _Heard:
    """A whole talk, ready to be searched."""

    whole: _Text
    sentences: tuple[tuple[float, float, _Text], ...]
    compared: bool  # some claim names what it is compared with

    @classmethod
    def of(cls, talk: Talk, claims: Sequence[Claim], language: str) -> "_Heard":
        cut = sentences.cut(talk.utterances, language)
        units = [[v.unit for v in quantities.parse(each.text, language)] for each in cut]
        texts = tuple(
            (each.start, each.end, _Text.of(each.text, of, language))
            for each, of in zip(cut, units, strict=True)
        )
        whole = _Text.of(talk.text, [unit for of in units for unit in of], language)
        return cls(whole, texts, any(claim.baseline for claim in claims))

    def never_says(self, word: str) -> bool:
        """Whether a word is nowhere in the talk."""
        return word[0] != "#" and not self.whole.holds([word])

    def mentions(self, caveat: Caveat, claim: Claim) -> bool:
        if self.compared and "#baseline" in caveat.words:
            return True
        if self.whole.holds(caveat.words):
            return True
        return any(text.holds(caveat.nearby) for text in self._beside(claim))

    def _beside(self, claim: Claim) -> Iterable[_Text]:
        """The claim's sentences and their neighbours."""
        own = [
            place
            for place, (start, end, _) in enumerate(self.sentences)
            if start < claim.end and end > claim.start
        ]
        for place in sorted({each + step for each in own for step in range(-_NEAR, _NEAR + 1)}):
            if 0 <= place < len(self.sentences):
                yield self.sentences[place][2]


def _heads(units: Iterable[str]) -> set[str]:
    """Units with what they are before the "per": "$/month" is money, too."""
    return {part for unit in units for part in (unit, unit.partition("/")[0]) if part}


@cache
def _line(text: str, language: str) -> str:
    """Stems between bars, so that a phrase is found by looking for its line in another."""
    return f"|{'|'.join(stem(token, language) for token in tokens(text))}|"
