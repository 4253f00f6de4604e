"""One event on the desk: its reading, the corrections that are made, and undo.

A correction is in the file before the page hears of it; the event is then put together again in a
thread, as it is when a person edits the file by hand. `version` is another one after each change.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from pipeline.cache import digest
from pipeline.corrections import edit
from pipeline.corrections.edit import Edit, bytes_of
from pipeline.corrections.file import Fix, read
from pipeline.errors import ConfigError, unexpected
from pipeline.review.doubts import Doubtful, doubts
from pipeline.review.markdown import tree
from pipeline.review.paragraphs import paragraphs
from pipeline.review.reading import Reader, Reading
from pipeline.review.sheet import doubtful, listed, sheet
from pipeline.toml import complaint

STEP = "looked-at"
PACE = 0.2  # seconds between two looks at what has changed: nobody sees that a page waits
_KINDS = {kind.table: kind for kind in Fix.__subclasses__()}


class Desk:
    """Holds one event; every method may be called from any thread."""

    def __init__(self, reader: Reader) -> None:
        """Reads the event; raises PipelineError where that cannot be done."""
        self.reader = reader
        self.place = reader.event.corrections
        self.version = 0
        self.problem = ""  # why the event cannot be put together as it stands now
        self._lock = threading.RLock()
        self._undo: list[Callable[[], None]] = []
        self._seen = b""  # what was in the file when it was read
        self._take(self._look_at(), reader.read())

    # ---- what the page asks for

    def state(self) -> dict[str, Any]:
        """All but the words."""
        with self._lock:
            told, problem = self._fixes()
            reading = self.reading
            return {
                **sheet(reading.article, told),
                "version": self.version,
                "words": self.mark,
                "sound": reading.article.heard.audio.sounding,
                "doubts": doubtful(self._doubts, self._looked()),
                "fixes": listed(told, reading.article),
                "undo": len(self._undo),
                "unasked": reading.unasked,
                "problem": self.problem or problem,
                "busy": self._look_at() != self._seen,
                "file": str(self.place),
            }

    def _fixes(self) -> tuple[list[Fix], str]:
        """What is in the file, or why it cannot be read."""
        try:
            return read(self.place).fixes, ""
        except ConfigError as error:
            return [], str(error)

    def post(self) -> list[Any]:
        """The post as it would come out now."""
        return tree(self.reading.markdown)

    # ---- what the page does

    def correct(
        self, table: str, values: dict[str, Any], instead: dict[str, Any] | None = None
    ) -> None:
        """Write a correction, in the place of another of its table where one is given; raises
        ConfigError for one that cannot be."""
        fix, old = _fix(table, values), _fix(table, instead) if instead else None
        with self._lock:
            self._done(edit.add(self.place, fix, old))

    def take_back(self, table: str, values: dict[str, Any]) -> None:
        """Remove a correction from the file."""
        with self._lock:
            self._done(edit.remove(self.place, _fix(table, values)))

    def look(self, doubt: str, done: bool) -> None:
        """Note that a person has looked at a doubt, or has not."""
        with self._lock:
            before = self._looked()
            looked = before | {doubt} if done else before - {doubt}
            if looked != before:
                self._keep_looked(looked)
                self._undo.append(partial(self._keep_looked, before))
            self.version += 1

    def undo(self) -> None:
        """As it was before the last thing that was done in this sitting."""
        with self._lock:
            if self._undo:
                self._undo[-1]()
                self._undo.pop()  # kept where the file cannot be written
            self.version += 1

    def _done(self, made: Edit) -> None:
        if made.before != made.after:
            self._undo.append(partial(edit.undo, self.place, made))
        self.version += 1

    def _keep_looked(self, looked: frozenset[str]) -> None:
        slug = self.reader.event.slug
        self.reader.session.cache.keep(STEP, slug, tuple[str, ...], tuple(sorted(looked)))

    def _looked(self) -> frozenset[str]:
        slug = self.reader.event.slug
        return frozenset(self.reader.session.cache.find(STEP, slug, tuple[str, ...]) or ())

    # ---- reading again

    def work_on(self, ended: threading.Event) -> None:
        """Put the event together again whenever the file has changed, until that is ended."""
        while not ended.wait(PACE):
            self.work()

    def work(self) -> None:
        """Put the event together again if the file has changed."""
        seen = self._look_at()
        if seen == self._seen:
            return
        try:
            reading = self.reader.read()
        except Exception as error:  # a bug costs this reading, and not the page
            with self._lock:
                self.problem, self._seen = str(unexpected(error)), seen
                self.version += 1
        else:
            self._take(seen, reading)

    def _look_at(self) -> bytes:
        """What is in the file, or why it cannot be read: another thing as soon as it can."""
        try:
            return bytes_of(self.place)
        except OSError as error:
            return str(error).encode()

    def _take(self, seen: bytes, reading: Reading) -> None:
        """What is shown from now on, and what was in the file then."""
        article = reading.article
        said, heard = article.written.outline.utterances, article.heard.transcript.words
        words = to_json(list(paragraphs(said, heard)))
        found = doubts(article)
        with self._lock:
            self._seen = seen
            self.reading: Reading = reading
            self.problem = ""
            self.mark = digest(words.decode())
            self.words = words  # as JSON
            self._doubts: list[Doubtful] = found
            self.version += 1


def _fix(table: str, values: dict[str, Any]) -> Fix:
    kind = _KINDS.get(table)
    if kind is None:
        raise ConfigError(f"there is no [{table}] among the corrections")
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"[{table}] {complaint(error, kind)}") from None
