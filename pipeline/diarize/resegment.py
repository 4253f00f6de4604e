"""Pieces cut where another voice takes over unheard by the segmentation, by Viterbi's algorithm.

Short windows within each piece are likened to the known voices; the likeliest path through them
may change its speaker, at a price. (Resegmentation, as after the clustering of Wang et al. 2018,
arXiv:1710.10468.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.cluster import Labels
from pipeline.diarize.embedding import Encoder, Frames, Vectors
from pipeline.diarize.pieces import TrackPiece
from pipeline.diarize.segmentation import FIRST, SECONDS

SIZE, HOP = 80, 20  # frames of 10 ms: a window, and from one to the next
SWITCH = 0.5  # what a change of speaker costs, in cosine summed over windows


@dataclass(frozen=True, slots=True)
class Windows:
    """Short windows within one piece: where their middles are, in frames, and their voices."""

    middles: NDArray[np.int64]
    voices: Vectors


def windows(encoder: Encoder, frames: Frames, piece: TrackPiece) -> Windows:
    """Every HOP frames, as far as they fit."""
    first, last = piece.stretch
    starts = np.arange(first, min(last, len(frames)) - SIZE + 1, HOP)
    return Windows(starts + SIZE // 2, encoder.windows(frames, starts.tolist(), SIZE))


def resegment(
    pieces: Sequence[TrackPiece], heard: Sequence[Windows], voices: Vectors, labels: Labels
) -> tuple[list[TrackPiece], Labels]:
    """The pieces, some of them cut, and the voice of each; a piece without a path keeps its own.

    `heard`: the windows of the whole pieces that these are parts of, in order of time.
    """
    middles = np.concatenate([each.middles for each in heard])
    alike = np.concatenate([each.voices for each in heard]) @ voices.T
    made: list[tuple[TrackPiece, int]] = []
    for piece, label in zip(pieces, labels.tolist(), strict=True):
        inside = slice(*np.searchsorted(middles, piece.stretch))
        made += _cut(piece, label, middles[inside], alike[inside])
    return [piece for piece, _ in made], np.array([label for _, label in made], np.int64)


def _cut(
    piece: TrackPiece, label: int, middles: NDArray[np.int64], alike: NDArray[np.float32]
) -> list[tuple[TrackPiece, int]]:
    if len(middles) < 2:
        return [(piece, label)]
    path = _path(alike)
    if (path == path[0]).all():
        return [(piece, int(path[0]))]
    changes = np.flatnonzero(np.diff(path))
    places = (middles[changes] + middles[changes + 1] + 2) / 200  # seconds, between two middles
    edges = ((places - FIRST) / SECONDS).round().astype(int).tolist()
    parts = zip([piece.first, *edges], [*edges, piece.last], strict=True)
    whose = [int(label) for label, _ in groupby(path)]
    return [(TrackPiece(a, b, piece.track), who) for (a, b), who in zip(parts, whose, strict=True)]


def _path(alike: NDArray[np.float32]) -> Labels:
    """The likeliest voice in each window (Viterbi 1967)."""
    stay = np.arange(alike.shape[1])
    came = np.zeros(alike.shape, np.int64)
    total = alike[0]
    for at in range(1, len(alike)):
        best = total.argmax()
        changed = total[best] - SWITCH
        came[at] = np.where(total >= changed, stay, best)
        total = np.maximum(total, changed) + alike[at]
    path = [int(total.argmax())]
    for step in came[:0:-1]:
        path.append(int(step[path[-1]]))
    return np.array(path[::-1], np.int64)
