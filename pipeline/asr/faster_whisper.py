"""faster-whisper: Whisper on CTranslate2, batched, with what it leaves out or makes up caught.

Whisper: A. Radford et al., arXiv 2212.04356. The speech is packed into windows of at most 30 s, or
of what else a model was made for, cut in pauses; a batch of them is decoded at once. Speech without
words and words that a guard finds suspicious are heard again alone (repair.py). A stretch in
another language than the rest is heard in its own (languages.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pipeline import config
from pipeline.asr.decoding import WhisperDecoder
from pipeline.asr.join import clamp_word_times
from pipeline.asr.languages import main_language
from pipeline.asr.repair import NO_WORDS
from pipeline.asr.whisper_model import LoadedModel, open_model
from pipeline.asr.window_transcriber import TranscribedWindow, WindowTranscriber
from pipeline.asr.windows import Pauses, Window, pack_windows, pad_speech
from pipeline.audio.wav import SAMPLE_RATE, Sound
from pipeline.data import Span, Transcript, ms
from pipeline.errors import EngineError

if TYPE_CHECKING:
    from pipeline.progress import Tick

_FRAME_MARGIN = 0.1  # seconds of a window left free: windows are rounded up to whole frames
_CPU_BATCH = 2  # windows, for each worker: four need 220 MB more and gain 2% of the time, if any


def load(options: config.Asr, run: config.Run) -> FasterWhisper:
    """The model opened; raises EngineError with what to do."""
    return FasterWhisper(open_model(options.model, run), options)


class FasterWhisper:
    """A Whisper model and how to use it, kept for many recordings."""

    def __init__(self, loaded: LoadedModel, options: config.Asr) -> None:
        self.warnings = loaded.warnings
        self.device = loaded.device
        self.loaded = loaded
        self._decoder = WhisperDecoder(loaded.model, options.beam_size)
        self._options = options

    def transcribe(
        self,
        samples: Sound,
        speech: Sequence[Span],
        tick: Tick,
        language: str | None = None,
        vocabulary: tuple[str, ...] = (),
    ) -> Transcript:
        """The words of `speech`, spans of `samples` (n,), 16 kHz, 16-bit or in [-1, 1].

        All times, those of the result too, are seconds from the first sample. Sound outside
        `speech` is never given to the model. `tick` is called with the seconds of `samples`
        that are done, never falling. Without a `language` it is heard which one is spoken; the
        `vocabulary` are names that may be said. Raises EngineError for a language that the model
        does not know, and when the engine dies.
        """
        _check_language(self.loaded, language)
        pauses = Pauses(samples, speech)
        heard = pad_speech(speech, len(samples) / SAMPLE_RATE)
        windows = pack_windows(pauses, heard, self._decoder.window_seconds - _FRAME_MARGIN)
        if not windows:
            return Transcript(language or "en", (), self.warnings)
        sounds = (window.sound(samples) for window in windows)
        spoken = language or main_language(self._decoder, list(sounds))
        transcriber = WindowTranscriber(
            self._decoder, samples, pauses, vocabulary, spoken, language_given=bool(language)
        )
        passages = self._transcribe_windows(transcriber, windows, tick)
        doubts = [doubt for passage in passages for doubt in passage.doubts]
        silent = sum(
            pauses.voiced(doubt.start, doubt.end) for doubt in doubts if doubt.why == NO_WORDS
        )
        return Transcript(
            spoken,
            clamp_word_times([word for passage in passages for word in passage.words]),
            self.warnings,
            tuple(doubts),
            speech=ms(sum(span.end - span.start for span in speech)),
            wordless=ms(silent),
        )

    def _transcribe_windows(
        self, transcriber: WindowTranscriber, windows: Sequence[Window], tick: Tick
    ) -> list[TranscribedWindow]:
        """The words of each window, in order; `tick` is called as batches are done.

        One batch more than the model decodes at a time is under way: its features are computed,
        and its words are aligned, meanwhile.
        """
        most = self._options.batch_size
        if self.device == "cpu":
            most = min(most, _CPU_BATCH)
        size = even_batch_size(len(windows), most, self.loaded.workers)
        batches = [windows[at : at + size] for at in range(0, len(windows), size)]
        passages: list[TranscribedWindow] = []
        pool = ThreadPoolExecutor(self.loaded.workers + 1)
        try:
            heard = pool.map(transcriber.transcribe, batches)
            for batch, said in zip(batches, heard, strict=True):
                passages += said
                tick(batch[-1].end)
        finally:  # Ctrl-C, or an error: what has not begun never does
            pool.shutdown(cancel_futures=True)
        return passages


def even_batch_size(count: int, most: int, workers: int) -> int:
    """The size, at most `most`, of batches that keep each worker as busy as the others."""
    rounds = -(-count // (most * workers))
    return -(-count // (rounds * workers))


def _check_language(loaded: LoadedModel, language: str | None) -> None:
    """Raises EngineError for a language that the model does not know."""
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    if language is None:
        return
    if language not in _LANGUAGE_CODES:
        raise EngineError(f"Whisper knows no language {language!r}: give an ISO code such as en")
    if language != "en" and not loaded.model.model.is_multilingual:
        raise EngineError(
            f"{loaded.name} knows English only, not {language!r}: take a model without .en"
        )
