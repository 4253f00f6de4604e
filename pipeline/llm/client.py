"""Questions to one model on one OpenAI-compatible server: answered, counted, their size known.

Errors: those of `ModelError` for everything that a server can do wrong. openai is imported when
the first call is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pipeline import config
from pipeline.data import Usage
from pipeline.errors import ServerFailed, TooLong
from pipeline.llm import models
from pipeline.llm.call import Call
from pipeline.llm.capabilities import LARGER_CONTEXT, LEAST_ANSWER, Capabilities
from pipeline.llm.conversation import Message, count_tokens, estimate, min_tokens, with_cost
from pipeline.llm.endpoint import endpoint
from pipeline.llm.server import Server
from pipeline.llm.stream import Streamed

_THOUGHTS = 8_000  # tokens: what low effort takes and more; no cost where they are not needed


@dataclass
class Client:
    """Calls one model on one server, a bounded number at a time. Lives in one event loop."""

    options: config.Writer = field(repr=False)  # its address may hold a password
    run: config.Run

    def with_model(self, name: str) -> "Client":
        """The same server, limit and line, but another model: for the judge."""
        other = replace(self, options=self.options.model_copy(update={"model": name}))
        other.server = self.server
        return other

    @cached_property
    def server(self) -> Server:
        """Raises NeverAnswered for an address that is none."""
        return Server(endpoint(self.options), self.run)

    @property
    def host(self) -> str:
        """The server as it may be told to people."""
        return self.server.at.host

    @property
    def model(self) -> str:
        """The model's name; "auto" until the server was asked."""
        auto = self.options.model == "auto"
        return (auto and self.server.offered) or self.options.model

    @property
    def capabilities(self) -> Capabilities:
        return self.server.capabilities(self.model)

    @property
    def room(self) -> int:
        """Tokens that a prompt may have, as `estimate` counts them."""
        return self._beside(self.max_tokens())

    @property
    def most_room(self) -> int:
        """The same, beside the shortest answer that is of use."""
        return self._beside(min(LEAST_ANSWER, self.max_tokens()))

    def _beside(self, answer: int) -> int:
        return int((self.capabilities.holds(self.options) - answer) / self.capabilities.density)

    def max_tokens(self, times: int = 1) -> int:
        """Tokens that an answer may have, `times` the usual; elsewhere with room for thoughts."""
        thoughts = 0 if self.server.at.is_here else _THOUGHTS
        return self.capabilities.max_tokens(self.options, times, thoughts)

    def priced(self, usage: Usage) -> Usage:
        """With its cost, at the tier that the server takes."""
        tier = "" if "service_tier" in self.capabilities.refused else self.options.service_tier
        return with_cost(usage, self.run, tier)

    async def resolved(self) -> str:
        """The model's name, for which the server is asked once if it is "auto"."""
        async with self.server.asking:
            if self.model == "auto":
                if self.server.failed:
                    raise self.server.failed
                try:
                    self.server.offered = await models.choose_model(self.server)
                except ServerFailed as error:
                    raise self.server.record_failure(error, self.server.answered) from None
        return self.model

    async def complete(
        self,
        messages: Sequence[Message],
        schema: dict[str, Any],
        spent: list[Usage],
        times: int = 1,
    ) -> Streamed:
        """The model's answer, asked for in the shape of `schema`; `times` the usual length.

        What each try cost goes into `spent`. An answer that was all thoughts is asked for again
        with more room.
        """
        await self.resolved()
        while True:
            usual = self.max_tokens(times)
            left = self.capabilities.holds(self.options) - round(
                count_tokens(messages) * self.capabilities.density
            )
            cap = min(usual, max(LEAST_ANSWER, left))
            got = await Call(self, list(messages), schema, cap, spent).answer()
            spent.append(self.priced(got.token_usage()))
            self._check_whole(messages, spent[-1].tokens_in)
            largest = self.capabilities.largest(self.options)
            if not (_was_all_thoughts(got) and cap == usual < largest):
                return got
            self.capabilities.min_output = max(self.capabilities.min_output, cap * 4)

    def _check_whole(self, messages: Sequence[Message], read: int) -> None:
        """Raises TooLong when the server read less than it was sent: what falls off can be the
        instructions. Also learns how many tokens an estimated one is."""
        about = count_tokens(messages)
        self.capabilities.most_read = max(self.capabilities.most_read, read)
        alike = self.server.reads_no_more(read, about) and read == self.capabilities.most_read
        if 0 < read < min_tokens(messages) or alike:
            raise self.cuts(messages, read)
        self.capabilities.learn_density(read, about)

    def cuts(self, messages: Sequence[Message], read: int) -> TooLong:
        """What is said of a server that cuts prompts silently; the most that it ever read is from
        now on what it holds."""
        holds = self.capabilities.context = self.capabilities.most_read
        return TooLong(
            f"{self.host}: read {read} tokens of a prompt of about {count_tokens(messages)}: it "
            f"cuts prompts silently, so they are kept within {holds} from here; {LARGER_CONTEXT}",
            self.room,
        )


def _was_all_thoughts(got: Streamed) -> bool:
    """Whether the length went into thinking and not into a long answer."""
    details = got.usage.get("completion_tokens_details")
    told = details.get("reasoning_tokens") if isinstance(details, dict) else 0
    thought = told or estimate(got.thought)
    return got.finish == "length" and (not got.visible or thought > estimate(got.visible))
