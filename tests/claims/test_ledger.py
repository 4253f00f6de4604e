"""Claims of earlier events, kept in one file."""

import sqlite3
from pathlib import Path

import pytest

from pipeline.claims import ledger as ledgers
from pipeline.claims.ledger import VERSION, Ledger
from pipeline.errors import InputError
from pipeline.event import EventInfo

STEAM = ("Full Steam", "2025-05-15")


def claim(quote: str, speaker: str = "Grace Walker", start: float = 1.0) -> tuple[str, float, str]:
    return speaker, start, quote


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger.db")
    made.add(*STEAM, [claim("We are 20x faster."), claim("It is free.", "SPEAKER_01", 9)])
    return made


def test_what_is_added_is_shown(ledger: Ledger) -> None:
    first, second = ledger.entries("Full Steam")
    assert (first.quote, first.speaker, first.place) == (
        "We are 20x faster.",
        "Grace Walker",
        "Full Steam, 2025-05-15",
    )
    assert second.speaker == "SPEAKER_01"
    assert ledger.events() == (("Full Steam", "2025-05-15", 2),)


def test_search_by_any_form_of_a_word_and_by_speaker(ledger: Ledger) -> None:
    assert [entry.quote for entry in ledger.search("fast")] == []
    assert [entry.quote for entry in ledger.search("faster walker")] == ["We are 20x faster."]
    assert [entry.quote for entry in ledger.search("FREE")] == ["It is free."]


def test_the_same_event_again_replaces_it(ledger: Ledger) -> None:
    ledger.add(*STEAM, [claim("We are 16x faster.")])
    assert [entry.quote for entry in ledger.entries()] == ["We are 16x faster."]


def test_events_are_told_apart_by_date(ledger: Ledger) -> None:
    ledger.add("Full Steam", "2026-05-14", [claim("It is slow.")])
    assert [entry.date for entry in ledger.entries()] == ["2025-05-15"] * 2 + ["2026-05-14"]
    here = Ledger(ledger.path, besides=EventInfo(title=STEAM[0], date=STEAM[1]))
    assert [entry.quote for entry in here.earlier()] == ["It is slow."]


def test_remove(ledger: Ledger) -> None:
    assert ledger.remove("Full Steam") == 1
    assert ledger.entries() == ()
    with pytest.raises(InputError, match="no event called"):
        ledger.remove("Full Steam")


def test_a_ledger_that_is_not_there_is_empty_and_not_made(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "none.db")
    assert (ledger.entries(), ledger.events(), ledger.search("x")) == ((), (), ())
    assert not ledger.path.exists()


@pytest.mark.parametrize("layout", [99, VERSION - 1])
def test_another_layout_is_refused(ledger: Ledger, layout: int) -> None:
    with sqlite3.connect(ledger.path) as db:
        db.execute(f"PRAGMA user_version = {layout}")
    db.close()
    with pytest.raises(InputError, match="newer"):
        ledger.entries()


def test_a_locked_ledger(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "PATIENCE", 0.05)
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match="locked"):
        ledger.add(*STEAM, [claim("It is slow.")])
    other.close()


@pytest.mark.parametrize("data", [b"this is no database at all, but text", b"SQLite format 3\0xx"])
def test_another_kind_of_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "notes.txt").write_bytes(data * 100)
    with pytest.raises(InputError, match=r"notes\.txt"):
        Ledger(tmp_path / "notes.txt").entries()


def test_somebody_elses_database(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "other.db")
    db.execute("CREATE TABLE money (amount)")
    db.commit()
    db.close()
    with pytest.raises(InputError, match="not a ledger"):
        Ledger(tmp_path / "other.db").add(*STEAM, [])


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Ledger(tmp_path / "no" / "ledger.db").add(*STEAM, [])
