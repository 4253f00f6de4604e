"""Calls to an OpenAI-compatible server: sent, waited for, tried again, counted.

Errors: ModelError for everything that a server can do wrong, in one sentence that never holds the
key. openai is imported when the first call is made.
"""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline import config
from pipeline.data import Usage
from pipeline.errors import ModelError
from pipeline.llm.places import place
from pipeline.llm.server import (
    KEY,
    Manners,
    Message,
    backoff,
    check_whole,
    explained,
    priced,
    wait_before,
)
from pipeline.privacy import is_here

if TYPE_CHECKING:
    import openai
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletion

_NO_KEY = "none"  # what a server that asks for no key is sent: the openai package insists
_manners: dict[tuple[str, str], Manners] = {}  # learnt in this process, by server and model


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered. `finish` is "stop", "length", "content_filter", ..."""

    text: str
    finish: str
    refusal: str | None
    usage: Usage


def server_url(options: config.Writer) -> str:
    """The server that calls go to."""
    return options.base_url or os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


@dataclass
class Client:
    """Calls one model on one server, a bounded number at a time. Lives in one event loop."""

    options: config.Writer
    run: config.Run
    _open: "openai.AsyncOpenAI | None" = field(default=None, repr=False)
    _places: asyncio.Semaphore | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return server_url(self.options)

    async def complete(self, messages: Sequence[Message], schema: dict[str, Any]) -> Reply:
        """The model's answer to a conversation, asked for in the shape of `schema`."""
        if self._places is None:
            self._places = asyncio.Semaphore(self.run.llm_concurrency)
        async with self._places, place(self.run):
            reply = _reply(await self._patiently(messages, schema), self.run, self.url)
        check_whole(messages, reply.usage, self.url)
        return reply

    async def _patiently(self, messages: Sequence[Message], schema: dict[str, Any]) -> Any:
        """One call, tried again after a 429, a 5xx, a broken connection, and once after a hang."""
        import openai

        self._client()  # made before the clock of the first call runs
        hangs = 0
        for attempt in range(self.run.llm_retries + 1):
            last = attempt == self.run.llm_retries
            try:
                async with asyncio.timeout(self.run.llm_timeout):  # a dripping answer hangs too
                    return await self._politely(messages, schema)
            except (openai.APITimeoutError, TimeoutError):
                hangs += 1
                if last or hangs > 1:
                    raise self._hung() from None
                wait = 0.0
            except openai.APIConnectionError as error:
                if last:
                    raise self._unreachable(error) from None
                wait = backoff(attempt)
            except openai.APIStatusError as error:
                again = wait_before(error, attempt)
                if last or again is None:
                    raise explained(error, self.url, self.options.model) from None
                wait = again
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def _politely(self, messages: Sequence[Message], schema: dict[str, Any]) -> Any:
        """One request, without what this server has refused before or refuses now."""
        import openai

        manners = _manners.setdefault((self.url, self.options.model), Manners())
        while True:
            options = manners.options(self.options, schema)
            try:
                create: Any = self._client().chat.completions.create
                return await create(model=self.options.model, messages=list(messages), **options)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not manners.learn(error):
                    raise

    def _client(self) -> "openai.AsyncOpenAI":
        if self._open is None:
            import openai

            self._open = openai.AsyncOpenAI(
                base_url=self.url,
                api_key=os.environ.get(KEY) or _NO_KEY,
                http_client=_transport(self.url),
                timeout=self.run.llm_timeout,
                max_retries=0,
            )
        return self._open

    def _hung(self) -> ModelError:
        return ModelError(
            f"{self.url}: no answer within {self.run.llm_timeout:g} s; raise run.llm_timeout or "
            "take a faster model"
        )

    def _unreachable(self, error: "openai.APIConnectionError") -> ModelError:
        return ModelError(f"{self.url}: cannot be reached ({error.__cause__ or error}); is it up?")


def _transport(url: str) -> "openai.DefaultAsyncHttpxClient":
    """What carries the calls; those to this machine take no proxy and are not sent on elsewhere."""
    import openai

    elsewhere = not is_here(urlsplit(url).hostname or "")
    return openai.DefaultAsyncHttpxClient(follow_redirects=elsewhere, trust_env=elsewhere)


def _reply(answer: Any, run: config.Run, url: str) -> Reply:
    """The reply in a completion; ModelError for what only looks like one (a proxy's HTML page)."""
    choices = getattr(answer, "choices", None)
    if not choices or choices[0].message is None:
        raise ModelError(f"{url}: answers, but not as an OpenAI-compatible server does")
    completion: ChatCompletion = answer
    choice = completion.choices[0]
    return Reply(
        text=choice.message.content or "",
        finish=choice.finish_reason or "stop",
        refusal=choice.message.refusal,
        usage=priced(_usage(completion.usage), run),
    )


def _usage(told: "CompletionUsage | None") -> Usage:
    if told is None:
        return Usage(calls=1)
    details = told.prompt_tokens_details
    cached = (details.cached_tokens or 0) if details else 0
    return Usage(1, told.prompt_tokens or 0, told.completion_tokens or 0, cached)
