"""faster-whisper: Whisper on CTranslate2, batched, with what it leaves out or makes up caught.

Whisper: A. Radford et al., arXiv 2212.04356. The speech is packed into windows of at most 30 s, or
of what else a model was made for, cut in pauses; a batch of them is decoded at once. Speech without
words and words that a guard finds suspicious are heard again alone (mending.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from pipeline import config
from pipeline.asr import Tick, Transcriber
from pipeline.asr.hearing import Decoding, Ear, Heard
from pipeline.asr.mending import Words, mend
from pipeline.asr.timing import sane
from pipeline.asr.whisper_model import Opened, open_model
from pipeline.asr.windows import Pauses, Window, pack
from pipeline.data import Doubt, Span, Transcript, Word
from pipeline.errors import EngineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SPARE = 0.1  # seconds of what the model hears at once: windows are rounded up to whole frames
_LANGUAGE_WINDOWS = 4  # heard to tell the language
_SURE = 0.5  # under this probability the language is a guess
_CPU_BATCH = 2  # windows: more of them leave the cache and are slower (transcribe_hour.py)

# models in use: one that is wanted again in another language is not loaded twice
_OPEN: WeakValueDictionary[tuple[object, ...], Opened] = WeakValueDictionary()


def load(options: config.Asr, run: config.Run, vocabulary: tuple[str, ...]) -> Transcriber:
    """The model opened, or one that is open already; raises EngineError with what to do."""
    key = (options.model, run.device, run.compute_type, run.workers)
    opened = _OPEN.get(key) or open_model(options.model, run)
    _OPEN[key] = opened
    _check_language(opened, options.language)
    return FasterWhisper(opened, options, vocabulary)


class FasterWhisper:
    """A Whisper model and how to use it."""

    name = "faster-whisper"

    def __init__(self, opened: Opened, options: config.Asr, vocabulary: tuple[str, ...]) -> None:
        self.model = opened.name
        self.version = version("faster-whisper")
        self.warnings = opened.warnings
        self.device = opened.device
        self.opened = opened
        self._ear = Ear(opened.model)
        self._options = options
        self._vocabulary = vocabulary
        most = _CPU_BATCH if opened.device == "cpu" else options.batch_size
        self._batch = min(options.batch_size, most)

    def transcribe(
        self, samples: NDArray[np.float32], speech: Sequence[Span], tick: Tick
    ) -> Transcript:
        """See `Transcriber`."""
        pauses = Pauses(samples, speech)
        windows = pack(pauses, speech, self._ear.longest - _SPARE)
        if not windows:
            return Transcript(self._options.language or "en", (), self.warnings)
        language, guessed = self._language(samples, windows)
        work = _Work(self._ear, samples, pauses, language, self._options, self._vocabulary)
        words: list[Word] = []
        doubts: list[Doubt] = list(guessed)
        for window, (kept, why) in zip(windows, self._heard(work, windows), strict=True):
            words += kept
            doubts += why
            tick(window.end)
        return Transcript(language, sane(words), self.warnings, tuple(doubts))

    def _language(
        self, samples: NDArray[np.float32], windows: Sequence[Window]
    ) -> tuple[str, tuple[Doubt, ...]]:
        """The language given, or the likeliest over a few windows spread over the sound."""
        if given := self._options.language:
            return given.split("-")[0].lower(), ()
        step = max(1, len(windows) // _LANGUAGE_WINDOWS)
        asked = windows[::step][:_LANGUAGE_WINDOWS]
        sums: dict[str, float] = {}
        for code, sure in self._ear.languages([window.sound(samples) for window in asked]):
            sums[code] = sums.get(code, 0.0) + sure / len(asked)
        best = max(sums, key=lambda code: sums[code])
        if sums[best] >= _SURE:
            return best, ()
        why = f"the language is a guess ({best}, {sums[best]:.0%}): give it in event.toml"
        return best, (Doubt(windows[0].start, windows[-1].end, why),)

    def _heard(
        self, work: _Work, windows: Sequence[Window]
    ) -> Iterator[tuple[Words, tuple[Doubt, ...]]]:
        """The words of each window, in order, and what to doubt about them.

        One batch more than the model decodes at a time is under way: its features are computed,
        and its words are aligned, meanwhile.
        """
        batches = [windows[at : at + self._batch] for at in range(0, len(windows), self._batch)]
        pool = ThreadPoolExecutor(self.opened.workers + 1)
        try:
            for heard in pool.map(work.hear, batches):
                yield from heard
        finally:  # Ctrl-C, or an error: what has not begun never does
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Work:
    """What hearing a batch of windows of some samples needs."""

    ear: Ear
    samples: NDArray[np.float32]
    pauses: Pauses
    language: str
    options: config.Asr
    vocabulary: tuple[str, ...]

    def hear(self, batch: Sequence[Window]) -> list[tuple[Words, tuple[Doubt, ...]]]:
        """Each window's words and doubts."""
        plainly = Decoding(self.options.beam_size)
        first = replace(plainly, hotwords=", ".join(self.vocabulary) or None)
        others = [partial(self._words, how=how) for how in _other_settings(plainly)]
        return [
            mend(window, words, self.pauses, others, self.vocabulary)
            for window, words in zip(batch, self._words(batch, first), strict=True)
        ]

    def _words(self, windows: Sequence[Window], how: Decoding) -> list[Words]:
        if not windows:
            return []
        sounds = [window.sound(self.samples) for window in windows]
        heard = self.ear.hear(sounds, how, self.language)
        return [_placed(window, one) for window, one in zip(windows, heard, strict=True)]


def _other_settings(plainly: Decoding) -> tuple[Decoding, ...]:
    """What is tried in turn: unprompted, asked for times too, forbidden to repeat itself."""
    timed = replace(plainly, timestamps=True)
    return plainly, timed, replace(timed, repetition_penalty=1.15, no_repeat=4)


def _placed(window: Window, heard: Heard) -> Words:
    """The words on the recording's time."""
    return tuple(window.word(w.start, w.end, w.text, w.probability) for w in heard.words)


def _check_language(opened: Opened, language: str | None) -> None:
    """Raises EngineError for a language that the model does not know."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    if language is None:
        return
    code = language.split("-")[0].lower()
    if code not in _LANGUAGE_CODES:
        raise EngineError(f"Whisper knows no language {language!r}: give an ISO code such as en")
    if code != "en" and not opened.model.model.is_multilingual:
        raise EngineError(
            f"{opened.name} knows English only, not {language!r}: take a model without .en"
        )
