"""What an event may read and for how long: its own folder, and files of a bounded size."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

from pipeline.errors import InputError


def leads_out(file: Path, folders: Sequence[Path]) -> str:
    """The sentence that refuses a path which leads out of some folders; empty for any other."""
    target = file.resolve()
    if any(target.is_relative_to(folder.resolve()) for folder in folders):
        return ""
    return (
        f"{file}: leads out of its event's folder to {target}; copy it there, or allow that "
        f"folder with --beyond {target.parent}"
    )


class TookTooLong(InputError):
    """A file whose reading was given up."""


@contextmanager
def time_limit(seconds: float, what: str) -> Iterator[None]:
    """Give up on `what` after some seconds: raises TookTooLong inside the block.

    By an alarm, which only the main thread of a Unix process can be woken by; elsewhere the block
    takes its time.
    """
    if current_thread() is not main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def wake(_number: int, _frame: FrameType | None) -> None:
        raise TookTooLong(f"{what}: takes longer than {seconds:g} s to read; give a part of it")

    before = signal.signal(signal.SIGALRM, wake)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
