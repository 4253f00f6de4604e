"""How alike lanes are, told from where somebody speaks on each."""

import numpy as np

from pipeline.audio.similarity import Profile, overlap_by_chance


def test_by_chance_no_lane_comes_back_to_where_it_was() -> None:
    """The first and the third lane speak at the same short time, and nowhere near it by chance."""
    speech = np.arange(1000) < 50
    lanes = [Profile(np.zeros(1000), each) for each in (speech, np.zeros(1000, bool), speech)]
    assert overlap_by_chance(lanes) == 0.0
