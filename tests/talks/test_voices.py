"""The voice book: readable, never asked across engines, and forgetful when told to be."""

from pathlib import Path

import pytest
from stage import played

from pipeline import config
from pipeline.data import Voice
from pipeline.errors import InputError
from pipeline.event import EventInfo
from pipeline.talks import VoiceBook, outline

ADA = Voice("SPEAKER_00", "campplus-1", (1.0, 0.0, 0.0))
BEN = Voice("SPEAKER_01", "campplus-1", (0.0, 1.0, 0.0))


def test_a_voice_is_recognised_in_the_next_event() -> None:
    book = VoiceBook().add("Ada Park", ADA).add("Ben Ortiz", BEN)
    found = book.match(Voice("SPEAKER_07", "campplus-1", (0.98, 0.1, 0.1)))
    assert found is not None and found[0] == "Ada Park"


def test_engines_are_never_compared() -> None:
    assert VoiceBook().add("Ada Park", ADA).match(Voice("X", "pyannote-4", (1.0, 0.0, 0.0))) is None


def test_two_people_as_near_are_nobody() -> None:
    book = VoiceBook().add("Ada Park", ADA).add("Ben Ortiz", BEN)
    assert book.match(Voice("X", "campplus-1", (0.7, 0.7, 0.0))) is None


def test_a_file_is_readable_and_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "voices.json"
    book = VoiceBook().add("Ada Park", ADA, "One").add("Ada Park", ADA, "Two")
    book.save(path)
    assert VoiceBook.load(path).entries == book.entries
    assert '"name": "Ada Park"' in path.read_text(encoding="utf-8")


def test_who_is_removed_is_gone_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "voices.json"
    book = VoiceBook().add("Ada Park", ADA, "One").add("Ada Park", ADA, "Two").add("Ben", BEN)
    book.remove("Ada Park").save(path)
    assert "Ada" not in path.read_text(encoding="utf-8")
    assert VoiceBook.load(path).names == ("Ben",)


def test_no_file_is_an_empty_book_and_a_foreign_one_an_error(tmp_path: Path) -> None:
    assert VoiceBook.load(tmp_path / "none.json").names == ()
    for foreign in ('{"a": 1}', '{"format": "backrow-voices-9", "voices": []}'):
        (tmp_path / "other.json").write_text(foreign, encoding="utf-8")
        with pytest.raises(InputError, match=r"other\.json: is no voice book that"):
            VoiceBook.load(tmp_path / "other.json")


@pytest.mark.parametrize("engine", ["ge2e", "pyannote-ge2e"])
def test_a_book_of_an_engine_that_is_gone_is_refused(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "voices.json"
    VoiceBook().add("Ben", BEN).add("Ada", Voice("SPEAKER_00", engine, (1.0, 0.0))).save(path)
    with pytest.raises(InputError, match=rf"voices\.json: .*gone \({engine}\)"):
        VoiceBook.load(path)


def test_the_book_names_a_speaker_whom_nobody_names() -> None:
    said = played("SPEAKER_00: <200>")
    book = VoiceBook().add("Ada Park", ADA)
    story = outline(said, (ADA,), EventInfo(), config.Talks(), book)
    assert story.speakers[0].name == "Ada Park"
    assert story.speakers[0].evidence[0].kind == "voice-book"
