"""Claims of earlier events, in one SQLite file: what a company promised a year ago.

`PRAGMA user_version` numbers the layout. A file of another layout, one that another process has
locked, and one that is no ledger are each an InputError.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.event import EventInfo
from pipeline.text import stems

VERSION = 3  # of the layout
PATIENCE = 5.0  # seconds to wait for another process
_LAYOUT = """
CREATE TABLE event (id INTEGER PRIMARY KEY, title TEXT NOT NULL, date TEXT NOT NULL,
                    UNIQUE (title, date));
CREATE TABLE claim (id INTEGER PRIMARY KEY,
                    event INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
                    speaker TEXT NOT NULL, start REAL NOT NULL, quote TEXT NOT NULL);
CREATE INDEX claim_event ON claim (event);
"""
_SELECT = """
SELECT title, date, speaker, quote FROM claim JOIN event ON event.id = claim.event
WHERE title = coalesce(?, title) ORDER BY date, event.id, start
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A claim made at an earlier event."""

    event: str
    date: str
    speaker: str  # a name, or the id where that is not known
    quote: str

    @property
    def place(self) -> str:
        """How a receipt names it: "Full Steam, 2025-05-15"."""
        return f"{self.event}, {self.date}" if self.date else self.event


class Ledger:
    """The claims of earlier events. The file is made when the first event is added.

    `besides` is the event that is being written about: what it left here in an earlier run is
    no earlier claim.
    """

    def __init__(self, path: Path, besides: EventInfo | None = None) -> None:
        self.path = path
        self._besides = (besides.title, besides.date or "") if besides else None

    def add(self, event: str, date: str, claims: Sequence[tuple[str, float, str]]) -> None:
        """Keep an event's claims in place of what it had before: who made each, when, verbatim."""
        with self._open() as db, db:
            self._delete(db, event, date)
            made = db.execute("INSERT INTO event (title, date) VALUES (?, ?)", (event, date))
            db.executemany(
                "INSERT INTO claim (event, speaker, start, quote) "
                f"VALUES ({made.lastrowid}, ?, ?, ?)",
                claims,
            )

    def entries(self, event: str | None = None) -> tuple[Entry, ...]:
        """The claims of an event, or of all, the oldest first."""
        if not self.path.exists():
            return ()
        with self._open() as db:
            return tuple(Entry(*row) for row in db.execute(_SELECT, (event,)).fetchall())

    def earlier(self) -> tuple[Entry, ...]:
        """The claims of all events but the one that is being written about."""
        return tuple(each for each in self.entries() if (each.event, each.date) != self._besides)

    def search(self, words: str) -> tuple[Entry, ...]:
        """Claims that hold all of some words, in any form, or were made by that speaker."""
        asked = set(stems(words))
        return tuple(
            entry
            for entry in self.entries()
            if asked <= set(stems(f"{entry.speaker} {entry.quote}"))
        )

    def events(self) -> tuple[tuple[str, str, int], ...]:
        """Title, date and number of claims of each event."""
        if not self.path.exists():
            return ()
        with self._open() as db:
            return tuple(
                db.execute(
                    "SELECT title, date, count(claim.id) FROM event LEFT JOIN claim "
                    "ON claim.event = event.id GROUP BY event.id ORDER BY date, event.id"
                ).fetchall()
            )

    def remove(self, event: str) -> int:
        """Forget an event; raises InputError if there is none of that title."""
        with self._open() as db, db:
            gone = self._delete(db, event, None)
        if not gone:
            raise InputError(f"{self.path}: holds no event called {event!r}")
        return gone

    def _delete(self, db: sqlite3.Connection, title: str, date: str | None) -> int:
        delete = "DELETE FROM event WHERE title = ? AND date = coalesce(?, date)"
        return db.execute(delete, (title, date)).rowcount

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection to a file of this layout; SQLite's own errors become InputError."""
        try:
            if not self.path.exists():  # what people said is its owner's
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as db:
                db.execute("PRAGMA foreign_keys = ON")
                self._prepare(db)
                yield db
        except (OSError, sqlite3.OperationalError) as error:
            raise InputError(
                f"{self.path}: cannot be used ({error}); wait for whoever holds it, or give "
                "another file"
            ) from error
        except sqlite3.DatabaseError as error:
            raise InputError(f"{self.path}: is not a ledger ({error})") from error

    def _prepare(self, db: sqlite3.Connection) -> None:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            raise InputError(
                f"{self.path}: was written by a newer backrow, or an early one (layout {version}, "
                f"this one knows {VERSION}); update backrow, or add the posts to a new file"
            )
        if version == 0:
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise InputError(f"{self.path}: is an SQLite file, but not a ledger")
            db.executescript(f"BEGIN; {_LAYOUT} PRAGMA user_version = {VERSION}; COMMIT;")
