"""The features that the GE2E network was trained on: a mel spectrogram of power, without a log.

Equal to librosa.feature.melspectrogram(sr=16000, n_fft=400, hop_length=160, n_mels=40), which is
what Resemblyzer calls; a test compares it with torchaudio's.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

RATE = 16000
HOP = 160  # samples from frame to frame: 10 ms
WINDOW = 400  # samples in a frame: 25 ms
MELS = 40
_AT_ONCE = 8192  # frames; bounds the memory of the transform

Frames = NDArray[np.float32]


def spectrogram(samples: NDArray[np.float32]) -> Frames:
    """Power in MELS bands, (1 + samples // HOP, MELS); frame i is centred on sample i * HOP."""
    padded = np.pad(samples.astype(np.float32, copy=False), WINDOW // 2)
    framed = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    parts = [_power(framed[at : at + _AT_ONCE]) for at in range(0, len(framed), _AT_ONCE)]
    return np.concatenate(parts)


def _power(framed: Frames) -> Frames:
    turn = 2 * np.pi * np.arange(WINDOW) / WINDOW
    hann = (0.5 - 0.5 * np.cos(turn)).astype(np.float32)
    spectrum = np.fft.rfft(framed * hann)
    power: Frames = (np.square(spectrum.real) + np.square(spectrum.imag)).astype(np.float32)
    return power @ _bands()


@cache
def _bands() -> Frames:
    """Slaney's triangular bands, each of unit area: (WINDOW // 2 + 1, MELS)."""
    edges = _hertz(np.linspace(0, _mel(RATE / 2), MELS + 2))
    frequencies = np.linspace(0, RATE / 2, WINDOW // 2 + 1)[:, None]
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (frequencies - low) / (centre - low)
    falling = (high - frequencies) / (high - centre)
    bands = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
    return bands.astype(np.float32)


_KNEE_HERTZ = 1000.0  # linear below, logarithmic above (Slaney 1998, Auditory Toolbox)
_HERTZ_PER_MEL = 200.0 / 3
_KNEE_MEL = _KNEE_HERTZ / _HERTZ_PER_MEL
_STEP = np.log(6.4) / 27


def _mel(hertz: float) -> float:
    return float(_KNEE_MEL + np.log(hertz / _KNEE_HERTZ) / _STEP)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    curved = _KNEE_HERTZ * np.exp(_STEP * (np.maximum(mel, _KNEE_MEL) - _KNEE_MEL))
    return np.where(mel < _KNEE_MEL, mel * _HERTZ_PER_MEL, curved)
