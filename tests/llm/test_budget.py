"""No run spends more than it may, whatever its processes ask at once."""

import asyncio
import json
from pathlib import Path

import pytest

from pipeline import config
from pipeline.errors import BudgetSpent, CacheError
from pipeline.llm import budget
from pipeline.llm.asking import all_of


def run(tmp_path: Path, limit: float | None = 1.0) -> config.Run:
    return config.Run(llm_places=tmp_path, budget=limit, llm_patience=5.0)


def spent(options: config.Run) -> float:
    """What the run has paid so far."""
    assert options.llm_places
    return float(json.loads((options.llm_places / budget.FILE).read_text())["paid"])


async def call(options: config.Run, most: float, paid: float | None, seconds: float = 0.0) -> None:
    async with budget.reserve(options, most) as aside:
        await asyncio.sleep(seconds)
        if paid is not None:
            aside.paid = paid


def test_a_call_that_may_pass_the_limit_is_not_made(tmp_path: Path) -> None:
    options = run(tmp_path)
    asyncio.run(call(options, 0.6, 0.2))
    asyncio.run(call(options, 0.6, 0.3))
    with pytest.raises(BudgetSpent, match=r"0\.50 of the budget of 1 is spent"):
        asyncio.run(call(options, 0.6, 0.1))
    assert spent(options) == pytest.approx(0.5)
    asyncio.run(call(options, 0.5, 0.5))
    assert spent(options) == pytest.approx(1.0)


def test_calls_at_once_wait_for_what_others_give_back(tmp_path: Path) -> None:
    options = run(tmp_path)

    async def all_of_them() -> list[BaseException | None]:
        each = (call(options, 0.6, 0.15, 0.05) for _ in range(5))
        return await asyncio.gather(*each, return_exceptions=True)

    ended = asyncio.run(all_of_them())
    assert sum(isinstance(each, BudgetSpent) for each in ended) == 2
    assert spent(options) == pytest.approx(0.45)


def test_what_was_cut_off_counts_as_paid_in_full(tmp_path: Path) -> None:
    options = run(tmp_path)

    async def broken() -> None:
        async with budget.reserve(options, 0.6):
            raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(broken())
    assert spent(options) == pytest.approx(0.6)


def test_a_run_begins_with_all_of_it(tmp_path: Path) -> None:
    options = run(tmp_path)
    asyncio.run(call(options, 0.9, 0.9))
    budget.reset_account(options)
    asyncio.run(call(options, 0.9, 0.9))


def test_without_a_budget_nothing_is_counted(tmp_path: Path) -> None:
    asyncio.run(call(run(tmp_path, None), 99.0, 99.0))
    assert list(tmp_path.iterdir()) == []


def test_what_was_spent_is_never_forgotten(tmp_path: Path) -> None:
    options = run(tmp_path)
    asyncio.run(call(options, 0.6, 0.2))
    (tmp_path / budget.FILE).write_bytes(b'{"paid": 0.2')
    with pytest.raises(CacheError, match="what this run has spent is not known"):
        asyncio.run(call(options, 0.6, 0.2))


def test_a_call_that_is_not_made_waits_for_those_that_are() -> None:
    answered = []

    async def paid() -> None:
        await asyncio.sleep(0.01)
        answered.append("kept")

    async def refused() -> None:
        raise BudgetSpent("the budget is spent")

    with pytest.raises(BudgetSpent):
        asyncio.run(all_of([refused(), paid()]))
    assert answered == ["kept"]
