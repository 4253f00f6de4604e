"""One event as a job: the lock, the report, what is remembered of it for the next run.

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
from pipeline.cache import secluded, writing
from pipeline.engines.choose import fall_back
from pipeline.engines.table import Stage
from pipeline.errors import BudgetSpent, PipelineError, unexpected
from pipeline.executors import last_run, stage_rates
from pipeline.progress import Sink, Watch
from pipeline.render.report import EventReport, speed
from pipeline.session import Reached, Session

HEARING: tuple[Stage, ...] = ("asr", "diarize")


@dataclass(frozen=True, slots=True)
class Leg:
    """The part of an event's way that one kind of worker goes with it."""

    until: str | None  # the step it ends with; None: the post
    gpu: bool = False
    force: frozenset[str] = frozenset()  # of what is to be done again, what this leg does


def session_for(leg: Leg, session: Session) -> Session:
    """The same session with its warm engines, to go no further than a leg."""
    settings = replace(session.settings, until=leg.until)
    return replace(session, settings=settings, cache=session.cache.forcing(leg.force))


def run_event(
    event: EventInput, session: Session, sink: Sink, before: EventReport | None = None
) -> EventReport:
    """One event from files to published post, or the sentence that says why not.

    `before` is the report of its earlier leg. Whatever goes wrong with it is in its report.
    """
    watch = Watch(event.slug, sink)
    try:
        return _locked(event, session, watch, before)
    except BaseException as error:
        return failed(event, unexpected(error))


def _locked(
    event: EventInput, session: Session, watch: Watch, before: EventReport | None
) -> EventReport:
    """One event, held against other runs; what is already done is passed by."""
    if before is not None:
        watch.seconds.update(before.stages)
        watch.warnings.extend(before.warnings)
        session = _as_heard(session, before)
    house = session.settings.house
    with _held(house / "locks" / f"{event.slug}.lock", watch):
        storage = session.settings.storage()
        if storage:
            storage.pull(event.slug)
        finished.refuse_another(event, session)
        inputs = finished.inputs_of(event, session)
        report = finished.find(event, session) or _timed(event, session, watch, before)
        if report.state == "done":
            last_run.keep(event, session)
        if storage:
            storage.push(event.slug)
        if not report.kept:
            stage_rates.add(house, report)
            if not watch.unfinished:
                finished.keep(event, session, report, inputs)
    return report


def _as_heard(session: Session, before: EventReport) -> Session:
    """The session with the engines that heard the event: one may have stepped in for another."""
    choices = dict(session.engines.choices)
    for stage in HEARING:
        heard = before.engines.get(stage)
        if heard and heard.name != session.settings.choices[stage].backend.name:
            choices[stage] = fall_back(stage, "it heard this event")
    return replace(session, engines=replace(session.engines, choices=choices))


def failed(event: EventInput, error: PipelineError) -> EventReport:
    """The report of an event that an error ended."""
    return failure(event.slug, event.folder or event.files[0], error, event.files)


def failure(slug: str, place: Path, error: PipelineError, files: Iterable[Path]) -> EventReport:
    """The report of an input that is no event yet; `place` is said if the error names no file."""
    message = str(error)
    if not message.startswith(f"{place}: ") and not any(file.name in message for file in files):
        message = f"{place}: {message}"
    return EventReport(slug=slug, state="failed", message=message, trace=error.trace)


def _timed(
    event: EventInput, session: Session, watch: Watch, before: EventReport | None
) -> EventReport:
    """What became of an event, and what it took with the leg before."""
    begun = time.monotonic()
    report = _processed(event, session, watch)
    spent = round(time.monotonic() - begun + (before.seconds if before else 0.0), 3)
    measured = {
        "seconds": spent,
        "stages": watch.seconds,
        "times_real_time": speed(report.audio_seconds, spent),
        "warnings": (*watch.warnings, *watch.asides),
        "misnamed": watch.misnamed,
        "usage": watch.usage,
    }
    return report.model_copy(update=measured)


def _processed(event: EventInput, session: Session, watch: Watch) -> EventReport:
    """The report of a post that was published, or of what ended the event before."""
    from pipeline.flow import process  # all that computes, and slow to import: when it is needed

    try:
        article, post = process(event, session, watch)
    except (Reached, BudgetSpent) as why:
        named = session.engines.named()
        return EventReport(slug=event.slug, state="stopped", message=str(why), engines=named)
    except BaseException as error:
        return failed(event, unexpected(error))
    heard = article.heard
    return EventReport(
        slug=event.slug,
        state="done",
        post=post.relative_to(session.settings.output).as_posix(),
        engines=session.engines.named(),
        audio_seconds=heard.audio.duration,
        speech_seconds=heard.transcript.speech,
        wordless_seconds=heard.transcript.wordless,
    )


@contextmanager
def _held(lock: Path, watch: Watch) -> Iterator[None]:
    """Hold an event against other runs; wait, and say so, while another one has it."""
    secluded(lock.parent.parent)
    with writing(lock.parent):
        lock.parent.mkdir(exist_ok=True)
        try:
            held = FileLock(lock).acquire(timeout=0)
        except Timeout:
            watch.say("another run is at work on it; waiting")
            held = FileLock(lock).acquire()
    with held:
        yield
