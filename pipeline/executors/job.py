"""One event as a job: the settings that travel to another process, the lock, the report.

Each event has a lock, so that two runs on one output folder never write the same post; the
operating system lets go of it when a process dies, so none is ever stale.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import finished
from pipeline.audio.inputs import EventInput
from pipeline.cache import HOUSE, Cache, secluded
from pipeline.config import Config
from pipeline.engines.choose import Choices, fall_back
from pipeline.engines.loaded import Engines
from pipeline.engines.table import Stage
from pipeline.errors import BudgetSpent, CacheError, PipelineError, unexpected
from pipeline.executors import remembered, timed
from pipeline.executors.remote import Remote, RemoteCache
from pipeline.privacy import stay_home
from pipeline.progress import Sink, Watch
from pipeline.prompts import Prompts
from pipeline.render.report import EventReport, speed
from pipeline.session import Reached, Session

HEARING: tuple[Stage, ...] = ("asr", "diarize")


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
    remote: str | None = None  # the object store that `output` is a copy of
    ray: str | None = None  # the address of a Ray cluster; "auto": the one at hand, or a local one

    @property
    def house(self) -> Path:
        """Where the cache and the locks are kept."""
        return self.output / HOUSE

    def shared(self, workers: int) -> "Settings":
        """For one of so many workers, which gets its part of the machine's cores."""
        run = self.config.run.model_copy(update={"workers": workers})
        return replace(self, config=self.config.model_copy(update={"run": run}))

    def storage(self) -> Remote | None:
        """The object store, if output goes to one."""
        return Remote(self.remote, self.output) if self.remote else None


@dataclass(frozen=True, slots=True)
class Leg:
    """The part of an event's way that one kind of worker goes with it."""

    until: str | None  # the step it ends with; None: the post
    gpu: bool = False
    force: frozenset[str] = frozenset()  # of what is to be done again, what this leg does


def make_session(settings: Settings) -> Session:
    """What the steps share; loads no engine."""
    stay_home(settings.config.profile)  # in the process of every worker
    storage = settings.storage()
    cache = RemoteCache(storage) if storage else Cache(settings.house)
    places = {"llm_places": settings.house / "locks"}
    run = settings.config.run.model_copy(update=places)
    config = settings.config.model_copy(update={"run": run})
    return Session(
        config=config,
        cache=cache.forcing(settings.force),
        prompts=Prompts(settings.prompts),
        engines=Engines(config, dict(settings.choices)),
        voices=settings.voices,
        ledger=settings.ledger,
        until=settings.until,
    )


def session_for(leg: Leg, session: Session) -> Session:
    """The session, engines still loaded, to go no further than a leg."""
    return replace(session, until=leg.until, cache=session.cache.forcing(leg.force))


def run_event(
    event: EventInput,
    session: Session,
    settings: Settings,
    sink: Sink,
    before: EventReport | None = None,
) -> EventReport:
    """One event from files to published post, or the sentence that says why not.

    `before` is the report of its earlier leg. Whatever goes wrong with it is in its report.
    """
    watch = Watch(event.slug, sink)
    try:
        return _locked(event, session, settings, watch, before)
    except BaseException as error:
        report = failed(event, unexpected(error))
        watch.end(0.0)
        return report


def _locked(
    event: EventInput,
    session: Session,
    settings: Settings,
    watch: Watch,
    before: EventReport | None,
) -> EventReport:
    """One event, held against other runs; what is already done is passed by."""
    if before is not None:
        watch.seconds.update(before.stages)
        watch.warnings.extend(before.warnings)
        session = _as_heard(session, settings, before)
    with _held(settings.house / "locks" / f"{event.slug}.lock", watch):
        storage = settings.storage()
        if storage:
            storage.pull(event.slug)
        found = earlier(event, session, settings)
        report = found or _timed(event, session, settings, watch, before)
        if report.state == "done":
            remembered.keep(event, session)
        if storage:
            storage.push(event.slug)
        if found is None:
            timed.add(settings.house, report)
        if found is None and not watch.unfinished:
            finished.keep(event, session, report)
    watch.end(report.seconds, was_kept=found is not None)
    return report if found is None else report.model_copy(update={"kept": True})


def _as_heard(session: Session, settings: Settings, before: EventReport) -> Session:
    """The session with the engines that heard the event: one may have stepped in for another."""
    others: Choices = {}
    for stage in HEARING:
        heard = before.engines.get(stage)
        if heard and heard.name != settings.choices[stage].backend.name:
            others[stage] = fall_back(stage, "it heard this event")
    return replace(session, engines=session.engines.instead(others))


def earlier(event: EventInput, session: Session, settings: Settings) -> EventReport | None:
    """The report of an earlier run, where nothing has to be done again."""
    return None if settings.force else finished.find(event, session, settings.output)


def failed(event: EventInput, error: PipelineError) -> EventReport:
    """The report of an event that an error ended."""
    return failure(event.slug, event.folder or event.files[0], error, event.files)


def failure(slug: str, place: Path, error: PipelineError, files: Iterable[Path]) -> EventReport:
    """The report of an input that is no event yet; `place` is said if the error names no file."""
    message = str(error)
    if not any(file.name in message for file in files):
        message = f"{place}: {message}"
    return EventReport(slug=slug, state="failed", message=message, trace=error.trace)


def _timed(
    event: EventInput,
    session: Session,
    settings: Settings,
    watch: Watch,
    before: EventReport | None,
) -> EventReport:
    """What became of an event, and what it took with the leg before."""
    begun = time.monotonic()
    report = _processed(event, session, settings, watch)
    spent = round(time.monotonic() - begun + (before.seconds if before else 0.0), 3)
    measured = {
        "seconds": spent,
        "stages": watch.seconds,
        "times_real_time": speed(report.audio_seconds, spent),
        "warnings": (*watch.warnings, *watch.asides),
        "usage": watch.usage,
    }
    return report.model_copy(update=measured)


def _processed(
    event: EventInput, session: Session, settings: Settings, watch: Watch
) -> EventReport:
    """The report of a post that was published, or of what ended the event before."""
    from pipeline.flow import process  # all that computes, and slow to import: when it is needed

    try:
        article, post = process(event, session, watch, settings.output)
    except (Reached, BudgetSpent) as why:
        named = session.engines.named()
        return EventReport(slug=event.slug, state="stopped", message=str(why), engines=named)
    except BaseException as error:
        return failed(event, unexpected(error))
    return EventReport(
        slug=event.slug,
        state="done",
        post=post.relative_to(settings.output).as_posix(),
        engines=session.engines.named(),
        audio_seconds=article.duration,
        speech_seconds=article.speech,
        wordless_seconds=article.wordless,
    )


@contextmanager
def _held(lock: Path, watch: Watch) -> Iterator[None]:
    """Hold an event against other runs; wait, and say so, while another one has it."""
    try:
        secluded(lock.parent.parent)
        lock.parent.mkdir(exist_ok=True)
        held = FileLock(lock)
        try:
            held.acquire(timeout=0)
        except Timeout:
            watch.say("another run is at work on it; waiting")
            held.acquire()
    except OSError as error:
        raise CacheError(
            f"{lock.parent}: cannot be written ({error.strerror}); fix its permissions or give "
            "another folder with -o"
        ) from error
    try:
        yield
    finally:
        held.release()
