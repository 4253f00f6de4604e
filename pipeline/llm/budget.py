"""The money that a run may spend on a model: asked for before each call, by all its processes.

A call sets aside the most that it can cost and gives back what it did not; so the limit is never
passed, whatever a model answers.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from pipeline import config
from pipeline.cache import PRIVATE, write_atomic
from pipeline.errors import BudgetSpent, CacheError

FILE = "spent.json"  # beside the places that the processes of a run share
POLL_SECONDS = 0.1
_MONEY = TypeAdapter(tuple[float, float])


@dataclass
class Held:
    """What a call has set aside; `paid` is set when that is known, and is all of it until then."""

    paid: float


@asynccontextmanager
async def held(run: config.Run, most: float) -> AsyncIterator[Held]:
    """Set `most` aside for a call; wait while others hold what may come back.

    Raises BudgetSpent where it would pass `run.budget`.
    """
    if run.budget is None or run.llm_places is None:
        yield Held(0.0)
        return
    place, patience = run.llm_places / FILE, time.monotonic() + run.llm_patience
    while (full := _set_aside(place, most, run.budget)) is not None:
        paid, aside = full
        if paid + most > run.budget or not aside or time.monotonic() > patience:
            raise BudgetSpent(
                f"not written: {paid:.2f} of the budget of {run.budget:g} is spent, and the next "
                f"call may cost {most:.2f}; what was answered is kept: run again with a larger one"
            )
        await asyncio.sleep(POLL_SECONDS)
    call = Held(most)
    try:
        yield call
    finally:
        _change(place, call.paid, -most)


def begin(run: config.Run) -> None:
    """Nothing is spent yet: at the start of a run, before its processes are."""
    if run.budget is not None and run.llm_places is not None:
        (run.llm_places / FILE).unlink(missing_ok=True)


def spent(run: config.Run) -> float:
    """What the run has paid so far."""
    return _read(run.llm_places / FILE)[0] if run.llm_places else 0.0


def _set_aside(place: Path, most: float, limit: float) -> tuple[float, float] | None:
    """Set `most` aside; what is paid and what others hold, where it does not fit beside them."""
    with _lock(place):
        paid, aside = _read(place)
        if paid + aside + most > limit:
            return paid, aside
        _write(place, paid, aside + most)
        return None


def _change(place: Path, paid: float, aside: float) -> None:
    with _lock(place):
        before = _read(place)
        _write(place, before[0] + paid, max(0.0, before[1] + aside))


def _lock(place: Path) -> FileLock:
    place.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(place.with_suffix(".lock"))


def _read(place: Path) -> tuple[float, float]:
    """What is paid and what is set aside; raises CacheError for a file that is damaged."""
    try:
        return _MONEY.validate_json(place.read_bytes())
    except FileNotFoundError:
        return 0.0, 0.0
    except (OSError, ValueError) as error:
        raise CacheError(
            f"{place}: cannot be read, so what this run has spent is not known; run again"
        ) from error


def _write(place: Path, paid: float, aside: float) -> None:
    write_atomic(place, _MONEY.dump_json((round(paid, 6), round(aside, 6))), PRIVATE)
