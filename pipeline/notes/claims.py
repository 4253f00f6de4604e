"""The check-worthy claims of a talk, found without a model: what offline notes stand on.

A sentence is a claim if it carries something that could be measured or refuted (a quantity, a
comparison, "first", "only", "no cost") about something that this trade measures, and if its
speaker stands behind it (`statements`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from pipeline.data import Claim, ClaimKind, Quantity, Talk
from pipeline.notes import lexicon as lexicons
from pipeline.notes import quantities, sentences
from pipeline.notes.lexicon import Cues, Lexicon, pattern, plain
from pipeline.notes.sentences import Sentence
from pipeline.notes.statements import Statement, statements

_BAR = 2.0  # points that make a claim
_SHORTEST = 4  # words
_HEARD = 0.35  # mean probability of the words: below it, they are not what was said
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|we've|we're|company|i|it)\b")


def find(talk: Talk, language: str = "en") -> tuple[Claim, ...]:
    """The claims of a talk in time order; without word lists, sentences with measured numbers."""
    lexicon = lexicons.load(language)
    cut = sentences.cut(talk.utterances, language)
    if lexicon is None:
        return _by_numbers(cut, language)
    found = statements(cut, lexicon, language)
    return tuple(as_claim(each, lexicon) for each in found if is_claim(each, lexicon))


def _by_numbers(cut: Sequence[Sentence], language: str) -> tuple[Claim, ...]:
    found = [(each, quantities.parse(each.text, language)) for each in cut]
    return tuple(
        _claim(sentence, values, "performance")
        for sentence, values in found
        if values and not sentence.text.endswith("?")
    )


def as_claim(statement: Statement, lexicon: Lexicon) -> Claim:
    """A statement as a claim of its kind, whether or not it is worth checking by itself."""
    against = baseline(statement.sentence.text)
    own = statement.text.replace(plain(against), "") if against else statement.text
    kind = kind_of(own, statement.values, lexicon)
    return _claim(statement.sentence, statement.values, kind, against)


def _claim(
    sentence: Sentence,
    values: tuple[Quantity, ...],
    kind: ClaimKind,
    against: str | None = None,
) -> Claim:
    return Claim(
        quote=sentence.text,
        kind=kind,
        start=sentence.start,
        end=sentence.end,
        speaker=sentence.speaker,
        utterance=sentence.utterance,
        values=values,
        baseline=against,
    )


# ---- what is worth checking


def is_claim(statement: Statement, lexicon: Lexicon) -> bool:
    """Whether a statement says enough that could be refuted, about what this trade measures."""
    cues, text, words = lexicon.claims, statement.text, statement.sentence.words
    heard = sum(word.probability for word in words) / len(words)
    if len(words) < _SHORTEST or heard < _HEARD:
        return False
    hits = _hits(text, lexicon.kinds.strong)
    points = _points_of_numbers(statement, cues) + _points_of_words(text, cues)
    points += 0.5 * min(2, sum(hits.values()))
    if pattern(cues.history).search(text) and _FIRST_PERSON.search(text):
        points += 1.75
    if pattern(cues.small_talk).search(text):
        points -= 1.5
    if pattern(cues.goals).search(text):
        points -= 0.75
    return points >= _BAR


def _points_of_numbers(statement: Statement, cues: Cues) -> float:
    if any(value.unit not in cues.telling for value in statement.values):
        return 2.0
    points = 1.25 if statement.values else 0.0
    return points + (1.5 if pattern(cues.proportions).search(statement.text) else 0.0)


def _points_of_words(text: str, cues: Cues) -> float:
    weights = (
        (cues.superlatives, 1.25),
        (cues.absolutes, 0.75),
        (cues.universal, 0.75),
        (cues.comparatives, 0.75),
        (cues.own, 0.25),
        (cues.acts, 0.25),
    )
    return sum(points for words, points in weights if pattern(words).search(text))


# ---- what it is about


def kind_of(text: str, values: Sequence[Quantity], lexicon: Lexicon) -> ClaimKind:
    """The kind that most words and units speak for; the first named in ClaimKind among equals."""
    strong, weak = _hits(text, lexicon.kinds.strong), _hits(text, lexicon.kinds.weak)
    scores = {kind: 2.0 * strong[kind] + weak[kind] for kind in strong}
    for value in values:
        kind = lexicon.unit_kinds.get(value.unit)
        kind = kind or lexicon.unit_kinds.get(value.unit.partition("/")[0])
        if kind:
            scores[kind] += 1.5
    if pattern(lexicon.claims.history).search(text) and _FIRST_PERSON.search(text):
        scores["history"] += 1.5
    kinds: tuple[ClaimKind, ...] = get_args(ClaimKind)
    return max(kinds, key=lambda kind: scores.get(kind, 0.0))


def _hits(text: str, words: Mapping[ClaimKind, tuple[str, ...]]) -> dict[ClaimKind, int]:
    """How many different words of each kind a text holds."""
    return {
        kind: len({found.group() for found in pattern(of).finditer(text)})
        for kind, of in words.items()
    }


# ---- what it is compared with


_AGAINST = re.compile(
    r"\b(?:than|compared (?:to|with)|versus|vs\.?|against|relative to|instead of|as opposed to)\s+"
    r"(?P<other>(?:[^.,;:?!]|(?<=\d)[.,](?=\d))+)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:and|but|because|so|which|who|when|while|with|for|in|on|at|that|we|it|is|are|was|were"
    r"|can|could|do|does|did|has|have|will|would|if|to|by|or|as|i|you|they)\b",
    re.IGNORECASE,
)
_NOBODY = pattern(("ever", "before", "expected", "usual", "normal", "once", "twice", "half", "all"))


def baseline(text: str) -> str | None:
    """What a claim compares itself with, as it was said: "a gpu", "the leading provider"."""
    for match in _AGAINST.finditer(text):
        other = match.group("other")
        stop = _STOP.search(other)
        named = " ".join((other[: stop.start()] if stop else other).split()[:7])
        if named and not _NOBODY.match(plain(named)) and not quantities.parse(f"over {named}"):
            return named
    return None
