"""The GE2E voice encoder (Wan et al. 2018, arXiv:1710.10467) on onnxruntime.

The weights are Resemblyzer's, see LICENSE.resemblyzer and tools/build_ge2e.py.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.mel import Frames

SIZE = 256  # numbers in an embedding
LEVEL = 1e-3  # mean square of a window (-30 dBFS): what the network was trained on
_BATCH = 64  # windows at once

Embeddings = NDArray[np.float32]


def embed(frames: Frames, power: NDArray[np.float32], starts: NDArray[np.int64], length: int) -> Embeddings:
    """A unit vector for each window of `length` frames, (len(starts), SIZE)."""
    session = _session()
    found = [np.zeros((0, SIZE), np.float32)]
    for at in range(0, len(starts), _BATCH):
        batch = frames[starts[at : at + _BATCH, None] + np.arange(length)]
        found += session.run(None, {"mel": batch})
    return np.concatenate(found)


@cache
def _session():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    model = files("pipeline.diarize").joinpath("ge2e.onnx").read_bytes()
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
