"""The shapes of a model's answers. They are lenient where it costs nothing: "[3]" is 3, null is an
empty list, keys that nobody asked for are passed over."""

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from pipeline.data import NoteKind


def _number(value: Any) -> Any:
    """ "[3]", "u3" and 3.0 are 3."""
    found = re.search(r"\d+", value) if isinstance(value, str) else None
    return int(found.group()) if found else value


def _several(value: Any) -> Any:
    """Null is no entry, and an entry by itself is one."""
    if value is None or value == "":
        return ()
    return value if isinstance(value, list | tuple) else (value,)


def _kind(value: Any) -> Any:
    """A kind of note that does not exist is an aside."""
    word = value.strip().lower() if isinstance(value, str) else value
    return word if word in get_args(NoteKind) else "aside"


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[int, BeforeValidator(_number)]
Kind = Annotated[NoteKind, BeforeValidator(_kind)]
Several = BeforeValidator(_several)


class Answer(BaseModel):
    """What every shape of an answer shares: frozen, and forgiving of keys nobody asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Quote(Answer):
    """Words of the transcript, and the number of the utterance that holds them."""

    utterance: Number
    quote: Text


class Absent(Answer):
    """Words that would have been said, had the topic come up, and where they are missing."""

    words: Annotated[tuple[Text, ...], Several]
    where: Literal["talk", "event"] = "talk"


class WrittenNote(Answer):
    """A note: what it rests on first, then what it says."""

    quotes: Annotated[tuple[Quote, ...], Several] = ()
    sources: Annotated[tuple[Text, ...], Several] = ()  # "paper.md:12"
    absent: Annotated[tuple[Absent, ...], Several] = ()
    sums: Annotated[tuple[Text, ...], Several] = ()  # "1610/124"
    sounds: Annotated[tuple[Number, ...], Several] = ()  # places in the evening's list
    kind: Kind = "aside"
    text: Text


class Written(Answer):
    """The answer to write.md: what a talk was about, and its notes."""

    summary: Annotated[tuple[Text, ...], Several] = ()
    notes: Annotated[tuple[WrittenNote, ...], Several] = ()
