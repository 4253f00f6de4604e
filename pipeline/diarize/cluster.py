"""How many people speak, and which pieces of speech are whose: chosen from the data.

Average linkage of pieces that hold one voice each. What is cut are not its distances, which are of
voices in noise, but those between the voices behind them: the mean cosine of two groups is divided
by what the noise leaves of it, which is seen in how alike a group's own pieces are. So a merge of
two groups of one person has a distance near zero whatever their size, and the border lies in the
widest gap between the distances at which groups with enough speech were merged. Small groups are
noisy: they go to the nearest speaker unless they are clearly somebody else.

What the division is worth (2026-11-29, seen): nothing on 18 recordings of diarization.py but .003
points on loud-0; without it 53 of 60 made sets are right, with it 49; and two like voices who both
speak for long (tests/diarize/test_clusters.py) are one without it.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.embedding import Vectors
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
TELLING = 1.5  # seconds from which a piece has a say in who the speakers are
ALIKE = 0.78  # cosine of two pieces of one voice, where the recording does not show it
WEIGHT = 6.0  # pairs of pieces as which that counts beside a group's own


def speakers(voices: Vectors, seconds: Seconds, alike: float | None, count: SpeakerCount) -> Labels:
    """The speaker of each piece, from 0.

    `voices`: (pieces, SIZE) of unit length; there is at least one. `alike`: the cosine of two
    pieces of one voice in this recording, where it is known.
    """
    telling = seconds >= min(TELLING, float(seconds.max()))
    found = np.full(len(voices), -1, np.int64)
    pieces = voices[telling].astype(np.float64)
    found[telling] = _group_pieces(pieces, seconds[telling], alike or ALIKE, count)
    means = mean_voices(voices, found)
    found[~telling] = (voices[~telling] @ means.T).argmax(axis=1)
    return found


def mean_voices(voices: Vectors, labels: Labels) -> Vectors:
    """The mean voice of each label from 0, of unit length; -1 is nobody's."""
    sums = np.zeros((int(labels.max()) + 1, voices.shape[1]))
    np.add.at(sums, labels[labels >= 0], voices[labels >= 0])
    norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / norms, np.float32)


def widest_gap(heights: Iterable[float], low: float, high: float) -> float:
    """The middle of the widest gap between the heights that lie from `low` to `high`.

    `heights`: the distances at which a clustering merged its groups.
    """
    inside = sorted(height for height in heights if low < height < high)
    edges = pairwise([low, *inside, high])
    return float(max((after - before, (after + before) / 2) for before, after in edges)[1])


def _group_pieces(voices: Matrix, seconds: Seconds, alike: float, count: SpeakerCount) -> Labels:
    """The speaker of each piece, as the data or a given count has it."""
    from scipy.cluster.hierarchy import fcluster, linkage  # half a second
    from scipy.spatial.distance import squareform

    if len(voices) < 2:
        return np.zeros(len(voices), np.int64)
    cosines = np.minimum(voices @ voices.T, 1.0)
    tree = linkage(squareform(1 - cosines, checks=False), "average")
    behind = _with_voice_distances(tree, voices, alike)
    labels = fcluster(behind, _merge_threshold(behind, seconds), "distance") - 1
    found = _speakers(_between(voices, labels, alike), labels, seconds)
    wanted = count.count or min(max(len(found), count.min or 1), count.max or len(labels))
    if len(found) != wanted:
        labels, found = _forced(tree, seconds, wanted)
    nearest = _between(voices, labels, alike)[:, found].argmin(axis=1)
    nearest[found] = np.arange(len(found))
    return np.asarray(nearest[labels], np.int64)


def _voice_distances(sums: Matrix, sizes: Matrix, alike: float) -> Matrix:
    """The distances between the voices of groups, given the sums of their pieces."""
    dots = sums @ sums.T
    own = (np.diag(dots) - sizes + WEIGHT * alike) / (sizes * (sizes - 1) + WEIGHT)
    scale = sizes * np.sqrt(np.maximum(own, 0.1))
    return np.asarray(1 - dots / np.outer(scale, scale))


def _between(voices: Matrix, labels: Labels, alike: float) -> Matrix:
    """The distances between the groups of pieces that labels name."""
    member = np.eye(int(labels.max()) + 1)[labels]
    return _voice_distances(member.T @ voices, member.sum(axis=0), alike)


def _with_voice_distances(tree: Matrix, voices: Matrix, alike: float) -> Matrix:
    """The tree with the distances between the voices behind its groups."""
    sums, sizes, made = [*voices], [1.0] * len(voices), tree.copy()
    for merge, (one, other) in enumerate(tree[:, :2].astype(int)):
        pair, both = np.array([sums[one], sums[other]]), np.array([sizes[one], sizes[other]])
        made[merge, 2] = max(_voice_distances(pair, both, alike)[0, 1], 0.0)
        sums.append(pair.sum(axis=0))
        sizes.append(float(both.sum()))
    return made


def _merge_threshold(tree: Matrix, seconds: Seconds) -> float:
    """The middle of the widest gap between the distances at which sure groups were merged."""
    total, sure = seconds.tolist(), []
    for one, other, height, _ in tree.tolist():
        parts = total[int(one)], total[int(other)]
        total.append(sum(parts))
        if min(parts) >= SURE:
            sure.append(height)
    return widest_gap(sure, LOW, HIGH)


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
