"""Which model `auto` means, and what the Hugging Face cache holds, without the network."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.asr.weights import cached_model, default_model, hub_cache, hub_name


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    return tmp_path


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
    folder = keep(cache, "Systran/faster-whisper-base", "model.bin", "config.json")
    assert cached_model("base") == folder
    assert cached_model("Systran/faster-whisper-base") == folder
    assert cached_model("small") is None


def test_a_half_fetched_model_is_not_there(cache: Path) -> None:
    keep(cache, "Systran/faster-whisper-base", "config.json")
    assert cached_model("base") is None


def test_auto_takes_a_model_on_this_disk_before_one_to_fetch(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.asr.packaged.packaged", lambda: False)
    assert default_model("cuda") == "large-v3-turbo"
    assert default_model("cpu") in ("small", "base")
    keep(cache, "Systran/faster-whisper-tiny", "model.bin", "config.json")
    assert default_model("cpu") == "tiny"
    keep(cache, "Systran/faster-whisper-medium", "model.bin", "config.json")
    assert default_model("cuda") == "medium"


def test_names_that_are_no_models(cache: Path) -> None:
    assert hub_name("huge") is None
    assert hub_name("./models/mine") is None
    assert cached_model("/nowhere/model") is None


def test_the_cache_moves_with_hf_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    assert hub_cache() == tmp_path / "hub"


def test_asking_imports_nothing_heavy() -> None:
    code = (
        "import sys; from pipeline.asr.weights import default_model; default_model('cpu');"
        "heavy = {'numpy', 'faster_whisper', 'ctranslate2', 'huggingface_hub', 'torch'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
