"""People watch it work: stages report here, and a sink shows them.

A stage says how much it has to do and how much is done; a sink is a bar on a terminal, plain
lines in a pipe, or JSON lines for a program. Sinks are fed from worker processes too, so what
they get is plain data.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from pipeline.data import Usage
from pipeline.interrupt import STOPPING
from pipeline.visible import visible

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

Tick = Callable[[float], None]

EVENT = "event"  # in place of a stage: all of it
PAUSE = 0.1  # seconds between two reports of a stage at work


def ignore(told: object) -> None:
    """For a `tick`, or a report, that nobody listens to."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One report: `done` of `total` seconds of audio, or talks, in a stage of an event."""

    event: str
    stage: str
    state: Literal["begun", "running", "done", "kept", "stopped", "failed", "said"]
    done: float = 0.0
    total: float = 0.0
    unit: Literal["s", "talks"] = "s"
    seconds: float = 0.0  # spent so far on this piece of it
    speed: float = 0.0  # done in a second, in this piece: x real time where the unit is s
    text: str = ""


Sink = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Piece:
    """How much a call has to do, and how much of the whole stage was done before it."""

    size: float  # 0: not known
    before: float = 0.0
    total: float = 0.0  # of the stage; 0: this piece is all of it
    unit: Literal["s", "talks"] = "s"


@dataclass
class Watch:
    """The progress of one event: hands out ticks, and remembers what each stage took."""

    event: str
    sink: Sink = ignore
    clock: Callable[[], float] = time.monotonic
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)  # warnings that are not for the post
    misnamed: dict[str, str] = field(default_factory=dict)  # asides on names, by speaker
    unfinished: bool = False
    usage: Usage = field(default_factory=Usage)  # what a model was paid for, whatever came of it

    @contextmanager
    def stage(self, name: str, piece: Piece) -> Iterator[Tick]:
        """Time a piece of a stage; the tick takes what is done of the piece so far."""
        begun = told = self.clock()
        most = 0.0

        def report(state: Literal["begun", "running", "done"], done: float) -> None:
            spent = self.clock() - begun
            speed = round(done / spent, 2) if spent > 0 else 0.0
            at, whole = round(piece.before + done, 3), piece.total or piece.size
            spent = round(spent, 3)
            self.sink(Progress(self.event, name, state, at, whole, piece.unit, spent, speed))

        def tick(done: float) -> None:
            nonlocal told, most
            most = min(done, piece.size or done)
            if self.clock() - told >= PAUSE:
                told = self.clock()
                report("running", most)

        report("begun", 0.0)
        try:
            yield tick
            report("done", piece.size or most)
        finally:
            spent = self.clock() - begun
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)

    def take(self, branch: "Watch") -> None:
        """Make what another watch of the same event timed and warned of part of this one."""
        for name, spent in branch.seconds.items():
            self.seconds[name] = round(self.seconds.get(name, 0.0) + spent, 3)
        self.warnings += [text for text in branch.warnings if text not in self.warnings]
        self.asides += [text for text in branch.asides if text not in self.asides]
        self.unfinished = self.unfinished or branch.unfinished

    def end(
        self, seconds: float, state: Literal["done", "kept", "stopped", "failed"], text: str = ""
    ) -> None:
        """Nothing more is to be done for the event; `text` says why it was stopped or failed."""
        self.sink(Progress(self.event, EVENT, state, seconds=seconds, text=visible(text)))

    def kept(self, name: str) -> None:
        """A stage that need not run again."""
        self.sink(Progress(self.event, name, "kept"))

    def say(self, text: str) -> None:
        """Something that the user may want to know now."""
        self.sink(Progress(self.event, "", "said", text=visible(text)))

    def note(self, text: str) -> None:
        """Something for the screen and the report, and nothing for who reads the post."""
        if text not in self.asides:
            self.asides.append(text)
            self.say(text)

    def warn(self, text: str, passing: bool = False) -> None:
        """Something that the user has to know, now, in the report and in the post.

        `passing`: the next run may do without it, so the event does not count as finished.
        """
        self.unfinished = self.unfinished or passing
        if text not in self.warnings:
            self.warnings.append(text)
            self.say(text)


def plain(report: Progress, verbose: bool = False) -> None:
    """One line at a stage's end, for pipes and logs; verbose: also where nothing had to run."""
    if report.state == "done" and report.stage != EVENT:
        speed = f", {report.speed:.1f} x real time" if _is_telling(report) else ""
        part = f" to {report.done / 60:.0f} min" if report.done < report.total else ""
        took = f"{report.stage}{part} took {report.seconds:.1f} s{speed}"
        print(f"{report.event}: {took}", file=sys.stderr, flush=True)
    elif report.state == "kept" and verbose:
        print(f"{report.event}: {report.stage} kept from before", file=sys.stderr, flush=True)
    elif report.state == "said":
        print(f"{report.event}: {report.text}", file=sys.stderr, flush=True)


def json_lines(report: Progress) -> None:
    """Every report as a line of JSON, for programs."""
    print(json.dumps(asdict(report)), file=sys.stderr, flush=True)


def _is_telling(report: Progress) -> bool:
    """Whether the speed is that of audio, and measured over long enough."""
    return report.unit == "s" and report.seconds >= 1 and report.done > 0


class Bars:
    """On a terminal: a bar for each stage at work, with its event, speed and time left.

    Of several events, one more bar says how many of them are done.
    """

    def __init__(self, bars: "RichProgress", events: int) -> None:
        self.bars = bars
        self.tasks: dict[tuple[str, str], TaskID] = {}
        self.ended = set[str]()
        self.whole = self._add(f"{events} events", events) if events > 1 else None

    def __call__(self, report: Progress) -> None:
        if report.state == "said":
            self.bars.console.print(f"{report.event}: {report.text}", markup=False)
        elif report.stage == EVENT:
            self._end(report.event)
        elif report.state == "done" and report.done >= report.total:
            self._remove((report.event, report.stage))
        elif report.state != "kept":
            self._show(report)

    def _show(self, report: Progress) -> None:
        key = (report.event, report.stage)
        if key not in self.tasks:
            self.tasks[key] = self._add(": ".join(key), report.total or None)
        self.bars.update(
            self.tasks[key],
            completed=report.done,
            speed=f"{report.speed:.1f}x" if _is_telling(report) else "",
        )

    def _end(self, event: str) -> None:
        for key in [key for key in self.tasks if key[0] == event]:
            self._remove(key)
        self.ended.add(event)
        if self.whole is not None:
            self.bars.update(self.whole, completed=len(self.ended))

    def _remove(self, key: tuple[str, str]) -> None:
        if key in self.tasks:
            self.bars.remove_task(self.tasks.pop(key))

    def _add(self, about: str, total: float | None) -> "TaskID":
        return self.bars.add_task(about, total=total, speed="")


def stop(sink: Sink) -> None:
    """Say that Ctrl-C was heard; bars stand still from then on."""
    sink(Progress("backrow", "", "said", text=STOPPING))
    if isinstance(sink, Bars):
        sink.bars.live.transient = False
        sink.bars.stop()


@contextmanager
def shown(as_json: bool = False, events: int = 1, verbose: bool = False) -> Iterator[Sink]:
    """The sink that fits where the output goes, for so many events."""
    if as_json:
        yield json_lines
    elif verbose:
        yield partial(plain, verbose=True)
    elif sys.stderr.isatty():
        yield from _bars(events)
    else:
        yield plain


def _bars(events: int) -> Iterator[Sink]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}% {task.fields[speed]}"),
        TimeRemainingColumn(),
    )
    screen = Console(stderr=True)
    # results go to where stdout goes, unless both are the terminal: then they stand above the bars
    both = sys.stdout.isatty()
    with RichProgress(*columns, console=screen, transient=True, redirect_stdout=both) as bars:
        yield Bars(bars, events)
