"""The features are those that CAM++ was trained on."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.diarize.embedding import MELS, fbank

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
    whole, start = fbank(noise), fbank(noise[: 16_000 * 10])
    assert np.allclose(whole[:900], start[:900], atol=1e-3)
