"""report.json: what became of each event of a batch, for programs and for the morning after."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipeline.cache import PRIVATE, write_atomic
from pipeline.data import Engine, Usage
from pipeline.render.shape import Shape

State = Literal["done", "stopped", "failed"]


class EventReport(Shape):
    """One event. `stopped`: as far as `--until` asked for, or as the budget went."""

    slug: str
    state: State
    message: str = ""
    """Why it failed or was stopped: one sentence."""
    post: str | None = None
    """The post, relative to the folder of this file."""
    engines: dict[str, Engine] = Field(default_factory=dict)
    """By stage: asr, diarize, writer."""
    audio_seconds: float = 0.0
    """Length of the recording."""
    speech_seconds: float = 0.0
    """Of it, in which somebody speaks."""
    wordless_seconds: float = 0.0
    """Of the speech, in which no words were heard."""
    seconds: float = 0.0
    """Wall time spent on the event."""
    stages: dict[str, float] = Field(default_factory=dict)
    """Seconds spent in each stage that ran; a stage that was kept is not there."""
    times_real_time: float | None = None
    """Seconds of audio done in a second; null when nothing was measured."""
    usage: Usage = Usage()
    """Tokens, and money where prices are configured."""
    warnings: tuple[str, ...] = ()
    misnamed: dict[str, str] = Field(default_factory=dict, exclude=True)
    """The warnings of names that were given to nobody, by speaker; not part of the file."""
    trace: str = Field("", exclude=True)
    """The traceback of the bug that ended the event; not part of the file."""
    kept: bool = Field(False, exclude=True)
    """Whether nothing had to be done for the event; not part of the file."""


class ReportFile(Shape):
    """A batch: each event, and the sums over all of them."""

    events: tuple[EventReport, ...]
    done: int
    stopped: int
    failed: int
    audio_seconds: float
    seconds: float
    """Wall time of the batch; less than the events' sum when several ran at once."""
    times_real_time: float | None
    usage: Usage


def speed(audio_seconds: float, seconds: float) -> float | None:
    """Times real time, to two decimals."""
    return round(audio_seconds / seconds, 2) if audio_seconds and seconds else None


def report(events: tuple[EventReport, ...], seconds: float) -> ReportFile:
    """The batch's report; `seconds` is its wall time."""
    audio_seconds = round(sum(event.audio_seconds for event in events), 3)
    return ReportFile(
        events=events,
        done=sum(event.state == "done" for event in events),
        stopped=sum(event.state == "stopped" for event in events),
        failed=sum(event.state == "failed" for event in events),
        audio_seconds=audio_seconds,
        seconds=round(seconds, 3),
        times_real_time=speed(audio_seconds, seconds),
        usage=sum((event.usage for event in events), Usage()),
    )


@contextmanager
def so_far(out: Path) -> Iterator[Callable[[EventReport], None]]:
    """report.jsonl while a batch runs: a line for each event as it ends, whatever ends the batch.

    It is gone at the end, for report.json says the same; a run that is killed leaves it. A folder
    that cannot be written is no misfortune here: the last report says so.
    """
    place = out / "report.jsonl"

    def add(each: EventReport) -> None:
        with suppress(OSError), open(place, "ab", opener=partial(os.open, mode=PRIVATE)) as lines:
            lines.write(each.to_json(indent=None))

    with suppress(OSError):
        out.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)  # of a run that was killed
    try:
        yield add
    finally:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def write(batch: ReportFile, out: Path) -> Path:
    """report.json in `out`, whole or not at all; raises CacheError."""
    place = out / "report.json"
    write_atomic(place, batch.to_json(), PRIVATE)
    return place
