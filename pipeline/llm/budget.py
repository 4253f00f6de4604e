"""The money that a run may spend on a model: asked for before each call, by all its processes.

A call sets aside the most that it can cost and gives back what it did not; so the limit is never
passed, whatever a model answers.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter

from pipeline import config
from pipeline.cache import PRIVATE, write_atomic
from pipeline.errors import BudgetSpent, CacheError

FILE = "spent.json"  # beside the places that the processes of a run share
POLL_SECONDS = 0.1


@dataclass
class Account:
    """The money of a run: what is paid, and what calls in flight have set aside."""

    paid: float = 0.0
    reserved: float = 0.0


_ACCOUNT = TypeAdapter(Account)


@dataclass
class Reservation:
    """Money set aside for a call; `paid` is set when that is known, and is all of it until then."""

    paid: float


@asynccontextmanager
async def reserve(run: config.Run, most: float) -> AsyncIterator[Reservation]:
    """Set `most` aside for a call; wait while others hold what may come back.

    Raises BudgetSpent where it would pass `run.budget`.
    """
    if run.budget is None or run.llm_places is None:
        yield Reservation(0.0)
        return
    place, patience = run.llm_places / FILE, time.monotonic() + run.llm_patience
    while True:
        with _account(place) as money:
            if money.paid + money.reserved + most <= run.budget:
                money.reserved += most
                break
        if money.paid + most > run.budget or not money.reserved or time.monotonic() > patience:
            raise BudgetSpent(
                f"not written: {money.paid:.2f} of the budget of {run.budget:g} is spent, and the "
                f"next call may cost {most:.2f}; what was answered is kept: run again with a "
                "larger one"
            )
        await asyncio.sleep(POLL_SECONDS)
    call = Reservation(most)
    try:
        yield call
    finally:
        with _account(place) as money:
            money.paid = round(money.paid + call.paid, 6)
            money.reserved = round(max(0.0, money.reserved - most), 6)


def reset_account(run: config.Run) -> None:
    """Nothing is spent yet: at the start of a run, before its processes are."""
    if run.budget is not None and run.llm_places is not None:
        (run.llm_places / FILE).unlink(missing_ok=True)


@contextmanager
def _account(place: Path) -> Iterator[Account]:
    """The run's account, locked while it is changed; raises CacheError for a damaged file."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(place.with_suffix(".lock")):
        try:
            money = _ACCOUNT.validate_json(place.read_bytes()) if place.exists() else Account()
        except (OSError, ValueError) as error:
            raise CacheError(
                f"{place}: cannot be read, so what this run has spent is not known; run again"
            ) from error
        before = replace(money)
        yield money
        if money != before:  # who waits looks ten times a second
            write_atomic(place, _ACCOUNT.dump_json(money), PRIVATE)
