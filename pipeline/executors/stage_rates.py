"""How fast this machine was: for each stage and engine the last few runs, in the cache."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.cache import Cache
from pipeline.data import Engine
from pipeline.render.report import EventReport

STEP = "rates"
LAST = 5  # runs; the slowest of them counts, since a run that asks for little again is no measure
DONE_BY = {"transcribe": "asr", "diarize": "diarize"} | dict.fromkeys(
    ("outline", "notes", "close", "translate"), "writer"
)


def add(house: Path, report: EventReport) -> None:
    """Remember what an event's stages took for a second of its sound."""
    if not report.audio_seconds:
        return
    for stage, seconds in report.stages.items():
        key = _key(stage, report.engines)
        known = Cache(house).find(STEP, key, list[float]) or []
        rates = [*known, round(seconds / report.audio_seconds, 6)][-LAST:]
        Cache(house).keep(STEP, key, list[float], rates)


def rate(house: Path, stage: str, engines: Mapping[str, Engine]) -> float:
    """Seconds that a stage takes for one of sound, 0 where it is not known."""
    return max(Cache(house).find(STEP, _key(stage, engines), list[float]) or [0.0])


def _key(stage: str, engines: Mapping[str, Engine]) -> tuple[str, ...]:
    engine = engines.get(DONE_BY.get(stage, ""))
    return (stage, engine.name, engine.model) if engine else (stage,)
