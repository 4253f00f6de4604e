"""Ctrl-C is heard at once, whatever the program computes; a second one kills.

Python runs a signal's handler only when the main thread is back from an engine's native code,
which can take half a minute. The signal's number in a pipe is read by a thread of its own.
"""

import ctypes
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread, current_thread, main_thread

STOPPING = "stopping, a second Ctrl-C kills"
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>
KILLED = 130  # the exit code, as a shell gives it


@contextmanager
def on_ctrl_c(tell: Callable[[], None]) -> Iterator[None]:
    """Within, the first Ctrl-C calls `tell` at once and then raises KeyboardInterrupt as ever.

    The second ends this process and its workers on the spot, also after the block was left by
    the first. Does nothing outside of the main thread.
    """
    if current_thread() is not main_thread():
        yield
        return
    read, write = os.pipe()
    os.set_blocking(write, False)
    before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    Thread(target=_listen, args=(read, tell), daemon=True).start()
    pressed = False
    try:
        yield
    except KeyboardInterrupt:
        pressed = True  # what is left of the process can still be killed
        raise
    finally:
        if not pressed:
            signal.set_wakeup_fd(before)
            os.close(write)


def _listen(read: int, tell: Callable[[], None]) -> None:
    presses = 0
    while told := os.read(read, 64):  # nothing: the other end is closed
        presses += told.count(signal.SIGINT)
        if presses > 1:
            for child in multiprocessing.active_children():
                child.kill()
            os._exit(KILLED)
        if presses == 1:
            tell()
    os.close(read)


def end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it, however it ends: for a worker process.

    The kernel sees to it where it can. Elsewhere a thread does, which waits for Python's lock,
    and an engine may hold that.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):  # Linux only
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
