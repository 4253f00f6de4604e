"""pyannote's pipeline without the hub: a segmentation checkpoint, our voices, our clustering.

Importing this imports pyannote.audio.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from pyannote.audio import Model
from pyannote.audio.core.plda import PLDA
from pyannote.audio.pipelines import SpeakerDiarization
from pyannote.audio.pipelines.clustering import BaseClustering
from pyannote.core import SlidingWindowFeature

from pipeline.diarize.cluster import Labels
from pipeline.diarize.encoder import SHORTEST, SIZE, Encoder, Stretch, Vectors, hear, unit
from pipeline.diarize.ge2e import FRAMES, LONG, LONG_HOP, mean_voices, name_pieces
from pipeline.diarize.segments import cut_long
from pipeline.diarize.tracks import Active, Tracks, alone, middle, tracks
from pipeline.event import SpeakerCount

STEP = 0.1  # of a chunk, between two chunks
# as speaker-diarization 2.1 set them for the checkpoint that came with it
ONSET = 0.444  # probability from which somebody speaks
PAUSE = 0.58  # seconds; a shorter one is part of the turn


def build(segmentation: Path) -> SpeakerDiarization:
    """The pipeline, ready to run."""
    voices = Ge2eModel()
    pipeline = SpeakerDiarization(
        segmentation=Model.from_pretrained(segmentation),
        embedding=voices,
        clustering="AgglomerativeClustering",
        plda=object.__new__(PLDA),  # asked for, though only VBx uses it
        segmentation_step=STEP,
        segmentation_batch_size=32,
        embedding_batch_size=32,
        embedding_exclude_overlap=True,
    )
    pipeline.clustering = Clustering(voices.encoder)
    pipeline.instantiate({"segmentation": {"threshold": ONSET, "min_duration_off": PAUSE}})
    return pipeline


class Ge2eModel(Model):  # type: ignore[misc]
    """The GE2E encoder as pyannote expects an embedding model."""

    HOP = LONG // 2  # frames of 10 ms from one window to the next

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
        windows = self.encoder.listen(heard, whole, LONG, self.HOP, lambda _: None)
        return unit(windows.voices.mean(axis=0))


class Clustering(BaseClustering):  # type: ignore[misc]
    """The voices of those who are heard alone, clustered as the ge2e engine does it.

    A chunk holds five seconds that its neighbours hold too; pieces of speech that do not overlap
    tell better how many speakers there are. A chunk's speaker is then who has most of the pieces
    in which this voice is alone; if there are none, the one whose voice it is most like.
    """

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(metric="cosine")
        self.encoder = encoder

    def __call__(
        self,
        embeddings: Vectors,
        segmentations: SlidingWindowFeature,
        num_clusters: int | None = None,
        min_clusters: int | None = None,
        max_clusters: int | None = None,
        file: Mapping[str, torch.Tensor] | None = None,
        frames: object = None,
    ) -> tuple[Labels, None, Vectors]:
        """The cluster (chunks, speakers) of each embedding, nothing, and the clusters' voices."""
        assert file is not None, "pyannote hands the recording over"
        active, chunks = segmentations.data > 0.5, segmentations.sliding_window
        frame = chunks.duration / active.shape[1]
        step = round(chunks.step / frame)
        times = chunks.step * np.arange(len(active))[:, None] + frame * np.arange(active.shape[1])
        owners = alone(active, tracks(active, step), step)
        pieces = _pieces(owners.reshape(-1), times[:, middle(active, step)].reshape(-1))
        if not pieces:
            everyone = np.nanmean(embeddings, axis=(0, 1))
            return np.zeros(embeddings.shape[:2], np.int64), None, everyone[None]
        bounds = self.set_num_clusters(len(pieces), num_clusters, min_clusters, max_clusters)
        count = SpeakerCount(count=bounds[0], min=bounds[1], max=bounds[2])
        sound = hear(file["waveform"][0].numpy())
        long = self.encoder.listen(sound, pieces, LONG, LONG_HOP, lambda _: None)
        labels = name_pieces(pieces, long, count)
        voices = mean_voices(long, labels[long.stretch])
        votes = _votes(active, _timeline(pieces, labels, times), len(voices))
        votes += np.nan_to_num(unit(embeddings) @ voices.T) / 2  # less than one frame
        return votes.argmax(axis=2), None, voices


def _votes(active: Active, heard: Labels, voices: int) -> NDArray[np.float64]:
    """Frames in which each speaker of each chunk is alone and each voice is heard:
    (chunks, speakers, voices). `heard`: the voice in each frame of each chunk, or -1."""
    single = active & (active.sum(axis=2, keepdims=True) == 1)
    whose = heard[..., None] == np.arange(voices)
    votes: NDArray[np.float64] = np.einsum("cfs,cfv->csv", single, whose, dtype=np.float64)
    return votes


def _pieces(owner: Tracks, starts: NDArray[np.float64]) -> list[Stretch]:
    """Runs of one track alone, none of them long, in the encoder's frames.

    `owner` and `starts`: the track of each of the segmentation's frames, and its time.
    """
    changes = (np.flatnonzero(np.diff(owner)) + 1).tolist()
    runs = [
        (math.ceil(starts[begin] * FRAMES), int(starts[end] * FRAMES))
        for begin, end in pairwise([0, *changes, len(owner) - 1])
        if owner[begin] >= 0
    ]
    return [part for run in runs if run[1] - run[0] >= SHORTEST for part in cut_long(run)]


def _timeline(pieces: Sequence[Stretch], labels: Labels, times: NDArray[np.float64]) -> Labels:
    """The label of the piece at each time in seconds, -1 where there is none."""
    line = np.full(int(times.max() * FRAMES) + 1, -1, np.int64)
    for (first, last), label in zip(pieces, labels, strict=True):
        line[first:last] = label
    found: Labels = line[(times * FRAMES).astype(np.int64)]
    return found
