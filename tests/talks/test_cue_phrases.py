"""Phrases of several wordings, read at a word."""

import pytest

from pipeline.talks.phrases import Phrase, Phrases

TABLE = Phrases(
    [
        Phrase("hand", "after", "[so] (a big|a) hand [for|to]"),
        Phrase("name", "after", "my name *"),
        Phrase("big", "after", "a big"),
    ]
)


@pytest.mark.parametrize(
    ("said", "words", "kinds"),
    [
        ("so a big hand for ada", 5, ["hand"]),
        ("a hand to ada", 3, ["hand"]),
        ("a big cat", 2, ["big"]),
        ("my name is ada", 3, ["name"]),
        ("a handful of", 0, []),
        ("big hand", 0, []),
    ],
)
def test_the_longest_phrase_that_begins_at_a_word(said: str, words: int, kinds: list[str]) -> None:
    count, found = TABLE.longest(said.split()[0], said + " ", 0)
    assert (count, [phrase.kind for phrase in found]) == (words, kinds)
