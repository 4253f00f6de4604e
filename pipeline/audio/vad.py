"""Where somebody speaks: Silero VAD (the model inside faster-whisper's wheel), run as a stream.

The model looks at 32 ms at a time with the 4 ms before it and carries an LSTM state, so feeding it
block by block, state kept, gives what the whole file at once would, in bounded memory.
https://github.com/snakers4/silero-vad
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.wav import SAMPLE_RATE, read
from pipeline.data import Audio, Span, ms
from pipeline.errors import EngineError, NoSpeech
from pipeline.progress import Tick, ignore

WINDOW = 512  # samples that the model judges at once
STEP = WINDOW / SAMPLE_RATE  # seconds
_CONTEXT = 64  # samples before the window that it sees too
_BATCH = 256  # windows per call, 8 s: more gains no speed and costs memory
_STATE = (1, 1, 128)
_QUIET = 0.01  # no sample beyond this (-40 dB, after levelling): silence


@dataclass(frozen=True, slots=True)
class VadOptions:
    """How window probabilities become spans."""

    on: float = 0.5  # speech begins at this probability
    off: float = 0.35  # and ends under this one
    min_speech: float = 0.2  # seconds; shorter bursts are clicks and notes, not words
    min_silence: float = 0.5  # seconds; shorter pauses stay inside the span
    pad: float = 0.2  # seconds kept on each side: the model clips soft first and last sounds
    longest: float = 300.0  # seconds; a longer span is cut where speech is least likely


DEFAULT = VadOptions()
# finds the one word of AMI's trn01 and trn02, and something in 17 of 72 clips of noise: a doubt
LENIENT = VadOptions(on=0.25, off=0.15, min_speech=0.1)
_TOLD = 3  # doubts


def find_speech(audio: Audio, tick: Tick = ignore, rules: VadOptions = DEFAULT) -> tuple[Span, ...]:
    """The spans in which somebody speaks, in order, not overlapping.

    `tick` gets the seconds done. Raises NoSpeech, which says whether there is silence or sound.
    """
    found: list[NDArray[np.float32]] = []
    loudest = 0.0
    for probabilities, peak in speech_probabilities(audio):
        found.append(probabilities)
        loudest = max(loudest, peak)
        tick(min(audio.duration, sum(map(len, found)) * STEP))
    judged = np.concatenate([*found, np.zeros(0, np.float32)])
    spans = to_spans(judged, audio.duration, rules)
    if not spans:
        raise _no_speech(audio, loudest, to_spans(judged, audio.duration, LENIENT))
    return spans


def to_spans(
    probabilities: NDArray[np.float32], duration: float, rules: VadOptions = DEFAULT
) -> tuple[Span, ...]:
    """Spans from the speech probability of each window, shape (windows,)."""
    spans: list[Span] = []
    for first, last in _runs(probabilities, rules):
        for start, end in _cut_long(probabilities, first, last, round(rules.longest / STEP)):
            spans.append(Span(start * STEP, min(end * STEP, duration)))
    return _padded(spans, duration, rules.pad)


def speech_probabilities(audio: Audio) -> Iterator[tuple[NDArray[np.float32], float]]:
    """(speech probability of each window, greatest sample) for one batch after the other."""
    session = _session()
    memory = np.zeros(_STATE, np.float32)
    cell = np.zeros(_STATE, np.float32)
    before = np.zeros(_CONTEXT, np.float32)
    seconds = _BATCH * STEP
    for index in range(int(np.ceil(audio.duration / seconds))):
        sound = read(audio, index * seconds, (index + 1) * seconds)
        if not len(sound):
            return  # the last block, when the length was rounded up
        windows = np.pad(sound, (0, -len(sound) % WINDOW)).reshape(-1, WINDOW)
        context = np.vstack([before, windows[:-1, -_CONTEXT:]])
        before = windows[-1, -_CONTEXT:]
        seen = np.hstack([context, windows])
        out, memory, cell = session.run(None, {"input": seen, "h": memory, "c": cell})
        yield out.reshape(-1), float(np.abs(sound).max(initial=0.0))


def _runs(probabilities: NDArray[np.float32], rules: VadOptions) -> Iterator[tuple[int, int]]:
    """(first, after last) windows of speech, by hysteresis; short pauses are bridged."""
    patience = rules.min_silence / STEP
    shortest = rules.min_speech / STEP
    start: int | None = None
    silent: int | None = None
    for place, probability in enumerate(probabilities.tolist()):
        if probability >= rules.on:
            start = place if start is None else start
            silent = None
        elif start is not None and probability < rules.off:
            silent = place if silent is None else silent
            if place - silent >= patience:
                if silent - start >= shortest:
                    yield start, silent
                start = silent = None
    end = silent if silent is not None else len(probabilities)
    if start is not None and end - start >= shortest:
        yield start, end


def _cut_long(
    probabilities: NDArray[np.float32], first: int, last: int, longest: int
) -> Iterator[tuple[int, int]]:
    """A run in pieces of at most `longest` windows, cut where speech is least likely."""
    while last - first > longest:
        half = first + longest // 2
        at = half + int(np.argmin(probabilities[half : first + longest]))
        yield first, at
        first = at
    yield first, last


def _padded(spans: list[Span], duration: float, pad: float) -> tuple[Span, ...]:
    """Each span longer by `pad` on both sides, neighbours sharing what lies between them."""
    padded = []
    for place, span in enumerate(spans):
        before = span.start - (spans[place - 1].end if place else -span.start)
        after = (spans[place + 1].start if place + 1 < len(spans) else 2 * duration) - span.end
        start = max(0.0, span.start - min(pad, before / 2))
        end = min(duration, span.end + min(pad, after / 2))
        padded.append(Span(ms(start), ms(end)))
    return tuple(padded)


@cache
def _session() -> Any:
    """The model, on one thread (a recording each is the better use of the cores).

    onnxruntime's memory arena stays on: without it the heap fragments now and then, to 900 MB for
    an hour of sound.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(
        str(_model_file()), sess_options=options, providers=["CPUExecutionProvider"]
    )


def _model_file() -> Path:
    """Found without importing faster_whisper, which takes seconds."""
    package = find_spec("faster_whisper")
    for folder in (package.submodule_search_locations or []) if package else []:
        for file in sorted(Path(folder, "assets").glob("silero_vad*.onnx")):
            return file
    raise EngineError("Silero VAD is missing: it comes with pip install 'faster-whisper>=1.2'")


def _no_speech(audio: Audio, loudest: float, scraps: tuple[Span, ...]) -> NoSpeech:
    """`scraps`: what may be speech, too little of it to hear words in."""
    names = ", ".join(part.name for part in audio.parts)
    what = "silence" if loudest < _QUIET else "sound, but no speech"
    if scraps:
        places = ", ".join(f"{span.start:.0f} s" for span in scraps[:_TOLD])
        what += f", perhaps a word at {places}"
    return NoSpeech(
        f"{names}: nobody speaks in it (it holds only {what}); "
        "check that it is the right recording and the right microphone"
    )
