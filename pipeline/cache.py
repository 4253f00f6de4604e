"""The step cache: what an expensive step returned, under the hash of all it depends on.

A key hashes *contents*, never dates or paths, so nothing stale is ever read; a value is readable
JSON, written to a temporary name and renamed, so a kill leaves no half file. Each file holds the
sha256 of its value and its own name: one that was damaged, or swapped with another, is computed
anew. Failures are not stored.
"""

import hashlib
import json
import os
import socket
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from pipeline.errors import CacheError, Unusable

T = TypeVar("T")

HOUSE = ".backrow"  # beside posts: the folder of what only the program reads
PUBLIC, PRIVATE = 0o644, 0o600  # the rights of files: posts, and voices or words of people
HOST = f"{zlib.crc32(socket.gethostname().encode()):08x}"  # whose processes the next run can see


def digest(value: Any) -> str:
    """The sha256 of a value's JSON (dataclasses and pydantic models too), 32 hex digits."""
    plain = to_jsonable_python(value)
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # a file's name need not be UTF-8
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Makes what the system says against writing a CacheError with the remedy."""
    try:
        yield
    except OSError as error:
        raise CacheError(
            f"{place}: cannot be written ({error.strerror}); free the disk, fix its permissions "
            "or give another folder with -o"
        ) from error


def secluded(folder: Path) -> Path:
    """A folder for voices and words of people: its owner's alone, and passed over by git.

    It is made where it is not there. Raises CacheError.
    """
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            with suppress(PermissionError):  # somebody else's: theirs to open or close
                folder.chmod(0o700)
        ignored = folder / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n", encoding="utf-8")
    return folder


def write_atomic(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Write a file whole or not at all; raises CacheError with the remedy."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".tmp-{HOST}-{os.getpid()}-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            os.chmod(name, mode)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


_adapters: dict[Any, Any] = {}


def _adapter(shape: type[T]) -> TypeAdapter[T]:
    """The reader and writer of a type's JSON; building one takes milliseconds, so it is kept."""
    if shape not in _adapters:
        _adapters[shape] = TypeAdapter(shape)
    adapter: TypeAdapter[T] = _adapters[shape]
    return adapter


def _sealed(place: Path, value: bytes) -> bytes:
    """A file: JSON that holds a value, and the sha256 of that and of the file's name."""
    name = f"{place.parent.name}/{place.name}"  # in any cache: "speech/0a1b.json"
    checksum = hashlib.sha256(name.encode() + b"\0" + value).hexdigest()
    return b'{"sha256": "%b",\n"value": %b}\n' % (checksum.encode(), value)


class Cache:
    """Steps that were done before, below one folder: `<root>/<step>/<key>.json`."""

    computes = True  # whether what is not there may be computed, and asked of others

    def __init__(self, root: Path, force: frozenset[str] = frozenset()) -> None:
        self.root = root
        self.force = force  # steps whose stored values are passed over, once
        self._forced: set[Path] = set()

    def forcing(self, force: frozenset[str]) -> "Cache":
        """The same cache, with these steps to be done again."""
        again = copy(self)
        again.force, again._forced = force, set()
        return again

    def place(self, step: str, key: Any) -> Path:
        """Where a step's value lies, whether it is there or not."""
        return self.root / step / f"{digest(key)}.json"

    def step(self, step: str, key: Any, shape: type[T], compute: Callable[[], T]) -> T:
        """The stored value of a step, or `compute()`, which is then stored."""
        found = self.find(step, key, shape)
        return found if found is not None else self.keep(step, key, shape, compute())

    def find(self, step: str, key: Any, shape: type[T]) -> T | None:
        """The stored value of a step, or None when the step has to run."""
        place = self.place(step, key)
        if not self._usable(step, place):
            return None
        with suppress(OSError, ValueError, RecursionError):
            data = place.read_bytes()
            value = data.partition(b',\n"value": ')[2][:-2]
            if data == _sealed(place, value):
                return _adapter(shape).validate_json(value)
        return None  # a damaged or foreign file is computed again and replaced

    def look_up(self, step: str, key: Any, shape: type[T]) -> T | None:
        """`find` for who would have to compute for long, or to pay for it."""
        return self.find(step, key, shape)

    def keep(self, step: str, key: Any, shape: type[T], value: T) -> T:
        """Cache a step's value, and return it."""
        place = self.place(step, key)
        secluded(self.root)
        plain = _adapter(shape).dump_python(value, mode="json")
        text = json.dumps(plain, ensure_ascii=False, indent=1)
        # what is no UTF-8 in a file's name becomes "?"
        write_atomic(place, _sealed(place, text.encode(errors="replace")), PRIVATE)
        self._forced.add(place)
        return value

    def forget(self, step: str, key: Any) -> None:
        """Drop a stored value whose companions are gone."""
        self.place(step, key).unlink(missing_ok=True)

    def _usable(self, step: str, place: Path) -> bool:
        return place.exists() and (step not in self.force or place in self._forced)


class Missing(Unusable):
    """A step that would have to run; for a question to a model, one that was not asked yet."""


class Looking(Cache):
    """A cache for who computes nothing: counts what is there, and raises Missing for the rest."""

    computes = False

    def __init__(self, cache: Cache) -> None:
        super().__init__(cache.root, cache.force)
        self.kept: dict[str, set[Path]] = defaultdict(set)
        self.missing: dict[str, set[Path]] = defaultdict(set)

    def look_up(self, step: str, key: Any, shape: type[T]) -> T:
        """The stored value; raises Missing."""
        found = self.find(step, key, shape)
        counted = self.missing if found is None else self.kept
        counted[step].add(self.place(step, key))
        if found is None:
            asked = "the model was not asked yet" if step == "llm" else f"{step} was not run yet"
            raise Missing(asked)
        return found
