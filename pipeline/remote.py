"""Output in an object store (s3://, gs://, whatever fsspec knows), for nodes that share no disk.

Each node works in a folder of its own. A step that another node did is fetched, one that was done
here is put there at once; a post's folder is fetched before its event and put back after it.
Decoded sound stays where it was made: decoding again takes less time than sending it.
"""

import getpass
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pipeline.cache import HOUSE, Cache, digest, secluded
from pipeline.errors import CacheError, EngineError, PipelineError, without_secrets

T = TypeVar("T")

HERE_ONLY = ("decode",)  # steps whose sound stays on the machine that has decoded it
_URL = re.compile(r"([a-z][a-z0-9+.]+):/{1,2}(?!/)(.+)", re.DOTALL)


def url_of(output: Path) -> str | None:
    """The address that an output option means, if it means one: pathlib folds its "//"."""
    match = _URL.fullmatch(output.as_posix())
    if match is None:
        return None
    scheme, rest = match.groups()
    return f"{scheme}://{'/' if scheme == 'file' else ''}{rest.rstrip('/')}"


def folder_for(url: str) -> Path:
    """Where this machine works for it, below TMPDIR."""
    return Path(tempfile.gettempdir(), f"backrow-{getpass.getuser()}-{digest(url)[:12]}")


class Remote:
    """A folder in an object store and its copy here; all methods raise CacheError."""

    def __init__(self, url: str, here: Path) -> None:
        self.url, self.here = url, here

    def check(self) -> None:
        """Write, read and remove a file there."""
        probe = f"{HOUSE}/check-{digest(str(self.here))}"
        with self._reached() as files:
            files.makedirs(HOUSE, exist_ok=True)
            files.pipe_file(probe, b"backrow")
            files.rm_file(probe)

    def get(self, name: str) -> None:
        """Fetch a file, if it is there."""
        place = self.here / name
        if not place.resolve().is_relative_to(self.here.resolve()):
            raise CacheError(f"{self.url}: holds {name!r}, which leads out of it; remove it there")
        with self._reached() as files:
            if not files.exists(name):
                return
            data: bytes = files.cat_file(name)
        secluded(self.here)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)

    def put(self, name: str) -> None:
        """Send a file; it is there whole or not at all, as object stores promise."""
        with self._reached() as files:
            files.makedirs(PurePosixPath(name).parent.as_posix(), exist_ok=True)
            files.pipe_file(name, (self.here / name).read_bytes())

    def pull(self, slug: str) -> None:
        """Make the copy of a post's folder what lies there."""
        shutil.rmtree(self.here / slug, ignore_errors=True)
        for name in [*self._names(slug), _record(slug)]:
            self.get(name)

    def push(self, slug: str) -> None:
        """Make what lies there what the copy of a post's folder is."""
        mine = {
            file.relative_to(self.here).as_posix()
            for file in (self.here / slug).rglob("*")
            if file.is_file()
        }
        for name in sorted(mine):
            self.put(name)
        with self._reached() as files:
            for name in self._names(slug) - mine:
                files.rm_file(name)
        if (self.here / _record(slug)).exists():
            self.put(_record(slug))

    @cached_property
    def files(self) -> Any:
        """The folder as a file system; raises EngineError with the package that it needs."""
        scheme = self.url.partition("://")[0]
        try:
            from fsspec.core import url_to_fs
            from fsspec.implementations.dirfs import DirFileSystem

            files, path = url_to_fs(self.url)
        except ImportError as error:
            package = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
            wanted = package.get(scheme, "fsspec")
            raise EngineError(f"{self.url}: needs a package: pip install {wanted}") from error
        except ValueError as error:
            raise EngineError(f"{self.url}: {scheme}:// is no kind of storage: {error}") from None
        return DirFileSystem(path, files)

    @contextmanager
    def _reached(self) -> Iterator[Any]:
        """The files there; what goes wrong with them is a CacheError."""
        files = self.files
        try:
            yield files
        except PipelineError:
            raise
        except Exception as error:  # each kind of storage has errors of its own
            why = without_secrets(str(error)) or type(error).__name__
            raise CacheError(
                f"{self.url}: cannot be used ({why}); "
                "check the name, your credentials and your rights to write there"
            ) from error

    def _names(self, slug: str) -> set[str]:
        """The files of a post's folder there."""
        with self._reached() as files:
            files.invalidate_cache()
            return set(files.find(slug)) if files.exists(slug) else set()


def _record(slug: str) -> str:
    return f"{HOUSE}/written/{slug}.json"


class RemoteCache(Cache):
    """Steps in a Remote's `.backrow`, with the copies of this machine; those that leave more than
    their value on it stay here."""

    def __init__(self, remote: Remote) -> None:
        super().__init__(remote.here / HOUSE)
        self._remote = remote

    def keep(self, step: str, key: Any, shape: type[T], value: T) -> T:
        """See Cache."""
        super().keep(step, key, shape, value)
        if step not in HERE_ONLY:
            self._remote.put(self.place(step, key).relative_to(self._remote.here).as_posix())
        return value

    def _usable(self, step: str, place: Path) -> bool:
        if step not in HERE_ONLY and not place.exists():
            self._remote.get(place.relative_to(self._remote.here).as_posix())
        return super()._usable(step, place)
