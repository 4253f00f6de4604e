"""Asking a model for an answer of a shape: composed, stored, checked, asked once more.

A step's key is the whole text that is sent, the model, the server, the shape and the parameters:
an edited prompt runs its own calls again and no others.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.data import Usage
from pipeline.errors import ModelError
from pipeline.llm.client import Client, Reply
from pipeline.llm.schema import schema
from pipeline.llm.server import Message, estimate
from pipeline.prompts import Prompts
from pipeline.store import Store

M = TypeVar("M", bound=BaseModel)
STEP = "llm"
_SHAPE = """\
Answer with one JSON object and nothing else: no Markdown fence, no words around it, and never \
this description itself. It has to fit this JSON Schema:
"""


class Unusable(ModelError):
    """A model that answers, twice, what cannot be used."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A usable answer as it is stored, and what all tries for it were paid for."""

    answer: str
    usage: Usage


@dataclass
class Asker:
    """Asks for one talk (or one event) and adds up what that costs. An `Ask`."""

    client: Client
    prompts: Prompts
    store: Store
    usage: Usage = field(default_factory=Usage)

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M:
        """The answer to a prompt; raises ModelError, or PromptError for the template."""
        return await self.converse(self.compose(prompt, variables, shape), shape)

    def compose(
        self, prompt: str, variables: Mapping[str, object], shape: type[BaseModel]
    ) -> tuple[Message, ...]:
        """The very text that is sent: what never changes first, the talk's own last."""
        voice = self.prompts.render("voice").strip()
        given = {"voice": voice, **variables}
        instructions, material = self.prompts.messages(prompt, **given)
        form = _SHAPE + json.dumps(schema(shape), ensure_ascii=False)
        return (
            {"role": "system", "content": f"{instructions}\n\n{form}"},
            {"role": "user", "content": material},
        )

    async def converse(self, messages: Sequence[Message], shape: type[M]) -> M:
        """The answer to a conversation, from the store if the same was asked before."""
        size = sum(estimate(message["content"]) for message in messages)
        room = self.client.options.context - self.client.options.max_output
        if size > room * 1.25:  # an estimate: what may just fit is tried
            raise ModelError(
                f"a prompt of about {size} tokens does not fit into writer.context="
                f"{self.client.options.context}; take a model with a larger context"
            )
        kept = await self.store.step_async(
            STEP, self.key(messages, shape), Kept, lambda: self._ask(messages, shape)
        )
        self.usage += kept.usage
        return shape.model_validate_json(kept.answer)

    def key(self, messages: Sequence[Message], shape: type[BaseModel]) -> dict[str, Any]:
        """All that an answer depends on."""
        options = self.client.options
        return {
            "messages": list(messages),
            "model": options.model,
            "server": self.client.url,
            "shape": schema(shape),
            "temperature": options.temperature,
            "max_output": options.max_output,
        }

    async def _ask(self, messages: Sequence[Message], shape: type[BaseModel]) -> Kept:
        """An answer that fits, asked for twice at most."""
        spent = Usage()
        why = ""
        for _ in range(2):
            reply = await self.client.complete(messages, schema(shape))
            spent += reply.usage
            answer = _usable(reply, shape)
            if isinstance(answer, BaseModel):
                return Kept(answer.model_dump_json(), spent)
            why = answer
            messages = [
                *messages,
                *again(reply.text, f"That answer cannot be used: {why}. Give it again, whole."),
            ]
        model = self.client.options.model
        raise Unusable(f"{self.client.url}: {model} gave no usable answer, asked twice: {why}")


def again(answer: str, reason: str) -> tuple[Message, Message]:
    """What is added to a conversation to have its last answer put right."""
    return (
        {"role": "assistant", "content": answer[:4000] or "(nothing)"},
        {"role": "user", "content": f"{reason}\nAnswer in the same shape as before."},
    )


def _usable(reply: Reply, shape: type[M]) -> M | str:
    """The parsed answer, or why there is none."""
    if reply.refusal or reply.finish == "content_filter":
        return f"it was refused ({(reply.refusal or 'content filter')[:200]})"
    if reply.finish == "length":
        return "it was cut off at the length limit (writer.max_output): say it in fewer words"
    try:
        return shape.model_validate_json(_json_in(reply.text))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "it"
        return f"{place} is not in the shape asked for ({first['msg']})"


def _json_in(text: str) -> str:
    """The JSON object in an answer that has words or a fence around it."""
    begin, end = text.find("{"), text.rfind("}")
    return text[begin : end + 1] if 0 <= begin < end else text
