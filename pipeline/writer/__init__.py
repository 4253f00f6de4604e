"""Writers: a talk and what was found about it become its notes, each held to account.

Promise of every writer: what `write` returns has passed `verify`; what could not be shown to be
true stands under `dropped`, with the reason. A writer serves one event, its talks in their order.
An engine's module has `load(options: config.Writer, run: config.Run, prompts: Prompts,
store: Store) -> Writer`.
"""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from pydantic import BaseModel

from pipeline.data import Claim, Findings, Talk, TalkNotes, Usage
from pipeline.writer.context import Context

M = TypeVar("M", bound=BaseModel)


class Writer(Protocol):
    """Writes the talks of one event."""

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def ask(self) -> "Ask | None":
        """For questions about the event as a whole; None without a model."""
        ...

    async def claims(self, talk: Talk, context: Context) -> tuple[Claim, ...]:
        """Claims beyond those of the detector, each with a quote that is in the talk."""
        ...

    async def write(self, talk: Talk, findings: Findings, context: Context) -> TalkNotes:
        """The talk's summary and notes; raises ModelError when a model gives no usable answer."""
        ...


class Ask(Protocol):
    """One question to a language model: a prompt's name and variables in, a checked shape out."""

    @property
    def usage(self) -> Usage:
        """What all questions so far have cost."""
        ...

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M:
        """Raises ModelError, or PromptError when the template does not fit the variables."""
        ...


__all__ = ["Ask", "Context", "Writer"]
