"""Two stages of one event side by side: one here, the other in a thread.

Engines compute outside Python's lock, so two of them share the cores, or a core and a GPU. What
each stage tells and warns is put together in one order, whichever is faster.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TypeVar

from pipeline.progress import Progress, Watch

A = TypeVar("A")
B = TypeVar("B")


class Stopped(Exception):
    """Not an error: the other stage failed, and with it the event."""


def together(
    first: Callable[[Watch], A], second: Callable[[Watch], B], watch: Watch
) -> tuple[A, B]:
    """What both return.

    When one raises (Ctrl-C too), the other ends at its next tick, and the error is raised.
    """
    stop, lock = Event(), Lock()

    def tell(report: Progress) -> None:
        if stop.is_set() and report.state in ("begun", "running"):
            raise Stopped
        with lock:
            watch.sink(report)

    branches = Watch(watch.event, tell), Watch(watch.event, tell)

    def beside() -> B:
        try:
            return second(branches[1])
        except BaseException:
            stop.set()
            raise

    try:
        with ThreadPoolExecutor(1) as pool:
            later = pool.submit(beside)
            try:
                return first(branches[0]), later.result()
            except Stopped:
                later.result()  # raises what went wrong there
                raise
            except BaseException:
                stop.set()
                raise
    finally:
        for branch in branches:
            watch.take(branch)
