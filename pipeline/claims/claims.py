"""The check-worthy claims of a talk, found without a model: what offline notes stand on.

A sentence is a claim if it carries something that could be measured or refuted (a quantity, a
comparison, "first", "only", "no cost") about something that this trade measures, and if its
speaker stands behind it (`statements`).
"""

import re
from collections.abc import Sequence
from functools import cache

from pipeline.claims import kinds, quantities, sentences
from pipeline.claims import lexicon as lexicons
from pipeline.claims.lexicon import Lexicon, Lists, Words, pattern, plain
from pipeline.claims.sentences import Sentence
from pipeline.claims.statements import Statement, statements
from pipeline.data import Claim, ClaimKind, Quantity, Talk

_BAR = 1.5  # points that make a claim
_FEW = 9  # of things that are counted
_MANY = 100_000  # of people or lines of code: a claim whoever counts them
_SHORTEST = 3  # words
_IDLE = re.compile(
    r"[\s,]+(?:way|thing|part|reason|time(?! we| that| any| in)|question|example|moment|bit|one"
    r"|trend|property|step|half|quarter|year|month|week|day|place|slide|talk|speaker|session"
    r"|two|three|few|is|was|of all|of both)s?\b"
)
_HEARD = 0.35  # mean probability of the words: below it, they are not what was said


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
    kind = kinds.kind_of(own, statement.values, lexicon)
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
    """Whether a statement is one to check, and was heard."""
    words = statement.sentence.words
    heard = sum(word.probability for word in words) / len(words)
    return (
        len(words) >= _SHORTEST
        and heard >= _HEARD
        and says_much(statement.text, statement.values, lexicon)
    )


def says_much(text: str, values: Sequence[Quantity], lexicon: Lexicon) -> bool:
    """Whether a plain text says enough that could be refuted, about what this trade measures."""
    cues = lexicon.claims
    points = max((_points_of_number(value, lexicon) for value in values), default=0.0)
    if points < _BAR and pattern(cues.announced).search(text):
        return False
    points += sum(worth for worth, of in _worth(cues) if pattern(of).search(text))
    points += 1.5 * any(map(_is_meant, pattern(cues.superlatives).finditer(text)))
    points += 0.5 * min(2, kinds.words(text, lexicon)) + 1.75 * kinds.is_history(text, lexicon)
    return points >= _BAR


def _points_of_number(value: Quantity, lexicon: Lexicon) -> float:
    """A measure is a claim by itself; a time, and a handful of something, hardly."""
    handful = value.value <= _FEW and value.unit not in lexicon.units and "/" not in value.unit
    told = value.unit in lexicon.claims.telling and value.value < _MANY
    return 1.0 if handful or told else 2.0


@cache
def _worth(cues: Lists) -> tuple[tuple[float, Words], ...]:
    """What the words of a sentence tell of whether it is a claim."""
    return (
        (1.5, cues.proportions),
        (1.5, cues.admissions),
        (1.0, cues.universal),
        (0.75, cues.absolutes),
        (1.0, cues.comparatives),
        (0.5, cues.vague),
    )


def _is_meant(superlative: re.Match[str]) -> bool:
    """Not of "the best way" and "the only thing"."""
    after = _IDLE.match(superlative.string, superlative.end())
    return after is None and not _IDLE.search(superlative.group())


# ---- what it is compared with


_AGAINST = re.compile(
    r"\b(?:than|compared (?:to|with)|as\s+\w+\s+as|versus|vs\.?|against|relative to"
    r"|instead of|as opposed to)\s+"
    r"(?P<other>(?:[^.,;:?!]|(?<=\d)[.,](?=\d))+)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:half|third|quarter|fifth|tenth|fraction|percent)\s+(?:of\s+)?(?:the|what)\s+"
    r"(?:price|cost|power|energy|size|weight|memory|time|space|water)\s+of\s+"
    r"(?P<other>(?:[^.,;:?!]|(?<=\d)[.,](?=\d))+)"
    r"|\b(?:is|are|about|only)\s+(?:half|an?\s+(?:third|quarter|fifth|tenth|fraction))\s+of\s+"
    r"(?P<whole>(?!it\b|them\b|us\b|the\s+\w+\s+of\b)(?:[^.,;:?!]|(?<=\d)[.,](?=\d))+)",
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
    for match in (*_AGAINST.finditer(text), *_PART.finditer(text)):
        other = match.group(match.lastgroup or 0)
        stop = _STOP.search(other)
        named = " ".join((other[: stop.start()] if stop else other).split()[:7])
        if named and not _NOBODY.match(plain(named)) and not quantities.parse(f"over {named}"):
            return named
    return None
