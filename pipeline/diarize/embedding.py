"""The voice in a stretch of speech: CAM++ (Wang et al. 2023, arXiv:2303.00332) on onnxruntime.

The weights are 3D-Speaker's for Chinese and English, see LICENSE.campplus and
tools/build_voices.py. Places and lengths are counted in frames of 10 ms.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.wav import MINUTE, SAMPLE_RATE, Sound, as_float
from pipeline.diarize.network import Network

MELS = 80
SIZE = 192  # numbers in an embedding
SHORTEST = 25  # frames from which a voice is told at all

Frames = NDArray[np.float32]  # (frames, MELS)
Vectors = NDArray[np.float32]  # (n, SIZE), of unit length
Stretch = tuple[int, int]  # first frame, frame after the last


def fbank(samples: Sound, gain: float = 1.0) -> Frames:
    """Kaldi's log power in MELS bands: 25 ms every 10 ms, as many as fit."""
    import kaldi_native_fbank as kaldi

    options = kaldi.FbankOptions()
    options.frame_opts.dither = 0.0  # the same sound has the same features
    options.mel_opts.num_bins = MELS
    bank = kaldi.OnlineFbank(options)
    parts = [np.zeros((0, MELS), np.float32)]
    for at in range(0, len(samples), MINUTE):
        before = bank.num_frames_ready
        bank.accept_waveform(SAMPLE_RATE, gain * as_float(samples[at : at + MINUTE]))
        ready = range(before, bank.num_frames_ready)
        parts.append(np.array([bank.get_frame(n) for n in ready], np.float32).reshape(-1, MELS))
        bank.pop(len(ready))
    return np.concatenate(parts)


class Encoder:
    """Tells voices apart, on `threads` cores."""

    def __init__(self, threads: int = 0) -> None:
        self._network = Network("voices.onnx", threads)

    def voice(self, frames: Frames) -> NDArray[np.float32]:
        """The voice in all of the frames, (SIZE,); there are SHORTEST or more."""
        return np.asarray(self._voices(frames[None])[0], np.float32)

    def windows(self, frames: Frames, starts: Sequence[int], size: int) -> Vectors:
        """The voice in each window of `size` frames, all at once: those of one piece."""
        inside = np.asarray(starts, np.int64)[:, None] + np.arange(size)
        return self._voices(frames[inside]) if len(starts) else np.zeros((0, SIZE), np.float32)

    def _voices(self, frames: Frames) -> Vectors:
        """Of windows, (n, frames, bands). The mean is taken out: the room and the microphone."""
        level = np.asarray(frames - frames.mean(axis=1, keepdims=True), np.float32)
        return unit(self._network(level))


def unit(vectors: NDArray[Any]) -> Vectors:
    """Each of length one."""
    norms = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    whole: Vectors = (vectors / norms).astype(np.float32)
    return whole
