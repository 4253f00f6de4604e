"""The features that CAM++ was trained on: Kaldi's log mel filter bank."""

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]
RATE = 16000
MELS = 80


def fbank(samples: NDArray[np.float32]) -> Frames:
    """Log power in MELS bands, (frames, MELS): 25 ms every 10 ms, as many as fit."""
    import kaldi_native_fbank as kaldi

    options = kaldi.FbankOptions()
    options.frame_opts.dither = 0.0  # the same sound has the same features
    options.mel_opts.num_bins = MELS
    bank = kaldi.OnlineFbank(options)
    bank.accept_waveform(RATE, samples)
    bank.input_finished()
    frames = [bank.get_frame(number) for number in range(bank.num_frames_ready)]
    return np.array(frames, np.float32).reshape(-1, MELS)
