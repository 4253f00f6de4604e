"""Who speaks within ten seconds: pyannote/segmentation-3.0 on onnxruntime.

A powerset network (Plaquet and Bredin 2023, arXiv:2310.13025): it hears chunks of ten seconds and
says for each frame of 17 ms which of at most three people speak, two at once at most. Who is number
one in a chunk may be number two in the next. The weights are pyannote's, see LICENSE.segmentation
and tools/build_voices.py.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.wav import SAMPLE_RATE, Sound, as_float
from pipeline.data import Span
from pipeline.diarize.network import Network

STEP = 270  # samples from one frame to the next
SECONDS = STEP / SAMPLE_RATE
FIRST = 0.0225  # seconds from the start of a chunk to where its first frame begins
CHUNK = 10 * SAMPLE_RATE  # samples
FRAMES = 589  # of a chunk
HOP = 59  # frames from one chunk to the next, about a second
_BATCH = 2  # chunks: 48 MB of activations, 190 for eight
# the sets of speakers that the network's seven answers stand for
_SETS = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.bool_
)

Active = NDArray[np.bool_]  # (chunks, FRAMES, 3): who speaks when


def seconds(frame: float) -> float:
    """Where a frame begins."""
    return FIRST + frame * SECONDS


def length(chunks: int) -> int:
    """How many frames so many chunks reach over."""
    return (chunks - 1) * HOP + FRAMES


class Segmenter:
    """Tells speakers apart within chunks, on `threads` cores."""

    def __init__(self, threads: int = 0) -> None:
        self._network = Network("segmentation.onnx", threads, even=True)

    def segment(
        self,
        samples: Sound,
        speech: Sequence[Span],
        done: Callable[[float], None],
        gain: float = 1.0,
    ) -> Active:
        """Who speaks in each chunk, nobody without speech; `done` is called with the share done."""
        chunks = max(1, -(-(len(samples) - CHUNK) // (HOP * STEP)) + 1)
        active = np.zeros((chunks, FRAMES, _SETS.shape[1]), np.bool_)
        heard = [n for n in range(chunks) if _holds_speech(n, speech)]
        for at in range(0, len(heard), _BATCH):
            batch = heard[at : at + _BATCH]
            waves = np.stack([gain * _chunk(samples, n) for n in batch])[:, None]
            active[batch] = _SETS[self._network(waves).argmax(axis=2)]
            done((at + len(batch)) / len(heard))
        return active


def _chunk(samples: Sound, number: int) -> NDArray[np.float32]:
    """One chunk, with silence after the recording's end."""
    wave = as_float(samples[number * HOP * STEP :][:CHUNK])
    return np.pad(wave, (0, CHUNK - len(wave)))


def _holds_speech(number: int, speech: Sequence[Span]) -> bool:
    first = number * HOP * SECONDS
    return any(span.start < first + CHUNK / SAMPLE_RATE and span.end > first for span in speech)
