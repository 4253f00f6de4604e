"""What the fuzz tests tried, and what came of it; told at the end of a run."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings

from pipeline.errors import PipelineError, Unexpected
from pipeline.reading_limits import TookTooLong, time_limit

T = TypeVar("T")

TIMES = float(os.environ.get("BACKROW_FUZZ", "1"))  # as many inputs: 40 for an evening by hand
PATIENCE = 30.0  # seconds after which an input counts as one that hangs
tried: Counter[str] = Counter()
refused: Counter[str] = Counter()
wrong: Counter[str] = Counter()


def fuzzed(examples: int) -> settings:
    """So many inputs, the same ones each time; with BACKROW_FUZZ others, and more of them."""
    return settings(
        max_examples=max(1, round(examples * TIMES)),
        derandomize=TIMES <= 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )


def attempt(
    what: str, work: Callable[..., T], *given: Any, allowed: Any = PipelineError
) -> T | None:
    """What `work` makes of an input; None where it refuses it. A crash or a hang is raised."""
    tried[what] += 1
    try:
        with time_limit(PATIENCE, what):
            return work(*given)
    except TookTooLong as error:
        raise AssertionError(f"{what}: hangs") from error
    except Unexpected:
        raise
    except allowed:
        refused[what] += 1
        return None


def fails(what: str, holds: bool) -> None:
    """Counts a wrong result that came without a warning."""
    wrong[what] += not holds


def lines() -> list[str]:
    """The tally, a line for each kind of input."""
    return [
        f"{what}: {tried[what]} inputs, {refused[what]} refused, {wrong[what]} wrong without a word"
        for what in sorted(tried)
    ]


def write(folder: Path, name: str, data: bytes) -> Path:
    """A file of that name with these contents."""
    (folder / name).write_bytes(data)
    return folder / name
