"""A Whisper model opened on the best device there is, with what had to be given up for it.

CTranslate2 opens `libcublas.so.12` by name, while torch brings CUDA 13: the package
nvidia-cublas-cu12 (the extra `cuda`) carries it where no loader looks, so it is opened
here first, for all of the process. Torch is not imported.
"""

import ctypes
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import config
from pipeline.asr import weights
from pipeline.asr.fetch import fetch
from pipeline.audio.wav import SAMPLE_RATE
from pipeline.errors import EngineError, extra

_CUBLAS = ("libcublasLt.so.12", "libcublas.so.12")  # the second needs the first
_MOST_WORKERS = 4  # each has memory of its own for what it computes
_CUDA_REMEDY = f"take {extra('cuda')}, or --set run.device=cpu"


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A `faster_whisper.WhisperModel`, its name as asked for, and what to tell the user."""

    model: Any
    name: str
    device: str
    workers: int = 1  # batches that it decodes at the same time, each given by a thread
    warnings: tuple[str, ...] = ()


def open_model(name: str, run: config.Run) -> LoadedModel:
    """The model on the device asked for, or with `auto` on a GPU if one can be used.

    Raises EngineError: no such model, none here and no network, a folder without its files, or a
    GPU asked for that cannot be used.
    """
    gpu = _use_gpu(run)
    folder = find_model(name, run.download)
    if not gpu:
        return LoadedModel(_load_weights(folder, "cpu", run), name, "cpu", _workers(run))
    try:
        return LoadedModel(_load_weights(folder, "cuda", run), name, "cuda")
    except RuntimeError as error:
        if run.device == "cuda":
            raise EngineError(f"Whisper cannot use the GPU ({error}): {_CUDA_REMEDY}") from error
        warning = f"Whisper runs on the CPU, as the GPU cannot be used ({error}): {_CUDA_REMEDY}"
        model = _load_weights(folder, "cpu", run)
        return LoadedModel(model, name, "cpu", _workers(run), (warning,))


def _workers(run: config.Run) -> int:
    """Of a CPU: one thread to a batch wastes none of it on waiting (words.py --only hour)."""
    return min(run.cores, _MOST_WORKERS)


def find_model(name: str, download: bool = True) -> Path:
    """The folder of a model: local, in the Hugging Face cache, from our package, or fetched now."""
    if folder := weights.local_folder(name):
        if missing := weights.missing_files(folder):
            raise EngineError(
                f"{name}: is no CTranslate2 Whisper model, {' and '.join(missing)} is missing; "
                "give the folder that ct2-transformers-converter wrote, or a size such as small"
            )
        return folder
    if found := weights.find_weights(name):
        return found
    if not download:
        raise EngineError(f"{name}: is not on this disk, and nothing may be fetched (run.download)")
    return fetch(name, lambda text: None)


def preload_cublas() -> bool:
    """Open CUDA 12's cuBLAS from its package for all of the process; False if it is not there."""
    found = importlib.util.find_spec("nvidia")
    for root in (found.submodule_search_locations or ()) if found else ():
        libraries = [Path(root, "cublas", "lib", name) for name in _CUBLAS]
        if all(library.is_file() for library in libraries):
            for library in libraries:
                ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
            return True
    return False


def _use_gpu(run: config.Run) -> bool:
    import ctranslate2

    gpus = int(ctranslate2.get_cuda_device_count())
    if run.device == "cuda" and not gpus:
        raise EngineError(
            "run.device is cuda, but no CUDA GPU is seen here: check that nvidia-smi lists one, "
            "or take --set run.device=cpu"
        )
    return run.device != "cpu" and gpus > 0


def _load_weights(folder: Path, device: str, run: config.Run) -> Any:
    """Raises RuntimeError when a GPU's libraries cannot be used: a first sound is encoded."""
    import numpy
    from faster_whisper import WhisperModel

    if device == "cuda":
        preload_cublas()
    compute = _compute_type(device) if run.compute_type == "auto" else run.compute_type
    workers = _workers(run) if device == "cpu" else 1
    try:
        model = WhisperModel(
            str(folder),
            device,
            compute_type=compute,
            cpu_threads=run.cores // workers,
            num_workers=workers,
        )
    except ValueError as error:
        raise EngineError(f"{folder}: {error}; set run.compute_type to auto") from error
    except RuntimeError as error:
        if device == "cuda":
            raise
        raise EngineError(f"{folder}: cannot be opened as a Whisper model ({error})") from error
    if device == "cuda":
        model.encode(model.feature_extractor(numpy.zeros(SAMPLE_RATE, numpy.float32))[:, :3000])
    return model


def _compute_type(device: str) -> str:
    """The fastest that costs no accuracy to speak of: half floats on a GPU, else 8-bit integers."""
    import ctranslate2

    there = ctranslate2.get_supported_compute_types(device)
    wanted = ("float16", "int8_float32", "float32") if device == "cuda" else ("int8", "float32")
    return next((kind for kind in wanted if kind in there), "default")
