"""Answers of servers that put something else where a chat has text and numbers."""

from typing import Any

import pytest

from pipeline.llm.failures import Failure
from pipeline.llm.stream import NotAChat, Streamed


@pytest.mark.parametrize("choice", ["text", ["text"], 3, {"delta": "text"}, {"message": [1]}])
def test_a_choice_that_is_none_is_foreign(choice: Any) -> None:
    with pytest.raises(NotAChat):
        Streamed().take({"choices": [choice]})


@pytest.mark.parametrize(
    "message", [{"content": 3}, {"refusal": {"a": 1}}, {"tool_calls": [{"function": "f"}]}]
)
def test_a_message_without_text_brings_none(message: dict[str, Any]) -> None:
    got = Streamed()
    got.take({"choices": [{"message": message}]})
    assert (got.text, got.refusal) == ("", "")


@pytest.mark.parametrize(
    "usage", [{"prompt_tokens": "many"}, {"prompt_tokens_details": 3, "completion_tokens": None}]
)
def test_a_count_that_is_no_number_is_none(usage: dict[str, Any]) -> None:
    counted = Streamed(usage=usage).token_usage()
    assert (counted.tokens_in, counted.tokens_out, counted.tokens_cached) == (0, 0, 0)


def test_cached_tokens_that_are_counted_apart_are_read_too() -> None:
    told = {"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": 90}}
    assert Streamed(usage=told).token_usage().tokens_in == 100


@pytest.mark.parametrize(("told", "seconds"), [("soon", None), ("1500", 1.5), (250, 0.25)])
def test_a_wait_in_milliseconds(told: Any, seconds: float | None) -> None:
    assert Failure(429, {"error": {"retry_after_ms": told}}).retry_after == seconds
