"""Which model `auto` means, and what the Hugging Face cache holds, without the network."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import download
from pipeline.asr import packaged
from pipeline.asr.weights import best_here, find_weights, hub_cache, hub_name, is_best, on_disk


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache and an empty folder of models, on a machine without the package."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(download, "models_folder", lambda: tmp_path / "models")
    monkeypatch.setattr(packaged, "is_available", lambda: False)
    return tmp_path / "hub"


WHOLE = ("model.bin", "config.json")


def keep(cache: Path, repository: str, *files: str) -> Path:
    """A repository in the cache as huggingface_hub lays it out."""
    home = cache / f"models--{repository.replace('/', '--')}"
    folder = home / "snapshots" / "abc123"
    folder.mkdir(parents=True)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("abc123")
    for file in files:
        (folder / file).write_bytes(b"x")
    return folder


def test_a_size_or_hub_name_is_found_in_the_cache(cache: Path) -> None:
    folder = keep(cache, "Systran/faster-whisper-base", *WHOLE)
    assert find_weights("base") == folder
    assert find_weights("Systran/faster-whisper-base") == folder
    assert find_weights("small") is None


def test_a_half_fetched_model_is_not_there(cache: Path) -> None:
    keep(cache, "Systran/faster-whisper-base", "config.json")
    assert find_weights("base") is None


def test_a_folder_of_a_models_name_is_found(cache: Path) -> None:
    folder = download.models_folder() / "medium"
    folder.mkdir(parents=True)
    for file in WHOLE:
        (folder / file).write_bytes(b"x")
    assert find_weights("medium") == folder
    assert best_here("cpu", 8) == "medium"


def test_the_package_is_base(monkeypatch: pytest.MonkeyPatch, whisper_base: Path) -> None:
    monkeypatch.setattr(packaged, "is_available", lambda: True)
    monkeypatch.setattr(packaged, "assemble", lambda: whisper_base)
    assert on_disk("base") and on_disk("Systran/faster-whisper-base") and not on_disk("small")
    assert find_weights("base") == whisper_base
    assert best_here("cpu", 1) == "base"


def test_auto_is_the_best_that_keeps_under_real_time(cache: Path) -> None:
    assert best_here("cpu", 2) is None
    keep(cache, "Systran/faster-whisper-tiny", *WHOLE)
    keep(cache, "Systran/faster-whisper-small.en", *WHOLE)
    assert best_here("cpu", 2) == "tiny", "models of one language are for who asks for them"
    keep(cache, "Systran/faster-whisper-large-v3", *WHOLE)
    assert best_here("cpu", 1) == "tiny", "twice its length on one core"
    assert best_here("cpu", 16) == best_here("cuda", 1) == "large-v3"


def test_the_fastest_is_taken_where_none_keeps_up(cache: Path) -> None:
    keep(cache, "Systran/faster-whisper-large-v3", *WHOLE)
    keep(cache, "Systran/faster-whisper-large-v2", *WHOLE)
    assert best_here("cpu", 1) == "large-v2"


def test_which_are_the_best_there_are() -> None:
    assert is_best("large-v3-turbo") and is_best("mobiuslabsgmbh/faster-whisper-large-v3-turbo")
    assert not is_best("base") and not is_best("owner/of-their-own") and not is_best("/a/folder")


def test_names_that_are_no_models() -> None:
    assert hub_name("huge") is None
    assert hub_name("./models/mine") is None
    assert find_weights("/nowhere/model") is None


def test_the_cache_moves_with_hf_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    assert hub_cache() == tmp_path / "hub"


def test_asking_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pipeline.asr.weights import best_here; best_here('cpu', 2);"
        "heavy = {'numpy', 'faster_whisper', 'ctranslate2', 'huggingface_hub', 'torch'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
