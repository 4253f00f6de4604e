"""Speech cut where the voice may change: pieces of one speaker each, for the clustering.

Left of a change of speaker the voice is another than right of it: the two means of a few windows
are far apart there. False cuts do no harm, missed ones mix two voices, so the bar is low, and long
pieces are cut in any case. (Distance-based change detection, as in Siegler et al. 1997, with
embeddings in the place of Gaussians.)
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.encoder import Stretch, Windows, unit

FAR = 0.28  # cosine distance between the two sides that counts as a change
LONGEST = 400  # frames of one piece
_SIDE = 5  # windows that make the mean of one side
_APART = 40  # frames between two changes


def pieces(stretches: Sequence[Stretch], fine: Windows) -> list[Stretch]:
    """Each stretch of speech in pieces, in order. `fine`: short windows at a short hop."""
    return [piece for stretch in stretches for piece in _cut(stretch, fine)]


def _cut(stretch: Stretch, fine: Windows) -> Iterator[Stretch]:
    changes = _changes(stretch, fine)
    for piece in pairwise([stretch[0], *changes, stretch[1]]):
        yield from cut_long(piece)


def cut_long(piece: Stretch) -> list[Stretch]:
    """A piece in equal parts, none longer than LONGEST."""
    first, last = piece
    parts = -(-(last - first) // LONGEST)
    edges = [first + (last - first) * part // parts for part in range(parts + 1)]
    return list(pairwise(edges))


def _changes(stretch: Stretch, fine: Windows) -> list[int]:
    """Frames where the distance between the two sides peaks above FAR."""
    here = slice(*np.searchsorted(fine.starts, stretch))
    starts, voices = fine.starts[here], fine.voices[here]
    length = int(fine.lengths[here].max(initial=0))
    places = starts[starts >= stretch[0] + length]
    if not len(places):
        return []
    ends_before = np.searchsorted(starts, places - length, side="right")
    begins = np.searchsorted(starts, places)
    left = _means(voices, np.maximum(0, ends_before - _SIDE), ends_before)
    right = _means(voices, begins, np.minimum(len(voices), begins + _SIDE))
    return _peaks(places, 1 - (left * right).sum(axis=1))


def _means(
    voices: NDArray[np.float32], first: NDArray[np.intp], last: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The unit mean of voices[first:last] for each pair."""
    total = np.vstack([np.zeros_like(voices[:1]), np.cumsum(voices, axis=0)])
    return unit(total[last] - total[first])


def _peaks(places: NDArray[np.int64], distance: NDArray[np.float32]) -> list[int]:
    found: list[int] = []
    for at in np.flatnonzero(distance > FAR):
        near = np.abs(places - places[at]) <= _APART
        if distance[at] == distance[near].max():
            found.append(int(places[at]))
    return found
