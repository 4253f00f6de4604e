"""The check-worthy claims of a talk, found without a model: a quantity, or one expression.

A sentence is a claim if it has a number with what it counts, or a word with which people claim
("first", "never", "twice", "no other"), and its speaker means it and says it for himself.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.claims import lexicon as lexicons
from pipeline.claims import quantities, sentences
from pipeline.claims.lexicon import Lexicon, pattern, plain
from pipeline.claims.sentences import Sentence
from pipeline.claims.stems import content
from pipeline.data import Claim, ClaimKind, Quantity, Talk

_SHORTEST = 3  # words
_HEARD = 0.35  # mean probability of the words: below it, they are not what was said
_CORRECTION = 12  # words of a sentence that corrects the one before, at the most

_CLAIMS = re.compile(
    r"\b(?:first|only|best|leading|number one|no other|nobody (?:else|has)|no one else|never|ever"
    r"|every|any|always|zero|none|nothing|free|than|twice|doubles?|record|unique|impossible"
    r"|no (?:added|extra)|automatically|founded|invented|without|grew|cuts?|no longer"
    r"|not? (?:\w+ )?single"
    r"|(?!interest|honest|guest|request|latest|forest)\w{3,}est|one (?:line|click|in|out)|out of"
    r"|needs? no|(?:don't|doesn't) (?:need|cost))\b"
)
_ASKED = re.compile(r"^(?:(?:and|but|so|now|well),? )*(?:what|how|who|why|do|did|can|is)\b")
_UNMEANT = re.compile(  # asked, imagined, joked about, said to the room, or said by others
    r"\?[\"'\u201d]?$|^(?:(?:and|but|so|now|well),? )*(?:imagine|suppose|let's|let|thank|thanks"
    r"|welcome|please)\b"
    r"|\b(?:if (?:i|we|you) (?:had|could)|would|thank you|welcome|kidding|joking|joke"
    r"|my (?:mother|aunt|wife|husband|kids|daughter|son|dog|cat|neighbour)"
    r"|(?:people|vendors?|competitors?|competition|industry|rivals?|makers|critics|some|others|you|he"
    r"|she|they)"
    r" (?:\w+ )?(?:say|says|said|tell|tells|told|promise[sd]?|claims?|think)"
    r"|hear(?:d|ing)? that|read that"
    r"|said (?:that|it)|promised)\b"
)
_KINDS: tuple[tuple[ClaimKind, re.Pattern[str]], ...] = (  # the first that fits, of a plain text
    ("price", re.compile(r"\b(?:price|cost|cheap\w*|free|pay)\b")),
    ("history", re.compile(r"\b(?:founded|began|started|invented|day one|beginning|always)\b")),
    (
        "reliability",
        re.compile(
            r"\b(?:up ?time|of the time|down|availab\w+|outages?|fail\w*|broken?|lost|loses?"
            r"|miss\w*|wrong\w*|mistakes?|errors?|saf\w+|secur\w+|never|attacks?|fire)\b"
        ),
    ),
    (
        "market",
        re.compile(
            r"\b(?:market|customers?|revenue|profit\w*|compan(?:y|ies)|competitors?|sold|grew"
            r"|growth|leading|largest|biggest|in the world|nobody else|raised|contracts?|orders"
            r"|downloads?)\b"
        ),
    ),
    (
        "performance",
        re.compile(
            r"\b(?:fast\w*|quick\w*|slow\w*|speed|latency|seconds?|accura\w+|percent|power|energy)"
            r"\b|%"
        ),
    ),
)
_MONEY = ("$", "€", "£")


@dataclass(frozen=True, slots=True)
class _Meant:
    """A sentence that its speaker means, with its plain form and its numbers."""

    sentence: Sentence
    text: str
    values: tuple[Quantity, ...]


def find(talk: Talk, language: str = "en") -> tuple[Claim, ...]:
    """The claims of a talk in time order; without word lists, sentences with measured numbers."""
    cut = sentences.cut(talk.utterances, language)
    lexicon = lexicons.load(language)
    joined = _with_corrections(cut, lexicon, language) if lexicon else list(cut)
    said = (
        _Meant(sentence, plain(sentence.text), quantities.parse(sentence.text, language))
        for sentence in joined
    )
    return tuple(_claim(each) for each in said if _is_claim(each, lexicon is not None))


def _is_claim(said: _Meant, english: bool) -> bool:
    words = said.sentence.words
    heard = sum(word.probability for word in words) / len(words)
    if len(words) < _SHORTEST or heard < _HEARD or said.text.endswith("?"):
        return False
    if not english:
        return bool(said.values)
    claimed = bool(said.values) or _CLAIMS.search(said.text) is not None
    asked = not said.text.endswith((".", "!")) and _ASKED.search(said.text)
    return claimed and not asked and is_meant(said.text)


def is_meant(text: str) -> bool:
    """Whether a plain text is neither imagined nor a joke, and its speaker's own word."""
    return _UNMEANT.search(text) is None


def _claim(said: _Meant) -> Claim:
    sentence = said.sentence
    return Claim(
        quote=sentence.text,
        kind=_kind(said.text, said.values),
        start=sentence.start,
        end=sentence.end,
        speaker=sentence.speaker,
        utterance=sentence.utterance,
        values=said.values,
        baseline=baseline(sentence.text),
    )


def _kind(text: str, values: Sequence[Quantity]) -> ClaimKind:
    """What a claim is about: a guess that files it, and on which nothing rests."""
    market = _KINDS[3][1].search(text)
    if any(value.unit.startswith(_MONEY) for value in values) and not market:
        return "price"
    found = (kind for kind, told in _KINDS if told.search(text))
    told = next((kind for kind in found if not (kind == "history" and values)), None)
    if told:
        return told
    measured = any(value.unit in ("x", "%", "ms", "s", "W", "tokens/s") for value in values)
    return "performance" if measured else "scale" if values else "capability"


# ---- a number taken back in the next sentence

_LINKS = re.compile(r"^(?:(?:so|and|but|now|okay|ok|well|um|uh|yeah)[\s,]+)+")


def _with_corrections(cut: Sequence[Sentence], lexicon: Lexicon, language: str) -> list[Sentence]:
    """A number and its correction as one; both left out where the new number was not heard."""
    joined: list[Sentence] = []
    for sentence in cut:
        last = joined[-1] if joined else None
        if last is None or not _corrects(last, sentence, lexicon):
            joined.append(sentence)
            continue
        both = last.followed_by(sentence)
        old, new, left = (
            len(quantities.parse(text, language)) for text in (last.text, sentence.text, both.text)
        )
        repeated = content(last.text, language) & content(sentence.text, language)
        if old and new and left < old + new:
            joined[-1] = both
        elif old and not new and repeated:
            joined.pop()
        else:
            joined.append(sentence)
    return joined


def _corrects(last: Sentence, sentence: Sentence, lexicon: Lexicon) -> bool:
    if len(sentence.words) > _CORRECTION or last.utterance != sentence.utterance:
        return False
    head = plain(" ".join(word.text for word in sentence.words[:4]))
    return pattern(lexicon.numbers.taken_back).match(_LINKS.sub("", head)) is not None


# ---- what it is compared with

_AGAINST = re.compile(
    r"\b(?:than|compared (?:to|with)|as\s+\w+\s+as|versus|vs\.?|against|relative to"
    r"|instead of|as opposed to)\s+(?P<other>(?:[^.,;:?!]|(?<=\d)[.,](?=\d))+)",
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
