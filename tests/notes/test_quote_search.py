"""Quotes are found word for word, anywhere at the event, and never mean the opposite."""

import pytest
from made_evening import evening

from pipeline.notes import quote_search
from pipeline.notes.matching import stands


def cited(quote: str, utterance: int) -> str:
    receipt = quote_search.find(quote, evening(), utterance)
    assert receipt is not None
    return receipt.cited


@pytest.mark.parametrize(
    ("quote", "utterance"),
    [
        ("our chip is twenty times faster", 0),  # spoken for written
        ("It draws 40 kilowatts", 0),  # and the other way round
        ("Our chip is 20 times faster then the Norvane G400", 0),  # a slip of the pen
        ("If every home had one, we would sell 4 million of them", 1),  # over a pause
        ("Heron has been downloaded 300 million times", 0),  # the wrong utterance
    ],
)
def test_said(quote: str, utterance: int) -> None:
    assert quote_search.find(quote, evening(), utterance) is not None


@pytest.mark.parametrize(
    "quote",
    [
        "Our chip is 21 times faster than the Norvane G400",  # one digit
        "The difference was significant and not small",
        "speed does matter a lot to us",  # one negation
        "We are the fastest on the planet",
        "",
    ],
)
def test_not_said(quote: str) -> None:
    assert quote_search.find(quote, evening(), 0) is None


def test_a_short_quote_has_to_stand_where_it_is_said_to() -> None:
    assert quote_search.find("them.", evening(), 2) is not None
    assert quote_search.find("them.", evening(), 5) is None


def test_a_quote_takes_what_turns_it_around_along() -> None:
    assert cited("significant", 5) == "not significant."
    assert cited("speed does not matter", 1) == "They said, Ada, speed does not matter."
    assert cited("we would sell four million of them", 2).startswith("we would sell")


def test_a_receipt_shows_the_whole_sentence() -> None:
    receipt = quote_search.find("forty kilowatts", evening(), 0)
    assert receipt is not None
    assert receipt.quote == "It draws forty kilowatts."
    assert receipt.speaker == "S0"


def test_numbers_of_other_languages() -> None:
    assert stands("9.000 Euro", "Sie kostet neuntausend Euro", "de")
    assert not stands("9.001 Euro", "Sie kostet neuntausend Euro", "de")
    assert stands("3,5 Prozent", "es waren 3,5 Prozent", "de")
    assert not stands("es wird teurer", "es wird nicht teurer", "de")
