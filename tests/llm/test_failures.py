"""What servers say, in their own words, is understood."""

import pytest

from pipeline.llm.failures import Failure

HOLDS = {
    "This model's maximum context length is 8,192 tokens. However, you requested 9000": 8192,
    "prompt is too long: 210000 tokens > 200000 maximum": 200000,
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).": (
        1048576
    ),
    "Requested tokens (2285) exceed context window of 2048": 2048,
    "However, the model is loaded with context length of only 4096 tokens": 4096,
    "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 3900 `inputs` tokens": 4096,
    "Request too large for gpt-9 in organization org-1 on tokens per min: Limit 30000, Requested": (
        30000
    ),
    "Your input exceeds the context window of this model.": None,
    "the request exceeds the available context size, try increasing it": None,
}
WAITS = {
    "Please try again in 1m30.5s. Visit the console": 90.5,
    "Please retry after 33 seconds. Please go here": 33.0,
    "Please retry in 12.5s.": 12.5,
    "You should wait for 20ms": 0.02,
    "wait 5 seconds": 5.0,
    "wait for 3 more requests": 3.0,
    "try again in 2 hrs": 7200.0,
    "try again in about 2 minutes": 120.0,
    "try again in 1h2m": 3720.0,
    "try again later, the limit is 30000 tokens": None,
    'x-stainless-retry-count": "0", "x-stainless-read-timeout": "300.0"': None,
    "Too many requests": None,
}


@pytest.mark.parametrize("said", HOLDS)
def test_what_a_model_holds(said: str) -> None:
    failure = Failure(400, {"message": said})
    assert failure.exceeds_context and failure.context_size == HOLDS[said]


@pytest.mark.parametrize(
    "said",
    [
        "Unsupported parameter: 'max_tokens' is not supported with this model.",
        "max_tokens is too large: 9000. This model supports at most 4096 completion tokens",
        "Rate limit reached for gpt-9 on tokens per min. Please try again in 2s",
        "You exceeded your current quota, please check your plan",
    ],
)
def test_other_complaints_are_no_overflow(said: str) -> None:
    assert not Failure(429, {"message": said}).exceeds_context


@pytest.mark.parametrize("said", WAITS)
def test_how_long_to_wait(said: str) -> None:
    assert Failure(429, {"message": said}).retry_after == WAITS[said]


@pytest.mark.parametrize(
    "body",
    [
        {"message": "no such thing"},
        {"error": {"message": "no such thing"}},
        {"error": "no such thing"},
        {"detail": "no such thing"},
        [{"error": {"message": "no such thing"}}],
        {"message": {"detail": [{"msg": "no such thing"}]}},
        "<html><title>no such thing</title></html>",
    ],
)
def test_the_servers_words_are_found_wherever_they_are(body: object) -> None:
    assert Failure(400, body).text == "no such thing"
