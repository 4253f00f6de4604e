"""Words as one text, in any script; what is written without blanks is found again in pieces."""

import pytest

from pipeline.notes.wording import stands
from pipeline.text import joined


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
