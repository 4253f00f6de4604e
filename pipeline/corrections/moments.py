"""A moment of an event, as a person writes it: a time, and the words that are said then."""

import datetime
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from pipeline.data import ms
from pipeline.text import clock_seconds

_CLOCK = re.compile(r"((?:\d+:){0,2}\d+(?:\.\d+)?)(?:\s+(\S.*))?", re.DOTALL)


def stamp(seconds: float) -> str:
    """A time as people write it, to the millisecond: 865.25 is "14:25.25"."""
    minutes, rest = divmod(ms(seconds), 60)
    hours, minutes = divmod(int(minutes), 60)
    second = f"{rest:06.3f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02d}:{second}" if hours else f"{minutes}:{second}"


class Moment(BaseModel):
    """A time and, where it matters, the words that are said then: "14:20 thank you all"."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    time: float = Field(ge=0, allow_inf_nan=False)
    words: str = ""

    def __str__(self) -> str:
        return f"{stamp(self.time)} {self.words}".strip()


def moment(text: str) -> Moment | None:
    """The Moment of "14:20 thank you all" or "14:20"; None for a text that begins with no time."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    clock, words = found.groups()
    return Moment(time=ms(clock_seconds(clock)), words=" ".join((words or "").split()))


def _read(value: Any) -> Any:
    if isinstance(value, datetime.time):  # TOML's own, written without quotation marks
        value = value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Moment(time=ms(value))
    found = moment(value) if isinstance(value, str) else value
    if not isinstance(found, Moment):
        raise ValueError('should be a time like "14:20" or "1:14:20.5", with words behind or not')
    return found


At = Annotated[Moment, BeforeValidator(_read), PlainSerializer(str)]  # as a field of a correction
