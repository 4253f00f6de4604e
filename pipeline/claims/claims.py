"""The check-worthy claims of a talk, found without a model: a quantity, or one expression.

A sentence is a claim if it has a number with what it counts, or a word with which people claim
("first", "never", "twice", "no other"), and its speaker means it and says it for himself.
"""

import re
from itertools import pairwise

from pipeline.claims import quantities
from pipeline.claims.lexicon import is_english
from pipeline.claims.sentences import Sentence, sentences_of
from pipeline.data import Claim, Quantity, Talk
from pipeline.text import plain

_HEARD = 0.35  # mean probability of the words: below it, they are not what was said

_SORRY = re.compile(r"(?:\w+,? ){0,2}" + quantities.TAKEN_BACK)
_CLAIMS = re.compile(
    r"\b(?:first|no other|nobody (?:else|has)|no one else|never|ever|any|zero|none|nothing|free"
    r"|than|twice|no (?:added|extra)|automatically"
    r"|(?!interest|honest|guest|request|latest|forest)\w{3,}est)\b"
)
_UNMEANT = re.compile(  # imagined, joked about, or said by others
    r"^(?:(?:and|but|so|now|well),? )*(?:imagine|suppose|let)\b"
    r"|\b(?:if (?:i|we|you) (?:had|could)|would|kidding|my (?:mother|wife|husband|kids)"
    r"|(?:people|competitors?|competition|industry|rivals?|makers|you|he|they)"
    r" (?:\w+ )?(?:say|says|said|tell|tells|told|promise[sd]?|claims?|think)"
    r"|hear(?:d|ing)? that|read that|said (?:that|it)|promised)\b"
)


def find_claims(talk: Talk, language: str = "en") -> tuple[Claim, ...]:
    """The claims of a talk in time order; in other languages, sentences with measured numbers."""
    english = is_english(language)
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
    if heard < _HEARD or text.endswith("?"):
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
        start=sentence.start,
        end=sentence.end,
        speaker=sentence.speaker,
        utterance=sentence.utterance,
        values=values,
        baseline=baseline(sentence.text),
    )


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
