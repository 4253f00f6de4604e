"""From chunks whose speakers have voices to turns of the whole recording, with overlaps.

As in pyannote.audio: the chunks that hear a frame say together how many speak in it, and who. A
speaker of a chunk is the voice that has most of the pieces in which this speaker is alone; one who
is never alone there is who the track is elsewhere.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.data import Turn
from pipeline.diarize.cluster import Labels
from pipeline.diarize.pieces import TrackPiece, even_runs
from pipeline.diarize.segmentation import FRAMES, HOP, Active, length, seconds
from pipeline.diarize.tracks import Tracks
from pipeline.diarize.turns import join_turns

SHORTEST = 0.1  # seconds; a shorter turn is a slip
_AT_ONCE = 2  # speakers, as the segmentation has them

Heard = NDArray[np.float32]  # (frames, voices): the share of chunks that hear each, and more


def reconstruct(
    active: Active, track: Tracks, pieces: Sequence[TrackPiece], labels: Labels, voices: int
) -> tuple[Heard, NDArray[np.int64]]:
    """How surely each voice is heard in each frame, and how many speak in it.

    Who is alone in a piece is surer of it than any chunk.
    """
    line = np.full(length(len(active)), -1, np.int64)
    for piece, label in zip(pieces, labels.tolist(), strict=True):
        line[piece.first : piece.last] = label
    who = _who(active, track, line, voices)
    heard = np.zeros((len(line), voices), np.float32)
    many, chunks = np.zeros(len(line)), np.zeros(len(line))
    for number, here in enumerate(active):
        place = slice(number * HOP, number * HOP + FRAMES)
        chunks[place] += 1
        many[place] += here.sum(axis=1)
        for voice in set(who[number].tolist()) - {-1}:
            heard[place, voice] += here[:, who[number] == voice].any(axis=1)
    heard /= chunks[:, None]
    told = np.flatnonzero(line >= 0)
    heard[told, line[told]] += 2
    return heard, np.minimum(np.rint(many / chunks), _AT_ONCE).astype(np.int64)


def _who(active: Active, track: Tracks, line: Labels, voices: int) -> Labels:
    """The voice of each speaker of each chunk, (chunks, speakers); -1 of those without one."""
    single = active & (active.sum(axis=2, keepdims=True) == 1)
    votes = np.zeros((*track.shape, voices), np.int64)
    for number, here in enumerate(single):
        part = line[number * HOP : number * HOP + FRAMES]
        for voice in range(voices):
            votes[number, :, voice] = here[part == voice].sum(axis=0)
    whole = np.zeros((int(track.max()) + 2, voices), np.int64)  # the last is nobody's
    np.add.at(whole, track, votes)
    alone = votes.any(axis=2, keepdims=True)
    votes = np.where(alone, votes, whole[track])
    return np.where(votes.any(axis=2) & (track >= 0), votes.argmax(axis=2), -1)


def speakers_per_frame(heard: Heard, many: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who speaks in each frame, (frames, 2): the `many` surest voices in order; -1 of nobody."""
    ranked = np.argsort(-heard, axis=1, kind="stable")[:, :_AT_ONCE]
    sure = np.take_along_axis(heard, ranked, axis=1) > 0
    found = np.where(sure & (many[:, None] > np.arange(ranked.shape[1])), ranked, -1)
    missing = _AT_ONCE - found.shape[1]
    return np.pad(found, ((0, 0), (0, missing)), constant_values=-1)


def overlaps(line: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Where the same two speak, as the first frame and the one after the last."""
    pair = np.where(line.min(axis=1) >= 0, line.min(axis=1) * len(line) + line.max(axis=1), -1)
    return even_runs(pair)


def turns(line: NDArray[np.int64], duration: float) -> tuple[Turn, ...]:
    """Turns of speakers that are called by their voice's number, in order of time.

    `line`: the voice in each frame, -1 of none.
    """
    found = (
        Turn(seconds(first), min(seconds(last), duration), str(line[first]))
        for first, last in even_runs(line)
    )
    return tuple(turn for turn in join_turns(found) if turn.end - turn.start >= SHORTEST)
