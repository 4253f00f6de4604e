"""Recordings of one evening on one clock: each moment is heard once, from the clearest.

Two telephones, a camera and a recorder, a meeting's video and the speaker's own microphone: how
loud each tenth of a second is puts them on one clock, whenever each was switched on and off.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.audio import similarity
from pipeline.audio.lane_selection import LIMITS, Chosen
from pipeline.audio.similarity import FRAME, Levels
from pipeline.audio.wav import SAMPLE_RATE
from pipeline.text import clock

# correlation of rises and falls over which two microphones heard one evening; made recorders
# (tests/benchmarks/lanes.py) have .5 and more, other evenings of the same people .3 and less
ALIKE = 0.5
LONG_ENOUGH = 300  # tenths of a second; under it levels are alike by chance


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What a recording holds between two tenths of a second of its group's clock."""

    first: int
    end: int
    whole: Chosen
    begun: int  # where the whole recording begins on that clock

    def taken(self) -> Chosen:
        """This much of the recording."""
        if (self.first, self.end) == (self.begun, self.begun + len(self.whole.levels)):
            return self.whole
        places = (self.first - self.begun, self.end - self.begun)
        return self.whole.between(*(round(at * FRAME * SAMPLE_RATE) for at in places))


def start_offset(one: Levels, other: Levels) -> int | None:
    """The frames by which the other recording was begun later; None for those of two evenings."""
    alike, late = similarity.best_alignment(one, other)
    return late if alike >= ALIKE and min(len(one), len(other)) >= LONG_ENOUGH else None


def heard_once(takes: Sequence[Chosen]) -> tuple[list[Chosen], list[str]]:
    """The recordings, of those that hold the same what each adds; and what is said of that."""
    groups: list[list[_Stretch]] = []
    for take in takes:
        _place(take, groups)
    heard, said = [], []
    for group in groups:
        pieces = _pieces(group)
        heard += [each.taken() for each in sorted(pieces, key=lambda each: each.first)]
        others = [each for each in group if each.whole is not pieces[0].whole]
        said += [_remark(each, pieces) for each in others]
    return heard, said


def _place(take: Chosen, groups: list[list[_Stretch]]) -> None:
    """Put a recording into the group that holds the same, or into one of its own."""
    for group in groups:
        for other in group:
            if (late := start_offset(other.whole.levels, take.levels)) is not None:
                begun = other.begun + late
                group.append(_Stretch(begun, begun + len(take.levels), take, begun))
                return
    groups.append([_Stretch(0, len(take.levels), take, 0)])


def _pieces(group: Sequence[_Stretch]) -> list[_Stretch]:
    """The clearest recording whole, and what the next ones hold beside it."""
    left = list(group)
    pieces: list[_Stretch] = []
    while left:
        clearest = max(each.whole.clearness for each in left) - LIMITS.clearer
        best = next(each for each in left if each.whole.clearness >= clearest)
        pieces += list(_uncovered(best, pieces))
        left.remove(best)
    return pieces


def _uncovered(each: _Stretch, pieces: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """The stretches of a recording that no piece covers yet."""
    free = np.ones(each.end - each.first, bool)
    for piece in pieces:
        free[max(0, piece.first - each.first) : max(0, piece.end - each.first)] = False
    for first, end in similarity.true_runs(free).tolist():
        if not pieces or (end - first) * FRAME >= LIMITS.own:
            yield _Stretch(each.first + first, each.first + end, each.whole, each.begun)


def _remark(each: _Stretch, pieces: Sequence[_Stretch]) -> str:
    """What of a recording is heard beside another that holds the same."""
    late = each.begun - pieces[0].begun
    when = f", begun {abs(late) * FRAME:.1f} s {'later' if late > 0 else 'earlier'}" if late else ""
    own = [piece for piece in pieces if piece.whole is each.whole]
    stretches = [
        f"{clock((piece.first - each.begun) * FRAME)} to {clock((piece.end - each.begun) * FRAME)}"
        for piece in sorted(own, key=lambda piece: piece.first)
    ]
    heard = f"of it {' and '.join(stretches)} is heard" if own else "it was left out"
    return f"{each.whole.name} recorded what {pieces[0].whole.name} did{when}; {heard}"
