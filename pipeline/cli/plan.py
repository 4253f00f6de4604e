"""`backrow plan`: what a run would do again and what is kept, without importing an engine; what it
may cost and take: tokens, money, minutes."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline import finished, flow, steps
from pipeline.annotate import annotate, gather
from pipeline.audio.inputs import SOURCES, EventInput
from pipeline.audio.probe import probed
from pipeline.audio.tracks import check_track
from pipeline.cache import Looking, Missing
from pipeline.cli.arguments import add_events, add_flags
from pipeline.cli.described import described
from pipeline.cli.options import events_of, settings
from pipeline.config import Config
from pipeline.data import Audio, Engine, Span, Usage
from pipeline.errors import PipelineError
from pipeline.executors import stage_rates
from pipeline.finished import STEP, Finished, refuse_another
from pipeline.heard import names_nobody_bears, with_known_names
from pipeline.languages import code
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.llm.conversation import FLEX, estimate, with_cost
from pipeline.llm.endpoint import endpoint
from pipeline.notes import forecast
from pipeline.notes.evening import source_texts
from pipeline.notes.questions import WRITE, Questions
from pipeline.notes.writing_context import SOURCES as MOST_SHOWN
from pipeline.progress import Watch
from pipeline.session import CACHED_STEPS, RAN, Session, make_session

STAGES = {"llm": ("outline", "notes", "close", "translate")}  # of a step that is timed in several
TOGETHER = ("transcribe", "diarize")  # run side by side


def arguments(command: ArgumentParser) -> None:
    """All that a post depends on: what a plan has to know of a run."""
    add_events(command)
    add_flags(command, "the post")


def main(args: Namespace) -> int:
    """A line per step of each event; 1 where one cannot be run, or --name names nobody heard."""
    setup = settings(args)
    events, refused = events_of(args)
    session = make_session(setup)
    asked, astray = list[Usage](), 0
    for event in events:
        done = finished.find(event, session)
        print(f"{event.slug}: finished, nothing to do" if done else f"{event.slug}:")
        cache = Looking(session.cache)
        told = look(event, replace(session, cache=cache))
        for line in (*described(event), *told.lines, *told.astray, *told.wrong):
            print(f"  {line}")
        astray += bool(told.wrong or (told.astray and args.name))
        if done or told.wrong:
            continue
        for step in CACHED_STEPS:
            if step != "llm" or asks_a_model(session):
                how = told.steps.get(step) or state(step, event.slug, cache)
                print(f"  {step:11} {how}")
        print(f"  {'post':11} to be written")
        asked.append(usage := _asked(event, told, cache, session))
        if usage.calls:
            print(f"  {'model':11} {cost(usage, session.config)}")
        unfinished = [s for s in CACHED_STEPS if cache.missing[s] or not cache.kept[s]]
        todo = [step for step in unfinished if step not in told.steps]
        took, unknown = minutes(todo, told.seconds, setup.house, session.engines.named())
        if round(took, 1):
            but = f", {' and '.join(unknown)} not counted" if unknown else ""
            print(f"  {'time':11} about {took:.1f} min, as the last runs here{but}")
    if len(asked) > 1 and any(usage.calls for usage in asked):
        print(f"all: {cost(sum(asked, Usage()), session.config)}")
    for bad in refused:
        print(f"{bad.slug}: {bad.error}")
    return 1 if refused or astray else 0


def state(step: str, slug: str, cache: Looking) -> str:
    """In a word or two; "stale" is what was computed before, from something else."""
    kept, missing = len(cache.kept[step]), len(cache.missing[step])
    if not missing:
        return "cached" if kept else "waits for the steps before it"
    ran = (STEP, slug, Finished) if step == "llm" else (RAN, (slug, step), bool)
    word = "new" if cache.find(*ran) is None else "stale"
    return f"{word} ({kept} of it cached)" if kept else word


@dataclass
class Plan:
    """What a plan has to tell beside the steps: how the recordings were taken, who tells what."""

    lines: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()  # names that were given to nobody who was heard
    wrong: tuple[str, ...] = ()  # what a run would fail with
    steps: dict[str, str] = field(default_factory=dict)  # those that no engine has to do
    seconds: float = 0.0  # of sound
    language: str = ""  # that is spoken, as far as it is known
    size: forecast.Size | None = None  # for the model, where it was heard


def look(event: EventInput, session: Session) -> Plan:
    """Walk through the steps as far as what is kept allows."""
    watch = Watch(event.slug)
    headers = filter(None, map(probed, event.files))
    seconds = sum(header.duration or 0.0 for header in headers)  # one behind the other
    told = Plan(seconds=seconds, language=event.info.language or "")
    with _as_far_as_kept(told):
        refuse_another(event, session)
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
        told.astray = tuple(names_nobody_bears(event.info.names, heard.story).values())
        if asks_a_model(session):
            evening = gather(heard, session, watch)
            told.size = forecast.of_evening(evening, *limits(session))
            annotate(heard, session, watch)
    return told


def _asked(event: EventInput, told: Plan, cache: Looking, session: Session) -> Usage:
    """What the model will be asked for an event; of what it was asked already, nothing."""
    if not asks_a_model(session):
        return Usage()
    size = told.size
    kept, missing = len(cache.kept["llm"]), len(cache.missing["llm"])
    if size and not missing:
        return Usage()
    share = missing / (kept + missing) if size else 1.0
    if size is None:  # of which only the length is known
        texts = source_texts(event.folder / SOURCES, event.beyond)[0] if event.folder else ()
        sources = min(sum(estimate(text.text) for text in texts), MOST_SHOWN)
        agenda = len(event.info.agenda)
        size = forecast.of_length(told.seconds / 60, agenda, sources, *limits(session))
    other = session.config.post.language not in (None, code(told.language))
    return forecast.expected(size, session.prompts, other, share)


def limits(session: Session) -> tuple[int, int]:
    """Tokens of an event in one question to the writer and of an answer, as far as no server has
    said less."""
    client = Client(session.config.writer, session.config.run)
    questions = Questions(Asker(client, session.prompts, session.cache))
    return questions.room("write", WRITE), questions.answer


def look_at_engines(
    event: EventInput, audio: Audio, speech: tuple[Span, ...], session: Session, told: Plan
) -> None:
    """Look at the steps that engines do, each by itself: the cache counts what it has of them."""
    watch, info = Watch(event.slug), with_known_names(event.info, audio)
    each: dict[str, Callable[..., object]] = {
        "room": partial(steps.room, audio, speech),
        "transcribe": partial(steps.transcribe, audio, speech, info),
        "diarize": partial(steps.diarize, audio, speech, info),
    }
    for step, look_at in each.items():
        if step not in told.steps:
            with _as_far_as_kept(told):
                look_at(session, watch)


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


# ---- what it may cost and take


def minutes(
    steps: Iterable[str], seconds: float, house: Path, engines: Mapping[str, Engine]
) -> tuple[float, tuple[str, ...]]:
    """For a recording of that length as the last runs went, and the steps of which none tells."""
    rates = {
        step: sum(stage_rates.rate(house, stage, engines) for stage in STAGES.get(step, (step,)))
        for step in steps
    }
    unknown = tuple(step for step, rate in rates.items() if not rate)
    both = [rates.pop(step) for step in TOGETHER if step in rates]
    return seconds * (sum(rates.values()) + max(both, default=0.0)) / 60, unknown


def cost(usage: Usage, config: Config) -> str:
    """ "about 19 calls, 44,000 tokens in, 5,000 out: 0.23 (0.12 with service_tier = flex)"; that
    tier is OpenAI's."""
    about = f"about {usage.calls} calls, {usage.tokens_in:,} tokens in, {usage.tokens_out:,} out"
    paid = with_cost(usage, config.run, config.writer.service_tier).cost
    if paid is None:
        return f"{about}; set run.price_in and run.price_out to know the money"
    offered = endpoint(config.writer).is_openai and config.writer.service_tier != "flex"
    flex = f" ({paid * FLEX:.2f} with service_tier = flex)" if offered else ""
    return f"{about}: {paid:.2f}{flex}"
