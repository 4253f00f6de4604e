"""Presence followed through overlapping chunks, whose speakers have numbers of their own."""

import numpy as np

from pipeline.diarize.tracks import lone_voice, tracks

STEP, LONG = 2, 10  # frames


def chunked(voices: np.ndarray, numbers: list[list[int]]) -> np.ndarray:
    """(chunks, LONG, 3) of whole activity (people, frames); each chunk numbers people its way."""
    chunks = np.zeros((len(numbers), LONG, 3), bool)
    for chunk, order in enumerate(numbers):
        for place, person in enumerate(order):
            chunks[chunk, :, place] = voices[person, chunk * STEP : chunk * STEP + LONG]
    return chunks


def test_a_person_keeps_the_track_though_the_number_changes() -> None:
    voices = np.zeros((2, 18), bool)
    voices[0, :9] = voices[1, 9:] = True
    active = chunked(voices, [[0, 1], [1, 0], [0, 1], [1, 0], [0, 1]])
    found = tracks(active, STEP)
    assert found.tolist() == [[0, 1, -1], [1, 0, -1], [0, 1, -1], [1, 0, -1], [0, 1, -1]]


def test_who_comes_back_after_leaving_the_chunk_is_a_new_track() -> None:
    voices = np.zeros((1, 30), bool)
    voices[0, :4] = voices[0, 26:] = True
    found = tracks(chunked(voices, [[0]] * 11), STEP)
    assert found[:, 0].tolist() == [0, 0, -1, -1, -1, -1, -1, -1, -1, 1, 1]


def test_frames_of_two_voices_and_of_none_are_nobodys() -> None:
    voices = np.zeros((2, 18), bool)
    voices[0, 4:10] = voices[1, 8:13] = True
    active = chunked(voices, [[0, 1]] * 5)
    owner = lone_voice(active, tracks(active, STEP), STEP)
    assert owner.tolist() == [-1] * 4 + [0] * 4 + [-1, -1] + [1] * 3 + [-1] * 5
