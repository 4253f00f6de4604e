"""The engine inside this package: segmentation-3.0 and CAM++ on onnxruntime, linkage by scipy.

Chunks of ten seconds tell who is alone when (segmentation, tracks); pieces of one voice each are
cut out of that, embedded once and clustered (pieces, embedding, cluster); a second voice that the
segmentation did not hear is looked for in each piece (resegment), and the clustering is done again
with what it was; then every chunk says who of the speakers is heard where (reconstruct). That is
pyannote.audio's pipeline, without its import of 20 s, and with one embedding for a piece of speech
instead of one for each chunk and speaker.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline import config
from pipeline.audio.wav import MINUTE, SAMPLE_RATE, Sound, as_float
from pipeline.data import Diarization, Span, Turn
from pipeline.diarize.cluster import SURE, TELLING, Labels, mean_voices, speakers
from pipeline.diarize.embedding import SHORTEST, Encoder, Frames, Vectors, fbank
from pipeline.diarize.pieces import TrackPiece, VoicedPieces, embed, pieces
from pipeline.diarize.reconstruct import overlaps, reconstruct, speakers_per_frame, turns
from pipeline.diarize.resegment import Windows, resegment, windows
from pipeline.diarize.segmentation import HOP, Segmenter
from pipeline.diarize.tracks import lone_voice, tracks
from pipeline.diarize.turns import diarization
from pipeline.event import SpeakerCount
from pipeline.heap import give_back
from pipeline.progress import Tick

ENGINE = "campplus"
LEVEL = 0.05  # root mean square that a recording is brought to
_SEGMENTED, _EMBEDDED = 0.45, 0.6  # shares of the work that are done then
_GIVEN_BACK = 3  # pieces after which memory is: with 8 the peak is 50 MB higher, with 16 180
_SAME = 5  # pairs of pieces of one track that show how alike pieces of one voice are here


@dataclass(frozen=True, slots=True)
class CamPlusPlus:
    """The engine, ready."""

    segmenter: Segmenter
    encoder: Encoder

    def diarize(
        self, samples: Sound, speech: Sequence[Span], count: SpeakerCount, tick: Tick
    ) -> Diarization:
        """See `Diarizer`. Memory grows with `samples`: feed it blocks of half an hour at most."""
        if not speech or not len(samples):
            return Diarization((), ())
        whole = len(samples) / SAMPLE_RATE
        gain = _gain(samples)
        active = self.segmenter.segment(
            samples, speech, lambda d: tick(whole * d * _SEGMENTED), gain
        )
        track = tracks(active, HOP)
        frames = fbank(samples, gain)
        del samples  # 38 MB of a block, and its engine runs for as long again
        found = pieces(lone_voice(active, track, HOP), speech)
        told = embed(self.encoder, frames, found)
        tick(whole * _EMBEDDED)
        if not told.pieces:
            return Diarization((), ())
        heard = []
        for number, piece in enumerate(told.pieces, 1):
            heard.append(windows(self.encoder, frames, piece))
            tick(whole * (_EMBEDDED + (1 - _EMBEDDED) * number / len(told.pieces)))
            if number % _GIVEN_BACK == 0:
                give_back()
        told, labels = self._assign(frames, told, heard, count)
        voices = mean_voices(told.voices, labels)
        parts, labels = resegment(told.pieces, heard, voices, labels)
        line = speakers_per_frame(*reconstruct(active, track, parts, labels, len(voices)))
        self._order_overlaps(frames, line, voices)
        spoken, beside = (_within(turns(line[:, n], whole), speech) for n in (0, 1))
        return diarization(spoken, beside, {str(n): v for n, v in enumerate(voices)}, ENGINE)

    def _assign(
        self, frames: Frames, told: VoicedPieces, heard: Sequence[Windows], count: SpeakerCount
    ) -> tuple[VoicedPieces, Labels]:
        """The speaker of each piece, after those with two voices in them were cut."""
        labels = speakers(told.voices, told.seconds, _alike(told), count)
        sure = _sure(told, labels)
        nearest = (told.voices @ sure.T).argmax(axis=1)
        cut, _ = resegment(told.pieces, heard, sure, nearest)
        if len(cut) == len(told.pieces):
            return told, labels
        again = embed(self.encoder, frames, cut, told)
        return again, speakers(again.voices, again.seconds, _alike(again), count)

    def _order_overlaps(self, frames: Frames, line: NDArray[np.int64], voices: Vectors) -> None:
        """Where two speak, puts first whose voice is heard through the other's."""
        for first, last in overlaps(line):
            start, end = TrackPiece(first, last, 0).stretch
            if min(end, len(frames)) - start < SHORTEST:
                continue
            alike = voices[line[first]] @ self.encoder.voice(frames[start:end])
            order = line[first][np.argsort(-alike)]
            line[first:last] = order


def load(options: config.Diarize, run: config.Run) -> CamPlusPlus:
    """The engine; its networks are inside this package."""
    return CamPlusPlus(Segmenter(run.cores), Encoder(run.cores))


def _within(found: Sequence[Turn], speech: Sequence[Span]) -> list[Turn]:
    """The turns in which there is speech, as the detector of speech has it."""
    return [t for t in found if any(s.start < t.end and s.end > t.start for s in speech)]


def _gain(samples: Sound) -> float:
    """What brings all of it to one loudness: how loud somebody speaks is no voice."""
    parts = (as_float(samples[at : at + MINUTE]) for at in range(0, len(samples), MINUTE))
    power = sum(float(np.dot(part, part)) for part in parts) / len(samples)
    return LEVEL / max(math.sqrt(power), 1e-9)


def _alike(told: VoicedPieces) -> float | None:
    """How alike two pieces of one voice are here: those of one track that follow one another."""
    dots = (told.voices[:-1] * told.voices[1:]).sum(axis=1)
    telling = told.seconds >= TELLING
    track = np.array([piece.track for piece in told.pieces])
    same = dots[(track[:-1] == track[1:]) & telling[:-1] & telling[1:]]
    return float(np.median(same)) if len(same) >= _SAME else None


def _sure(told: VoicedPieces, labels: Labels) -> Vectors:
    """The voices of those who speak for long; the one who speaks most, if nobody does."""
    total = np.bincount(labels, told.seconds)
    sure = total >= min(SURE, total.max())
    return np.asarray(mean_voices(told.voices, labels)[sure], np.float32)
