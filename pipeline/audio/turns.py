"""Who speaks when, told from which lane has the speech: turns that no engine had to find."""

from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from pipeline.audio.lane_selection import Chosen
from pipeline.audio.similarity import FRAME, owners
from pipeline.data import Known, Turn, ms

PAUSE = 5  # tenths of a second; a shorter pause of one speaker stays inside the turn
BLIP = 3  # tenths of a second; shorter and within another's turn, it is that one's

Run = tuple[int, int, int]  # (lane, first frame, after the last)


def turns_from_lanes(
    parts: Sequence[tuple[float, Chosen]], names: Sequence[tuple[str, str]]
) -> Known | None:
    """All turns, speakers numbered as they first speak; the same lane of all parts is one speaker.

    `parts` are (start in seconds, what is heard), `names` (lane, name).
    """
    found = [
        (ms(start + first * FRAME), ms(start + end * FRAME), taken.lanes[lane].name)
        for start, taken in parts
        for lane, first, end in lane_turns(taken)
    ]
    if not found:
        return None
    ids = {lane: f"SPEAKER_{n:02}" for n, lane in enumerate(dict.fromkeys(e[2] for e in found))}
    turns = tuple(Turn(start, end, ids[lane]) for start, end, lane in found)
    kinds = {_kind(taken) for _, taken in parts}
    named = tuple((ids[lane], name) for lane, name in names if lane in ids and name)
    return Known(turns, kinds.pop() if len(kinds) == 1 else "files", named)


def _kind(taken: Chosen) -> Literal["channels", "tracks", "files"]:
    """What the speakers of a recording are told apart by."""
    if len({lane.file for lane in taken.lanes}) > 1:
        return "files"
    return "tracks" if len({lane.track for lane in taken.lanes}) > 1 else "channels"


def lane_turns(taken: Chosen) -> list[Run]:
    """Each lane's turns in order; a breath does not end one, a click does not make one."""
    bare, end = [], 0
    for lane, group in groupby(owners(taken.profiles).tolist()):
        first, end = end, end + len(list(group))
        if lane >= 0:
            bare.append((lane, first, end))
    return _joined([run for n, run in enumerate(bare) if not _is_blip(bare, n)])


def _is_blip(bare: Sequence[Run], n: int) -> bool:
    lane, first, end = bare[n]
    around = [bare[m] for m in (n - 1, n + 1) if 0 <= m < len(bare)]
    near = [other for other in around if max(first - other[2], other[1] - end) <= 1]
    return end - first < BLIP and any(other[0] != lane for other in near)


def _joined(found: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for lane, first, end in found:
        if joined and joined[-1][0] == lane and first - joined[-1][2] <= PAUSE:
            joined[-1] = (lane, joined[-1][1], end)
        else:
            joined.append((lane, first, end))
    return joined
