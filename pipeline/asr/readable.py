"""Bare words become sentences that can be quoted, by their pauses alone.

An engine that knows no punctuation says "so we doubled it" and breathes; a reader needs "So we
doubled it." Nothing is added or left out, no word is changed but for its case and a full stop.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.data import Word

PAUSE = 0.6  # seconds without a word that end a sentence
_CAPITALS = {"i": "I", "i'm": "I'm", "i'll": "I'll", "i've": "I've", "i'd": "I'd"}
_ENDLESS = """a an the and or but if of to in on at by for from with as than that because so my our
your his her its their is are was were be been very not no i we you they he she it's"""
_GOES_ON = frozenset(_ENDLESS.split())  # no sentence ends with these: the speaker stopped to think


def readable(words: Sequence[Word], pause: float = PAUSE) -> tuple[Word, ...]:
    """The words with a capital after each sentence's end and a full stop at it."""
    written = []
    begins = True
    for word, after in zip(words, _ends(words, pause), strict=True):
        text = _capital(word.text) if begins else _CAPITALS.get(word.text, word.text)
        written.append(replace(word, text=f"{text}." if after else text))
        begins = after
    return tuple(written)


def _ends(words: Sequence[Word], pause: float) -> list[bool]:
    """Whether a sentence ends after each word."""
    ends = [
        after.start - word.end >= pause and word.text not in _GOES_ON
        for word, after in pairwise(words)
    ]
    return [*ends, True] if words else []


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
