"""pyannote's pipeline without the hub: a segmentation checkpoint, our voices, our clustering.

Importing this imports pyannote.audio.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pyannote.audio import Model
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines import SpeakerDiarization
from pyannote.audio.pipelines.clustering import BaseClustering

from pipeline.diarize.cluster import speakers
from pipeline.diarize.encoder import SHORTEST, SIZE, Encoder, hear, unit
from pipeline.event import SpeakerCount

STEP = 0.1  # of a chunk, between two chunks
CHUNK_SECONDS = 0.5  # of speech that a chunk adds to those before it
ONSET = 0.5  # probability from which somebody speaks


def build(segmentation: Path) -> SpeakerDiarization:
    """The pipeline, ready to run."""
    pipeline = SpeakerDiarization(
        segmentation=Model.from_pretrained(segmentation),
        embedding=Ge2eModel(),
        clustering="AgglomerativeClustering",
        plda=object.__new__(PLDA),  # asked for, though only VBx uses it
        segmentation_step=STEP,
        segmentation_batch_size=32,
        embedding_batch_size=32,
        embedding_exclude_overlap=True,
    )
    pipeline.clustering = Clustering(metric="cosine")
    pipeline.instantiate({"segmentation": {"threshold": ONSET, "min_duration_off": 0.0}})
    return pipeline


class Ge2eModel(Model):  # type: ignore[misc]
    """The GE2E encoder as pyannote expects an embedding model."""

    LONG, HOP = 160, 80  # frames of 10 ms: windows, and from one to the next

    def __init__(self) -> None:
        super().__init__(sample_rate=16000, num_channels=1)
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
        sound = hear(samples)
        kept = mask[np.arange(sound.length) * len(mask) // sound.length]
        if kept.sum() < SHORTEST:
            return np.full(SIZE, np.nan, np.float32)
        heard = sound.only(kept)
        whole = [(0, heard.length)]
        windows = self.encoder.listen(heard, whole, self.LONG, self.HOP, lambda _: None)
        return unit(windows.voices.mean(axis=0))


class Clustering(BaseClustering):  # type: ignore[misc]
    """How many speakers there are is chosen from the data, as for the ge2e engine."""

    def cluster(
        self,
        embeddings: NDArray[np.float32],
        min_clusters: int,
        max_clusters: int,
        num_clusters: int | None = None,
    ) -> NDArray[np.int64]:
        """The cluster of each embedding, from 0; strays go to the nearest."""
        voices = unit(embeddings)
        seconds = np.full(len(voices), CHUNK_SECONDS)
        count = SpeakerCount(count=num_clusters, min=min_clusters, max=max_clusters)
        labels = speakers(voices, seconds, count)
        means = unit(np.stack([voices[labels == n].mean(axis=0) for n in range(labels.max() + 1)]))
        return np.asarray(np.where(labels < 0, (voices @ means.T).argmax(axis=1), labels))
