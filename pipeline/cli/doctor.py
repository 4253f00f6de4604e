"""`backrow doctor`: what is installed and found, and what to do next."""

import asyncio
import importlib.metadata
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.asr.weights import is_best
from pipeline.asr.whisper_model import preload_cublas
from pipeline.cli.engines import BETTER, wrapped
from pipeline.config import Config
from pipeline.engines.choose import gpus, look_for
from pipeline.engines.table import TABLE
from pipeline.errors import extra
from pipeline.llm.client import Client
from pipeline.llm.models import check_model

PACKAGES = ("faster-whisper", "pyannote.audio", "openai", "pydub", "torch")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing looked at: whether it is right, what was seen, and what to do about it."""

    what: str
    right: bool
    seen: str
    remedy: str = ""


def arguments(command: ArgumentParser) -> None:
    """None."""


def main(args: Namespace) -> int:
    """Print all that decides which engines run here, and the remedy where something is missing or
    could be better; opens connections, loads no model."""
    config = Config()
    packages = (Row(package, True, importlib.metadata.version(package)) for package in PACKAGES)
    for row in (*packages, *_gpu(), *_best(config), *_model(config)):
        print(wrapped(f"{'ok' if row.right else '--':3} {row.what:18} ", row.seen))
        if row.remedy:
            print(wrapped(" " * 23, row.remedy))
    return 0


def _gpu() -> Iterator[Row]:
    if not gpus():
        yield Row("GPU", True, "none: everything runs on the CPU")
        return
    yield Row("GPU", True, f"{gpus()} CUDA device(s)")
    there = preload_cublas()
    seen = "found" if there else "missing: faster-whisper would fail on the GPU"
    yield Row("CUDA 12 cuBLAS", there, seen, "" if there else extra("cuda"))


def _best(config: Config) -> Iterator[Row]:
    for backend in TABLE:
        name = f"{backend.stage} {backend.name}"
        if backend.offline:
            yield Row(name, True, backend.about)
        else:
            found = look_for(backend.stage, config)
            better = BETTER if backend.stage == "asr" and not is_best(found.model) else ""
            seen = f"{found.why} ({backend.about})"
            yield Row(name, found.there, seen, better if found.there else backend.remedy)


def _model(config: Config) -> Iterator[Row]:
    """The language model that would be asked, and whether it is there and for how long."""
    if look_for("writer", config).there:
        name, wrong = asyncio.run(check_model(Client(config.writer, config.run)))
        remedy = "set it with --set writer.model=NAME"
        yield Row("model", not wrong, wrong or name, remedy if wrong else "")
