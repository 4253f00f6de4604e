"""Chunks whose speakers have voices become turns of the whole recording."""

import numpy as np

from pipeline.data import Turn
from pipeline.diarize.pieces import TrackPiece
from pipeline.diarize.reconstruct import overlaps, reconstruct, speakers_per_frame, turns
from pipeline.diarize.segmentation import FRAMES, HOP, length, seconds
from pipeline.diarize.tracks import tracks

CHUNKS = 4
A, B = (0, 500), (400, 700)  # frames of two people


def chunked(*people: tuple[int, int]) -> np.ndarray:
    """What each chunk hears; every second one numbers the people the other way round."""
    whole = np.zeros((length(CHUNKS), 3), bool)
    for number, (first, last) in enumerate(people):
        whole[first:last, number] = True
    chunks = np.stack([whole[n * HOP : n * HOP + FRAMES] for n in range(CHUNKS)])
    chunks[1::2] = chunks[1::2][:, :, [1, 0, 2]]
    return chunks


def heard(active: np.ndarray, pieces: list[TrackPiece], labels: list[int]) -> np.ndarray:
    track = tracks(active, HOP)
    return speakers_per_frame(*reconstruct(active, track, pieces, np.array(labels), 2))


def test_where_two_speak_both_are_heard() -> None:
    line = heard(chunked(A, B), [TrackPiece(0, 400, 0), TrackPiece(500, 700, 1)], [0, 1])
    assert set(line[:390, 0]) == {0} and set(line[:390, 1]) == {-1}
    assert set(map(tuple, np.sort(line[410:490], axis=1).tolist())) == {(0, 1)}
    assert set(line[510:690, 0]) == {1} and set(line[510:690, 1]) == {-1}
    [(first, last)] = overlaps(line)
    assert abs(first - 400) <= 2 and abs(last - 500) <= 2


def test_one_who_is_never_alone_in_a_chunk_is_who_the_track_is_elsewhere() -> None:
    active = chunked((0, 700), (560, 640))
    line = heard(active, [TrackPiece(0, 560, 0)], [1])
    assert set(line[:, 0]) == {1, -1}
    assert not overlaps(line)


def test_who_is_alone_in_a_piece_is_surer_of_it_than_its_chunks() -> None:
    line = heard(chunked((0, 700)), [TrackPiece(0, 300, 0), TrackPiece(300, 360, 0)], [0, 1])
    assert set(line[:300, 0]) == {0} and set(line[300:360, 0]) == {1}


def test_turns_run_over_short_pauses_and_end_with_the_recording() -> None:
    line = np.full(200, -1)
    line[:50], line[60:100], line[140:142], line[150:] = 0, 0, 1, 1
    assert turns(line, 3.0) == (
        Turn(seconds(0), seconds(100), "0"),
        Turn(seconds(140), 3.0, "1"),
    )
