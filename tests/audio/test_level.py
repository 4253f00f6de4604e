import media
import numpy as np
import pytest

from pipeline.audio.level import CEILING, apply_gain, gain_for, loudness


def test_no_gain_makes_a_sample_pass_the_ceiling() -> None:
    rng = np.random.default_rng(0)
    for gain in (2.0, 30.0, 150.0):
        loudnesses = rng.choice([0.001, 0.01, 0.5], 400).repeat(400)
        sound = (32767 * np.clip(loudnesses * rng.standard_normal(160_000), -1, 1)).astype(np.int16)
        louder = apply_gain(sound, gain)
        assert np.abs(louder.astype(int)).max() <= CEILING * 32767 + 1


def test_away_from_peaks_the_gain_is_whole() -> None:
    sound = (3000 * media.tone(3, 200, 1.0)).astype(np.int16)
    sound[24_000:24_010] = 32_767
    louder = apply_gain(sound, 4.0)
    np.testing.assert_allclose(louder[:20_000], 4.0 * sound[:20_000], atol=1)
    np.testing.assert_allclose(louder[30_000:], 4.0 * sound[30_000:], atol=1)


@pytest.mark.parametrize("size", [1, 159, 160, 161, 1000])
def test_any_length_will_do(size: int) -> None:
    assert len(apply_gain(np.full(size, 100, np.int16), 2.0)) == size


def test_loudness_is_of_what_is_heard_most() -> None:
    speech, pause, bang = np.full(800, -40.0), np.full(1000, -70.0), np.full(20, -3.0)
    assert loudness(np.concatenate([speech, pause, bang])) == pytest.approx(-40, abs=1)
    assert loudness(np.full(100, -100.0)) == float("-inf")


def test_gain_is_for_quiet_speech_alone() -> None:
    rng = np.random.default_rng(1)
    varied = rng.normal(0, 6, 1000)
    assert gain_for(varied - 20) == 1.0  # loud enough
    assert gain_for(varied - 50) == pytest.approx(10 ** (25 / 20), rel=0.3)
    assert gain_for(rng.normal(-50, 0.5, 1000)) == 1.0  # steady: hiss
    assert gain_for(np.full(100, -100.0)) == 1.0
