"""Where one voice ends and two begin, chosen from the data."""

from collections.abc import Iterable
from itertools import pairwise


def widest_gap(heights: Iterable[float], low: float, high: float) -> float:
    """The middle of the widest gap between the heights that lie from `low` to `high`.

    `heights`: the distances at which a clustering merged its groups.
    """
    inside = sorted(height for height in heights if low < height < high)
    edges = pairwise([low, *inside, high])
    return float(max((after - before, (after + before) / 2) for before, after in edges)[1])
