"""The folder of a post: what we wrote there, so that what a person wrote is never lost."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.cache import HOUSE, PRIVATE, write_atomic
from pipeline.errors import CacheError

KNOWN = 20  # versions remembered of each file
HOLDS = "; what is put right in corrections.toml holds in every new version"

_RECORD = TypeAdapter(dict[str, list[str]])


class OutputFolder:
    """Files of a post's folder; `record` holds the sha256 of all that we wrote there.

    A file whose contents we never wrote belongs to a person and stays as it is: what would have
    replaced it goes to a file beside it, once for each new version, or lies in `offers` already.
    """

    def __init__(self, folder: Path, record: Path, offers: Path | None = None) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self._offers = offers
        self._record_file = record
        self._record = self._remembered()

    def put(self, files: Mapping[str, bytes]) -> None:
        """Write what changed, and remove what we wrote before and write no more.

        Raises CacheError. The record goes first: a kill in between leaves a record that knows
        too much, never a file of ours that looks like a person's.
        """
        edited = {name for name in files if self.edited(name)}
        todo = dict(self._planned(files, edited))
        gone = {name for name in set(self._record) - set(files) if offered(name) not in edited}
        mine = {name for name in gone if not self.edited(name)}
        self._note(files, todo, gone)
        for name, data in todo.items():
            write_atomic(self.folder / name, data)
        for file in (self.folder / name for name in sorted(mine)):
            file.unlink(missing_ok=True)
            with suppress(OSError):  # clips/, when it is empty now
                file.parent.rmdir()

    def known(self) -> tuple[str, ...]:
        """The names of what we wrote there."""
        return tuple(self._record)

    def _planned(self, files: Mapping[str, bytes], edited: set[str]) -> Iterator[tuple[str, bytes]]:
        """What has to be written, and where: not what lies there already."""
        for name, data in files.items():
            if name not in edited:
                if self._digest(name) != _digest(data):
                    yield name, data
            elif _digest(data) not in (self._digest(name), *self._record.get(name, [])[-1:]):
                yield from self._offer(name, data)

    def _offer(self, name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
        """A new version of a file that a person has edited: it goes beside it, over nothing."""
        if self._offers:
            self.warnings.append(
                f"{self.folder / name}: has been edited, so it stays as it is; "
                f"the new version is {self._offers / name}"
            )
            return
        new = next(
            place
            for place in (beside(name, number) for number in count(1))
            if self._digest(place) in (None, _digest(data))
        )
        if self._digest(new) is not None:
            return  # it lies there, and waits for a person
        self.warnings.append(
            f"{self.folder / name}: has been edited, so it stays as it is; "
            f"the new version is {Path(new).name} beside it{HOLDS if new == beside(name) else ''}"
        )
        yield new, data

    def edited(self, name: str) -> bool:
        """Whether a person wrote what lies there."""
        digest = self._digest(name)
        return digest is not None and digest not in self._record.get(name, [])

    def _digest(self, name: str) -> str | None:
        """The sha256 of the file as it is, None when there is none."""
        try:
            return _digest((self.folder / name).read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CacheError(
                f"{self.folder / name}: cannot be read ({error.strerror}); "
                "fix its permissions or give another folder with -o"
            ) from error

    def _note(self, files: Mapping[str, bytes], todo: Mapping[str, bytes], gone: set[str]) -> None:
        """Remember the versions that lie there from now on; the last is the newest we made."""
        record = {name: versions for name, versions in self._record.items() if name not in gone}
        for name, data in {**files, **todo}.items():
            digest = _digest(data)
            older = [known for known in record.get(name, []) if known != digest]
            record[name] = [*older, digest][-KNOWN:]
        if record != self._record:
            self._record = record
            write_atomic(self._record_file, json.dumps(record, indent=1).encode(), PRIVATE)

    def _remembered(self) -> dict[str, list[str]]:
        try:
            return _RECORD.validate_json(self._record_file.read_bytes())
        except (OSError, ValueError):
            return {}  # without a record every file counts as a person's


def output_folder(out: Path, slug: str) -> OutputFolder:
    """The folder of a post in the output folder."""
    return OutputFolder(out / slug, out / HOUSE / "written" / f"{slug}.json")


def written(out: Path, slug: str) -> tuple[str, ...]:
    """The files of a post that we wrote, but for versions beside a person's own."""
    names = output_folder(out, slug).known()
    return tuple(name for name in names if offered(name) not in names)


def beside(name: str, number: int = 1) -> str:
    """ "index.md": "index.new.md", then "index.new-2.md"; no generator takes it for a post."""
    path = Path(name)
    hidden = (
        "_" if path.parent.name in ("_posts", "_drafts") else ""
    )  # Jekyll passes over such names
    new = "new" if number == 1 else f"new-{number}"
    return path.with_name(f"{hidden}{path.stem}.{new}{path.suffix}").as_posix()


def offered(name: str) -> str | None:
    """The file that a version beside it is offered for: the inverse of `beside`."""
    path = Path(name)
    stem = re.sub(r"\.new(-\d+)?$", "", path.stem)
    if stem == path.stem:
        return None
    bare = stem.removeprefix("_") if path.parent.name in ("_posts", "_drafts") else stem
    return path.with_name(f"{bare}{path.suffix}").as_posix()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
