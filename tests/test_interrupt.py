"""Ctrl-C is heard at once, a second one kills, and no worker outlives the first process."""

import io
import json
import os
import re
import signal
import time
from pathlib import Path

import media
import pytest
from processes import Run, started
from rich.console import Console
from rich.progress import Progress as RichProgress

from pipeline.cli import main
from pipeline.interrupt import STOPPING
from pipeline.progress import Bars, Progress, stop

AT_ONCE = 0.5  # seconds


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two recordings that take an engine a while, a folder each."""
    root = tmp_path_factory.mktemp("talks")
    for name, start in (("first", 0.0), ("second", 40.0)):
        (root / name).mkdir()
        media.write(root / name / f"{name}.wav", media.speech(40.0, start))
    return root


def until(run: Run, **wanted: str) -> None:
    """Read what the run says as far as a line with these values."""
    assert run.stderr
    for line in run.stderr:
        told = json.loads(line) if line.startswith("{") else {}
        if wanted.items() <= told.items():
            return
    raise AssertionError(f"it ended without saying {wanted}")


def family(pid: int) -> set[int]:
    """The processes below one."""
    below: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            below |= {child} | family(child)
    return below


def alive(pids: set[int]) -> set[int]:
    def lives(pid: int) -> bool:
        try:
            return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return False

    return {pid for pid in pids if lives(pid)}


def gone(pids: set[int], within: float) -> bool:
    end = time.monotonic() + within
    while alive(pids) and time.monotonic() < end:
        time.sleep(0.01)
    return not alive(pids)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="there is no /proc")


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_the_first_is_heard_and_the_second_kills(
    talks: Path, tmp_path: Path, workers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with started(talks, tmp_path, "--workers", str(workers)) as run:
        until(run, stage="transcribe", state="begun")
        time.sleep(2.0)  # an engine is at work
        below = family(run.pid)
        os.killpg(run.pid, signal.SIGINT)
        until(run, state="said", text=STOPPING)
        os.killpg(run.pid, signal.SIGINT)
        assert run.wait() == 130
        assert gone(below, AT_ONCE)
    files = sorted(map(str, talks.iterdir()))
    assert main(["plan", *files, "-o", str(tmp_path), "--profile", "offline"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"decode +cached", said), "it loses at most the step at hand"
    assert re.search(r"post +to be written", said), "and was not through"


@needs_proc
@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_workers_die_with_the_first_process(talks: Path, tmp_path: Path, how: int) -> None:
    with started(talks, tmp_path, "--workers", "2") as run:
        until(run, stage="transcribe", state="begun")
        time.sleep(1.0)
        below = family(run.pid)
        assert len(below) >= 2
        os.kill(run.pid, how)
        assert gone(below, 2.0), alive(below)


def test_bars_stand_still_from_the_first_on() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80)
    with RichProgress(console=console, refresh_per_second=50, transient=True) as rich:
        bars = Bars(rich, events=2)
        bars(Progress("talk", "decode", "begun", total=10.0))
        stop(bars)
        shown = screen.getvalue()
        bars(Progress("talk", "decode", "running", 5.0, 10.0))
        time.sleep(0.1)
        assert screen.getvalue() == shown
    assert STOPPING in shown
    assert "decode" in shown[shown.rindex(STOPPING) :], "they stay where they stood"
    assert screen.getvalue() == shown
