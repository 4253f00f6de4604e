"""Words as one text, in any script; what is written without blanks is found again in pieces."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.notes.matching import stands
from pipeline.text import clock, folded, joined, plain, sentences, stem, stems, unmarked, words


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("東 京 は 晴れ でした 。", "東京は晴れでした。"),
        ("我们 的 新 芯片 快 十 倍 ，", "我们的新芯片快十倍，"),  # noqa: RUF001
        ("สวัสดี ครับ", "สวัสดีครับ"),
        ("the new GPT-4 は 速い です", "the new GPT-4 は速いです"),
        ("Plain words, as ever.", "Plain words, as ever."),
    ],
)
def test_words_without_blanks_are_joined_without(words: str, text: str) -> None:
    assert joined(words.split()) == text


@pytest.mark.parametrize("quote", ["東京は晴れでした", "晴れでした。", "京は晴"])
def test_a_quote_without_blanks_is_found_in_words(quote: str) -> None:
    assert stands(quote, "昨日 の 東 京 は 晴れ でした 。", "ja")
    assert stands(quote, "昨日の東京は晴れでした。", "ja")


def test_another_quote_is_not_found() -> None:
    assert not stands("大阪は雨でした", "昨日 の 東 京 は 晴れ でした 。", "ja")


def test_words_are_tokens_in_lower_case() -> None:
    text = "GPT-4o\u2019s 99.9% costs $4, at 11:00 (twenty-one)!"
    assert words(text) == ["gpt-4o", "s", "99.9", "%", "costs", "$", "4", "at", "11:00",
                           "twenty", "one"]  # fmt: skip


def test_plain_and_bare() -> None:
    assert plain("We\u2019re FAST") == "we're fast"
    assert folded("Pe\u00f1a's, GPT-4") == "penasgpt4"
    assert unmarked("(\u201cWell,") == "well"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00:00"), (75.9, "0:01:15"), (3675.2, "1:01:15"), (36000, "10:00:00")],
)
def test_a_clock_never_lands_after_the_time(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_stems_in_a_language_and_irregular_ones() -> None:
    assert stems("We sold it, scaling costs") == ["we", "sell", "it", "scale", "cost"]
    assert stem("Kosten", "de") == "kost"
    assert stem("Words", "xx") == "words"


def test_stems_are_the_same_in_many_threads() -> None:
    some = [f"{word}{number}ations" for number in range(400) for word in ("calcul", "oper")]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(stem, some))
    assert found == [stem.__wrapped__(word) for word in some]


def test_sentences_end_at_their_stops() -> None:
    assert sentences("One. Two?  Three") == ["One.", "Two?", "Three"]


def test_a_written_text_is_one_where_nothing_stops() -> None:
    assert sentences("no stop") == ["no stop"]
