"""Workers that are actors on a Ray cluster, with their engines kept warm.

The legs are those of any machine with workers (dispatch.py): actors with a GPU hear, the others do
the rest. An actor that dies is replaced and its recording tried once more; what its steps had
finished lies in the shared output, so a lost node costs the step that it was at.
"""

import logging
import os
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.audio.inputs import EventInput
from pipeline.engines.choose import connects
from pipeline.errors import CacheError, EngineError, extra, without_secrets
from pipeline.executors.dispatch import EventTask, Lost, dispatch, legs, work_on
from pipeline.finished import models, program
from pipeline.progress import Progress, Sink, ignore
from pipeline.render.report import EventReport
from pipeline.session import Settings, make_session

TRIES = 2  # for a recording whose actor died
HEAD_SECONDS = 3.0  # for a cluster to take a connection, not measured: Ray would try for minutes
START_SECONDS = 120.0  # for a node to start a process that can import the program
PATIENCE = 30.0  # seconds without any worker before the user is told


def run(events: Sequence[EventInput], settings: Settings, sink: Sink) -> Iterator[EventReport]:
    """Each event's report as it is finished.

    Raises EngineError without Ray or without a cluster, CacheError when a node does not see the
    recordings or the output.
    """
    ray = load_ray()
    mine = not ray.is_initialized()
    address = None if settings.ray == "auto" else settings.ray
    head = urlsplit(f"ray://{(address or '').rpartition('://')[2]}")  # no port: "local", a name
    try:
        answers = not head.port or connects(head.hostname or "", head.port, HEAD_SECONDS)
    except ValueError:  # of a port that is none
        answers = False
    if not answers:
        raise EngineError(f"--ray {address}: no Ray cluster answers there; is its head node up?")
    try:
        ray.init(
            address,
            ignore_reinit_error=True,
            log_to_driver=False,
            logging_level=logging.ERROR,
            include_dashboard=False,
        )
    except (ConnectionError, ValueError) as error:
        raise EngineError(f"--ray {settings.ray}: no Ray cluster answers ({error})") from None
    try:
        _check_nodes(ray, settings, events)
        yield from dispatch(events, Actors(ray, settings, sink), TRIES)
    finally:
        if mine:
            ray.shutdown()


@dataclass
class ClusterWorker:
    """An actor; it is free once `answer` (of its start, or of its task) has come."""

    actor: Any
    gpu: bool
    answer: Any
    task: EventTask | None = None


class Actors:
    """A crew of actors: one for each GPU, and `run.workers` or one for each core left over."""

    def __init__(self, ray: Any, settings: Settings, sink: Sink) -> None:
        self.ray, self.settings, self.sink = ray, settings, sink
        there = ray.cluster_resources()
        gpus, cores = int(there.get("GPU", 0)), int(there.get("CPU", 1))
        self.legs = legs(settings, gpus)
        gpus = gpus if any(leg.gpu for leg in self.legs) else 0
        count = settings.config.run.workers or max(1, cores - gpus)
        self.cores = max(1, (cores - gpus) // count)
        self.workers = [self._start(place < gpus) for place in range(gpus + count)]

    def give(self, task: EventTask) -> bool:
        """See Crew."""
        leg = task.legs[0]
        free = (w for w in self.workers if w.answer is None and w.gpu == leg.gpu)
        worker = next(free, None)
        if worker is None:
            return False
        worker.task, worker.answer = task, worker.actor.work.remote(task)
        self.sink(Progress(task.event.slug, leg.until or "post", "begun"))
        return True

    def wait(self) -> Iterator[tuple[EventTask, EventReport | Lost]]:
        """See Crew; an actor that has started is free from now on."""
        answers = [worker.answer for worker in self.workers if worker.answer is not None]
        ready, _ = self.ray.wait(answers, timeout=PATIENCE)
        if not ready and not any(worker.task for worker in self.workers):
            self.sink(Progress("cluster", "", "said", text="no worker yet; waiting for a node"))
        for place, worker in enumerate(self.workers):
            if worker.answer in ready:
                task, told = worker.task, self._told(worker)
                worker.task = worker.answer = None
                if isinstance(told, Lost):
                    self.workers[place] = self._start(worker.gpu)
                if task and told:
                    yield task, told

    def _told(self, worker: ClusterWorker) -> EventReport | Lost | None:
        from ray import exceptions

        try:
            told: EventReport | None = self.ray.get(worker.answer)
        except exceptions.RayTaskError as error:
            print(without_secrets(str(error)), file=sys.stderr, flush=True)
            return Lost("a bug ended it twice, see the traceback above; the others went on")
        except exceptions.RayError as error:
            reason = str(error).strip().splitlines()[0]
            return Lost(f"its worker died twice ({reason}); see the memory of the cluster's nodes")
        return told

    def _start(self, gpu: bool) -> ClusterWorker:
        cores = 1 if gpu else self.cores
        remote = self.ray.remote(num_cpus=cores, num_gpus=1 if gpu else 0, max_restarts=0)(Actor)
        actor = remote.remote(self.settings, cores, Path.cwd())
        return ClusterWorker(actor, gpu, actor.ready.remote())


class Actor:
    """What runs on a node."""

    def __init__(self, settings: Settings, cores: int, folder: Path) -> None:
        with suppress(OSError):  # not there: then no path is relative to it, or a node lacks it
            os.chdir(folder)
        own = settings.with_run({"workers": max(1, (os.cpu_count() or 1) // cores)})
        self.session = make_session(own)

    def ready(self) -> None:
        """Answers once the actor has a place."""

    def work(self, task: EventTask) -> EventReport:
        """One leg of an event."""
        # progress within a leg stays on its node; warnings come home in the report
        return work_on(task, self.session, ignore)


def load_ray() -> Any:
    """Ray, whose nodes run what is installed on them; raises EngineError where it is not here."""
    # else Ray, started by `uv run`, sends the working folder to every node and installs it anew
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    try:
        import ray
    except ImportError as error:
        raise EngineError(f"--ray needs Ray: {extra('ray')}") from error
    return ray


# ---- before anything is computed: does every node see what it will need?


def _check_nodes(ray: Any, settings: Settings, events: Sequence[EventInput]) -> None:
    """Raises CacheError which names the node, and what it does not see."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    wanted = needed(settings, events)
    token = None  # a file in the output that every node has to see
    if not settings.remote:
        token = settings.house.absolute() / f"seen-by-all-{uuid.uuid4().hex}"
        token.parent.mkdir(parents=True, exist_ok=True)
        token.touch()
    look = ray.remote(num_cpus=0)(_missing)
    nodes = {node["NodeID"]: node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}
    try:
        asked = {
            address: look.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(name, soft=False)
            ).remote(wanted, token, settings, program())
            for name, address in nodes.items()
        }
        for address, answer in asked.items():
            try:
                why = ray.get(answer, timeout=START_SECONDS)
            except ray.exceptions.GetTimeoutError:
                why = f"starts no worker within {START_SECONDS:.0f} s; see its logs in /tmp/ray"
            if why:
                raise CacheError(f"node {address}: {why}")
    finally:
        if token:
            token.unlink(missing_ok=True)


def needed(settings: Settings, events: Sequence[EventInput]) -> list[str]:
    """What every node has to see, under the same path; links keep the names that they have."""
    read = [file for event in events for file in (*event.files, *event.captions, *event.beyond)]
    placed = models(settings.config, settings.choices)
    # what is gone here too is for its event to say
    there = [path for path in (*read, *placed) if path and path.exists()]
    asked = [path for path in (settings.prompts, settings.voices, settings.ledger) if path]
    return [str(path.absolute()) for path in (*there, *asked)]


def _missing(needed: Sequence[str], token: Path | None, settings: Settings, version: str) -> str:
    """What this node lacks, as the end of a sentence; "" when it lacks nothing."""
    gone = next((path for path in needed if not Path(path).exists()), None)
    if gone:
        return f"does not see {gone}; put it where all nodes can read it, under the same path"
    if token and not token.exists():
        return (
            f"does not see {settings.output}; give -o a folder that all nodes share, "
            "or an object store such as s3://bucket/posts"
        )
    if version != program():
        return "has another version of backrow; install the same one on all nodes"
    if remote := settings.storage():
        remote.check()
    return ""
