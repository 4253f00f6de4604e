"""Baseline."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from pipeline import config
from pipeline.data import Diarization, Span, Turn, Voice, ms
from pipeline.diarize import Diarizer
from pipeline.diarize.encoder import _session
from pipeline.diarize.mel import spectrogram
from pipeline.event import SpeakerCount


class Ge2e:
    name = "ge2e"
    model = "ge2e"
    version = "0"

    def diarize(
        self,
        samples: NDArray[np.float32],
        speech: Sequence[Span],
        count: SpeakerCount,
        tick: Callable[[float], None],
    ) -> Diarization:
        mel = spectrogram(samples)
        starts = []
        for span in speech:
            first, last = int(span.start * 100), int(span.end * 100)
            starts += list(range(first, max(first + 1, last - 160), 50))
        starts = [s for s in starts if s + 160 <= len(mel)]
        if not starts:
            return Diarization((), ())
        windows = np.stack([mel[s : s + 160] for s in starts])
        windows = windows * (4e-1 / np.maximum(1e-9, windows.mean(axis=(1, 2), keepdims=True))) * 0.02
        found = np.concatenate(
            [_session().run(None, {"mel": windows[i : i + 64]})[0] for i in range(0, len(windows), 64)]
        )
        labels = np.ones(len(found), int)
        if len(found) > 1:
            tree = linkage(found, "average", metric="cosine")
            labels = fcluster(tree, count.count, "maxclust") if count.count else fcluster(tree, 0.36, "distance")
        sizes = np.bincount(labels)
        good = [k for k in range(1, len(sizes)) if sizes[k] >= 5] or [int(sizes.argmax())]
        centres = np.stack([found[labels == k].mean(0) for k in good])
        centres /= np.linalg.norm(centres, axis=1, keepdims=True)
        best = (found @ centres.T).argmax(1)
        order = list(dict.fromkeys(best.tolist()))
        turns: list[Turn] = []
        middles = np.array(starts) / 100 + 0.8
        for span in speech:
            edges = np.arange(span.start, span.end, 0.5)
            for at in edges:
                who = f"SPEAKER_{order.index(int(best[np.abs(middles - at - 0.25).argmin()])):02d}"
                end = min(at + 0.5, span.end)
                if turns and turns[-1].speaker == who and abs(turns[-1].end - at) < 1e-3:
                    turns[-1] = Turn(turns[-1].start, ms(end), who)
                else:
                    turns.append(Turn(ms(at), ms(end), who))
        tick(len(samples) / 16000)
        voices = tuple(
            Voice(f"SPEAKER_{n:02d}", "ge2e", tuple(round(float(x), 5) for x in centres[k])) for n, k in enumerate(order)
        )
        return Diarization(tuple(turns), voices)


def load(options: config.Diarize, run: config.Run) -> Diarizer:
    return Ge2e()
