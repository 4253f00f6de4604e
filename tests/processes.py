"""Runs of the program in processes of their own, as a terminal begins and ends them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

Run = subprocess.Popen[str]
# a job in the background ignores an interrupt
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipeline.cli import main
sys.exit(main())
"""


@contextmanager
def started(inputs: Path, output: Path, *options: str) -> Iterator[Run]:
    """A run in a process group of its own, which is killed in the end."""
    command = [sys.executable, "-c", PROGRAM, "run", str(inputs), "-o", str(output)]
    command += ["--profile", "offline", "--json-progress", *options]
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            yield run
        finally:
            killed(run)


def killed(run: Run) -> None:
    """SIGKILL for the run and all that it started."""
    with suppress(ProcessLookupError):  # it has ended by itself
        os.killpg(run.pid, signal.SIGKILL)
