"""The features are those that the network was trained on."""

import numpy as np
import pytest

from pipeline.diarize.mel import HOP, MELS, WINDOW, spectrogram


def reference(samples: np.ndarray) -> np.ndarray:
    """What librosa.feature.melspectrogram computes, through torch and torchaudio."""
    torch = pytest.importorskip("torch")
    functional = pytest.importorskip("torchaudio.functional")
    spectrum = torch.stft(
        torch.from_numpy(samples),
        WINDOW,
        HOP,
        window=torch.hann_window(WINDOW),
        center=True,
        pad_mode="constant",
        return_complex=True,
    )
    bands = functional.melscale_fbanks(
        WINDOW // 2 + 1, 0, 8000, MELS, 16000, norm="slaney", mel_scale="slaney"
    )
    return (spectrum.abs().square().T @ bands).numpy()


@pytest.mark.parametrize("length", [16_000, 1_234, 400, 159])
def test_equals_librosas_mel_spectrogram(length: int) -> None:
    noise = np.random.default_rng(length).standard_normal(length).astype(np.float32) * 0.1
    expected = reference(noise)
    assert spectrogram(noise).shape == expected.shape == (1 + length // HOP, MELS)
    assert np.abs(spectrogram(noise) - expected).max() < 1e-5 * expected.max()


def test_long_sound_is_the_same_as_its_parts() -> None:
    noise = np.random.default_rng(0).standard_normal(16_000 * 100).astype(np.float32)
    whole, start = spectrogram(noise), spectrogram(noise[: 16_000 * 10])
    assert np.allclose(whole[:990], start[:990], rtol=1e-4)
