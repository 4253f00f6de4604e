"""How OpenAI-compatible servers differ: what they refuse, how they fail, what they cut off."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from pipeline import config
from pipeline.data import Usage
from pipeline.errors import ModelError

if TYPE_CHECKING:
    import openai

FIRST_WAIT = 0.5  # seconds before the second try; doubled for each one after
LONGEST_WAIT = 60.0  # seconds: a server that asks for more is given up
KEY = "OPENAI_API_KEY"
CHARS_A_TOKEN = 4.0  # of English prose; the estimate on which prompts are cut
_SENTENCE = 300  # characters of a server's own message that are passed on


class Message(TypedDict):
    """One part of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass
class Manners:
    """What one model on one server refused so far; it is not sent that again."""

    refused: set[str] = field(default_factory=set)

    def learn(self, error: "openai.APIStatusError") -> bool:
        """Take a refusal to heart; False when it is about nothing that can be left out."""
        text = said(error).lower()
        for option, pattern in _OPTIONS:
            if option not in self.refused and re.search(pattern, text):
                self.refused.add(option)
                return True
        return False

    def options(self, options: config.Writer, schema: dict[str, Any]) -> dict[str, Any]:
        """The parameters of a request, without what is refused."""
        length = "max_completion_tokens" if "max_tokens" in self.refused else "max_tokens"
        wanted: dict[str, Any] = {length: options.max_output}
        if "temperature" not in self.refused:
            wanted["temperature"] = options.temperature
        if "json_schema" not in self.refused:
            strict = {"name": "answer", "strict": True, "schema": schema}
            wanted["response_format"] = {"type": "json_schema", "json_schema": strict}
        elif "json_object" not in self.refused:
            wanted["response_format"] = {"type": "json_object"}
        return wanted


_OPTIONS = (
    ("max_tokens", r"max_tokens|max_completion_tokens"),
    ("temperature", r"temperature"),
    ("json_schema", r"response_format|json_schema|schema|structured"),
    ("json_object", r"response_format|json_object"),
)


def said(error: "openai.APIStatusError") -> str:
    """The server's own words, short and on one line."""
    body = error.body
    inner = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(inner or error.message).split())[:_SENTENCE]


def wait_before(error: "openai.APIStatusError", attempt: int) -> float | None:
    """Seconds until another try is worth it; None when it is not."""
    if error.status_code not in (408, 409, 425, 429) and error.status_code < 500:
        return None
    if error.code == "insufficient_quota":
        return None
    asked = _retry_after(error)
    if asked is None:
        return backoff(attempt)
    return asked if asked <= LONGEST_WAIT else None


def backoff(attempt: int) -> float:
    """Doubled each time, and scattered so that calls in flight do not come back together."""
    return float(FIRST_WAIT * 2**attempt * random.uniform(0.75, 1.25))


def _retry_after(error: "openai.APIStatusError") -> float | None:
    for header, size in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = error.response.headers.get(header, "")
        if re.fullmatch(r"\d+(\.\d+)?", value):
            return float(value) * size
    return None


def explained(error: "openai.APIStatusError", url: str, model: str) -> ModelError:
    """The sentence for the user: which server, what is wrong, what to do."""
    status = error.status_code
    if status in (401, 403):  # the server may repeat the key: its words are not passed on
        return ModelError(f"{url}: refuses the key ({status}); set {KEY} to one that it knows")
    if 300 <= status < 400:
        there = error.response.headers.get("location", "another address")
        return ModelError(
            f"{url}: sends calls on to {there}, and what is on this machine is not sent elsewhere; "
            "set writer.base_url to the server that is meant"
        )
    if status == 404:
        return ModelError(f"{url}: has no model {model!r} (404); set writer.model, or the base URL")
    if status == 429:
        return ModelError(f"{url}: too many calls or no quota left (429): {said(error)}")
    if status == 400 and re.search(r"context|maximum.*length|too (long|large)", said(error)):
        return ModelError(
            f"{url}: the prompt is longer than the model takes; set writer.context to the model's "
            f"size in tokens ({said(error)})"
        )
    return ModelError(f"{url}: fails with {status}: {said(error)}")


def estimate(text: str) -> int:
    """About how many tokens a text is."""
    return round(len(text) / CHARS_A_TOKEN)


def check_whole(messages: Sequence[Message], usage: Usage, url: str) -> None:
    """Raises ModelError when the server read less than it was sent.

    No tokenizer makes fewer tokens than there are words, so a smaller count means that the prompt
    was cut, and what falls off can be the instructions.
    """
    text = " ".join(message["content"] for message in messages)
    least = len(re.findall(r"[A-Za-z]+", text))
    if 0 < usage.tokens_in < least:
        raise ModelError(
            f"{url}: read {usage.tokens_in} tokens of a prompt of about {estimate(text)}: it cuts "
            "prompts silently; give it a larger context (Ollama: OLLAMA_CONTEXT_LENGTH or num_ctx "
            f"in the model file), or set writer.context={usage.tokens_in}"
        )


def priced(usage: Usage, run: config.Run) -> Usage:
    """With its cost, where the configuration names prices for a million tokens."""
    if run.price_in is None or run.price_out is None:
        return usage
    cached_price = run.price_in if run.price_cached is None else run.price_cached
    fresh = usage.tokens_in - usage.tokens_cached
    cost = fresh * run.price_in + usage.tokens_cached * cached_price
    cost += usage.tokens_out * run.price_out
    return Usage(
        usage.calls,
        usage.tokens_in,
        usage.tokens_out,
        usage.tokens_cached,
        round(cost / 1_000_000, 6),
    )
