"""Whose post lies under a slug: an event's own after a move and an edit, and nobody else's."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline import finished, flow
from pipeline.audio.inputs import find_events
from pipeline.config import load
from pipeline.engines.choose import choose
from pipeline.errors import InputError
from pipeline.executors.job import run_event
from pipeline.progress import ignore
from pipeline.session import Session, Settings, make_session

CUE = "WEBVTT\n\n00:00:01.000 --> 00:00:09.000\n{}\n"


def talk(folder: Path, said: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "talk.vtt").write_text(CUE.format(said), encoding="utf-8")
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Session:
    options = load(writer={"engine": "quotes"})
    (tmp_path / "posts" / "talk").mkdir(parents=True)
    return make_session(Settings(options, tmp_path / "posts", choose(options)))


def check(place: Path, session: Session) -> None:
    """As a run does: refused, or remembered."""
    ((event,), _) = find_events([place])
    finished.refuse_another(event, session)
    finished.keep_recordings(event, session)


def test_another_talk_of_the_same_name_is_refused_with_both_places(
    tmp_path: Path, session: Session
) -> None:
    check(talk(tmp_path / "a" / "talk", "We moved 40 tons."), session)
    other = talk(tmp_path / "b" / "talk", "We moved 50 tons.")
    with pytest.raises(InputError, match=r"b.talk: has the slug talk, and .*a.talk"):
        check(other, session)


def test_what_is_put_right_while_an_event_is_run_is_in_its_next_run(
    tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((event,), _) = find_events([talk(tmp_path / "a" / "talk", "We moved 40 tons in Hiron.")])
    process = flow.process

    def corrected_meanwhile(*given: Any) -> Any:
        made = process(*given)
        event.corrections.write_text('[replace]\nHiron = "Heron"\n', encoding="utf-8")
        return made

    with monkeypatch.context() as patched:
        patched.setattr(flow, "process", corrected_meanwhile)
        assert run_event(event, session, ignore).state == "done"
    assert not run_event(event, session, ignore).kept
    assert "Heron" in (session.settings.output / "talk" / "transcript.srt").read_text()
    assert run_event(event, session, ignore).kept


def test_a_moved_or_an_edited_event_keeps_its_post(tmp_path: Path, session: Session) -> None:
    first = talk(tmp_path / "a" / "talk", "We moved 40 tons.")
    check(first, session)
    check(talk(first, "We moved 41 tons."), session)
    moved = Path(shutil.move(first, tmp_path / "c"))
    (moved / "part2.vtt").write_text(CUE.format("And more."), encoding="utf-8")
    place = tmp_path / "talk"
    moved.rename(place)
    check(place, session)
