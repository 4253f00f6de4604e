"""The check-worthy claims of a talk, found without a model: a quantity, or one expression.

A sentence is a claim if it has a number with what it counts, or a word with which people claim
("first", "never", "twice", "no other"), and its speaker means it and says it for himself.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.claims import lexicon, quantities
from pipeline.claims.sentences import Sentence, sentences_of
from pipeline.data import Claim, ClaimKind, Quantity, Talk
from pipeline.text import plain

_SHORTEST = 3  # words
_HEARD = 0.35  # mean probability of the words: below it, they are not what was said

_SORRY = re.compile(r"(?:\w+,? ){0,2}" + quantities.TAKEN_BACK)
_CLAIMS = re.compile(
    r"\b(?:first|only|best|leading|number one|no other|nobody (?:else|has)|no one else|never|ever"
    r"|every|any|always|zero|none|nothing|free|than|twice|doubles?|record|unique|impossible"
    r"|no (?:added|extra)|automatically|founded|invented|without|grew|cuts?|no longer"
    r"|not? (?:\w+ )?single"
    r"|(?!interest|honest|guest|request|latest|forest)\w{3,}est|one (?:line|click|in|out)|out of"
    r"|needs? no|(?:don't|doesn't) (?:need|cost))\b"
)
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


def find_claims(talk: Talk, language: str = "en") -> tuple[Claim, ...]:
    """The claims of a talk in time order; without word lists, sentences with measured numbers."""
    english = lexicon.load(language) is not None
    found = sentences_of(talk.utterances)
    put_right = {id(one) for one, two in pairwise(found) if _SORRY.match(plain(two.text))}
    said = ((each, quantities.parse(each.text, language)) for each in found)
    return tuple(
        _claim(each, values)
        for each, values in said
        if _is_claim(each, bool(values), english) and not (values and id(each) in put_right)
    )


def _is_claim(sentence: Sentence, counted: bool, english: bool) -> bool:
    text = plain(sentence.text)
    heard = sum(word.probability for word in sentence.words) / len(sentence.words)
    if len(sentence.words) < _SHORTEST or heard < _HEARD or text.endswith("?"):
        return False
    if not english:
        return counted
    return (counted or _CLAIMS.search(text) is not None) and is_meant(text)


def is_meant(text: str) -> bool:
    """Whether a plain text is neither imagined nor a joke, and its speaker's own word."""
    return _UNMEANT.search(text) is None


def _claim(sentence: Sentence, values: tuple[Quantity, ...]) -> Claim:
    return Claim(
        quote=sentence.text,
        kind=_kind(plain(sentence.text), values),
        start=sentence.start,
        end=sentence.end,
        speaker=sentence.speaker,
        utterance=sentence.utterance,
        values=values,
        baseline=baseline(sentence.text),
    )


def _kind(text: str, values: Sequence[Quantity]) -> ClaimKind:
    """The kind of a claim, guessed from its words: it files the claim, and nothing rests on it."""
    market = _KINDS[3][1].search(text)
    if any(value.unit.startswith(_MONEY) for value in values) and not market:
        return "price"
    found = (kind for kind, told in _KINDS if told.search(text))
    told = next((kind for kind in found if not (kind == "history" and values)), None)
    if told:
        return told
    measured = any(value.unit in ("x", "%", "ms", "s", "W", "tokens/s") for value in values)
    return "performance" if measured else "scale" if values else "capability"


# ---- what it is compared with

_AGAINST = re.compile(
    r"\b(?:than|compared (?:to|with)|versus|vs\.?|against|relative to|as opposed to|as \w+ as)"
    r" (?!(?:you|we|i|it|they|ever|before)\b)(?P<other>(?:[^\s.,;:?!]+ ?){1,7})",
    re.IGNORECASE,
)
_STOP = re.compile(r"\b(?:and|but|because|so|which|who|when|while|with|for|in|on|at|that|is)\b")


def baseline(text: str) -> str | None:
    """What a claim compares itself with, as it was said: "a gpu", "the leading provider"."""
    for match in _AGAINST.finditer(text):
        named = _STOP.split(match["other"])[0].strip()
        if named and not quantities.parse(f"over {named}"):
            return named
    return None
