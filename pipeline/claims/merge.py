"""Claims found both ways, by the detector and by a model, as one list."""

from collections.abc import Iterable

from pipeline.data import Claim


def merge(found: Iterable[Claim], more: Iterable[Claim]) -> tuple[Claim, ...]:
    """The detector's claims, and those of the model that it did not see, in time order.

    Two claims of one speaker are the same when the shorter lies mostly within the other.
    """
    merged = list(found)
    for claim in more:
        if not any(_same(claim, known) for known in merged):
            merged.append(claim)
    return tuple(sorted(merged, key=lambda claim: (claim.start, claim.end)))


def _same(one: Claim, other: Claim) -> bool:
    if one.speaker != other.speaker:
        return False
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared > 0.5 * min(one.end - one.start, other.end - other.start)
