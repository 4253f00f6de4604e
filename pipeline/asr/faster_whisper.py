"""faster-whisper: Whisper on CTranslate2, batched, with what batching drops or makes up caught.

Whisper: A. Radford et al., arXiv 2212.04356. The speech is packed into windows of 30 s, or of
what else a model was made for, none of which holds anything else; a batch of them is decoded at
once. A window whose speech came back without words, or whose words a guard finds suspicious, is
heard again alone with other settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from pipeline import config
from pipeline.asr import Tick, Transcriber
from pipeline.asr.attempts import Heard, settled
from pipeline.asr.timing import sane
from pipeline.asr.whisper_model import Opened, open_model
from pipeline.asr.windows import RATE, Window, pack
from pipeline.data import Doubt, Span, Transcript, Word, ms
from pipeline.errors import EngineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SPARE = 0.1  # seconds of what the model hears at once: windows are rounded up to whole frames
_FRAMES = 100  # a second; word times count from the frame that a window begins at
_LANGUAGE_WINDOWS = 4  # heard to tell the language
_SURE = 0.5  # under this probability the language is a guess
_CPU_BATCH = 2  # windows: more of them leave the cache and are slower (transcribe_hour.py)
_MAX_TOKENS = 220  # of one window: seven words a second, and room for a full prompt
_UNSPACED = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km"})  # written without spaces

# models in use: one that is wanted again in another language is not loaded twice
_OPEN: WeakValueDictionary[tuple[object, ...], Opened] = WeakValueDictionary()


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a window is heard. Nothing is drawn at random at temperature 0."""

    language: str
    beam_size: int = 5
    hotwords: str | None = None
    temperature: float = 0.0
    repetition_penalty: float = 1.0
    no_repeat: int = 0  # words in a row that may not come twice; 0: all may


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
        self._whisper = opened.model
        self._options = options
        self._vocabulary = vocabulary
        most = _CPU_BATCH if opened.device == "cpu" else options.batch_size
        self._batch = min(options.batch_size, most)

    def transcribe(
        self, samples: NDArray[np.float32], speech: Sequence[Span], tick: Tick
    ) -> Transcript:
        """See `Transcriber`. The language, unless it is given, is that of the whole of `samples`.

        A recording in several blocks should give the first block's language to the others.
        """
        windows = pack(samples, speech, self._whisper.feature_extractor.chunk_length - _SPARE)
        if not windows:
            return Transcript(self._options.language or "en", (), self.warnings)
        language, guessed = self._language(samples, windows)
        hotwords = ", ".join(self._vocabulary) or None
        how = Decoding(language, self._options.beam_size, hotwords)
        words: list[Word] = []
        doubts: list[Doubt] = list(guessed)
        for window, heard in zip(windows, self._heard(samples, windows, how), strict=True):
            others = [partial(self._alone, samples, window, o) for o in _other_settings(how)]
            kept, why = settled(window, heard, others, self._vocabulary)
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
        if not self._whisper.model.is_multilingual:
            return "en", ()
        step = max(1, len(windows) // _LANGUAGE_WINDOWS)
        sums: dict[str, float] = {}
        asked = windows[::step][:_LANGUAGE_WINDOWS]
        for window in asked:
            _, _, all_of_them = self._whisper.detect_language(window.sound(samples))
            for code, probability in all_of_them:
                sums[code] = sums.get(code, 0.0) + probability / len(asked)
        best = max(sums, key=lambda code: sums[code])
        if sums[best] >= _SURE:
            return best, ()
        why = f"the language is a guess ({best}, {sums[best]:.0%}): give it in event.toml"
        return best, (Doubt(windows[0].start, windows[-1].end, why),)

    def _heard(
        self, samples: NDArray[np.float32], windows: Sequence[Window], how: Decoding
    ) -> Iterator[Heard]:
        """The words of each window, in order.

        One batch more than the model decodes at a time is under way: its features are computed,
        and its words are aligned, meanwhile.
        """
        hear = self._batched if self._batch > 1 and len(windows) > 1 else self._one_by_one
        batches = [windows[at : at + self._batch] for at in range(0, len(windows), self._batch)]
        pool = ThreadPoolExecutor(self.opened.workers + 1)
        try:
            for heard in pool.map(lambda batch: hear(samples, batch, how), batches):
                yield from heard
        finally:  # Ctrl-C, or an error: what has not begun never does
            pool.shutdown(cancel_futures=True)

    def _one_by_one(
        self, samples: NDArray[np.float32], windows: Sequence[Window], how: Decoding
    ) -> list[Heard]:
        return [self._alone(samples, window, how) for window in windows]

    def _alone(self, samples: NDArray[np.float32], window: Window, how: Decoding) -> Heard:
        """One window by Whisper's own sequential decoding."""
        segments, _ = self._whisper.transcribe(
            window.sound(samples),
            language=how.language,
            beam_size=how.beam_size,
            temperature=how.temperature,
            repetition_penalty=how.repetition_penalty,
            no_repeat_ngram_size=how.no_repeat,
            condition_on_previous_text=False,
            max_new_tokens=_MAX_TOKENS,
            hotwords=how.hotwords,
            word_timestamps=True,
        )
        heard = [word for segment in _exhausted(segments) for word in segment.words]
        return _placed(window, heard, 0.0, how.language)

    def _batched(
        self, samples: NDArray[np.float32], windows: Sequence[Window], how: Decoding
    ) -> list[Heard]:
        """The windows decoded at once: given to the engine as clips of one sound."""
        from faster_whisper import BatchedInferencePipeline

        sound, starts = _laid_out(samples, windows)
        clips = [
            {"start": start, "end": start + window.length}
            for start, window in zip(starts, windows, strict=True)
        ]
        seeks = [_seek(start) for start in starts]
        segments, _ = BatchedInferencePipeline(self._whisper).transcribe(
            sound,
            language=how.language,
            beam_size=how.beam_size,
            temperature=how.temperature,
            max_new_tokens=_MAX_TOKENS,
            clip_timestamps=clips,
            batch_size=len(windows),
            hotwords=how.hotwords,
            word_timestamps=True,
        )
        said: dict[int, list[Any]] = {seek: [] for seek in seeks}
        for segment in _exhausted(segments):
            said[segment.seek] += segment.words
        return [
            _placed(window, said[seek], seek / _FRAMES, how.language)
            for window, seek in zip(windows, seeks, strict=True)
        ]


def _other_settings(how: Decoding) -> tuple[Decoding, ...]:
    """What is tried in turn: alone and unprompted, then forbidden to repeat itself."""
    alone = replace(how, hotwords=None)
    return alone, replace(alone, repetition_penalty=1.15, no_repeat=4)


def _exhausted(segments: Any) -> Iterator[Any]:
    """The lazy segments; a GPU that is too small for the batch is said in words."""
    try:
        yield from segments
    except RuntimeError as error:
        if "out of memory" not in str(error):
            raise
        raise EngineError(
            "the GPU's memory does not hold the model and its batch: "
            "take --set asr.batch_size=1, or a smaller --model"
        ) from error


def _laid_out(
    samples: NDArray[np.float32], windows: Sequence[Window]
) -> tuple[NDArray[np.float32], list[float]]:
    """The windows' speech one after the other, each beginning on a frame, and those starts."""
    import numpy

    pieces, starts, done = [], [], 0
    for window in windows:
        sound = window.sound(samples)
        starts.append((done + 0.5) / RATE)  # faster-whisper rounds down
        pieces.append(numpy.pad(sound, (0, -len(sound) % (RATE // _FRAMES))))
        done += len(pieces[-1])
    return numpy.concatenate(pieces), starts


def _seek(start: float) -> int:
    """The frame that faster-whisper takes for a clip's start, rounding down twice as it does."""
    return int(int(start * RATE) / RATE * _FRAMES)


def _placed(window: Window, heard: Sequence[Any], start: float, language: str) -> Heard:
    """faster-whisper's words on the recording's time; the window's sound was laid at `start`."""
    words: list[Word] = []
    for word in heard:
        glued = not word.word.startswith(" ") and language not in _UNSPACED and bool(words)
        placed = window.word(
            word.start - start, word.end - start, word.word.strip(), word.probability
        )
        if glued:  # "GPT" "-4": one word to a reader
            last = words.pop()
            sure = min(last.probability, placed.probability)
            placed = Word(last.start, ms(placed.end), last.text + placed.text, sure)
        if placed.text:
            words.append(placed)
    return tuple(words)


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
