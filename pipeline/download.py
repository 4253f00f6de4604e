"""A model from its publisher: once, said with size and folder, and checked by its sha256."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from pipeline.cache import write_atomic
from pipeline.errors import CacheError, EngineError


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file as its publisher names it; `name` is what it is called here."""

    name: str
    url: str
    sha256: str
    size: int  # bytes

    @property
    def place(self) -> Path:
        """Where it lies here once it was fetched; named by its content."""
        return models_folder() / f"{self.sha256[:8]}-{self.name}"


def models_folder() -> Path:
    """Where this program keeps models that did not come from the hub."""
    return user_cache_path("backrow") / "models"


def download(file: PublishedFile, tell: Callable[[str], None]) -> Path:
    """The file's place, fetched into it unless it is there; `tell` gets one line before.

    Raises EngineError: no connection, no room on the disk, or another file than the known one.
    """
    if file.place.is_file():
        return file.place
    import httpx2

    tell(f"fetching {file.name}, {spoken(file.size)}, into {file.place.parent}")
    try:
        make_room(file.place.parent, file.size)
        answer = httpx2.get(file.url, follow_redirects=True, verify=httpx2.create_ssl_context())
        answer.raise_for_status()
        if hashlib.sha256(answer.content).hexdigest() != file.sha256:
            raise OSError("what came has another sha256 than the known file")
        write_atomic(file.place, answer.content)
    except (CacheError, OSError, ValueError, ImportError, httpx2.HTTPError) as error:
        raise EngineError(
            f"{file.name} cannot be fetched ({error}): connect once, or fetch {file.url} "
            f"elsewhere and put it at {file.place}"
        ) from error
    return file.place


def make_room(folder: Path, size: int) -> None:
    """Make the folder; raises OSError when the disk does not hold so many bytes more."""
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < size:
        raise OSError(f"{folder} has room for {spoken(free)}, and it takes {spoken(size)}")


def spoken(size: int) -> str:
    """A number of bytes as a person says it."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
