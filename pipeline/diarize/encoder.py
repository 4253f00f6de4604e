"""The GE2E voice encoder (Wan et al. 2018, arXiv:1710.10467) on onnxruntime.

The weights are Resemblyzer's, see LICENSE.resemblyzer and tools/build_ge2e.py. Places and lengths
are counted in frames of 10 ms.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.mel import HOP, spectrogram

SIZE = 256  # numbers in an embedding
SHORTEST = 20  # frames from which a voice is told at all
LEVEL = 10**-2.5  # mean square that every window is brought to (-25 dBFS): loudness is no voice
_QUIETEST = 1e-9  # mean square under which there is nothing to bring up
_BATCH = 64  # windows at once
_ROUND = 10  # lengths are rounded down to this many frames, so that windows share batches

Vectors = NDArray[np.float32]  # (n, SIZE), of unit length
Places = NDArray[np.int64]  # (n,)
Stretch = tuple[int, int]  # first frame, frame after the last


@dataclass(frozen=True, slots=True)
class Windows:
    """Stretches of sound, in time order, and the voice heard in each."""

    starts: Places
    lengths: Places
    stretch: Places  # the index of the stretch that each lies in
    voices: Vectors

    @property
    def middles(self) -> Places:
        return self.starts + self.lengths // 2


@dataclass(frozen=True, slots=True)
class Sound:
    """The features of a recording, ready to be listened to in windows."""

    frames: NDArray[np.float32]  # (length, bands)
    energy: NDArray[np.float32]  # (length,): the sum of squares of each frame's HOP samples

    @property
    def length(self) -> int:
        return len(self.energy)

    def only(self, kept: NDArray[np.bool_]) -> "Sound":
        """The kept frames, put together."""
        return Sound(self.frames[kept], self.energy[kept])

    def windows(self, starts: Places, length: int) -> NDArray[np.float32]:
        """The features of each, (len(starts), length, bands), all at one loudness."""
        inside = starts[:, None] + np.arange(length)
        power = self.energy[inside].mean(axis=1, dtype=np.float64) / HOP
        gain = LEVEL / np.maximum(power, _QUIETEST)
        loud: NDArray[np.float32] = (self.frames[inside] * gain[:, None, None]).astype(np.float32)
        return loud


def hear(samples: NDArray[np.float32]) -> Sound:
    """The features of 16 kHz samples; what is left of a frame at the end is left out."""
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    energy = np.einsum("ij,ij->i", hops, hops)
    return Sound(spectrogram(samples)[: len(hops)], energy)


class Encoder:
    """Tells voices apart, on `threads` cores."""

    def __init__(self, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        model = files("pipeline.diarize").joinpath("ge2e.onnx").read_bytes()
        self._session: Any = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )

    def embed(self, mel: NDArray[np.float32]) -> Vectors:
        """The voice in each window of features, (windows, frames, bands)."""
        voices: Vectors = self._session.run(None, {"mel": mel})[0]
        return voices

    def listen(
        self,
        sound: Sound,
        stretches: Sequence[Stretch],
        length: int,
        hop: int,
        done: Callable[[float], None],
    ) -> Windows:
        """Windows of `length` every `hop` in each stretch, the last one flush with its end.

        A shorter stretch is one window. `done` hears the share of the work that is done.
        """
        starts, lengths, owners = _slide(stretches, length, hop, sound.length)
        voices = np.zeros((len(starts), SIZE), np.float32)
        heard = 0
        for batch in _batches(lengths):
            voices[batch] = self.embed(sound.windows(starts[batch], int(lengths[batch[0]])))
            heard += len(batch)
            done(heard / len(starts))
        return Windows(starts, lengths, owners, voices)


def _slide(
    stretches: Sequence[Stretch], length: int, hop: int, end: int
) -> tuple[Places, Places, Places]:
    """Where windows start, how long they are and the index of their stretch."""
    found = []
    for owner, (first, last) in enumerate(stretches):
        spare = last - first - length
        size = length if spare >= 0 else max(SHORTEST, (last - first) // _ROUND * _ROUND)
        size = min(size, end)
        places = [min(spare, at) for at in range(0, spare + hop, hop)] if spare > 0 else [0]
        found += [(min(first + place, end - size), size, owner) for place in places]
    starts, lengths, owners = np.array(found, np.int64).reshape(-1, 3).T
    return starts, lengths, owners


def _batches(lengths: Places) -> Iterator[Places]:
    """Indices of windows of one length, _BATCH at a time."""
    for length in np.unique(lengths):
        same = np.flatnonzero(lengths == length)
        for at in range(0, len(same), _BATCH):
            yield same[at : at + _BATCH]


def unit(vectors: NDArray[Any]) -> Vectors:
    """Each of length one."""
    norms = np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    whole: Vectors = (vectors / norms).astype(np.float32)
    return whole
