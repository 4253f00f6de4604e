"""One question until it is answered or cannot be: sent, waited for, sent again as it is taken."""

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.cache import digest
from pipeline.data import Usage
from pipeline.errors import ModelError, TooLong
from pipeline.llm.budget import reserve
from pipeline.llm.capabilities import LARGER_CONTEXT, LEAST_ANSWER, RESPONSE_FORMATS
from pipeline.llm.conversation import Message, count_tokens, estimate
from pipeline.llm.failures import Failure, connection_error, to_error
from pipeline.llm.server import Server
from pipeline.llm.stream import BrokenAnswer, ErrorInStream, NotAChat, Streamed, read_answer

if TYPE_CHECKING:
    from pipeline.llm.client import Client

FIRST_WAIT = 0.5  # seconds before the second try; doubled for each one after
LONGEST_WAIT = 60.0  # seconds between two tries of which the server does not say when
_SAFE = 1.5  # tokens for one of `estimate`, of which no more are read in any language of Europe
_FOREIGN = (
    "answers, but not as an OpenAI-compatible server does; check writer.base_url, which mostly "
    "ends in /v1, and that no proxy answers in its place"
)
_CHARS_A_TOKEN = 20  # more than any tokenizer puts into one: beyond, a model goes in circles


@dataclass
class Call:
    """One question until it is answered or cannot be."""

    client: "Client"
    messages: list[Message]
    schema: dict[str, Any]
    max_tokens: int
    spent: list[Usage]
    sent: dict[str, Any] = field(default_factory=dict)
    answered: int = 0  # calls that the server had answered when this try began
    alone: bool = False  # whether no other call could be in this one's way
    bare: bool = False  # sent without a schema, to see whether the server crashes over it
    hangs: int = 0
    failed: int = 0  # tries, of `run.llm_retries`
    waits: int = 0  # that the server asked for
    waited: float = 0.0  # seconds, of `run.llm_patience`

    @property
    def server(self) -> Server:
        return self.client.server

    async def answer(self) -> Streamed:
        """The answer; raises ModelError."""
        import httpx2
        import openai

        while True:
            try:
                return await self._within_limit()
            except (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError) as error:
                if isinstance(error.__cause__, httpx2.ConnectTimeout):
                    wait = self._retry_delay(connection_error(error, self.server))
                else:
                    wait = self._after_hang()
            except openai.APIConnectionError as error:
                wait = self._retry_delay(connection_error(error, self.server))
            except (BrokenAnswer, httpx2.HTTPError) as error:
                why = str(error) or "the connection broke off"
                dead = self.server.gone_error(f"{why}; see the server's log, then run it again")
                wait = self._retry_delay(dead)
            except NotAChat:
                foreign = self.server.gone_error(_FOREIGN)
                raise self.server.record_failure(foreign, self.answered) from None
            except ErrorInStream as error:
                wait = self._after_refusal(error.failure)
            except openai.APIStatusError as error:
                wait = self._after_refusal(Failure.of(error))
            await asyncio.sleep(wait)

    async def _within_limit(self) -> Streamed:
        server = self.server
        async with server.call_limit.slot():
            if server.failed:
                raise server.failed
            self.answered = server.answered
            self.alone = server.alone or self.client.run.llm_concurrency == 1
            got = await self._within_budget()
        server.answered += 1
        self.client.capabilities.answered = True
        server.hangs, server.failed = 0, None
        return got

    async def _within_budget(self) -> Streamed:
        """The answer to one request, for which the most that it can cost was set aside."""
        import openai

        about = round(count_tokens(self.messages) * max(_SAFE, self.client.capabilities.density))
        most = self.client.priced(Usage(1, about, self.max_tokens)).cost or 0.0
        async with reserve(self.client.run, most) as aside:
            try:
                got = await self._send()
            except (openai.APIStatusError, openai.APIConnectionError) as error:
                if not isinstance(error, openai.APITimeoutError):
                    aside.paid = 0.0  # refused, or never there
                raise
            aside.paid = self.client.priced(got.token_usage()).cost or aside.paid
            return got

    async def _send(self) -> Streamed:
        """One request, as the server wants it."""
        import openai

        client, known = self.client, self.client.capabilities
        group = digest(self.messages[0]["content"])
        self.sent = known.parameters(
            client.options, self.schema, self.max_tokens, self.server.at, group
        )
        messages = known.messages(self.messages, self.schema)
        chat: Any = self.server.connection.chat.completions.with_streaming_response
        got, longest = Streamed(), self.max_tokens * _CHARS_A_TOKEN
        try:
            async with chat.create(model=client.model, messages=messages, **self.sent) as response:
                await read_answer(got, response.iter_lines(), client.run.llm_timeout, longest)
        except openai.BadRequestError as error:
            got.text = Failure.of(error).partial_answer
            if not got.text:
                raise
        except Exception:
            self._count_broken(got)
            raise
        return got

    def _retry_delay(self, error: ModelError) -> float:
        """Seconds until the next try; raises `error` after the last one."""
        self.failed += 1
        if self.failed > self.client.run.llm_retries:
            raise self.server.record_failure(error, self.answered)
        return backoff(self.failed - 1)

    def _after_hang(self) -> float:
        """Once more; on this machine alone, since one that serves one after another is no hang."""
        if self.server.at.is_here and not self.alone:
            self.server.leave_alone()
            return 0.0
        self.hangs += 1
        self.server.hangs += 1
        hangs = self.server.hangs if self.alone else self.hangs
        if hangs > 1 or not self.client.run.llm_retries:
            dead = self.server.gone_error(
                f"no word for {self.client.run.llm_timeout:g} s; raise run.llm_timeout, or take a "
                "faster model"
            )
            raise self.server.record_failure(dead, self.answered)
        return 0.0

    def _count_broken(self, got: Streamed) -> None:
        """A try that broke off is paid for all the same: what the server told, else an estimate."""
        if not (got.text or got.thought):
            return
        told = got.token_usage()
        about = count_tokens(self.messages) * self.client.capabilities.density
        written = estimate(got.text + got.thought)
        told = told if told.tokens_in else Usage(1, round(about), written)
        self.spent.append(self.client.priced(told))

    def _after_refusal(self, failure: Failure) -> float:
        """Without what was refused, shorter or later; raises what it means if none."""
        known = self.client.capabilities
        if failure.exceeds_context:
            return self._cap_answer(failure)
        if known.learn(failure, self.sent):
            self.max_tokens = min(self.max_tokens, known.largest(self.client.options))
            return 0.0
        error = to_error(failure, self.server, self.client.model)
        if failure.retry_after and failure.is_transient:
            return self._after_wait(failure.retry_after, error)
        if failure.may_retry and self.failed < self.client.run.llm_retries:
            return self._retry_delay(error)
        if self.bare:
            known.refused -= RESPONSE_FORMATS  # it crashes without a schema too
        elif known.crashed_on_schema(failure, self.sent):
            self.bare = True
            known.refused |= RESPONSE_FORMATS
            return 0.0
        raise self.server.record_failure(error, self.answered)

    def _after_wait(self, wait: float, error: ModelError) -> float:
        """As long as the server asks for, up to `run.llm_patience` for one question."""
        wait = max(wait, backoff(self.waits))
        self.waits += 1
        self.waited += wait
        if self.waited > self.client.run.llm_patience:
            raise self.server.record_failure(error, self.answered)
        return wait

    def _cap_answer(self, failure: Failure) -> float:
        """With less room for the answer, if the prompt then fits; raises TooLong if it does not."""
        known, about = self.client.capabilities, count_tokens(self.messages)
        holds = failure.context_size or int((about + self.max_tokens) * 0.75)
        known.context = min(holds, known.context or holds)
        known.learn_density(failure.prompt_size, about)
        largest = known.largest(self.client.options)
        cap = min(self.max_tokens, largest, known.context - round(about * known.density))
        if min(LEAST_ANSWER, largest) <= cap < self.max_tokens:
            self.max_tokens = cap
            return 0.0
        raise TooLong(
            f"{self.server.at.host}: the model holds {known.context} tokens, and a prompt of "
            f"about {about} with its answer is more; {LARGER_CONTEXT} ({failure.text})",
            self.client.room,
        )


def backoff(attempt: int) -> float:
    """Doubled each time, and scattered so that calls in flight do not come back together."""
    return min(LONGEST_WAIT, float(FIRST_WAIT * 2**attempt)) * random.uniform(0.75, 1.25)
