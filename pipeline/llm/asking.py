"""Asking a model for an answer of a shape: composed, stored, checked, asked once more.

A step's key is all that an answer depends on: the text that is sent, the model, whose server it
is, the shape, and the two parameters that change what a model says. How long an answer may be,
what a call costs, how the server is reached and what it has refused before are no part of it.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from pipeline.cache import Cache
from pipeline.data import Usage
from pipeline.errors import PipelineError, ServerFailed, TooLong, Unusable
from pipeline.llm.capabilities import LARGER_CONTEXT
from pipeline.llm.client import Client
from pipeline.llm.coercion import Coerced, strict_schema
from pipeline.llm.conversation import Message, count_tokens
from pipeline.llm.replies import parse_answer
from pipeline.llm.stream import Streamed
from pipeline.prompts import Prompts

M = TypeVar("M", bound=BaseModel)
A = TypeVar("A")
STEP = "llm"
_TOLERANCE = 1.25  # an estimate: what may just fit is tried


@dataclass(frozen=True, slots=True)
class Stored:
    """A usable answer as it is stored, what of it was lost, and what all tries were paid for."""

    answer: str
    usage: Usage
    lost: tuple[str, ...] = ()


async def all_of(calls: Iterable[Awaitable[A]]) -> list[A]:
    """The answers of concurrent calls; all are awaited, and paid for, before an error is raised."""
    answers = []
    for came in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(came, BaseException):
            raise came
        answers.append(came)
    return answers


@dataclass
class Asker:
    """Asks for one talk (or one event), adds up what that costs and what of it was lost."""

    client: Client
    prompts: Prompts
    cache: Cache
    usage: Usage = field(default_factory=Usage)  # of failed tries too
    lost: list[str] = field(default_factory=list)  # sentences for a warning or a post

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M:
        """The answer to a prompt; raises ModelError, or PromptError for the template."""
        return await self.ask(self.compose(prompt, variables), shape)

    def compose(self, prompt: str, variables: Mapping[str, object]) -> tuple[Message, ...]:
        """The text that is sent: what never changes first, the talk's own last.

        The shape goes with it as a JSON Schema, and is told in words only to servers that do not
        know these.
        """
        voice = self.prompts.render("voice").strip()
        instructions, material = self.prompts.messages(prompt, **{"voice": voice, **variables})
        return (
            {"role": "system", "content": instructions},
            {"role": "user", "content": material},
        )

    async def ask(self, messages: Sequence[Message], shape: type[M]) -> M:
        """The answer to a conversation, from the cache if the same was asked before.

        Bad entries of its lists are left out and said in `lost`. Raises Unusable, TooLong,
        ServerFailed.
        """
        await self.client.resolved()
        self._fits(messages)
        kept = await self._stored_or_new(messages, shape)
        self.usage += kept.usage
        self.lost += kept.lost
        return shape.model_validate_json(kept.answer)

    async def _stored_or_new(self, messages: Sequence[Message], shape: type[M]) -> Stored:
        """The stored answer, or a new one; one that was cut off holds for this length only."""
        key, spent = self.key(messages, shape), list[Usage]()
        short = self._cut_key(key)
        found = self.cache.find(STEP, short, Stored) or self.cache.look_up(STEP, key, Stored)
        if found:
            return found
        try:
            best = await self._ask_twice(messages, shape, spent)
        except PipelineError:
            self.usage += sum(spent, Usage())
            raise
        answer = best.answer.model_dump_json()
        kept = Stored(answer, sum(spent, Usage()), _loss_sentences(best))
        return self.cache.keep(STEP, short if best.cut else key, Stored, kept)

    def find_stored(self, messages: Sequence[Message], shape: type[M]) -> M | None:
        """The kept answer to a question, once the model is known; None where there is none."""
        key = self.key(messages, shape)
        found = (self.cache.find(STEP, each, Stored) for each in (self._cut_key(key), key))
        kept = next(filter(None, found), None)
        return shape.model_validate_json(kept.answer) if kept else None

    def is_whole(self, messages: Sequence[Message], shape: type[BaseModel]) -> bool:
        """Whether nothing was lost of the kept answer to a question."""
        kept = self.cache.find(STEP, self.key(messages, shape), Stored)
        return kept is not None and not kept.lost

    def store(self, messages: Sequence[Message], answer: BaseModel) -> None:
        """Keep what answers this question too: a part of what another one was answered with."""
        key = self.key(messages, type(answer))
        self.cache.keep(STEP, key, Stored, Stored(answer.model_dump_json(), Usage()))

    def _cut_key(self, key: dict[str, Any]) -> dict[str, Any]:
        """The key of an answer that was cut off, which holds for this length alone."""
        return key | {"max_output": self.client.options.max_output}

    def key(self, messages: Sequence[Message], shape: type[BaseModel]) -> dict[str, Any]:
        """All that an answer depends on."""
        options = self.client.options
        return {
            "messages": list(messages),
            "model": self.client.model,
            "server": self.client.server.at.identity,
            "shape": strict_schema(shape),
            "temperature": options.temperature,
            "reasoning": options.reasoning,
        }

    def _fits(self, messages: Sequence[Message]) -> None:
        if count_tokens(messages) > self.client.most_room * _TOLERANCE:
            context = self.client.capabilities.holds(self.client.options)
            raise TooLong(
                f"a prompt of about {count_tokens(messages)} tokens and its answer do not fit into "
                f"a context of {context} (writer.context, or less where the server says so); "
                f"{LARGER_CONTEXT}, or lower writer.max_output",
                self.client.room,
            )

    async def _ask_twice(
        self, messages: Sequence[Message], shape: type[M], spent: list[Usage]
    ) -> Coerced[M]:
        """An answer that fits, asked for twice at most; the fuller of two that do not quite."""
        best = await self._ask_once(messages, shape, spent, 1)
        if best.why:
            try:
                second = await self._ask_once([*messages, *_correction(best)], shape, spent, 2)
                read = best.got.token_usage().tokens_in
                if read > 0 and second.got.token_usage().tokens_in == read:
                    raise self.client.cuts(messages, read)  # a longer one, and no token more
                best = max(second, best, key=_fullness)
            except TooLong:
                if count_tokens(messages) > self.client.most_room:
                    raise  # else only what was to be said about the question does not fit
            except ServerFailed:
                if best.found is None:
                    raise
        if best.found is None:
            raise self._unusable(best)
        return best.found

    async def _ask_once(
        self, messages: Sequence[Message], shape: type[M], spent: list[Usage], times: int
    ) -> "_Try[M]":
        got = await self.client.complete(messages, strict_schema(shape), spent, times)
        if _is_refusal(got):
            return _Try(got, None, "it was refused")
        cut = got.finish == "length"
        try:
            found = parse_answer(got.visible, shape, cut)
        except ValueError as error:
            self.client.capabilities.schema_in_words |= got.finish in ("", "stop")
            return _Try(got, None, "it was cut off at the length limit" if cut else str(error))
        return _Try(got, found, _reason_to_retry(found))

    def _unusable(self, last: "_Try[M]") -> Unusable:
        got, remedy = last.got, "take a stronger model with writer.model"
        if _is_refusal(got):
            remedy = "take another model with writer.model"
        elif got.finish == "length":
            remedy = "raise writer.max_output"
        said = f" ({got.refusal[:200]})" if got.refusal else ""
        return Unusable(
            f"{self.client.host}: {self.client.model} gave no usable answer, asked twice: "
            f"{last.why}{said}; {remedy}",
            "the model refused"
            if got.refusal
            else f"the model's answer cannot be used: {last.why}",
        )


@dataclass(frozen=True, slots=True)
class _Try(Generic[M]):
    """A reply, the answer in it if there is one, and why it is asked for again, or ""."""

    got: Streamed
    found: Coerced[M] | None
    why: str


def _is_refusal(got: Streamed) -> bool:
    return bool(got.refusal) or got.finish == "content_filter"


def _correction(last: _Try[M]) -> tuple[Message, Message]:
    """The messages that ask for a corrected answer: the last one, and what is wrong with it."""
    shorter = " Say it in fewer words." if "cut off" in last.why else ""
    complaint = f"That answer cannot be used: {last.why}.{shorter} Give it again, whole."
    return (
        {"role": "assistant", "content": last.got.visible[:4000] or "(nothing)"},
        {"role": "user", "content": f"{complaint}\nAnswer in the same shape as before."},
    )


def _fullness(tried: _Try[M]) -> tuple[bool, bool, int]:
    """By this the better of two answers is the larger: usable, whole, long."""
    return tried.found is not None, not tried.why, len(str(tried.found))


def _reason_to_retry(found: Coerced[M]) -> str:
    """Why an answer that can be used is still asked for again, or ""."""
    if found.cut:
        return "it was cut off"
    return "no entry of a list is in the shape asked for" if found.emptied else ""


def _loss_sentences(found: Coerced[M]) -> tuple[str, ...]:
    """What was left out, for people."""
    counts = Counter(found.dropped)
    end = ("the model's answer was cut off: its end is missing",) if found.cut else ()
    return end + tuple(
        f"{count} of the model's {name} could not be read" for name, count in counts.items()
    )
