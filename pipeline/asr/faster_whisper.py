"""faster-whisper: Whisper on CTranslate2, batched, with what it leaves out or makes up caught.

Whisper: A. Radford et al., arXiv 2212.04356. The speech is packed into windows of at most 30 s, or
of what else a model was made for, cut in pauses; a batch of them is decoded at once. Speech without
words and words that a guard finds suspicious are heard again alone (repair.py). A stretch in
another language than the rest is heard in its own (languages.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from pipeline import config
from pipeline.asr.decoding import Ear
from pipeline.asr.join import sane
from pipeline.asr.languages import ruling
from pipeline.asr.repair import NO_WORDS
from pipeline.asr.whisper_model import Opened, open_model
from pipeline.asr.window_transcriber import HeardWindow, Listener
from pipeline.asr.windows import Pauses, Window, pack, widened
from pipeline.audio.wav import SAMPLE_RATE
from pipeline.data import Span, Transcript, ms
from pipeline.errors import EngineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.progress import Tick

_SPARE = 0.1  # seconds of what the model hears at once: windows are rounded up to whole frames
_CPU_BATCH = 4  # windows: eight gain nothing, and the bar moves half as often

# models in use: one that is wanted again in another language is not loaded twice
_OPEN: WeakValueDictionary[tuple[object, ...], Opened] = WeakValueDictionary()


def load(options: config.Asr, run: config.Run, vocabulary: tuple[str, ...]) -> FasterWhisper:
    """The model opened, or one that is open already; raises EngineError with what to do."""
    key = (options.model, run.device, run.compute_type, run.workers)
    opened = _OPEN.get(key) or open_model(options.model, run)
    _OPEN[key] = opened
    _check_language(opened, options.language)
    return FasterWhisper(opened, options, vocabulary)


class FasterWhisper:
    """A Whisper model and how to use it, kept for many recordings."""

    def __init__(self, opened: Opened, options: config.Asr, vocabulary: tuple[str, ...]) -> None:
        self.warnings = opened.warnings
        self.device = opened.device
        self.opened = opened
        self._ear = Ear(opened.model)
        self._options = options
        self._vocabulary = vocabulary

    def transcribe(
        self, samples: NDArray[np.float32], speech: Sequence[Span], tick: Tick
    ) -> Transcript:
        """See `Transcriber`."""
        pauses = Pauses(samples, speech)
        heard = widened(speech, len(samples) / SAMPLE_RATE)
        windows = pack(pauses, heard, self._ear.longest - _SPARE)
        if not windows:
            return Transcript(self._options.language or "en", (), self.warnings)
        given = self._options.language
        language = given or ruling(self._ear, [one.sound(samples) for one in windows])
        beam, names = self._options.beam_size, self._vocabulary
        listener = Listener(self._ear, samples, pauses, beam, names, language, bool(given))
        passages = self._heard(listener, windows, tick)
        doubts = [doubt for passage in passages for doubt in passage.doubts]
        silent = sum(pauses.loud(one.start, one.end) for one in doubts if one.why == NO_WORDS)
        return Transcript(
            language,
            sane([word for passage in passages for word in passage.words]),
            self.warnings,
            tuple(doubts),
            speech=ms(sum(span.end - span.start for span in speech)),
            wordless=ms(silent),
        )

    def _heard(
        self, listener: Listener, windows: Sequence[Window], tick: Tick
    ) -> list[HeardWindow]:
        """What is said in each window; `tick` is called after each, whichever is done first.

        One batch more than the model decodes at a time is under way: its features are computed,
        and its words are aligned, meanwhile.
        """
        most = self._options.batch_size
        if self.device == "cpu":
            most = min(most, _CPU_BATCH)
        size = even(len(windows), most, self.opened.workers)
        batches = [windows[at : at + size] for at in range(0, len(windows), size)]
        hear = partial(listener.hear, done=_counting(windows, tick))
        pool = ThreadPoolExecutor(self.opened.workers + 1)
        try:
            return list(chain.from_iterable(pool.map(hear, batches)))
        finally:  # Ctrl-C, or an error: what has not begun never does
            pool.shutdown(cancel_futures=True)


def even(count: int, most: int, workers: int) -> int:
    """How many of so many windows make a batch of at most `most`, each worker having as many."""
    rounds = -(-count // (most * workers))
    return -(-count // (rounds * workers))


def _counting(windows: Sequence[Window], tick: Tick) -> Callable[[Window], None]:
    """What is called with each window that is done, by any thread, and ticks for all of them."""
    lock, done = Lock(), 0.0
    share = windows[-1].end / sum(window.length for window in windows)

    def count(window: Window) -> None:
        nonlocal done
        with lock:
            done += window.length
            tick(ms(done * share))

    return count


def _check_language(opened: Opened, language: str | None) -> None:
    """Raises EngineError for a language that the model does not know."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    if language is None:
        return
    if language not in _LANGUAGE_CODES:
        raise EngineError(f"Whisper knows no language {language!r}: give an ISO code such as en")
    if language != "en" and not opened.model.model.is_multilingual:
        raise EngineError(
            f"{opened.name} knows English only, not {language!r}: take a model without .en"
        )
