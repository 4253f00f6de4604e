"""The offline engine: who speaks when, from GE2E voice embeddings and clustering.

Three passes over the speech: short windows at a fine hop, which show where the voice changes;
long windows within the pieces between the changes, which show whose it is; and the short ones
again, each likened to the speakers found, smoothed by Viterbi's algorithm, which put the changes
where they are heard. The recipe of windows, clustering and resegmentation is that of Wang et al.
2018, "Speaker diarization with LSTM" (arXiv:1710.10468), and of many after it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from pipeline import config
from pipeline.data import Diarization, Span, Turn, Voice, ms
from pipeline.diarize.cluster import Labels, speakers
from pipeline.diarize.encoder import (
    SHORTEST,
    SIZE,
    Encoder,
    Places,
    Stretch,
    Vectors,
    Windows,
    hear,
    unit,
)
from pipeline.diarize.segments import pieces
from pipeline.event import SpeakerCount

FRAMES = 100  # in a second
FINE, FINE_HOP = 80, 10  # frames: windows that tell where
LONG, LONG_HOP = 160, 40  # frames: windows that tell who, as the network was trained
TELLING = 1.5  # seconds from which a piece has a say in who the speakers are
SWITCH = 0.5  # what a change of speaker costs, in cosine summed over windows
_FINE_SHARE = 0.7  # of the work


@dataclass(frozen=True, slots=True)
class Ge2e:
    """The engine, ready."""

    encoder: Encoder

    def diarize(
        self,
        samples: NDArray[np.float32],
        speech: Sequence[Span],
        count: SpeakerCount,
        tick: Callable[[float], None],
    ) -> Diarization:
        """See `Diarizer`. Memory grows with `samples`: feed it blocks of half an hour at most."""
        sound = hear(samples)
        seconds = len(samples) / FRAMES / 160
        stretches = _stretches(speech, sound.length)
        if not stretches:
            return Diarization((), ())
        listen = self.encoder.listen
        fine = listen(sound, stretches, FINE, FINE_HOP, lambda d: tick(seconds * d * _FINE_SHARE))
        parts = pieces(stretches, fine)
        long = listen(
            sound,
            parts,
            LONG,
            LONG_HOP,
            lambda d: tick(seconds * (_FINE_SHARE + d * (1 - _FINE_SHARE))),
        )
        who = name_pieces(parts, long, count)
        path = _path(_likeness(fine, parts, who), _share(fine, stretches))
        return _result(stretches, fine, path, mean_voices(long, who[long.stretch]))


def load(options: config.Diarize, run: config.Run) -> Ge2e:
    """The engine; its network is inside this package."""
    return Ge2e(Encoder(run.cores))


def _stretches(speech: Sequence[Span], end: int) -> list[Stretch]:
    """Speech in whole frames, as far as there is sound."""
    if end < SHORTEST:
        return []
    edges = [(math.ceil(s.start * FRAMES), min(int(s.end * FRAMES), end)) for s in speech]
    return [(first, last) for first, last in edges if first < last]


def name_pieces(parts: Sequence[Stretch], long: Windows, count: SpeakerCount) -> Labels:
    """The speaker of each piece, from 0; -1 where that is not certain."""
    seconds = np.array([last - first for first, last in parts]) / FRAMES
    telling = seconds >= min(TELLING, float(seconds.max()))
    labels = np.full(len(parts), -1, np.int64)
    voices = mean_voices(long, long.stretch)[telling]
    labels[telling] = speakers(voices, seconds[telling], count)
    return labels


def mean_voices(windows: Windows, labels: Labels) -> Vectors:
    """The mean voice of the windows of each label from 0, as unit vectors."""
    sums = np.zeros((int(labels.max()) + 1, SIZE))
    np.add.at(sums, labels[labels >= 0], windows.voices[labels >= 0])
    return unit(sums)


def _likeness(fine: Windows, parts: Sequence[Stretch], who: Labels) -> NDArray[np.float32]:
    """The cosine of each window to each speaker: (windows, speakers)."""
    starts = np.array([first for first, _ in parts])
    first = np.searchsorted(starts, fine.starts, side="right") - 1
    last = np.searchsorted(starts, fine.starts + fine.lengths - 1, side="right") - 1
    middle = who[np.searchsorted(starts, fine.middles, side="right") - 1]
    pure = np.where(first == last, middle, -1)
    missed = np.setdiff1d(middle, pure)  # speakers whose every piece is shorter than a window
    known = mean_voices(fine, np.where(np.isin(middle, missed), middle, pure))
    return np.asarray(fine.voices @ known.T)


def _edges(windows: Places, stretch: Stretch) -> Places:
    """The borders between the frames that each window of a stretch speaks for."""
    between = (windows[1:] + windows[:-1]) // 2
    return np.array([stretch[0], *between, stretch[1]], np.int64)


def _share(fine: Windows, stretches: Sequence[Stretch]) -> NDArray[np.float64]:
    """How much each window counts: the frames that it speaks for, in hops."""
    edges = [_edges(fine.middles[fine.stretch == n], s) for n, s in enumerate(stretches)]
    return np.concatenate([np.diff(each) for each in edges]) / FINE_HOP


def _path(likeness: NDArray[np.float32], share: NDArray[np.float64]) -> Labels:
    """The likeliest speaker of each window, where a change costs SWITCH (Viterbi 1967)."""
    scores = likeness * share[:, None]
    stay = np.arange(scores.shape[1])
    came = np.zeros(scores.shape, np.int64)
    total = scores[0]
    for at in range(1, len(scores)):
        best = total.argmax()
        changed = total[best] - SWITCH
        came[at] = np.where(total >= changed, stay, best)
        total = np.maximum(total, changed) + scores[at]
    path = [int(total.argmax())]
    for step in came[:0:-1]:
        path.append(int(step[path[-1]]))
    return np.array(path[::-1], np.int64)


def _result(
    stretches: Sequence[Stretch], fine: Windows, path: Labels, voices: Vectors
) -> Diarization:
    """Turns, and the voices of those who have one, named in order of first appearance."""
    names: dict[int, str] = {}
    turns = []
    for number, stretch in enumerate(stretches):
        inside = fine.stretch == number
        for who, first, last in _runs(path[inside], _edges(fine.middles[inside], stretch)):
            name = names.setdefault(who, f"SPEAKER_{len(names):02d}")
            turns.append(Turn(ms(first / FRAMES), ms(last / FRAMES), name))
    heard = (Voice(name, "ge2e", _rounded(voices[who])) for who, name in names.items())
    return Diarization(tuple(turns), tuple(heard))


def _runs(path: Labels, edges: Places) -> Iterator[tuple[int, int, int]]:
    """Who, first frame, frame after the last of each run of one speaker."""
    for who, run in groupby(range(len(path)), key=lambda at: int(path[at])):
        places = list(run)
        yield who, int(edges[places[0]]), int(edges[places[-1] + 1])


def _rounded(voice: Vectors) -> tuple[float, ...]:
    return tuple(round(float(x), 5) for x in voice)
