"""What a killed process left half written goes; what is being written stays."""

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from pipeline import leftovers
from pipeline.cache import HOST


def dead_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def test_only_what_nobody_writes_is_removed(tmp_path: Path) -> None:
    left = tmp_path / "talk" / f".tmp-{HOST}-{dead_process()}-abc"
    mine = tmp_path / "talk" / f".tmp-{HOST}-{os.getpid()}-abc"
    elsewhere = tmp_path / ".backrow" / "asr" / ".tmp-00000000-1-abc"  # of another machine
    a_persons = tmp_path / "talk" / ".tmp-draft"
    sound = tmp_path / ".backrow" / "audio" / ".x.wav.part"
    busy = tmp_path / ".backrow" / "audio" / ".y.wav.part"
    files = (left, mine, elsewhere, a_persons, sound, busy)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"half")
    with FileLock(busy.with_suffix(".lock")):
        leftovers.remove(tmp_path)
    assert {file for file in files if file.exists()} == {mine, elsewhere, a_persons, busy}


def test_a_folder_that_is_not_there_yet_is_tidy(tmp_path: Path) -> None:
    leftovers.remove(tmp_path / "posts")
