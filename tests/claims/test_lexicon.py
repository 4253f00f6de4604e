"""The word lists are whole, and their expressions mean what their header says."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.claims.lexicon import Lists, load, pattern, plain

ROOT = Path(__file__).parent.parent.parent / "pipeline"


FILES = (ROOT / "claims" / "words" / "en.toml",)


def lists(of: Any) -> Iterator[list[str]]:
    """Every list of words in what a file holds; the names of units are no words."""
    if isinstance(of, list) and of and isinstance(of[0], str):
        yield of
    elif isinstance(of, dict):
        for name, each in of.items():
            yield from lists(each) if name != "units" else ()


@pytest.mark.parametrize("file", FILES)
def test_every_list_is_filled_and_its_expression_compiles(file: Path) -> None:
    found = list(lists(tomllib.loads(file.read_text())))
    assert found and all(words and pattern(tuple(words)) for words in found)
    assert all(entry == entry.lower() for words in found for entry in words)


@pytest.mark.parametrize("file", FILES)
def test_every_list_is_used(file: Path) -> None:
    code = "".join(each.read_text() for each in ROOT.rglob("*.py"))
    named = tomllib.loads(file.read_text())
    tables = [
        name
        for name in named
        if name in ("numbers", "claims", "sentences", "stems", "comparing", "saying")
    ]
    names = [*(set(named) - set(tables)), *(name for table in tables for name in named[table])]
    assert [name for name in names if not re.search(rf"\.{name}\b", code)] == []


def test_a_list_that_is_not_there_is_named() -> None:
    with pytest.raises(AttributeError, match="no word list 'anounced'"):
        Lists({"announced": ["soon"]}).anounced  # noqa: B018


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
