"""One limit on calls in flight for all processes of a run: a lock file for each place.

The operating system lets go of a place whose process dies.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from filelock import FileLock, Timeout

from pipeline import config

POLL_SECONDS = 0.05  # far less than a call takes


@asynccontextmanager
async def place(run: config.Run) -> AsyncIterator[None]:
    """Hold one of `llm_concurrency` places; wait for one while all are taken."""
    if run.llm_places is None:
        yield
        return
    run.llm_places.mkdir(parents=True, exist_ok=True)
    lock = await _free(run)
    try:
        yield
    finally:
        lock.release()


async def _free(run: config.Run) -> FileLock:
    assert run.llm_places
    files = [run.llm_places / f"llm-{number}.lock" for number in range(run.llm_concurrency)]
    while True:
        for file in files:
            lock = FileLock(file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            return lock
        await asyncio.sleep(POLL_SECONDS)
