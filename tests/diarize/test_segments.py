"""Speech is cut where the voice changes."""

import numpy as np

from pipeline.diarize.encoder import SIZE, Windows, unit
from pipeline.diarize.segments import LONGEST, pieces

LENGTH, HOP = 80, 10


def windows(stretches: list[tuple[int, int]], changes: list[int]) -> Windows:
    """Short windows; who speaks alternates at `changes`, and one that straddles is a blend."""
    first, second = unit(np.random.default_rng(0).standard_normal((2, SIZE)))
    starts, owners, heard = [], [], []
    for owner, (begin, end) in enumerate(stretches):
        for start in range(begin, max(begin + 1, end - LENGTH + 1), HOP):
            frames = np.arange(start, start + LENGTH)
            share = np.mean(np.searchsorted(changes, frames, side="right") % 2)
            starts.append(start)
            owners.append(owner)
            heard.append((1 - share) * first + share * second)
    lengths = np.full(len(starts), LENGTH)
    return Windows(np.array(starts), lengths, np.array(owners), unit(np.array(heard)))


def test_a_change_within_a_stretch_is_found_within_100_ms() -> None:
    stretches = [(100, 700)]
    found = pieces(stretches, windows(stretches, [390]))
    assert len(found) == 2
    assert abs(found[0][1] - 390) <= 10


def test_pieces_tile_each_stretch_and_none_is_long() -> None:
    stretches = [(0, 30), (50, 1950), (2000, 2450)]
    found = pieces(stretches, windows(stretches, []))
    assert [piece for piece in found if piece[0] < 50] == [(0, 30)]
    assert sum(last - first for first, last in found) == 30 + 1900 + 450
    assert all(0 < last - first <= LONGEST for first, last in found)
    assert found == sorted(found)


def test_a_voice_that_stays_is_not_cut_before_it_is_long() -> None:
    stretches = [(0, LONGEST)]
    assert pieces(stretches, windows(stretches, [])) == stretches
