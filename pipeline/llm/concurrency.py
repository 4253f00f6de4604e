"""One limit on calls in flight for all processes of a run: a lock file for each place.

The operating system lets go of a place whose process dies.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from filelock import FileLock, Timeout

from pipeline import config

POLL_SECONDS = 0.05  # far less than a call takes


@dataclass
class CallLimit:
    """At most `limit()` calls at once, here and over all processes that share `run.llm_places`.

    Lives in one event loop. The limit is asked anew each time: it falls when a server is slow.
    """

    run: config.Run
    limit: Callable[[], int]
    _inside: int = 0
    _turn: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold one place; wait for one while all are taken."""
        async with self._turn:
            await self._turn.wait_for(lambda: self._inside < self.limit())
            self._inside += 1
        try:
            async with acquire_slot(self.run, self.limit()):
                yield
        finally:
            self._inside -= 1
            async with self._turn:
                self._turn.notify_all()


@asynccontextmanager
async def acquire_slot(run: config.Run, most: int) -> AsyncIterator[None]:
    """Hold one of `most` places that processes share; wait for one while all are taken."""
    if run.llm_places is None:
        yield
        return
    run.llm_places.mkdir(parents=True, exist_ok=True)
    lock = await _free_slot(run, most)
    try:
        yield
    finally:
        lock.release()


async def _free_slot(run: config.Run, most: int) -> FileLock:
    assert run.llm_places
    files = [run.llm_places / f"llm-{number}.lock" for number in range(most)]
    while True:
        for file in files:
            lock = FileLock(file)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            return lock
        await asyncio.sleep(POLL_SECONDS)
