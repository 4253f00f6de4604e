"""Where a text of some words stands among them."""

import pytest

from pipeline.data import Word
from pipeline.notes.matching import quote_positions

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


@pytest.mark.parametrize(
    ("said", "quote", "held"),
    [
        ("We sold 30 of 3 today.", "3", ["3"]),
        ("We sold 30 of 3 today.", "30 of 3", ["30", "of", "3"]),
        ("We sold 30 of 3 today.", "sold", ["sold"]),
        ("We sold 30 of 3 today.", "old", []),
        ("今天 卖了 三百 台 机器", "三百台", ["三百", "台"]),
        ("我们 用 GPU 训练", "GPU", ["GPU"]),
    ],
)
def test_the_words_of_a_quote_are_found(said: str, quote: str, held: list[str]) -> None:
    words = [Word(at, at + 0.5, text, 1.0) for at, text in enumerate(said.split())]
    assert [words[at].text for at in quote_positions(quote, words)] == held
