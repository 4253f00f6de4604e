"""Whisper weights from the hub: once, said with size and folder."""

import os
from collections.abc import Callable
from pathlib import Path

from pipeline.asr.weights import hub_cache, hub_name, size_names
from pipeline.download import make_room, spoken
from pipeline.errors import EngineError

FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.*")


def fetch(name: str, tell: Callable[[str], None], bar: bool = False) -> Path:
    """The folder of a size or hub name, fetched into the hub's cache.

    `tell` gets one line before it begins; `bar` shows on stderr how far it is. Raises EngineError:
    no such name, no connection or no room on the disk.
    """
    repository = hub_name(name)
    if repository is None:
        raise EngineError(
            f"{name}: no such model folder, and no model of that name; give a folder, a hub name "
            f"(owner/name) or one of {', '.join(size_names())}"
        )
    from huggingface_hub.errors import HFValidationError

    try:
        return _download_snapshot(repository, tell, bar)
    except (OSError, HFValidationError) as error:  # what the hub's library raises, and the disk
        reason = str(error).strip().splitlines()[0]
        raise EngineError(
            f"{name}: the model is not on this disk and cannot be fetched ({reason}); "
            "connect once, or give a model folder with --model"
        ) from error


def _download_snapshot(repository: str, tell: Callable[[str], None], bar: bool) -> Path:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.utils.tqdm import disable_progress_bars, enable_progress_bars

    hub, cache = os.environ.get("HF_ENDPOINT"), hub_cache()
    info = HfApi(endpoint=hub).model_info(repository, files_metadata=True)
    wanted = (f for f in info.siblings or () if any(map(Path(f.rfilename).match, FILES)))
    size = sum(file.size or 0 for file in wanted)
    tell(f"fetching {repository}, {spoken(size)}, into {cache}")
    make_room(cache, size)
    (enable_progress_bars if bar else disable_progress_bars)()
    folder = snapshot_download(
        repository, allow_patterns=list(FILES), cache_dir=cache, endpoint=hub
    )
    return Path(folder)
