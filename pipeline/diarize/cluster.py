"""How many people speak, and which pieces of speech are whose: chosen from the data.

Average linkage of pieces that hold one voice each; the border lies in the widest gap between the
distances at which groups with enough speech were merged, and these are held against how alike two
pieces of one voice are in this recording. Small groups are noisy: they go to the nearest speaker
unless they are clearly somebody else.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.embedding import Vectors, unit
from pipeline.event import SpeakerCount

Labels = NDArray[np.int64]
Seconds = NDArray[np.float64]
Matrix = NDArray[np.float64]

# where a voice may end; set on what tests/benchmarks/diarization.py calls tuned
LOW = 0.10  # distance up to which two groups with enough speech are one voice
HIGH = 0.45  # and from which they are two
SURE = 8.0  # seconds of speech that make a group sure
STRANGE = 0.33  # distance from every speaker that makes a smaller group another
ENOUGH = 2.0  # seconds that such a group must have
ALIKE = 0.78  # cosine of two pieces of one voice, where the recording does not show it


def speakers(voices: Vectors, seconds: Seconds, alike: float | None, count: SpeakerCount) -> Labels:
    """The speaker of each piece, from 0, as the data or a given count has it.

    `voices`: (pieces, SIZE) of unit length; there is at least one. `alike`: the cosine of two
    pieces of one voice in this recording, where it is known.
    """
    from scipy.cluster.hierarchy import fcluster

    if len(voices) < 2:
        return np.zeros(len(voices), np.int64)
    pieces, alike = voices.astype(np.float64), alike or ALIKE
    tree = average_linkage(1 - np.minimum(pieces @ pieces.T, 1.0))
    labels = fcluster(tree, _merge_threshold(tree, seconds, alike), "distance") - 1
    found = _speakers(_apart(pieces, labels, alike), labels, seconds)
    wanted = count.count or min(max(len(found), count.min or 1), count.max or len(labels))
    if len(found) != wanted:
        labels, found = _forced(tree, seconds, wanted)
    nearest = _apart(pieces, labels, alike)[:, found].argmin(axis=1)
    nearest[found] = np.arange(len(found))
    return np.asarray(nearest[labels], np.int64)


def mean_voices(voices: Vectors, labels: Labels) -> Vectors:
    """The mean voice of each label from 0, of unit length."""
    sums = np.zeros((int(labels.max()) + 1, voices.shape[1]))
    np.add.at(sums, labels, voices)
    return unit(sums)


def average_linkage(distances: Matrix) -> Matrix:
    """The merges of what lies so far apart, as scipy has them; (n, n) distances, n over 1."""
    from scipy.cluster.hierarchy import linkage  # half a second
    from scipy.spatial.distance import squareform

    return np.asarray(linkage(squareform(distances, checks=False), "average"))


def widest_gap(heights: Iterable[float], low: float, high: float) -> float:
    """The middle of the widest gap between the heights that lie from `low` to `high`.

    `heights`: the distances at which a clustering merged its groups.
    """
    inside = sorted(height for height in heights if low < height < high)
    edges = pairwise([low, *inside, high])
    return float(max((after - before, (after + before) / 2) for before, after in edges)[1])


def _merge_threshold(tree: Matrix, seconds: Seconds, alike: float) -> float:
    """The middle of the widest gap between the distances at which sure groups were merged."""
    total, sure = seconds.tolist(), []
    for one, other, height, _ in tree.tolist():
        parts = total[int(one)], total[int(other)]
        total.append(sum(parts))
        if min(parts) >= SURE:
            sure.append(height)
    return widest_gap(sure, 1 - alike * (1 - LOW), 1 - alike * (1 - HIGH))


def _apart(pieces: Matrix, labels: Labels, alike: float) -> Matrix:
    """The mean distances between groups of pieces, in what two pieces of one voice are alike."""
    member = np.eye(int(labels.max()) + 1)[labels]
    means = (member / member.sum(axis=0)).T @ pieces
    return np.asarray(1 - means @ means.T / alike)


def _speakers(apart: Matrix, labels: Labels, seconds: Seconds) -> list[int]:
    """The groups that are speakers: the sure ones, and small ones that are like nobody."""
    total = np.bincount(labels, seconds)
    ordered = np.argsort(-total, kind="stable").tolist()
    found = [group for group in ordered if total[group] >= SURE] or ordered[:1]
    for group in ordered[len(found) :]:
        if total[group] >= ENOUGH and apart[group, found].min() >= STRANGE:
            found.append(group)
    return found


def _forced(tree: Matrix, seconds: Seconds, wanted: int) -> tuple[Labels, list[int]]:
    """The coarsest grouping with `wanted` speakers; if each cannot have enough, less will do."""
    from scipy.cluster.hierarchy import fcluster

    for groups in range(1, len(seconds) + 1):
        labels = fcluster(tree, groups, "maxclust") - 1
        found = np.flatnonzero(np.bincount(labels, seconds) >= ENOUGH).tolist()
        if len(found) == wanted:
            return labels, found
    labels = fcluster(tree, wanted, "maxclust") - 1
    return labels, np.unique(labels).tolist()
