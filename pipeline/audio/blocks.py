"""A long recording in blocks that an engine can hold, cut where nobody speaks."""

from collections.abc import Sequence
from math import ceil

from pipeline.data import Span, ms


def cut_blocks(
    speech: Sequence[Span], duration: float, longest: float = 1200.0
) -> tuple[Span, ...]:
    """Blocks in order that hold each span of `speech` whole, in exactly one of them.

    A block runs from its first span to its last; what is between blocks is silence. None is longer
    than `longest` seconds, unless one span is. Blocks are about equally long, and cut in the
    longest pause near to where that wants it.
    """
    blocks = []
    left = list(speech)
    while left:
        count = _spans_in_block(left, longest)
        blocks.append(Span(ms(left[0].start), ms(min(duration, left[count - 1].end))))
        left = left[count:]
    return tuple(blocks)


def _spans_in_block(spans: Sequence[Span], longest: float) -> int:
    """How many of the first spans make the next block, at least one."""
    start = spans[0].start
    length = spans[-1].end - start
    if length <= longest:
        return len(spans)
    ideal = length / ceil(length / longest)
    fitting = [n for n in range(1, len(spans)) if spans[n - 1].end - start <= longest]
    near = [n for n in fitting if 0.75 * ideal <= spans[n - 1].end - start <= 1.25 * ideal]
    if near:
        return max(near, key=lambda n: spans[n].start - spans[n - 1].end)
    return fitting[-1] if fitting else 1
