"""Workers that are processes of this machine: one event at a time each, their engines kept warm.

Plain processes and pipes rather than an executor, which gives up all of its work when one process
is killed: here that costs the event it was at. A worker sees that its parent was killed, and ends.
"""

import contextlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from pipeline.audio.inputs import EventInput
from pipeline.engines.choose import gpus, uses_gpu
from pipeline.executors.dispatch import EventTask, Lost, dispatch, legs, work_on
from pipeline.interrupt import end_with_parent
from pipeline.progress import Progress, Sink
from pipeline.render.report import EventReport
from pipeline.session import Settings, make_session

LEAVE = 10.0  # seconds in which an idle worker goes by itself


def run(
    events: Sequence[EventInput], settings: Settings, count: int, sink: Sink
) -> Iterator[EventReport]:
    """Each event's report as it is finished, by `count` processes and one for each GPU."""
    crew = Processes(settings, count, sink)
    try:
        yield from dispatch(events, crew, tries=1)
    finally:
        crew.close()


@dataclass
class ProcessWorker:
    """A process; `task` is what it is at."""

    process: BaseProcess
    connection: Connection
    gpu: int | None
    task: EventTask | None = None


class Processes:
    """A crew of `count` processes for what needs cores, and one for each GPU."""

    def __init__(self, settings: Settings, count: int, sink: Sink) -> None:
        self.settings = settings.with_run({"workers": count})
        self.sink = sink
        there = gpus() if uses_gpu(settings.config) else 0
        self.legs = legs(settings, there)
        # after Ctrl-C Python cleans up what engines in stopped workers held; nobody needs to know
        os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
        needed = range(there) if any(leg.gpu for leg in self.legs) else ()
        self.workers = [self._start(gpu) for gpu in (*needed, *[None] * count)]

    def give(self, task: EventTask) -> bool:
        """See Crew."""
        wanted = task.legs[0].gpu
        free = (w for w in self.workers if w.task is None and (w.gpu is not None) == wanted)
        worker = next(free, None)
        if worker is None:
            return False
        worker.task = task
        # a process that is gone is told by its answer, which then ends at once
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.connection.send(task)
        return True

    def wait(self) -> Iterator[tuple[EventTask, EventReport | Lost]]:
        """See Crew; shows the progress that comes in between."""
        ready = wait([worker.connection for worker in self.workers if worker.task])
        for place, worker in enumerate(self.workers):
            if worker.connection in ready and worker.task:
                told = _told(worker)
                if isinstance(told, Progress):
                    self.sink(told)
                    continue
                if isinstance(told, Lost):
                    self.workers[place] = self._start(worker.gpu)
                task, worker.task = worker.task, None
                yield task, told

    def close(self) -> None:
        """End the processes: those that are idle by hanging up, the others at once."""
        for worker in self.workers:
            worker.connection.close()
            if worker.task:
                worker.process.terminate()
        for worker in self.workers:
            worker.process.join(LEAVE)
            worker.process.terminate()
            worker.process.join()

    def _start(self, gpu: int | None) -> ProcessWorker:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=serve, args=(theirs, self.settings, gpu))
        process.start()
        theirs.close()
        return ProcessWorker(process, ours, gpu)


def _told(worker: ProcessWorker) -> Progress | EventReport | Lost:
    try:
        told: Progress | EventReport = worker.connection.recv()
    except (EOFError, ConnectionResetError):
        worker.process.join()
        worker.connection.close()
        code = worker.process.exitcode or 0
        if code >= 0:
            return Lost(
                "a bug ended its worker process, see the traceback above; the others went on"
            )
        return Lost(
            f"its worker process was killed (signal {-code}), most likely for want of memory: "
            "run again with fewer --workers"
        )
    return told


# ---- what runs in a worker process


def serve(connection: Connection, settings: Settings, gpu: int | None) -> None:
    """Do each task that comes, until the parent hangs up or dies."""
    end_with_parent()
    if gpu is not None:
        os.environ["CUDA_VISIBLE_DEVICES"] = _device(gpu)
    session = make_session(settings)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            connection.send(work_on(connection.recv(), session, connection.send))


def _device(gpu: int) -> str:
    """The GPU's name for CUDA: a list that the user gave counts."""
    listed = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return listed.split(",")[gpu] if listed else str(gpu)
