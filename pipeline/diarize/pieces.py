"""Pieces of speech that hold one voice each, as far as a segmentation tells, and their voices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.data import Span
from pipeline.diarize.embedding import SHORTEST, Encoder, Frames, Stretch, Vectors
from pipeline.diarize.segmentation import SECONDS, seconds
from pipeline.diarize.tracks import Tracks

LONGEST = 4.0  # seconds of one piece
BREATH = 0.3  # seconds; a shorter pause of one track is part of the piece
_HEARD = 0.5  # share of a piece that lies in speech, as the detector of speech has it


class TrackPiece(NamedTuple):
    """A stretch of one track alone, in the segmentation's frames."""

    first: int
    last: int  # the frame after the last
    track: int

    @property
    def seconds(self) -> float:
        return (self.last - self.first) * SECONDS

    @property
    def stretch(self) -> Stretch:
        """In the encoder's frames of 10 ms."""
        return round(seconds(self.first) * 100) - 1, round(seconds(self.last) * 100) - 1


@dataclass(frozen=True, slots=True)
class VoicedPieces:
    """Pieces in order of time, and the voice in each, (pieces, SIZE)."""

    pieces: tuple[TrackPiece, ...]
    voices: Vectors

    @property
    def seconds(self) -> NDArray[np.float64]:
        return np.array([piece.seconds for piece in self.pieces], np.float64)


def pieces(owner: Tracks, speech: Sequence[Span]) -> tuple[TrackPiece, ...]:
    """Runs of one track, none of them long. `owner`: the track of each frame, -1 for none.

    What lies mostly outside `speech` is left out: a cough, applause, a song.
    """
    runs = [TrackPiece(first, last, int(owner[first])) for first, last in even_runs(owner)]
    parts = [part for run in _joined(runs) for part in _cut(run)]
    return tuple(part for part in parts if _inside(part, speech) >= _HEARD * part.seconds)


def even_runs(line: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Frames of one value, but for -1, as the first and the one after the last."""
    changes = (np.flatnonzero(np.diff(line)) + 1).tolist()
    runs = pairwise([0, *changes, len(line)])
    return [(first, last) for first, last in runs if line[first] >= 0]


def embed(
    encoder: Encoder, frames: Frames, found: Iterable[TrackPiece], known: VoicedPieces | None = None
) -> VoicedPieces:
    """The pieces that are long enough to tell a voice; what is `known` is not heard again."""
    heard = dict(zip(known.pieces, known.voices, strict=True)) if known else {}
    kept = [p for p in found if min(p.stretch[1], len(frames)) - p.stretch[0] >= SHORTEST]
    voices = [heard[p] if p in heard else encoder.voice(frames[slice(*p.stretch)]) for p in kept]
    return VoicedPieces(tuple(kept), np.array(voices, np.float32))


def _joined(runs: Sequence[TrackPiece]) -> list[TrackPiece]:
    """Runs of one track with hardly a pause between them put together."""
    joined: list[TrackPiece] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and last.track == run.track and (run.first - last.last) * SECONDS <= BREATH:
            joined[-1] = TrackPiece(last.first, run.last, run.track)
        else:
            joined.append(run)
    return joined


def _cut(run: TrackPiece) -> list[TrackPiece]:
    """A run in equal parts, none longer than LONGEST."""
    parts = max(1, int(np.ceil(run.seconds / LONGEST)))
    edges = np.linspace(run.first, run.last, parts + 1).round().astype(int).tolist()
    return [TrackPiece(first, last, run.track) for first, last in pairwise(edges)]


def _inside(piece: TrackPiece, speech: Sequence[Span]) -> float:
    """Seconds of a piece that are speech."""
    start, end = seconds(piece.first), seconds(piece.last)
    return sum(max(0.0, min(end, span.end) - max(start, span.start)) for span in speech)
