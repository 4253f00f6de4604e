"""Recordings of one evening that were begun or ended at other times: each moment is heard once.

Two telephones, a camera and a recorder, a meeting's video and the speaker's own microphone: they
are put on one clock by how loud each tenth of a second is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np

from pipeline.audio import similarity
from pipeline.audio.lane_selection import LIMITS, Chosen
from pipeline.audio.level import find_runs
from pipeline.audio.similarity import FRAME, Levels
from pipeline.audio.wav import SAMPLE_RATE
from pipeline.text import clock

LONG_ENOUGH = 300  # tenths of a second; under it levels are alike by chance
# correlation of rises and falls over which two microphones heard one evening; made recorders
# (tests/benchmarks/lanes.py) have .5 and more, other evenings of the same people .3 and less
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class _Recording:
    """A recording, and the tenth of a second of its group's clock at which it begins."""

    whole: Chosen
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.whole.levels)

    def heard(self, first: int, end: int) -> Chosen:
        """The recording between two tenths of a second of the group's clock."""
        if (first, end) == (self.start, self.end):
            return replace(self.whole, doubts=())
        samples = [round((at - self.start) * FRAME * SAMPLE_RATE) for at in (first, end)]
        return replace(self.whole.between(*samples), doubts=())


def start_offset(one: Levels, other: Levels) -> int | None:
    """The frames by which the other recording was begun later; None for those of two evenings."""
    alike, late = similarity.best_alignment(one, other)
    return late if alike >= ALIKE and min(len(one), len(other)) >= LONG_ENOUGH else None


def without_duplicates(takes: Sequence[Chosen]) -> tuple[list[Chosen], list[str]]:
    """The recordings, of those that hold the same what each adds; and what is said of that."""
    groups: list[list[_Recording]] = []
    for taken in takes:
        for group in groups:
            if (start := _start_in(group, taken)) is not None:
                group.append(_Recording(taken, start))
                break
        else:
            groups.append([_Recording(taken, 0)])
    heard, said = [], []
    for group in groups:
        if len(group) == 1:
            heard.append(group[0].whole)
            continue
        pieces = _pieces(group)
        heard += [each.heard(first, end) for first, end, each in sorted(pieces, key=itemgetter(0))]
        said += [_duplicate_notes(each, pieces) for each in group if each is not pieces[0][2]]
    return heard, said


def _start_in(group: Sequence[_Recording], taken: Chosen) -> int | None:
    """Where a recording begins on a group's clock; None where it holds something else."""
    for other in group:
        if (late := start_offset(other.whole.levels, taken.levels)) is not None:
            return other.start + late
    return None


Piece = tuple[int, int, _Recording]  # from and to on the group's clock


def _pieces(group: Sequence[_Recording]) -> list[Piece]:
    """The clearest recording whole, and what the next ones hold beside it."""

    def preference(each: _Recording) -> tuple[bool, int, int]:
        clear = round(max(lane.clearness for lane in each.whole.heard) / LIMITS.clearer)
        return not each.whole.speakers, -clear, -len(each.whole.levels)

    best, *others = sorted(group, key=preference)
    pieces = [(best.start, best.end, best)]
    for each in others:
        pieces += [(first, end, each) for first, end in list(_uncovered(each, pieces))]
    return pieces


def _uncovered(each: _Recording, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """The stretches of a recording that no piece covers yet."""
    free = np.ones(each.end - each.start, bool)
    for first, end, _ in pieces:
        free[max(0, first - each.start) : max(0, end - each.start)] = False
    for run in find_runs(free, LIMITS.own / FRAME):
        yield each.start + run.start, each.start + run.stop


def _duplicate_notes(each: _Recording, pieces: Sequence[Piece]) -> str:
    """What of a recording is heard beside another that holds the same."""
    best = pieces[0][2]
    begun = f"{abs(each.start - best.start) * FRAME:.1f} s"
    when = f"begun {begun} {'later' if each.start > best.start else 'earlier'}"
    own = [(first - each.start, end - each.start) for first, end, of in pieces if of is each]
    stretches = [f"{clock(first * FRAME)} to {clock(end * FRAME)}" for first, end in sorted(own)]
    heard = f"of it {' and '.join(stretches)} is heard" if own else "it was left out"
    return f"{each.whole.name} recorded what {best.whole.name} did, {when}; {heard}"
