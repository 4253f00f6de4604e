"""Reading what a server sends back: a stream of events, one JSON body, or neither.

Read by hand, since servers answer a request for a stream with a body, put the answer into other
fields, break off, or send blanks to keep a connection alive.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.data import Usage
from pipeline.errors import without_keys
from pipeline.llm.failures import Failure
from pipeline.llm.replies import strip_thoughts

_KEPT_ALIVE = 3600.0  # seconds for which a server may say that it is still at it, and nothing more


class BrokenAnswer(Exception):
    """An answer that broke off, is blank or is no JSON: the next try may well be whole."""


class NotAChat(Exception):
    """An answer in the form of something else than a chat: a proxy's page, another program."""


class ErrorInStream(Exception):
    """An error that came with a 200."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.text)
        self.failure = failure


@dataclass
class Streamed:
    """An answer as far as it has come."""

    text: str = ""
    thought: str = ""
    refusal: str = ""
    finish: str = ""
    usage: dict[str, Any] = field(default_factory=dict)

    def take(self, chunk: Any) -> bool:
        """Add a chunk or a whole completion; whether it brought anything new."""
        if not isinstance(chunk, dict):
            raise NotAChat
        if chunk.get("error"):
            raise ErrorInStream(Failure.inside(chunk["error"]))
        choices = chunk.get("choices")
        if not isinstance(choices, list):
            raise NotAChat
        if isinstance(chunk.get("usage"), dict):
            self.usage = chunk["usage"]
        return self._choice(choices[0]) if choices else bool(chunk.get("usage"))

    def _choice(self, choice: Any) -> bool:
        if not isinstance(choice, dict):
            raise NotAChat
        said = choice.get("delta") or choice.get("message") or {}
        if not isinstance(said, dict):
            raise NotAChat
        text = _joined(said.get("content")) + _tool_arguments(said)
        thought = _joined(said.get("reasoning_content") or said.get("reasoning"))
        self.text += text
        self.thought += thought
        self.refusal += _joined(said.get("refusal"))
        self.finish = choice.get("finish_reason") or self.finish
        return bool(text or thought or self.finish)

    @property
    def visible(self) -> str:
        """The answer without its thoughts, and without a key that the server echoed in it; from
        the thoughts' field if the server put it there."""
        said = strip_thoughts(self.text)
        if not said and self.finish != "length":
            said = strip_thoughts(self.thought) or self.text or self.thought
        return without_keys(said)

    def token_usage(self) -> Usage:
        """The tokens that the server counted, cached ones being part of the prompt everywhere."""
        details = self.usage.get("prompt_tokens_details")
        details = details if isinstance(details, dict) else {}
        cached = _count(details.get("cached_tokens") or self.usage.get("prompt_cache_hit_tokens"))
        read = _count(self.usage.get("prompt_tokens"))
        read += cached if cached > read else 0
        return Usage(1, read, _count(self.usage.get("completion_tokens")), cached)


def _count(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _joined(content: Any) -> str:
    """The text of a message; some servers send it in parts, thoughts among them."""
    if isinstance(content, list):
        parts = (each for each in content if isinstance(each, dict) and "thinking" not in each)
        return "".join(_joined(each.get("text")) for each in parts)
    return content if isinstance(content, str) else ""


def _tool_arguments(said: dict[str, Any]) -> str:
    """An answer that came as the arguments of a tool that nobody offered."""
    calls = said.get("tool_calls")
    found = (each.get("function") for each in calls or () if isinstance(each, dict))
    return "".join(_joined(each.get("arguments")) for each in found if isinstance(each, dict))


async def read_answer(
    answer: Streamed, lines: AsyncIterator[str], idle: float, longest: int
) -> None:
    """Read the whole of an answer; TimeoutError after `idle` seconds without anything new.

    `longest` is how many characters are read before a model is taken to be going round in circles.
    """
    plain: list[str] = []
    loop = asyncio.get_running_loop()
    last_word = loop.time() + _KEPT_ALIVE
    async with asyncio.timeout(idle) as clock:
        async for line in lines:
            if not line.startswith("data:"):
                if not line.startswith((":", "event:", "id:", "retry:")):
                    plain.append(line)
                elif loop.time() < last_word:
                    clock.reschedule(loop.time() + idle)
                continue
            data = line.removeprefix("data:").strip()
            if data == "[DONE]":
                break
            if answer.take(_parsed(data)):
                clock.reschedule(loop.time() + idle)
            if len(answer.text) + len(answer.thought) > longest:
                answer.finish = "length"
                break
        else:
            _end(answer, "\n".join(plain))


def _end(answer: Streamed, plain: str) -> None:
    """Ends an answer without an end mark: a body that was no stream; raises BrokenAnswer."""
    if plain.strip() and not answer.text:
        if plain.lstrip().startswith("<"):
            raise NotAChat
        answer.take(_parsed(plain))
    elif not (answer.finish or answer.text.rstrip().endswith(("}", "```"))):
        raise BrokenAnswer("the answer broke off" if answer.text else "the answer was blank")


def _parsed(data: str) -> Any:
    try:
        return json.loads(data, strict=False)
    except ValueError:
        raise BrokenAnswer("the answer was no JSON") from None
