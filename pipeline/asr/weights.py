"""Which Whisper weights, and where they lie: looked for without the network or a heavy import.

A folder or a name that was asked for comes first. `auto` means the best on this disk: in the hub's
cache, in a folder of a model's name in `models_folder()`, or in the package (packaged.py). Only
where there is nothing, or a GPU without a large model, something is fetched (fetch.py).
"""

import os
from pathlib import Path

from pipeline import download
from pipeline.asr import packaged

_SIZES = "tiny tiny.en base base.en small small.en medium medium.en large-v1 large-v2 large-v3"
_HUB = {size: f"Systran/faster-whisper-{size}" for size in _SIZES.split()} | {
    "large": "Systran/faster-whisper-large-v3",
    "distil-small.en": "Systran/faster-distil-whisper-small.en",
    "distil-medium.en": "Systran/faster-distil-whisper-medium.en",
    "distil-large-v2": "Systran/faster-distil-whisper-large-v2",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
_BEST = ("large-v3-turbo", "large-v3", "large-v2")  # what a GPU is worth; nothing beats the first
_MANY_LANGUAGES = (*_BEST, "medium", "small", "base", "tiny")  # the best first
DEFAULT_MODELS = {"cuda": _BEST[0], "cpu": "base"}  # where nothing better is here
# Core-seconds for a second of speech with 8-bit weights and a beam of 5 (model_costs.py): base as
# it was measured, the others as much dearer than base as made weights of their sizes are.
_COST = {"tiny": 0.05, "base": 0.08, "small": 0.25, "medium": 0.75, "large-v3-turbo": 0.75}
_LARGE_COST = 1.4  # the same, of the others
_SLOWER = 2.0  # times: an older core, and windows that are heard twice
MODEL_FILES = ("model.bin", "config.json")


def best_here(device: str, cores: int) -> str | None:
    """The best multilingual model on this disk that is faster than real time, else the fastest."""
    here = [name for name in _MANY_LANGUAGES if on_disk(name)]
    quick = (n for n in here if device == "cuda" or _COST.get(n, _LARGE_COST) * _SLOWER < cores)
    return next(quick, here[-1] if here else None)


def is_best(name: str) -> bool:
    """Whether other weights would hardly hear better."""
    return name in _BEST or hub_name(name) in {_HUB[each] for each in _BEST}


def local_folder(name: str) -> Path | None:
    """The folder that a name means; of a size none: a folder of that name is "./base"."""
    place = Path(name).expanduser()
    return place if name not in _HUB and place.is_dir() else None


def find_weights(name: str) -> Path | None:
    """The folder of a size or hub name on this disk, if it is whole; the package is joined now.

    Raises EngineError when the package is damaged.
    """
    return _cached(name) or (packaged.assemble() if on_disk(name) else None)


def on_disk(name: str) -> bool:
    """Whether a size or hub name needs no network."""
    return bool(_cached(name)) or (is_base(name) and packaged.is_available())


def is_base(name: str) -> bool:
    """Whether a name means the weights that our package holds."""
    return hub_name(name) == _HUB["base"]


def _cached(name: str) -> Path | None:
    """In the Hugging Face cache, or in our own folder of models."""
    repository = hub_name(name)
    if repository is None:
        return None
    own = download.models_folder() / name
    if "/" not in name and not missing_files(own):
        return own
    home = hub_cache() / f"models--{repository.replace('/', '--')}"
    try:
        revision = (home / "refs" / "main").read_text(encoding="utf-8").strip()
    except OSError:
        return None
    folder = home / "snapshots" / revision
    return folder if not missing_files(folder) else None


def missing_files(folder: Path) -> tuple[str, ...]:
    """The files without which a folder is no CTranslate2 model."""
    return tuple(file for file in MODEL_FILES if not (folder / file).is_file())


def hub_name(name: str) -> str | None:
    """`owner/name` on the hub for a size ("small") or a hub name; None for anything else."""
    if name in _HUB:
        return _HUB[name]
    return name if name.count("/") == 1 and not name.startswith((".", "/", "~")) else None


def size_names() -> tuple[str, ...]:
    """The names that need no owner."""
    return tuple(_HUB)


def hub_cache() -> Path:
    """Where the Hugging Face libraries keep models."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{cache}/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()
