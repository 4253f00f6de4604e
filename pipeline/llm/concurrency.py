"""One limit on calls in flight for all processes of a run: a lock file for each place.

The operating system lets go of a place whose process dies.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
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
    locks = [FileLock(run.llm_places / f"llm-{number}.lock") for number in range(most)]
    while (held := next(filter(_is_got, locks), None)) is None:
        await asyncio.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        held.release()


def _is_got(lock: FileLock) -> bool:
    with suppress(Timeout):
        lock.acquire(timeout=0)
    return lock.is_locked
