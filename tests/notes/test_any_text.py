"""Whatever a model writes or a room says, the checks answer and do not fall over."""

from hypothesis import given, settings
from hypothesis import strategies as st
from made_evening import quoting, reasons

from pipeline.data import Receipt
from pipeline.notes import prompt_injection, sums
from pipeline.notes.checks import absence
from pipeline.notes.figures import figures
from pipeline.notes.matching import stands
from pipeline.notes.receipts import MOST, shown

TEXT = st.text(min_size=1, max_size=120)
SUM = st.text(alphabet="0123456789.,+-*/() =%", max_size=40)


@settings(deadline=None, max_examples=60)
@given(TEXT, TEXT, SUM, TEXT)
def test_a_note_is_judged(text: str, quote: str, expression: str, word: str) -> None:
    told = quoting(text, (0, "It draws forty kilowatts."), (1, quote), sums=[expression],
                   absent=[{"absent": [word]}], sources=[quote, "speeds.md:5"])  # fmt: skip
    if text.strip() and quote.strip() and expression.strip() and word.strip():
        assert isinstance(reasons(told), str)


@settings(deadline=None)
@given(TEXT, st.sampled_from(["en", "de", "fr", "es", "fi", "zh"]))
def test_a_text_stands_in_itself(text: str, language: str) -> None:
    assert stands(text, text, language)
    assert isinstance(figures(text, language), tuple)
    assert isinstance(absence.claims_silence(text, language), bool)
    assert isinstance(prompt_injection.asks_to_write(text), bool)


@settings(deadline=None)
@given(SUM)
def test_a_sum_comes_to_a_number_or_to_nothing(expression: str) -> None:
    assert isinstance(sums.value(expression), float | None)
    assert isinstance(sums.missing(expression, ()), tuple)


@settings(deadline=None)
@given(st.text(alphabet="ab not.,;if 1", max_size=200))
def test_a_receipt_is_never_longer_than_that(quote: str) -> None:
    words = shown(Receipt(quote, 0.0, 1.0, "S0", cited=quote)).split()
    assert len([word for word in words if word != "…"]) <= MOST
