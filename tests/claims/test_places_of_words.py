"""Where a text of some words stands among them."""

import pytest

from pipeline.claims.sentences import quote_positions
from pipeline.data import Word

SAID = "Ninety nine people paid $4.5 million, nine of ten."
WORDS = tuple(Word(float(n), n + 0.5, text, 1.0, None) for n, text in enumerate(SAID.split()))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ninety nine", range(2)),
        ("nine", range(1, 2)),  # not the end of "Ninety"
        ("$4.5 million", range(4, 6)),
        ("nine of ten", range(6, 9)),
        ("fifteen", range(0)),
    ],
)
def test_the_words_that_hold_a_text(text: str, found: range) -> None:
    assert quote_positions(text, WORDS) == found
