"""`backrow plan`: what a run would do again and what is kept, without importing an engine."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import flow, steps
from pipeline.annotate import Material, annotate, gather
from pipeline.api import silent
from pipeline.audio.inputs import EventInput
from pipeline.audio.tracks import check_track
from pipeline.cli.arguments import add_events, add_flags
from pipeline.cli.described import described
from pipeline.cli.expected import (
    came_out,
    cost,
    done_before,
    length,
    minutes,
    size_by_length,
    total,
)
from pipeline.cli.options import events_of, settings
from pipeline.data import Audio, Span, Usage
from pipeline.errors import PipelineError
from pipeline.executors.job import earlier, make_session
from pipeline.finished import STEP, Finished
from pipeline.heard import names_nobody_bears, with_known_names
from pipeline.languages import code
from pipeline.looking import Looking, Missing
from pipeline.notes.forecast import Size, expected, of_evening, part, scaled
from pipeline.progress import Watch
from pipeline.render.report import EventReport
from pipeline.session import CACHED_STEPS, RAN, Session


def arguments(command: ArgumentParser) -> None:
    """All that a post depends on: what a plan has to know of a run."""
    add_events(command)
    add_flags(command, "the post")


def main(args: Namespace) -> int:
    """A line per step of each event; 1 where one cannot be run, or --name names nobody heard."""
    setup = settings(args)
    events, refused = events_of(args)
    session = make_session(setup)
    before, asked, astray = done_before(setup.output), list[Usage](), 0
    for event in events:
        done = earlier(event, session, setup)
        print(f"{event.slug}: finished, nothing to do" if done else f"{event.slug}:")
        cache = Looking(session.cache)
        told = look(event, replace(session, cache=cache), setup.output / event.slug)
        for line in (*described(event), *told.lines, *told.astray, *told.wrong):
            print(f"  {line}")
        astray += bool(told.wrong or (told.astray and args.name))
        if done:
            continue
        for step in CACHED_STEPS:
            if step != "llm" or asks_a_model(session):
                how = told.steps.get(step) or state(step, event.slug, cache)
                print(f"  {step:11} {how}")
        print(f"  {'post':11} to be written")
        asked.append(usage := _asked(event, told, cache, session, before))
        if usage.calls:
            print(f"  {'model':11} {cost(usage, session.config)}")
        todo = [s for s in CACHED_STEPS if s not in told.steps and _is_missing(s, cache)]
        took, unknown = minutes(todo, told.seconds, setup.house, _engine_labels(session))
        if round(took, 1):
            but = f", {' and '.join(unknown)} not counted" if unknown else ""
            print(f"  {'time':11} about {took:.1f} min, as the last runs here{but}")
    if len(asked) > 1 and total(asked).calls:
        print(f"all: {cost(total(asked), session.config)}")
    for bad in refused:
        print(f"{bad.slug}: {bad.error}")
    return 1 if refused or astray else 0


def state(step: str, slug: str, cache: Looking) -> str:
    """In a word or two; "stale" is what was computed before, from something else."""
    kept, missing = len(cache.kept[step]), len(cache.missing[step])
    if not missing:
        return "cached" if kept else "waits for the steps before it"
    word = "stale" if was_computed(slug, step, cache) else "new"
    return f"{word} ({kept} of it cached)" if kept else word


def was_computed(slug: str, step: str, cache: Looking) -> bool:
    """Whether a step of an event ran before; for the model, whether a post was written."""
    if step == "llm":
        return cache.find(STEP, slug, Finished) is not None
    return cache.find(RAN, (slug, step), bool) is not None


@dataclass
class Plan:
    """What a plan has to tell beside the steps: how the recordings were taken, who tells what."""

    lines: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()  # names that were given to nobody who was heard
    wrong: tuple[str, ...] = ()  # what a run would fail with
    steps: dict[str, str] = field(default_factory=dict)  # those that no engine has to do
    seconds: float = 0.0  # of sound
    language: str = ""  # that is spoken, as far as it is known
    size: Size | None = None  # for the model, where it was heard


def look(event: EventInput, session: Session, folder: Path) -> Plan:
    """Walk through the steps as far as what is kept allows."""
    watch = Watch(event.slug, silent)
    told = Plan(seconds=length(event), language=event.info.language or "")
    with _as_far_as_kept(told):
        check_track(event.files, event.info.track)
        audio = steps.decode(event, session, watch)
        told.lines, told.seconds = audio.said + audio.warnings, audio.duration
        if not audio.sounding:
            told.steps = dict.fromkeys(("decode", "speech", "room"), "nothing to hear")
        speech = steps.speech(audio, session, watch)
        read = steps.captions(event, audio, speech, session, watch)
        if read:
            told.steps["transcribe"] = f"read in {read.source}"
            audio = replace(audio, known=read.known or audio.known)
        if audio.known:
            told.steps["diarize"] = f"told by the {audio.known.by}"
        elif not audio.sounding:
            told.steps["diarize"] = "nothing to hear"
        look_at_engines(event, audio, speech, session, told)
        heard = flow.listen(event, session, watch)
        told.language = heard.language
        told.astray = tuple(names_nobody_bears(event.info.names, heard.story))
        if asks_a_model(session):
            material = Material(event, heard.story, heard.sounds, heard.language, folder)
            told.size = of_evening(gather(material, session, watch), session.config.writer.context)
            annotate(material, session, watch)
    return told


def _asked(
    event: EventInput, told: Plan, cache: Looking, session: Session, done: Sequence[EventReport]
) -> Usage:
    """What the model will be asked for an event; of what it was asked already, nothing."""
    if not asks_a_model(session):
        return Usage()
    size, room = told.size, session.config.writer.context
    kept, missing = len(cache.kept["llm"]), len(cache.missing["llm"])
    if size and not missing:
        return Usage()
    other = session.config.post.language not in (None, code(told.language))
    usage = expected(size or size_by_length(event, told.seconds, room), session.prompts, other)
    before = came_out(done, session.prompts, room, _engine_labels(session)["writer"])
    return part(scaled(usage, *before), missing / (kept + missing) if size else 1.0)


def _engine_labels(session: Session) -> dict[str, str]:
    return {stage: f"{each.name} {each.model}" for stage, each in session.engines.named().items()}


def _is_missing(step: str, cache: Looking) -> bool:
    return bool(cache.missing[step]) or not cache.kept[step]


def look_at_engines(
    event: EventInput, audio: Audio, speech: tuple[Span, ...], session: Session, told: Plan
) -> None:
    """Look at the steps that engines do, each by itself: the cache counts what it has of them."""
    watch, info = Watch(event.slug, silent), with_known_names(event.info, audio)
    each: dict[str, Callable[[], object]] = {
        "room": lambda: steps.room(audio, speech, session, watch),
        "transcribe": lambda: steps.transcribe(audio, speech, info, session, watch),
        "diarize": lambda: steps.diarize(audio, speech, info, session, watch),
    }
    for step, look_at in each.items():
        if step not in told.steps:
            with _as_far_as_kept(told):
                look_at()


def asks_a_model(session: Session) -> bool:
    """Whether there are calls to count; the other writer keeps nothing."""
    return session.engines.choices["writer"].backend.name == "llm"


@contextmanager
def _as_far_as_kept(told: Plan) -> Iterator[None]:
    try:
        yield
    except Missing:
        return
    except PipelineError as error:
        told.wrong = tuple(dict.fromkeys((*told.wrong, str(error))))
