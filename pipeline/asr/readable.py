"""Bare words become sentences that can be quoted, by their pauses and a little grammar.

An engine that knows no punctuation says "so we doubled it" and breathes; a reader needs "So we
doubled it." Nothing is added or left out but full stops and capitals, and "dr" is written as said.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.data import Word

PAUSE = 0.6  # seconds without a word that end a sentence whatever follows
BREATH = 0.25  # seconds that end one before a word that often begins one

_WRITTEN = {"i": "I", "i'm": "I'm", "i'll": "I'll", "i've": "I've", "i'd": "I'd", "dr": "doctor"}
_ENDLESS = """a an the and or but if of to in on at by for from with as than that because so my our
your his her its their is are was were be been very not no i we you they he she it's"""
_GOES_ON = frozenset(_ENDLESS.split())  # no sentence ends with these: the speaker stopped to think
_OPENING = """i i'm i'll i've we we're we'll we've you he she they it it's this that's there these
those but and so now then today tonight last next my our thank thanks please let if when what how
why where who do does is are can every each no yes well hello good most nobody everyone people"""
_BEGINS = frozenset(_OPENING.split())


def readable(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with a capital after each sentence's end and a full stop at it."""
    written = []
    begins = True
    for word, after in zip(words, _ends(words), strict=True):
        text = _WRITTEN.get(word.text, word.text)
        text = text[:1].upper() + text[1:] if begins else text
        written.append(replace(word, text=f"{text}." if after else text))
        begins = after
    return tuple(written)


def _ends(words: Sequence[Word]) -> list[bool]:
    """Whether a sentence ends after each word."""
    return [*(_ends_between(one, two) for one, two in pairwise(words)), True] if words else []


def _ends_between(word: Word, following: Word) -> bool:
    pause = following.start - word.end
    if word.text in _GOES_ON:
        return False
    return pause >= PAUSE or (pause >= BREATH and following.text in _BEGINS)
