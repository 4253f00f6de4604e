"""Opening a model: the device, what is given up for it, and every way it can be missing."""

from collections.abc import Callable
from pathlib import Path

import pytest
import scripted_whisper

from pipeline import config
from pipeline.asr.whisper_model import find_model, open_model, preload_cublas
from pipeline.errors import EngineError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scripted_whisper.make(tmp_path_factory.mktemp("model"), "so it is", "so it is")


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Make the driver report so many GPUs."""
    counts = "ctranslate2.get_cuda_device_count"
    return lambda gpus: monkeypatch.setattr(counts, lambda: gpus)


def test_without_a_gpu_auto_runs_on_the_cpu_and_has_nothing_to_tell(
    folder: Path, driver: Callable[[int], None]
) -> None:
    driver(0)
    opened = open_model(str(folder), config.Run())
    assert (opened.device, opened.warnings) == ("cpu", ())


def no_cuda() -> bool:
    import ctranslate2

    return ctranslate2.get_cuda_device_count() == 0


@pytest.mark.skipif(not no_cuda(), reason="here the GPU can be used")
def test_a_gpu_that_cannot_be_used_is_told_and_the_cpu_taken(
    folder: Path, driver: Callable[[int], None]
) -> None:
    driver(1)
    opened = open_model(str(folder), config.Run())
    assert opened.device == "cpu"
    assert len(opened.warnings) == 1
    assert "--extra cuda" in opened.warnings[0]


@pytest.mark.skipif(not no_cuda(), reason="here the GPU can be used")
@pytest.mark.parametrize("gpus", [0, 1])
def test_a_gpu_that_was_asked_for_is_never_replaced(
    folder: Path, gpus: int, driver: Callable[[int], None]
) -> None:
    driver(gpus)
    with pytest.raises(EngineError, match=r"run\.device=cpu"):
        open_model(str(folder), config.Run(device="cuda"))


def test_cpu_is_taken_when_asked_for(folder: Path, driver: Callable[[int], None]) -> None:
    driver(1)
    assert open_model(str(folder), config.Run(device="cpu")).device == "cpu"


def test_a_folder_without_its_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"model\.bin") as caught:
        open_model(str(tmp_path), config.Run(device="cpu"))
    assert str(tmp_path) in str(caught.value)


def test_a_size_is_no_folder_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whisper_base: Path
) -> None:
    (tmp_path / "base").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_model("base") == whisper_base


def test_a_damaged_model_is_named(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes()[:100])
    with pytest.raises(EngineError) as caught:
        open_model(str(tmp_path), config.Run(device="cpu"))
    assert str(tmp_path) in str(caught.value)


def test_an_unknown_size_lists_those_there_are() -> None:
    with pytest.raises(EngineError, match="large-v3-turbo"):
        find_model("enormous")


def test_a_model_that_is_not_here_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    # a fresh interpreter would read this; this one's huggingface_hub has read its own already
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(EngineError, match="--model"):
        find_model("nobody/no-such-model")


def test_nothing_is_fetched_where_that_is_not_wanted() -> None:
    with pytest.raises(EngineError, match=r"run\.download"):
        open_model("small.en", config.Run(device="cpu", download=False))


def test_a_wrong_compute_type_says_what_to_do(folder: Path) -> None:
    with pytest.raises(EngineError, match="compute_type"):
        open_model(str(folder), config.Run(device="cpu", compute_type="float3"))


def test_cublas_is_there_or_told_not_to_be() -> None:
    assert preload_cublas() in (True, False)
