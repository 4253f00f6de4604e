"""Sentences of a keynote evening to train on: patterns over word classes, and loose words.

grammar.txt holds every word of the sample's script, and as many again; the script's own sentences
stay out (`leaks`). A third of the sentences are words in no order at all: they teach the decoder
to listen rather than to guess the next word.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Grammar:
    """What grammar.txt says."""

    classes: dict[str, tuple[str, ...]]
    patterns: tuple[str, ...]


@cache
def grammar() -> Grammar:
    """grammar.txt, read."""
    text = Path(__file__).with_name("grammar.txt").read_text(encoding="utf-8")
    above, _, below = text.partition("\npatterns\n")
    made = re.findall(r"^class (\S) \(.*?\):\n((?:    .+\n)+)", above, re.MULTILINE)
    classes = {key: tuple(word.strip() for word in words.split("|")) for key, words in made}
    return Grammar(classes, tuple(below.splitlines()))


def sentence(rng: random.Random) -> str:
    """One sentence, by a pattern or in no order, with its capitals and marks."""
    if rng.random() < 0.35:
        words = [rng.choice(lexicon()) for _ in range(rng.randint(2, 9))]
        text = " ".join(words) + rng.choice("...?")
        text = text.replace(" ", ", ", 1) if rng.random() < 0.15 else text
    else:
        text = _fill(rng.choice(grammar().patterns), rng)
    return text[0].upper() + text[1:]


def sentences(seed: int, script: str) -> Iterator[str]:
    """Endless sentences, none of them the script's."""
    rng, kept = random.Random(seed), runs(script)
    while True:
        made = sentence(rng)
        if not leaks(made, kept):
            yield made


@cache
def lexicon() -> tuple[str, ...]:
    """Every word of the grammar, once."""
    text = [*sum(grammar().classes.values(), ()), *grammar().patterns, "point"]
    loose = re.sub(r"\{.\}", " ", " ".join(text))
    return tuple(sorted(set(re.findall(r"[A-Za-z]{2,}|\b[aI]\b", loose))))


def plain(text: str) -> list[str]:
    """The words as they sound: no capitals, no marks."""
    return re.findall(r"[a-z']+", text.lower())


def runs(script: str, length: int = 6) -> frozenset[tuple[str, ...]]:
    """What no training sentence may hold: runs of six words, and shorter sentences whole."""
    found: set[tuple[str, ...]] = set()
    for words in map(plain, re.split(r"[.?!]", script)):
        found.update(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
        if len(words) < length:
            found.add(tuple(words))
    return frozenset(found)


def leaks(text: str, kept: frozenset[tuple[str, ...]], length: int = 6) -> bool:
    """Whether a sentence is one of the script's, or holds six of its words in a row."""
    words = tuple(plain(text))
    return words in kept or any(
        words[at : at + length] in kept for at in range(len(words) - length + 1)
    )


def number(rng: random.Random) -> str:
    """A number in words: "eighty seven", "nine hundred", "ninety nine point nine"."""
    names, scale = grammar().classes["1"], rng.choice(grammar().classes["2"])
    digit, tens, any_one = rng.choice(names[:9]), rng.choice(names[19:]), rng.choice(names)
    return rng.choice(
        (
            digit,
            any_one,
            f"{tens} {digit}",
            f"{any_one} {scale}",
            f"{digit} hundred thousand",
            f"{tens} {digit} point {rng.choice(names[:9])}",
            f"{tens} {digit} {scale}",
        )
    )


def _fill(pattern: str, rng: random.Random) -> str:
    while (at := pattern.find("{")) >= 0:
        kind = pattern[at + 1]
        word = number(rng) if kind == "#" else rng.choice(grammar().classes[kind])
        pattern = pattern[:at] + word + pattern[at + 3 :]
    return pattern
