"""Many events on this machine: one after the other, or in worker processes.

Each event has a lock, so that two runs on one output folder never write the same post; the
operating system lets go of it when a process dies. A failed recording costs one line of
report.json and nothing else.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any

from filelock import FileLock, Timeout

from pipeline import kept
from pipeline.audio.inputs import EventInput
from pipeline.choose import Choices
from pipeline.config import Config
from pipeline.engines import Engines
from pipeline.errors import PipelineError, StoreError
from pipeline.flow import process
from pipeline.kit import Kit, Reached
from pipeline.progress import Sink, Watch
from pipeline.prompts import Prompts
from pipeline.render.notes_json import engine_shapes
from pipeline.render.report import EventReport, speed
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a worker needs to know, as plain data that can be sent to another process."""

    config: Config
    output: Path
    choices: Choices
    prompts: Path | None = None
    voices: Path | None = None
    ledger: Path | None = None
    until: str | None = None
    force: frozenset[str] = frozenset()

    @property
    def house(self) -> Path:
        """Where the store and the locks are kept."""
        return self.output / ".backrow"


def make_kit(settings: Settings) -> Kit:
    """What the steps share; loads no engine."""
    return Kit(
        config=settings.config,
        store=Store(settings.house, settings.force),
        prompts=Prompts(settings.prompts),
        engines=Engines(settings.config, dict(settings.choices)),
        voices=settings.voices,
        ledger=settings.ledger,
        until=settings.until,
    )


def run(events: Sequence[EventInput], settings: Settings, sink: Sink) -> Iterator[EventReport]:
    """Each event's report as it is finished; a bug raises, a PipelineError is in the report."""
    workers = min(settings.config.run.workers, len(events))
    if workers > 1:
        yield from _spread(events, settings, sink, workers)
        return
    kit = make_kit(settings)
    for event in events:
        yield one(event, kit, settings, sink)


def one(event: EventInput, kit: Kit, settings: Settings, sink: Sink) -> EventReport:
    """One event from files to published post, or the sentence that says why not."""
    watch = Watch(event.slug, sink)
    with _held(settings.house / "locks" / f"{event.slug}.lock", watch):
        before = kept.find(event, kit, settings.output)
        if before is not None:
            watch.kept("event")
            return before
        report = _attempt(event, kit, settings, watch)
        kept.keep(event, kit, report)
        return report


def _attempt(event: EventInput, kit: Kit, settings: Settings, watch: Watch) -> EventReport:
    begun = time.monotonic()
    report = EventReport(slug=event.slug, state="failed")
    try:
        article, post = process(event, kit, watch, settings.output)
        report = EventReport(
            slug=event.slug,
            state="done",
            post=post.relative_to(settings.output).as_posix(),
            engines=engine_shapes(article.engines),
            audio_seconds=article.duration,
            usage=article.usage,
        )
    except Reached as step:
        report = EventReport(slug=event.slug, state="stopped", message=f"stopped after {step}")
    except PipelineError as error:
        report = EventReport(slug=event.slug, state="failed", message=_named(event, error))
    spent = round(time.monotonic() - begun, 3)
    measured = {
        "seconds": spent,
        "stages": watch.seconds,
        "times_real_time": speed(report.audio_seconds, spent),
        "warnings": tuple(watch.warnings),
    }
    return report.model_copy(update=measured)


def _named(event: EventInput, error: PipelineError) -> str:
    """The error's sentence, with the recording's name in front where it does not say it."""
    message = str(error)
    if any(file.name in message for file in event.files):
        return message
    return f"{event.folder or event.files[0]}: {message}"


@contextmanager
def _held(lock: Path, watch: Watch) -> Iterator[None]:
    """Hold an event against other runs; wait, and say so, while another one has it."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock)
        try:
            held.acquire(timeout=0)
        except Timeout:
            watch.say("another run is at work on it; waiting")
            held.acquire()
    except OSError as error:
        raise StoreError(
            f"{lock.parent}: cannot be written ({error.strerror}); fix its permissions or give "
            "another folder with -o"
        ) from error
    try:
        yield
    finally:
        held.release()


# ---- worker processes: each has its own kit, and sends its progress through a queue

_kit: Kit | None = None
_settings: Settings | None = None
_sink: Sink | None = None


def _begin(settings: Settings, reports: Any) -> None:
    global _kit, _settings, _sink
    _kit, _settings, _sink = make_kit(settings), settings, reports.put


def _work(event: EventInput) -> EventReport:
    assert _kit and _settings and _sink
    return one(event, _kit, _settings, _sink)


def _spread(
    events: Sequence[EventInput], settings: Settings, sink: Sink, workers: int
) -> Iterator[EventReport]:
    """The events over worker processes; one that is killed costs the event it was at."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        reports = manager.Queue()
        show = Thread(target=lambda: [sink(r) for r in iter(reports.get, None)], daemon=True)
        show.start()
        shared = _share(settings, workers)
        with ProcessPoolExecutor(workers, context, _begin, (shared, reports)) as pool:
            waiting = {pool.submit(_work, event): event for event in events}
            for future in as_completed(waiting):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    message = _named(waiting[future], StoreError(KILLED))
                    yield EventReport(slug=waiting[future].slug, state="failed", message=message)
        reports.put(None)
        show.join()


KILLED = "a worker process was killed (out of memory?); run again with fewer --workers"


def _share(settings: Settings, workers: int) -> Settings:
    """A worker's part of the machine: cores for sphinx, calls in flight."""
    run = settings.config.run
    cores = run.processes or os.cpu_count() or 1
    part = run.model_copy(
        update={
            "processes": max(1, cores // workers),
            "llm_concurrency": max(1, run.llm_concurrency // workers),
        }
    )
    return replace(settings, config=settings.config.model_copy(update={"run": part}))
