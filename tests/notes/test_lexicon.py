"""The word lists are whole, and their expressions mean what their header says."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from pipeline.notes.lexicon import load, pattern, plain


def lists(of: Any) -> Iterator[tuple[str, ...]]:
    """Every list of words below a model or a dict."""
    if isinstance(of, tuple) and not isinstance(of[0], str):
        for each in of:
            yield from lists(each)
    elif isinstance(of, tuple):
        yield of
    elif isinstance(of, dict | BaseModel):
        for value in (of if isinstance(of, dict) else dict(of)).values():
            if not isinstance(value, str | float):
                yield from lists(value)


def test_every_list_is_filled_and_its_expression_compiles() -> None:
    known = load("en")
    found = list(lists(known and known.model_copy(update={"unit_kinds": {}})))
    assert len(found) > 80
    assert all(words and pattern(words) for words in found)
    assert all(entry == entry.lower() for words in found for entry in words)


def test_a_star_leaves_a_word_open_and_a_phrase_bends() -> None:
    assert pattern(("scal*",)).search("we are scaling it")
    assert not pattern(("scale",)).search("we are scaling it")
    assert pattern(("no added cost",)).search("at no  added-cost")
    assert not pattern(("cost",)).search("the costly one")
    assert pattern(("any (model|editor)",)).search("with any editor")


def test_plain_straightens_apostrophes() -> None:
    assert plain("We\u2019re FAST") == "we're fast"


def test_languages() -> None:
    assert load("en-US") is load("en-us") or load("en-US") == load("en")
    assert load("xx") is None
    assert load("../en") is None
