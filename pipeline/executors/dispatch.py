"""Events over workers, whatever a worker is: a process here, an actor on a cluster.

Where speech engines run on a GPU an event goes its way in three legs: decoded by a worker that
needs a core, heard by one that has a GPU to itself, written by the first kind again. So the GPU
hears talk five while talk six is decoded and the notes on talk four are asked for, no GPU is ever
shared, and the cache carries what each leg found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.audio.inputs import EventInput
from pipeline.errors import EngineError
from pipeline.executors.job import Leg, failed, run_event, session_for
from pipeline.progress import Sink
from pipeline.render.report import EventReport
from pipeline.session import Session, Settings

HEARD_BY_GPU = ("transcribe", "diarize")
BEFORE_IT = ("decode", "speech", "room")


@dataclass(frozen=True, slots=True)
class EventTask:
    """An event, the legs that are left of its way, and what is known of it."""

    event: EventInput
    legs: tuple[Leg, ...]  # the first of them is the one it is at
    tries: int = 1  # that are left
    report: EventReport | None = None  # of the leg before


def work_on(task: EventTask, session: Session, sink: Sink) -> EventReport:
    """The leg that an event is at, by whoever got the task."""
    return run_event(task.event, session_for(task.legs[0], session), sink, task.report)


@dataclass(frozen=True, slots=True)
class Lost:
    """What became of a task whose worker died."""

    why: str


class Crew(Protocol):
    """The workers; one that dies is replaced by the crew."""

    legs: tuple[Leg, ...]  # of every event

    def give(self, task: EventTask) -> bool:
        """Hand a task to a free worker that fits its leg; False when there is none."""
        ...

    def wait(self) -> Iterator[tuple[EventTask, EventReport | Lost]]:
        """Wait for a worker at least; yields the tasks that ended, each with its outcome."""
        ...


def dispatch(events: Sequence[EventInput], crew: Crew, tries: int) -> Iterator[EventReport]:
    """Each event's report as it ends; one whose worker dies is tried `tries` times in all."""
    waiting = [EventTask(event, crew.legs, tries) for event in events]
    busy = 0
    while waiting or busy:
        # what is nearest to its end goes first: a finished post is worth more than two begun
        waiting.sort(key=lambda task: len(task.legs))
        left = _handed_out(waiting, crew)
        busy += len(waiting) - len(left)
        waiting = left
        for task, outcome in crew.wait():
            busy -= 1
            following = _following(task, outcome)
            if isinstance(following, EventTask):
                waiting.append(following)
            else:
                yield following


def _handed_out(waiting: Sequence[EventTask], crew: Crew) -> list[EventTask]:
    """Give tasks away until the workers of each kind are busy; what is left."""
    left: list[EventTask] = []
    busy_kinds: set[bool] = set()
    for task in waiting:
        kind = task.legs[0].gpu
        if kind in busy_kinds or not crew.give(task):
            busy_kinds.add(kind)
            left.append(task)
    return left


def _following(task: EventTask, outcome: EventReport | Lost) -> EventTask | EventReport:
    """The next leg, another try, or the end."""
    if isinstance(outcome, Lost):
        if task.tries > 1:
            return replace(task, tries=task.tries - 1)
        return failed(task.event, EngineError(outcome.why))
    if outcome.state == "stopped" and task.legs[1:]:
        return replace(task, legs=task.legs[1:], report=outcome)
    return outcome


def legs(settings: Settings, gpus: int) -> tuple[Leg, ...]:
    """The legs of an event where there are so many GPUs for the engines that can use one."""
    force, until = settings.force, settings.until
    engines = (settings.choices["asr"].backend, settings.choices["diarize"].backend)
    if not gpus or until in BEFORE_IT or not any(engine.gpu for engine in engines):
        return (Leg(until, False, force),)
    prepared = Leg(BEFORE_IT[-1], False, force & set(BEFORE_IT))
    if until in HEARD_BY_GPU:
        return (prepared, Leg(until, True, force & set(HEARD_BY_GPU)))
    heard = Leg(HEARD_BY_GPU[-1], True, force & set(HEARD_BY_GPU))
    return (prepared, heard, Leg(until, False, force - set(BEFORE_IT) - set(HEARD_BY_GPU)))
