"""The shapes of a model's answers, as `llm.coercion` reads them: "[3]" is 3, null is empty."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from pipeline.data import WrittenKind


def one_of(names: tuple[str, ...], otherwise: str) -> BeforeValidator:
    """Reads one of some names; what is none of them is `otherwise`."""

    def read(value: Any) -> str:
        word = value.strip().lower() if isinstance(value, str) else value
        return word if word in names else otherwise

    return BeforeValidator(read)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Kind = Annotated[WrittenKind, one_of(get_args(WrittenKind), "aside")]


class Answer(BaseModel):
    """What every shape of an answer shares: frozen, and forgiving of keys nobody asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Quote(Answer):
    """Words of the transcript, and the number of the utterance that holds them."""

    utterance: int
    quote: Text


class SourceLine(Answer):
    """A line of a file, "paper.md:12"."""

    source: Text


class Absent(Answer):
    """Words that would have been said, had the topic come up, and where they are missing."""

    absent: tuple[Text, ...]
    where: Literal["talk", "event"] = "talk"


class Sum(Answer):
    """Arithmetic over figures of the note's other receipts, "1610/124"."""

    sum: Text


class SoundNumber(Answer):
    """The number of something that was heard of the room."""

    sound: int


class WrittenNote(Answer):
    """A note: what it rests on first, then what it says."""

    receipts: tuple[Quote | SourceLine | Absent | Sum | SoundNumber, ...] = ()
    kind: Kind = "aside"
    text: Text


class WrittenPart(Answer):
    """What is written under a number: a talk with its summary, or one refused note put right."""

    number: int = 0
    summary: tuple[Text, ...] = ()
    notes: tuple[WrittenNote, ...] = ()


class Written(Answer):
    """The answer to write.md, for talks and for what was refused: one shape, since servers keep
    it at the head of the prefix that all such questions share."""

    parts: tuple[WrittenPart, ...] = ()
