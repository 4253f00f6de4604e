"""The shapes of a model's answers. Their JSON Schema is put into the prompt by code."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pipeline.data import ClaimKind, NoteKind

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(_Answer):
    """Words of the transcript, and the number of the utterance that holds them."""

    utterance: int
    quote: Text


class FoundClaim(_Answer):
    """A check-worthy claim."""

    utterance: int
    quote: Text
    kind: ClaimKind
    baseline: str | None = None  # what it is compared with, in the speaker's words


class Claims(_Answer):
    """The answer to prompts/claims.md."""

    claims: tuple[FoundClaim, ...]


class WrittenNote(_Answer):
    """A note, and the numbers of what it rests on."""

    text: Text
    kind: NoteKind
    quotes: tuple[Quote, ...] = ()
    omissions: tuple[int, ...] = ()
    contradictions: tuple[int, ...] = ()
    evidence: tuple[int, ...] = ()
    sounds: tuple[int, ...] = ()


class Notes(_Answer):
    """The answer to prompts/notes.md."""

    notes: tuple[WrittenNote, ...]


class Summary(_Answer):
    """The answer to prompts/summary.md."""

    lines: Annotated[tuple[Text, ...], Field(min_length=1, max_length=4)]
