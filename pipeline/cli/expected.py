"""What a run may cost and take, before it is begun: tokens, money, minutes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from pipeline.audio.inputs import SOURCES, EventInput
from pipeline.audio.probe import probed
from pipeline.config import Config
from pipeline.data import Usage
from pipeline.executors import timed
from pipeline.llm.server import FLEX, estimate, priced
from pipeline.notes import forecast
from pipeline.notes.briefs import SOURCES as MOST_SHOWN
from pipeline.notes.evening import source_texts
from pipeline.prompts import Prompts
from pipeline.render.report import EventReport, ReportFile

STAGES = {"llm": ("outline", "notes", "close", "translate")}  # of a step that is timed in several
TOGETHER = ("transcribe", "diarize")  # run side by side


def done_before(output: Path) -> tuple[EventReport, ...]:
    """What the last run into a folder did; nothing where no report of ours is there."""
    try:
        told = ReportFile.model_validate_json((output / "report.json").read_bytes())
    except (OSError, ValidationError):
        return ()
    return tuple(each for each in told.events if each.state == "done")


def came_out(
    done: Sequence[EventReport], prompts: Prompts, room: int, model: str
) -> tuple[Usage, Usage]:
    """Of the events that this model wrote: what was expected by their length, and what came."""
    own = [e for e in done if (by := e.engines.get("writer")) and f"{by.name} {by.model}" == model]
    sizes = (forecast.of_length(each.audio_seconds / 60, 0, 0, room) for each in own)
    foreseen = (forecast.expected(size, prompts) for size in sizes)
    return sum(foreseen, Usage()), sum((each.usage for each in own), Usage())


def minutes(
    steps: Iterable[str], seconds: float, house: Path, engines: Mapping[str, str]
) -> tuple[float, tuple[str, ...]]:
    """For a recording of that length as the last runs went, and the steps of which none tells."""
    rates = {
        step: sum(timed.rate(house, stage, engines) for stage in STAGES.get(step, (step,)))
        for step in steps
    }
    unknown = tuple(step for step, rate in rates.items() if not rate)
    both = [rates.pop(step) for step in TOGETHER if step in rates]
    return seconds * (sum(rates.values()) + max(both, default=0.0)) / 60, unknown


def length(event: EventInput) -> float:
    """Seconds of its recordings by their headers, one behind the other; 0 where none tells."""
    return sum((found.duration or 0.0) for file in event.files if (found := probed(file)))


def size_by_length(event: EventInput, seconds: float, room: int) -> forecast.Size:
    """An event of which only the length is known."""
    texts = source_texts(event.folder / SOURCES, event.beyond)[0] if event.folder else ()
    sources = sum(estimate(text.text) for text in texts)
    known = min(sources, MOST_SHOWN)
    return forecast.of_length(seconds / 60, len(event.info.agenda), known, room)


def cost(usage: Usage, config: Config) -> str:
    """ "about 19 calls, 44,000 tokens in, 5,000 out: 0.23 (0.12 with service_tier = flex)"."""
    about = f"about {usage.calls} calls, {usage.tokens_in:,} tokens in, {usage.tokens_out:,} out"
    paid = priced(usage, config.run, config.writer.service_tier).cost
    if paid is None:
        return f"{about}; set run.price_in and run.price_out to know the money"
    flex = f" ({paid * FLEX:.2f} with service_tier = flex)"
    return f"{about}: {paid:.2f}{'' if config.writer.service_tier == 'flex' else flex}"


def total(each: Sequence[Usage]) -> Usage:
    """All of them."""
    return replace(sum(each, Usage()), cost=None)
