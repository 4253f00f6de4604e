"""One event on the desk: its reading, the corrections that are made, undo, and who watches.

A correction is in the file before the page hears of it; the event is then put together again in a
thread, and all pages are told. A file that a person edits by hand meanwhile is seen too.
"""

import threading
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from pipeline.cache import digest
from pipeline.corrections.edit import add, fixes, remove
from pipeline.corrections.file import (
    Fix,
    NameFix,
    NoteFix,
    PostFix,
    ReplaceFix,
    TalkFix,
    VoiceFix,
    WordFix,
    read,
)
from pipeline.errors import ConfigError, PipelineError
from pipeline.review import left_open
from pipeline.review.doubts import Doubtful, doubts
from pipeline.review.left_open import LeftOpen
from pipeline.review.markdown import tree
from pipeline.review.paragraphs import Unsure, paragraphs
from pipeline.review.reading import Reader, Reading
from pipeline.review.sheet import doubtful, listed, sheet

STEP = "looked-at"
_KINDS: dict[str, type[Fix]] = {
    kind.table: kind for kind in (NameFix, VoiceFix, ReplaceFix, WordFix, TalkFix, NoteFix, PostFix)
}


class Desk:
    """Holds one event; every method may be called from any thread."""

    def __init__(self, reader: Reader, unsure: Unsure | None = None) -> None:
        """Reads the event; raises PipelineError where that cannot be done."""
        self.reader = reader
        self.place = reader.event.corrections
        self.version = 0
        self.problem = ""  # why the event cannot be put together as it stands now
        self.busy = False
        self.tell: Callable[[], None] = lambda: None
        self._unsure = unsure or Unsure()
        self._lock = threading.RLock()
        self._undo: list[tuple[Fix, Fix | None]] = []
        self._redo_needed = threading.Event()
        self._seen = self._signs()
        self._take(reader.read())

    # ---- what the page asks for

    def words(self) -> bytes:
        """The transcript as JSON; `mark` tells one version of it from another."""
        return self._words

    def state(self) -> dict[str, Any]:
        """All but the words."""
        with self._lock:
            told, problem = self._fixes()
            reading, looked = self.reading, self._looked()
            shown = sheet(reading.article, told)
            self._keep_open(shown, looked)
            return {
                **shown,
                "version": self.version,
                "words": self.mark,
                "sound": reading.heard.audio.sounding,
                "doubts": doubtful(self._doubts, looked),
                "fixes": listed(told, reading.article),
                "undo": len(self._undo),
                "unasked": reading.unasked,
                "problem": self.problem or problem,
                "busy": self.busy,
                "file": str(self.place),
            }

    def _keep_open(self, shown: dict[str, Any], looked: frozenset[str]) -> None:
        notes = [*shown["caveat"], *(note for talk in shown["talks"] for note in talk["notes"])]
        doubts = sum(each.id not in looked for each in self._doubts)
        accepted = sum(bool(note["state"]) for note in notes)
        cache, slug = self.reader.session.cache, self.reader.event.slug
        left_open.keep(cache, slug, LeftOpen(doubts, len(notes), accepted))

    def _fixes(self) -> tuple[list[Fix], str]:
        """What is in the file, or why it cannot be read."""
        try:
            return fixes(read(self.place)), ""
        except ConfigError as error:
            return [], str(error)

    def post(self) -> list[Any]:
        """The post as it would come out now."""
        return tree(self.reading.markdown)

    # ---- what the page does

    def correct(self, table: str, values: dict[str, Any]) -> None:
        """Write a correction; raises ConfigError for one that cannot be."""
        fix = _fix(table, values)
        with self._lock:
            before = add(self.place, fix)
            self._undo.append((fix, before))
        self._changed()

    def take_back(self, table: str, values: dict[str, Any]) -> None:
        """Remove a correction from the file."""
        fix = _fix(table, values)
        with self._lock:
            if remove(self.place, fix):
                self._undo = [each for each in self._undo if each[0] != fix]
        self._changed()

    def undo(self) -> None:
        """Take the last correction of this sitting back, and put back what it took the place of."""
        with self._lock:
            if not self._undo:
                return
            fix, before = self._undo.pop()
            remove(self.place, fix)
            if before:
                add(self.place, before)
        self._changed()

    def look(self, doubt: str, done: bool) -> None:
        """Note that a person has looked at a doubt, or has not."""
        with self._lock:
            looked = self._looked() | {doubt} if done else self._looked() - {doubt}
            slug = self.reader.event.slug
            self.reader.session.cache.keep(STEP, slug, tuple[str, ...], tuple(sorted(looked)))
            self.version += 1
        self.tell()

    # ---- reading again

    def work_on(self, ended: threading.Event) -> None:
        """Put the event together again whenever something changes, until that is ended."""
        while not ended.is_set():
            self.work()

    def work(self, seconds: float = 1.0) -> None:
        """Put the event together again when something has changed; waits so long for that."""
        if not self._redo_needed.wait(seconds) and self._signs() == self._seen:
            return
        self._redo_needed.clear()
        self._seen = self._signs()
        try:
            reading = self.reader.read()
        except PipelineError as error:
            self._failed(str(error))
        else:
            self._take(reading)
        self.tell()

    def _changed(self) -> None:
        with self._lock:
            self.busy = True
            self.version += 1
        self._redo_needed.set()
        self.tell()

    def _failed(self, why: str) -> None:
        with self._lock:
            self.problem, self.busy = why, False
            self.version += 1

    def _take(self, reading: Reading) -> None:
        """What is shown from now on."""
        said = reading.article.outline.utterances
        rows = list(paragraphs(said, reading.heard.transcript.words, self._unsure))
        found = doubts(reading, self._unsure)
        words = to_json(rows)
        with self._lock:
            self.reading: Reading = reading
            self.problem, self.busy = "", self._redo_needed.is_set()
            self.mark = digest(words.decode())
            self._words = words
            self._doubts: list[Doubtful] = found
            self.version += 1

    def _looked(self) -> frozenset[str]:
        slug = self.reader.event.slug
        return frozenset(self.reader.session.cache.find(STEP, slug, tuple[str, ...]) or ())

    def _signs(self) -> object:
        """What changes when a person saves the file."""
        try:
            stat = self.place.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _fix(table: str, values: dict[str, Any]) -> Fix:
    kind = _KINDS.get(table)
    if kind is None:
        raise ConfigError(f"there is no [{table}] among the corrections")
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise ConfigError(f"[{table}] {said}") from None
