"""Every back end in one table: known, described and checked for before anything is imported."""

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.errors import ConfigError, EngineError

Stage = Literal["asr", "diarize", "writer"]


@dataclass(frozen=True, slots=True)
class Backend:
    """One engine of a stage. Raise `version` when its output changes: it is part of step keys."""

    stage: Stage
    name: str
    module: str  # has `load(...)`, see the stage's __init__
    version: int
    package: str  # the import name of what it needs
    install: str
    offline: bool  # runs with nothing but the packages
    about: str
    reads: tuple[str, ...] = ()  # the options of its section that change what it returns


TABLE = (
    Backend(
        "asr",
        "faster-whisper",
        "pipeline.asr.faster_whisper",
        1,
        "faster_whisper",
        "pip install faster-whisper",
        False,
        "Whisper on CTranslate2; needs a model: a name from the hub or a local folder (--model)",
        ("language", "vocabulary", "beam_size", "batch_size"),
    ),
    Backend(
        "asr",
        "sphinx",
        "pipeline.asr.sphinx",
        1,
        "pocketsphinx",
        "pip install pocketsphinx",
        True,
        "pocketsphinx with the English model inside its wheel; lower accuracy",
    ),
    Backend(
        "diarize",
        "pyannote",
        "pipeline.diarize.pyannote",
        2,
        "pyannote.audio",
        "pip install pyannote.audio",
        False,
        "community-1; needs HF_TOKEN and the accepted licence, or a local clone's folder",
        ("segmentation", "speakers"),
    ),
    Backend(
        "diarize",
        "ge2e",
        "pipeline.diarize.ge2e",
        1,
        "onnxruntime",
        "pip install onnxruntime",
        True,
        "GE2E voice embeddings and clustering; the weights are inside this package",
        ("speakers",),
    ),
    Backend(
        "writer",
        "llm",
        "pipeline.writer.llm",
        1,
        "openai",
        "pip install openai",
        False,
        "any OpenAI-compatible server; needs OPENAI_API_KEY, or a base URL that asks for no key",
    ),
    Backend(
        "writer",
        "offline",
        "pipeline.writer.offline",
        4,
        "pipeline",
        "",
        True,
        "no model: extracted summaries, checked findings, wording from prompts/offline.toml",
    ),
)


def named(stage: Stage, name: str) -> Backend:
    """The back end of that name; raises ConfigError with the names there are."""
    of_stage = [backend for backend in TABLE if backend.stage == stage]
    for backend in of_stage:
        if backend.name == name:
            return backend
    names = ", ".join(["auto", *(backend.name for backend in of_stage)])
    raise ConfigError(f"{stage} engine {name!r} does not exist; there are {names}")


def installed(backend: Backend) -> bool:
    """Whether its package can be found, without importing it."""
    try:
        return importlib.util.find_spec(backend.package) is not None
    except ModuleNotFoundError:  # a dotted name whose parent is missing
        return False


def loader(backend: Backend) -> Callable[..., Any]:
    """Its module's `load`; raises EngineError with the line to run when a package is missing."""
    if not installed(backend):
        raise EngineError(f"{backend.name} is not installed: {backend.install}")
    load: Callable[..., Any] = importlib.import_module(backend.module).load
    return load
