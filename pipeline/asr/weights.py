"""Which Whisper model, and whether it is on this disk; told without the network or an import."""

import os
from pathlib import Path

from pipeline.asr import packaged

_HUB = {
    "tiny": "Systran/faster-whisper-tiny",
    "tiny.en": "Systran/faster-whisper-tiny.en",
    "base": "Systran/faster-whisper-base",
    "base.en": "Systran/faster-whisper-base.en",
    "small": "Systran/faster-whisper-small",
    "small.en": "Systran/faster-whisper-small.en",
    "medium": "Systran/faster-whisper-medium",
    "medium.en": "Systran/faster-whisper-medium.en",
    "large-v1": "Systran/faster-whisper-large-v1",
    "large-v2": "Systran/faster-whisper-large-v2",
    "large-v3": "Systran/faster-whisper-large-v3",
    "large": "Systran/faster-whisper-large-v3",
    "distil-small.en": "Systran/faster-distil-whisper-small.en",
    "distil-medium.en": "Systran/faster-distil-whisper-medium.en",
    "distil-large-v2": "Systran/faster-distil-whisper-large-v2",
    "distil-large-v3": "Systran/faster-distil-whisper-large-v3",
    "distil-large-v3.5": "distil-whisper/distil-large-v3.5-ct2",
    "large-v3-turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
    "turbo": "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
}
_ON_GPU = ("large-v3-turbo", "large-v3", "large-v2", "medium", "small", "base")
_ON_CPU = ("small", "base", "tiny")
_FEW_CORES = 4  # below, `small` runs slower than the speech it hears
MODEL_FILES = ("model.bin", "config.json")


def default_model(device: str) -> str:
    """The model that `auto` means on "cuda" or "cpu": the best of its kind that is on this disk,
    or the one to fetch. Only models that know many languages are taken."""
    few = (os.cpu_count() or 1) < _FEW_CORES
    wanted = _ON_GPU if device == "cuda" else _ON_CPU[1:] if few else _ON_CPU
    return next((name for name in wanted if on_disk(name)), wanted[0])


def on_disk(name: str) -> bool:
    """Whether a size or hub name needs no network: in the hub's cache, or in our package."""
    return bool(cached_model(name)) or (is_base(name) and packaged.packaged())


def is_base(name: str) -> bool:
    """Whether a name means the weights that our package holds."""
    return hub_name(name) == _HUB["base"]


def cached_model(name: str) -> Path | None:
    """The folder of a size or hub name in the Hugging Face cache, if it is whole there."""
    repository = hub_name(name)
    if repository is None:
        return None
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


def sizes() -> tuple[str, ...]:
    """The names that need no owner."""
    return tuple(_HUB)


def hub_cache() -> Path:
    """Where the Hugging Face libraries keep models."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("HF_HOME") or f"{cache}/huggingface"
    return Path(os.environ.get("HF_HUB_CACHE") or f"{home}/hub").expanduser()
