"""pocketsphinx: English from the model inside its wheel, on every core, nothing to download.

D. Huggins-Daines et al., "PocketSphinx", ICASSP 2006. Words come in lower case and without
punctuation; `readable` gives them sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from pipeline import config
from pipeline.asr import Tick, Transcriber
from pipeline.asr.pool import Decoders
from pipeline.asr.readable import readable
from pipeline.asr.windows import Pauses, Window, pack
from pipeline.data import Span, Transcript, Word
from pipeline.errors import EngineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LONGEST = 15.0  # seconds a decoder hears at once


def load(options: config.Asr, run: config.Run, vocabulary: tuple[str, ...]) -> Transcriber:
    """Raises EngineError for any language but English."""
    if (options.language or "en").split("-")[0].lower() != "en":
        raise EngineError(
            f"sphinx knows English only, not {options.language!r}: take --asr faster-whisper"
        )
    return Sphinx(run.processes or run.cores)


class Sphinx:
    """Decoders in up to `processes` processes, kept for the next recording."""

    name = "sphinx"
    model = "en-us"

    def __init__(self, processes: int) -> None:
        self.processes = processes
        self.version = version("pocketsphinx")
        self._decoders = Decoders()

    def transcribe(
        self, samples: NDArray[np.float32], speech: Sequence[Span], tick: Tick
    ) -> Transcript:
        """See `Transcriber`; times are exact to the decoder's 10 ms."""
        pauses = Pauses(samples, speech)
        windows = [w for span in speech for w in pack(pauses, (span,), _LONGEST)]
        try:
            heard = self._heard(samples, windows, tick)
        except BaseException:
            self._decoders.close()
            self._decoders = Decoders()
            raise
        words = [word for place in range(len(windows)) for word in heard[place]]
        return Transcript("en", readable(words))

    def _heard(
        self, samples: NDArray[np.float32], windows: Sequence[Window], tick: Tick
    ) -> dict[int, tuple[Word, ...]]:
        """The words of each window, by its place."""
        heard: dict[int, tuple[Word, ...]] = {}
        self._decoders.grow(min(self.processes, len(windows)))
        for place, words in self._decoders.hear([_pcm(samples, window) for window in windows]):
            heard[place] = tuple(windows[place].word(*word) for word in words)
            tick(_done(windows, heard))
        return heard


def _done(windows: Sequence[Window], heard: dict[int, tuple[Word, ...]]) -> float:
    """Up to where all is heard: windows do not end in their order."""
    first = next((place for place in range(len(windows)) if place not in heard), None)
    return windows[-1].end if first is None else windows[first].start


def _pcm(samples: NDArray[np.float32], window: Window) -> bytes:
    import numpy

    sound = numpy.clip(window.sound(samples) * 32768.0, -32768, 32767)
    return bytes(sound.astype("<i2"))
