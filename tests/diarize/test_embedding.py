"""The features are those that CAM++ was trained on."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.diarize.embedding import MELS, SIZE, Encoder, fbank

# kaldi.fbank(torch.from_numpy(noise)[None], num_mel_bins=80) of torchaudio 2.11, by length
KALDIS = Path(__file__).with_name("kaldi_fbank.npz")


@pytest.mark.parametrize("length", [4_000, 1_234, 400])
def test_equals_kaldis_filter_bank(length: int) -> None:
    noise = np.random.default_rng(length).standard_normal(length).astype(np.float32) * 0.1
    with np.load(KALDIS) as recorded:
        expected = recorded[str(length)]
    assert fbank(noise).shape == expected.shape
    assert np.abs(fbank(noise) - expected).max() < 2e-3


def test_what_is_shorter_than_a_frame_has_none() -> None:
    assert fbank(np.zeros(399, np.float32)).shape == (0, MELS)


def test_long_sound_is_the_same_as_its_parts() -> None:
    noise = np.random.default_rng(0).standard_normal(16_000 * 100).astype(np.float32)
    whole, middle = fbank(noise), fbank(noise[16_000 * 55 : 16_000 * 65])
    assert np.array_equal(whole[5500 : 5500 + len(middle)], middle)


def test_a_piece_without_windows_has_no_voices() -> None:
    assert Encoder().windows(np.zeros((50, MELS), np.float32), [], 80).shape == (0, SIZE)
