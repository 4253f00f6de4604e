"""One person's presence, followed through the overlapping chunks that a segmentation looks at.

Within a chunk the speakers have numbers of their own. As most of a chunk is in the next one too,
who speaks at the same moments in both is the same person; so a track runs on until its person has
left the chunk. (Stitching by overlap, as in Bullock et al. 2020, arXiv:1910.11646.)
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

SAME = 0.5  # share of their frames that two of one person have in common

Active = NDArray[np.bool_]  # (chunks, frames, speakers of the chunk)
Tracks = NDArray[np.int64]


def tracks(active: Active, step: int) -> Tracks:
    """Tracks of the speakers (chunks, speakers), -1 if silent; `step`: frames between chunks."""
    present: NDArray[np.bool_] = np.asarray(active.any(axis=1))
    found = np.full(present.shape, -1, np.int64)
    begun = 0
    for chunk, here in enumerate(present):
        if chunk:
            now = active[chunk, : active.shape[1] - step]
            before, after = _pairs(active[chunk - 1, step:], now)
            found[chunk, after] = found[chunk - 1, before]
        new = here & (found[chunk] < 0)
        found[chunk, new] = begun + np.arange(new.sum())
        begun += int(new.sum())
    return found


def lone_voice(active: Active, track: Tracks, step: int) -> Tracks:
    """Whose voice alone is heard in each frame of the recording: a track, -1 of none or several.

    Each chunk speaks for the frames in its middle, where it knows most of what is around; the
    first also for what is before, the last for what is after.
    """
    chunks, frames, _ = active.shape
    line = np.full((chunks - 1) * step + frames, -1, np.int64)
    for chunk, here in enumerate(active):
        first = 0 if chunk == 0 else (frames - step) // 2
        last = frames if chunk == chunks - 1 else (frames - step) // 2 + step
        part = here[first:last]
        speaker = track[chunk][part.argmax(axis=1)]
        whose = np.where(part.sum(axis=1) == 1, speaker, -1)
        line[chunk * step + first : chunk * step + last] = whose
    return line


def _pairs(before: Active, now: Active) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which speakers of two chunks are the same, by the frames that both chunks have."""
    one, other = before.astype(np.int64), now.astype(np.int64)
    common = one.T @ other
    either = one.sum(axis=0)[:, None] + other.sum(axis=0) - common
    share = common / np.maximum(either, 1)
    rows, columns = linear_sum_assignment(share, maximize=True)
    same = share[rows, columns] >= SAME
    return rows[same], columns[same]
