"""pyannote's pipeline without the hub: a segmentation checkpoint, CAM++ voices, its own clustering.

Importing this imports pyannote.audio.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pyannote.audio import Model
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines import SpeakerDiarization

from pipeline.audio.wav import SAMPLE_RATE
from pipeline.diarize.embedding import SHORTEST, SIZE, Encoder, fbank

STEP = 0.1  # of a chunk, between two chunks
# as speaker-diarization 2.1 set them for the checkpoint that came with it
ONSET = 0.444  # probability from which somebody speaks; powerset models need none
PAUSE = 0.58  # seconds; a shorter one is part of the turn
# Euclidean, between centroids: right on firelight and two more events (issue 11)
CLUSTERING = {"method": "centroid", "min_cluster_size": 12, "threshold": 0.5}


def build(segmentation: Path) -> SpeakerDiarization:
    """The pipeline, ready to run."""
    model = Model.from_pretrained(segmentation)
    pipeline = SpeakerDiarization(
        segmentation=model,
        embedding=VoiceModel(),
        clustering="AgglomerativeClustering",
        plda=object.__new__(PLDA),  # asked for, though only VBx uses it
        segmentation_step=STEP,
        segmentation_batch_size=32,
        embedding_batch_size=32,
        embedding_exclude_overlap=True,
    )
    found = {"min_duration_off": PAUSE}
    if not model.specifications.powerset:
        found["threshold"] = ONSET
    pipeline.instantiate({"segmentation": found, "clustering": CLUSTERING})
    return pipeline


class VoiceModel(Model):  # type: ignore[misc]
    """CAM++ as pyannote expects an embedding model."""

    def __init__(self) -> None:
        super().__init__(sample_rate=SAMPLE_RATE, num_channels=1)
        self.encoder = Encoder()

    @property
    def dimension(self) -> int:
        return SIZE

    def forward(self, waveforms: torch.Tensor, weights: torch.Tensor | None = None) -> torch.Tensor:
        """(batch, 1, samples) -> (batch, SIZE) of the frames where the weights, (batch, any number
        of frames), are above one half; NaN where there are too few."""
        sounds = waveforms.squeeze(1).cpu().numpy().astype(np.float32)
        masks = np.ones((len(sounds), 1)) if weights is None else weights.cpu().numpy()
        voices = [self._voice(s, m > 0.5) for s, m in zip(sounds, masks, strict=True)]
        return torch.from_numpy(np.stack(voices))

    def _voice(self, samples: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
        frames = fbank(samples)
        kept = mask[np.arange(len(frames)) * len(mask) // max(1, len(frames))]
        if kept.sum() < SHORTEST:
            return np.full(SIZE, np.nan, np.float32)
        return self.encoder.voice(frames[kept])
