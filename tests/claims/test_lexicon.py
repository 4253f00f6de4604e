"""The word lists are whole, and their expressions mean what their header says."""

import re
from pathlib import Path

import pytest

from pipeline.claims import units
from pipeline.claims.lexicon import WORDS, Lexicon, is_english, pattern
from pipeline.text import plain

ROOT = Path(__file__).parent.parent.parent / "pipeline"


def test_every_list_is_filled_and_used() -> None:
    code = "".join(each.read_text() for each in ROOT.rglob("*.py"))
    for name in Lexicon.model_fields:
        assert getattr(WORDS, name), name
        assert re.search(rf"WORDS\.{name}\b", code), name


def test_a_star_leaves_a_word_open_and_a_phrase_bends() -> None:
    assert pattern(("scal*",)).search("we are scaling it")
    assert not pattern(("scale",)).search("we are scaling it")
    assert pattern(("no added cost",)).search("at no  added-cost")
    assert not pattern(("cost",)).search("the costly one")
    assert not pattern(()).search("nothing is looked for")


def test_plain_straightens_apostrophes() -> None:
    assert plain("We\u2019re FAST") == "we're fast"


def test_languages() -> None:
    assert is_english("en-US") and is_english("en")
    assert not is_english("xx") and not is_english("")


@pytest.mark.parametrize(
    ("language", "word", "unit"),
    [("en", "kilowatts", "kW"), ("de", "prozent", "%"), ("fr", "ans", "years"), ("xx", "%", "%")],
)
def test_a_unit_by_its_name_in_a_language(language: str, word: str, unit: str) -> None:
    assert units.names(language)[word] == unit


def test_what_a_unit_is_worth() -> None:
    assert units.base("ms") == ("s", 1e-3)
    assert units.base("kW/user") == ("W", 1e3)
    assert units.base("customers") == ("customers", 1.0)
    assert units.is_measure("%") and not units.is_measure("customers")
