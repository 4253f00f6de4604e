"""How fast this machine was: for each stage and engine the last few runs, beside the cache."""

from collections.abc import Mapping
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from pipeline.cache import PRIVATE, write_atomic
from pipeline.data import Engine
from pipeline.render.report import EventReport

FILE = "timed.json"
LAST = 5  # runs; the slowest of them counts, since a run that asks for little again is no measure
DONE_BY = {"transcribe": "asr", "diarize": "diarize"} | dict.fromkeys(
    ("outline", "notes", "close", "translate"), "writer"
)
_RATES = TypeAdapter(dict[str, list[float]])


def add(house: Path, report: EventReport) -> None:
    """Remember what an event's stages took for a second of its sound."""
    if not (report.audio_seconds and report.stages):
        return
    with FileLock(house / "locks" / "timed.lock"):
        rates = _read(house)
        for stage, seconds in report.stages.items():
            key = _key(stage, report.engines)
            rates[key] = [*rates.get(key, []), round(seconds / report.audio_seconds, 6)][-LAST:]
        write_atomic(house / FILE, _RATES.dump_json(rates, indent=1), PRIVATE)


def rate(house: Path, stage: str, engines: Mapping[str, Engine]) -> float:
    """Seconds that a stage takes for one of sound, 0 where it is not known."""
    return max(_read(house).get(_key(stage, engines), [0.0]))


def _key(stage: str, engines: Mapping[str, Engine]) -> str:
    engine = engines.get(DONE_BY.get(stage, ""))
    return f"{stage} {engine.name} {engine.model}" if engine else f"{stage} "


def _read(house: Path) -> dict[str, list[float]]:
    try:
        return _RATES.validate_json((house / FILE).read_bytes())
    except (OSError, ValueError):
        return {}
