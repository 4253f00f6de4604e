"""What a recogniser and a diarizer do to an event: similar words, lost and invented ones."""

import json
import random
import re
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TypeVar

from jellyfish import metaphone

from pipeline.asr.packaged import assemble
from pipeline.data import Turn, Word, ms

_SMALL = """the a and to of it that is in so you we i on for was like just what"""
SMALL = tuple(re.findall(r"\w+", _SMALL))


@cache
def _dictionary() -> dict[str, list[str]]:
    """Words that are one token to Whisper, so common ones, by how they sound."""
    tokens = json.loads((assemble() / "tokenizer.json").read_text(encoding="utf-8"))["model"][
        "vocab"
    ]
    sounds: dict[str, list[str]] = defaultdict(list)
    for token in tokens:
        word = token.removeprefix("\u0120")
        if word != token and word.isascii() and word.isalpha() and word.islower() and word[1:]:
            sounds[metaphone(word)].append(word)
    return sounds


def _similar(word: str, chance: random.Random) -> str:
    """Another word that sounds the same but for one consonant at most."""
    plain = "".join(letter for letter in word if letter.isalpha()).lower()
    sound = metaphone(plain) if plain else ""
    near = [sound, *(sound[:i] + sound[i + 1 :] for i in range(len(sound)))]
    near += [sound[:i] + c + sound[i + 1 :] for i in range(len(sound)) for c in "PTKFSMNLR"]
    words = [w for key in near for w in _dictionary().get(key, []) if w != plain]
    close = [w for w in words if abs(len(w) - len(plain)) <= 2] or words
    return chance.choice(close) if close else chance.choice(SMALL)


def words(said: list[Word], rate: float, seed: str) -> list[Word]:
    """The words as a recogniser with that word error rate gives them."""
    chance = random.Random(f"{seed} {rate}")
    heard: list[Word] = []
    for word in said:
        text = word.text
        draw = chance.random()
        if draw < rate * 0.2:
            continue
        if draw < rate * 0.8:
            text = _as_written(_similar(text, chance), text)
        if rate * 0.8 <= draw < rate:
            middle = ms((word.start + word.end) / 2)
            heard.append(Word(word.start, middle, chance.choice(SMALL), 0.4, None))
            word = replace(word, start=middle)
        sure = 1 - 0.4 * chance.random() ** 3 if text == word.text else 0.3 + 0.6 * chance.random()
        heard.append(Word(word.start, word.end, text, sure, None))
    return heard


def _as_written(new: str, old: str) -> str:
    """A misheard word with the capital and the punctuation of the one that was said."""
    tail = old[len(old.rstrip(".,;:!?")) :]
    return (new.title() if old[:1].isupper() else new) + tail


def turns(true: list[Turn], seed: str) -> list[Turn]:
    """Turns with borders off by some 0.2 s, and one in thirty of the short ones another's."""
    chance = random.Random(f"{seed} turns")
    speakers = sorted({turn.speaker for turn in true})
    heard: list[Turn] = []
    for turn in true:
        speaker = turn.speaker
        if turn.end - turn.start < 8.0 and chance.random() < 1 / 30:
            speaker = chance.choice(speakers)
        start = max(turn.start + chance.gauss(0, 0.2), heard[-1].end if heard else 0.0)
        end = max(start + 0.2, turn.end + chance.gauss(0, 0.2))
        heard.append(Turn(ms(start), ms(end), speaker))
    return heard


Timed = TypeVar("Timed", Word, Turn)


def moved(thing: Timed, seconds: float, slower: float = 1.0) -> Timed:
    """The same, later, on a clock that runs `slower`."""
    return replace(
        thing,
        start=ms((thing.start + seconds) * slower),
        end=ms((thing.end + seconds) * slower),
    )
