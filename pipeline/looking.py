"""A cache that is only read: what a run would have to do is counted, and never done."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from pipeline.cache import Cache
from pipeline.errors import Unusable

T = TypeVar("T")
CHEAP = frozenset({"content"})  # computed here too: it says whether the rest is stale


class Missing(Unusable):
    """A step that would have to run; for a question to a model, one that was not asked yet."""


class Looking(Cache):
    """Counts what is there, and raises Missing for what is not."""

    def __init__(self, cache: Cache) -> None:
        super().__init__(cache.root, cache.force)
        self.kept: dict[str, set[Path]] = defaultdict(set)
        self.missing: dict[str, set[Path]] = defaultdict(set)

    def step(self, step: str, key: Any, shape: type[T], compute: Callable[[], T]) -> T:
        """The stored value; raises Missing."""
        if step in CHEAP:
            return super().step(step, key, shape, compute)
        found = self.find(step, key, shape)
        counted = self.missing if found is None else self.kept
        counted[step].add(self.place(step, key))
        if found is None:
            asked = "the model was not asked yet" if step == "llm" else f"{step} was not run yet"
            raise Missing(asked)
        return found

    async def step_async(
        self, step: str, key: Any, shape: type[T], compute: Callable[[], Awaitable[T]]
    ) -> T:
        """The stored value; raises Missing."""
        return self.step(step, key, shape, _never)


def _never() -> Any:
    raise AssertionError("who looks computes nothing")
