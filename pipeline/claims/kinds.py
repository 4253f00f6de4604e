"""What a statement is about: which of the seven kinds of claim, by its words and its units."""

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from pipeline.claims.lexicon import Lexicon, pattern, plain
from pipeline.data import ClaimKind, Quantity

_KINDS: tuple[ClaimKind, ...] = get_args(ClaimKind)
_FIRST_PERSON = re.compile(r"\b(?:we|our|we've|we're|company|i|it)\b")


def words(text: str, lexicon: Lexicon) -> int:
    """How many words of a plain text are about anything that this trade measures."""
    return sum(_hits(text, lexicon.strong).values())


def is_history(text: str, lexicon: Lexicon) -> bool:
    """Whether a plain text tells how the speaker's own company came to be."""
    told = pattern(lexicon.claims.history).search(text)
    return told is not None and _FIRST_PERSON.search(text) is not None


def touched(quote: str, lexicon: Lexicon) -> frozenset[ClaimKind]:
    """All the kinds that a quote has a telling word of, beside the one it mostly is."""
    hits = _hits(plain(quote), lexicon.strong)
    told = is_history(plain(quote), lexicon)
    return frozenset(kind for kind, count in hits.items() if count and (told or kind != "history"))


def kind_of(text: str, values: Sequence[Quantity], lexicon: Lexicon) -> ClaimKind:
    """The kind that most words and units speak for; the first named in ClaimKind among equals."""
    strong, weak = _hits(text, lexicon.strong), _hits(text, lexicon.weak)
    scores = {kind: 2.0 * strong[kind] + weak[kind] for kind in strong}
    scores["reliability"] += 0.5 * strong["reliability"]  # what broke matters more than of what
    for value in values:
        kind = _kind_of_unit(value.unit, lexicon)
        if kind and not (kind == "price" and strong["market"]):  # revenue is no price
            scores[kind] += 1.5
        elif not kind and value.unit not in lexicon.units and not words(value.unit, lexicon):
            scores["scale"] += 1.0  # things that are counted
    if is_history(text, lexicon):
        scores["history"] += 1.5
    best = max(_KINDS, key=lambda kind: scores.get(kind, 0.0))
    return best if scores[best] or values else "capability"


def _kind_of_unit(unit: str, lexicon: Lexicon) -> ClaimKind | None:
    """What a unit is about: the whole of it, else what stands before the "per", else the rate."""
    head, _, below = unit.partition("/")
    names = (unit, head, f"/{below}" if below else "")
    kinds = lexicon.unit_kinds
    found = (kind for name in names for kind in _KINDS if name in kinds.get(kind, ()))
    return next(found, None)


def _hits(text: str, words: Mapping[str, tuple[str, ...]]) -> dict[ClaimKind, int]:
    """How many different words of each kind a text holds."""
    return {
        kind: len({found.group() for found in pattern(words[kind]).finditer(text)})
        for kind in _KINDS
    }
