"""What people and programs see of the work."""

import io
import json
import os
import pty
import sys
from itertools import count

import pytest
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as RichProgress

from pipeline.progress import Bars, Piece, Progress, Watch, json_lines, plain, shown


def work(watch: Watch) -> None:
    """Two blocks of ten minutes, a warning twice, and the end."""
    for before in (0.0, 600.0):
        with watch.stage("transcribe", Piece(600.0, before, 1200.0)) as tick:
            tick(300.0)
            tick(900.0)  # an engine that counts too far
    watch.warn("the first words may be missing")
    watch.warn("the first words may be missing")
    watch.kept("diarize")
    watch.end(2.5, "done")


def test_a_stage_tells_how_far_it_is_in_the_whole() -> None:
    told: list[Progress] = []
    watch = Watch("talk", told.append, clock=count(step=1.0).__next__)
    work(watch)
    stage = [each for each in told if each.stage == "transcribe"]
    assert [each.done for each in stage] == [0, 300, 600, 600, 600, 900, 1200, 1200]
    assert {each.total for each in stage} == {1200.0}
    assert watch.warnings == ["the first words may be missing"]
    assert set(watch.seconds) == {"transcribe"}
    assert (told[-1].stage, told[-1].state, told[-1].seconds) == ("event", "done", 2.5)


def test_a_stage_of_unknown_length_tells_how_far_it_is_and_not_too_often() -> None:
    told: list[Progress] = []
    clock = iter([0.0, 0.0, 0.01, 0.2, 0.2, 0.2, 0.3, 0.3])
    with Watch("talk", told.append, clock=clock.__next__).stage("decode", Piece(0.0)) as tick:
        tick(1.0)
        tick(40.0)
    assert [(each.state, each.done) for each in told] == [
        ("begun", 0),
        ("running", 40.0),
        ("done", 40.0),
    ]


def test_a_stage_that_fails_is_timed_and_not_done() -> None:
    told: list[Progress] = []
    watch = Watch("talk", told.append)
    with pytest.raises(ValueError, match="broken"), watch.stage("decode", Piece(1.0)):
        raise ValueError("broken")
    assert [each.state for each in told] == ["begun"]
    assert "decode" in watch.seconds


def test_json_progress_is_a_line_for_each_report(capsys: pytest.CaptureFixture[str]) -> None:
    with shown(as_json=True) as sink:
        assert sink is json_lines
        work(Watch("talk", sink, clock=count(step=1.0).__next__))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {line["event"] for line in lines} == {"talk"}
    states = [line["state"] for line in lines]
    assert states[:4] == ["begun", "running", "running", "done"]
    assert states[-3:] == ["said", "kept", "done"]
    assert lines[1]["speed"] > 0


def test_a_pipe_gets_a_line_at_the_end_of_a_stage(capsys: pytest.CaptureFixture[str]) -> None:
    with shown() as sink:  # stderr is no terminal here
        assert sink is plain
        work(Watch("talk", sink))
    first, second, third = capsys.readouterr().err.splitlines()
    assert first.startswith("talk: transcribe to 10 min took")
    assert second.startswith("talk: transcribe took")
    assert third == "talk: the first words may be missing"


def test_a_terminal_has_a_bar_for_each_stage_at_work_and_one_for_all_events() -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    columns = (TextColumn("{task.description}", markup=False), BarColumn())
    with RichProgress(*columns, console=screen, auto_refresh=False) as rich:
        bars = Bars(rich, events=3)
        Watch("kept", bars).end(1.0, "kept")
        work(Watch("done", bars))
        at_work = Watch("[at] work", bars, clock=count(step=1.0).__next__)
        with at_work.stage("decode", Piece(10.0)) as tick:
            tick(5.0)
            with at_work.stage("diarize", Piece(20.0)):
                seen = {task.description: (task.completed, task.total) for task in rich.tasks}
        after = [task.description for task in rich.tasks]
    assert seen == {
        "3 events": (2, 3),
        "[at] work: decode": (5.0, 10.0),
        "[at] work: diarize": (0.0, 20.0),
    }
    assert after == ["3 events"]


def test_bars_on_the_terminal_leave_a_pipe_its_results(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setattr(sys, "stdout", pipe)
        with shown():
            print("posts/talk/index.md")
    os.close(master)
    assert pipe.getvalue() == "posts/talk/index.md\n"
