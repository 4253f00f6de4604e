"""The features that CAM++ was trained on: Kaldi's log mel filter bank.

Equal to torchaudio.compliance.kaldi.fbank(num_mel_bins=80) without dither; a test compares them.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 16000
HOP = 160  # samples from frame to frame: 10 ms
WINDOW = 400  # samples in a frame: 25 ms
MELS = 80
_FFT = 512
_LOWEST = 20.0  # Hz
_EMPHASIS = 0.97
_FLOOR = 1.1920929e-07  # of a band's power: float32's epsilon
_AT_ONCE = 8192  # frames; bounds the memory of the transform

Frames = NDArray[np.float32]


def fbank(samples: NDArray[np.float32]) -> Frames:
    """Log power in MELS bands, (frames, MELS); frame i is made of the WINDOW samples from i * HOP.

    There are as many frames as fit.
    """
    if len(samples) < WINDOW:
        return np.zeros((0, MELS), np.float32)
    framed = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    parts = [_log_power(framed[at : at + _AT_ONCE]) for at in range(0, len(framed), _AT_ONCE)]
    return np.concatenate(parts)


def _log_power(framed: Frames) -> Frames:
    level = framed - framed.mean(axis=1, keepdims=True)
    before = np.concatenate([level[:, :1], level[:, :-1]], axis=1)
    spectrum = np.fft.rfft((level - _EMPHASIS * before) * _povey(), _FFT)
    power = (np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32)
    return np.asarray(np.log(np.maximum(power @ _bands(), _FLOOR)), np.float32)


@cache
def _povey() -> Frames:
    """Kaldi's window: Hann's to the power of 0.85."""
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / (WINDOW - 1))
    return np.asarray(hann**0.85, np.float32)


@cache
def _bands() -> Frames:
    """Triangles, equally spaced in mel: (_FFT // 2 + 1, MELS)."""
    edges = np.linspace(_mel(_LOWEST), _mel(RATE / 2), MELS + 2)
    places = _mel(np.linspace(0, RATE / 2, _FFT // 2 + 1))[:, None]
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (places - low) / (centre - low), (high - places) / (high - centre)
    return np.maximum(0, np.minimum(rising, falling)).astype(np.float32)


def _mel(hertz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1127.0 * np.log(1.0 + np.asarray(hertz) / 700.0))
