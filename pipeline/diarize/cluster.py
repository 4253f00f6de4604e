"""How many people speak, and which pieces of speech are whose: chosen from the data.

Average-linkage clustering of pieces that hold one voice each. Where to cut the tree is not a
fixed threshold: one that is right for recorded voices merges synthetic ones. The cut is in the
widest gap between the heights of the merges, within the range where the border between one voice
and two can lie. Then each group is tested for two voices that the cut has missed: its two halves
must be far apart for their own width (measured on pieces that did not choose the direction, after
the G-means of Hamerly and Elkan 2003), and each must speak in runs; the two halves of one voice
change from piece to piece, two people only from turn to turn.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from pipeline.diarize.border import widest_gap
from pipeline.diarize.encoder import Vectors, unit
from pipeline.event import SpeakerCount

BORDER = (0.22, 0.40)  # cosine distances between which one voice ends and two begin
ENOUGH = 3.5  # seconds of speech that make a speaker; who has less goes to the nearest
_SURE = 12.0  # seconds from which a group is a speaker without further proof
_STRANGE = 0.37  # cosine distance to every sure group that proves a smaller one
_SIDE = 20.0  # seconds of speech on each side of a split
_PIECES = 4  # pieces on each side of a split
_APART = 6.5  # widths between the two sides of a split
_RESTLESS = 0.75  # changes of side for each piece of the smaller side: more is one voice
_CUTS = 8  # groups of a finer clustering in which a second voice is looked for

Labels = NDArray[np.int64]
Seconds = NDArray[np.float64]
Side = NDArray[np.bool_]


def speakers(voices: Vectors, seconds: Seconds, count: SpeakerCount) -> Labels:
    """The speaker of each piece, from 0; -1 for one that is too little to be a speaker's.

    `voices`: (pieces, SIZE) in order of time, each of unit length; there is at least one.
    """
    if len(voices) == 1:
        return np.zeros(1, np.int64)
    tree = linkage(voices, "average", metric="cosine")
    cut = widest_gap(tree[:, 2], *BORDER)
    labels = _split(voices, seconds, fcluster(tree, cut, "distance").astype(np.int64))
    groups = _proven(_large(labels, seconds), voices, seconds, labels)
    wanted = count.count or min(max(len(groups), count.min or 1), count.max or len(voices))
    if len(groups) != wanted:
        return _forced(tree, seconds, wanted)
    return _numbered(labels, groups)


def _large(labels: Labels, seconds: Seconds) -> list[int]:
    """The groups that are speakers; the largest if none has enough."""
    totals = np.bincount(labels, seconds)
    return [int(n) for n in np.flatnonzero(totals >= ENOUGH)] or [int(totals.argmax())]


def _proven(groups: Sequence[int], voices: Vectors, seconds: Seconds, labels: Labels) -> list[int]:
    """Without the small groups that may be a large one's stray pieces: few pieces are noisy."""
    means = {group: voices[labels == group].mean(axis=0) for group in groups}
    sure = [group for group in groups if seconds[labels == group].sum() >= _SURE]
    return [
        group
        for group in groups
        if group in sure or all(1 - means[group] @ means[one] >= _STRANGE for one in sure)
    ]


def _numbered(labels: Labels, groups: Sequence[int]) -> Labels:
    """Their numbers from 0 for some groups, -1 for the others."""
    place = {label: number for number, label in enumerate(groups)}
    return np.array([place.get(int(label), -1) for label in labels], np.int64)


def _forced(tree: NDArray[np.float64], seconds: Seconds, wanted: int) -> Labels:
    """The coarsest cut with `wanted` speakers; if each cannot have enough, less will do."""
    cuts: list[Labels] = [fcluster(tree, k, "maxclust") for k in range(1, len(seconds) + 1)]
    found = [_large(labels, seconds) for labels in cuts]
    for labels, groups in zip(cuts, found, strict=True):
        if len(groups) == wanted:
            return _numbered(labels, groups)
    labels = cuts[min(wanted, len(cuts)) - 1]
    return _numbered(labels, np.unique(labels).tolist())


def _split(voices: Vectors, seconds: Seconds, labels: Labels) -> Labels:
    """The groups, those with two voices in two (and so on)."""
    labels = labels.copy()
    todo = np.unique(labels).tolist()
    while todo:
        group = todo.pop()
        inside = np.flatnonzero(labels == group)
        side = _two_voices(voices[inside], seconds[inside])
        if side is not None:
            labels[inside[side]] = labels.max() + 1
            todo += [group, labels.max()]
    return labels


def _two_voices(voices: Vectors, seconds: Seconds) -> Side | None:
    """Which pieces are the second voice's, or None if there is but one voice."""
    if seconds.sum() < 2 * _SIDE or len(voices) < 2 * _PIECES:
        return None
    tried = [(_separation(voices, side), side) for side in _sides(voices, seconds)]
    far, side = max(tried, key=lambda each: each[0], default=(0.0, None))
    return side if far > _APART else None


def _sides(voices: Vectors, seconds: Seconds) -> Iterator[Side]:
    """Ways to split a group in two that could be two people's."""
    tree = linkage(voices, "average", metric="cosine")
    for groups in range(2, _CUTS + 1):
        labels = fcluster(tree, groups, "maxclust")
        for label in np.unique(labels):
            side = _two_means(voices, seconds, labels == label)
            enough = min(seconds[side].sum(), seconds[~side].sum()) >= _SIDE
            smaller = min(side.sum(), (~side).sum())
            changes = np.count_nonzero(side[1:] != side[:-1])
            if enough and smaller >= _PIECES and changes <= _RESTLESS * smaller:
                yield side


def _two_means(voices: Vectors, seconds: Seconds, side: Side) -> Side:
    """Each piece to the nearer of the two sides' means, until they rest."""
    for _ in range(10):
        if side.all() or not side.any():
            break
        weighted = voices * seconds[:, None]
        there, here = unit(weighted[side].sum(axis=0)), unit(weighted[~side].sum(axis=0))
        nearer = voices @ there > voices @ here
        if (nearer == side).all():
            break
        side = nearer
    return side


def _separation(voices: Vectors, side: Side) -> float:
    """Widths (standard deviations) between the sides, along a direction that others chose."""
    there, here = voices[side], voices[~side]
    halves = ((slice(0, None, 2), slice(1, None, 2)), (slice(1, None, 2), slice(0, None, 2)))
    return float(np.mean([_widths(there, here, choose, judge) for choose, judge in halves]))


def _widths(there: Vectors, here: Vectors, choose: slice, judge: slice) -> float:
    direction = unit(there[choose].mean(axis=0) - here[choose].mean(axis=0))
    far, near = there[judge] @ direction, here[judge] @ direction
    return float((far.mean() - near.mean()) / np.sqrt((far.var() + near.var()) / 2 + 1e-6))
