"""Speech packed into windows that an engine hears at once, and back to the recording's time.

A window is made of speech only: what lies between its spans is left out, and `word` undoes that.
Windows are cut in the longest pause that is near enough to their end: a model that is given half a
sentence stops where the last whole one ends.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pipeline.audio.wav import SAMPLE_RATE, Sound, as_float
from pipeline.data import Span, Word, ms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FRAME = 0.025  # seconds of a frame that is quiet or not
_LEVEL_WINDOW = 10.0  # seconds whose speech says what is quiet
_QUIET_RATIO = 0.02  # of its mean power, -17 dB: the speaker pauses
_MIN_PAUSE = 0.1  # seconds of quiet in which a window may be cut
_ALIGNMENT_TAIL = 0.15  # seconds of the word before that may stand in front of a pause
# of what fits, the fuller first if a pause allows: 453 of 5,283 words are wrong, by 0.5 alone
# 456, by 0.9 alone 447, which makes windows of 2 s
_MIN_FILL = (0.9, 0.5)
_MIN_WINDOW = 1.0  # seconds of a window
_PADDING = 0.3  # seconds of silence kept on each side of a span, besides what the span has


@dataclass(frozen=True, slots=True)
class Window:
    """Spans of speech, in time order, heard as one piece."""

    spans: tuple[Span, ...]

    @property
    def start(self) -> float:
        return self.spans[0].start

    @property
    def end(self) -> float:
        return self.spans[-1].end

    @property
    def length(self) -> float:
        """Seconds of speech in it."""
        return sum(span.end - span.start for span in self.spans)

    def sound(self, samples: Sound) -> NDArray[np.float32]:
        """The speech of the window without the gaps, shape (length x SAMPLE_RATE,)."""
        import numpy

        edges = [(round(s.start * SAMPLE_RATE), round(s.end * SAMPLE_RATE)) for s in self.spans]
        return as_float(numpy.concatenate([samples[first:last] for first, last in edges]))

    def part(self, start: float, end: float) -> Window | None:
        """What of it lies between two times."""
        spans = _clip_spans(self.spans, start, end)
        return Window(spans) if spans else None

    def word(self, start: float, end: float, text: str, probability: float) -> Word:
        """A word heard at `start`-`end` seconds of the window's sound, on the samples' time.

        It lies within the span in which it ends: an aligner gives a word the pause before it.
        """
        ends = list(accumulate(span.end - span.start for span in self.spans))
        late = max((start + end) / 2, end - _ALIGNMENT_TAIL)
        place = next((n for n, done in enumerate(ends) if late < done), len(ends) - 1)
        span = self.spans[place]
        shift = span.end - ends[place]
        first = min(max(start + shift, span.start), span.end)
        last = min(max(end + shift, first), span.end)
        return Word(ms(first), ms(last), text, round(min(1.0, max(0.0, float(probability))), 3))


class Pauses:
    """Where in some samples nobody speaks: between the spans of speech, and inside them."""

    def __init__(self, samples: Sound, speech: Sequence[Span]) -> None:
        import numpy
        from scipy.ndimage import uniform_filter1d

        size = round(_FRAME * SAMPLE_RATE)
        frames = samples[: len(samples) // size * size].reshape(-1, size)
        most = 32768.0 if frames.dtype == numpy.int16 else 1.0
        self._power = numpy.einsum("ij,ij->i", frames, frames, dtype=numpy.float64) / size / most**2
        spoken = numpy.zeros(len(frames))
        for span in speech:
            spoken[round(span.start / _FRAME) : round(span.end / _FRAME)] = 1.0
        width = min(round(_LEVEL_WINDOW / _FRAME), max(1, len(frames)))
        mean = uniform_filter1d(self._power * spoken, width, mode="constant")
        share = uniform_filter1d(spoken, width, mode="constant")
        self._loud = (spoken > 0) & (self._power * share >= _QUIET_RATIO * mean)
        self.runs = _quiet_runs(~self._loud)

    def voiced(self, start: float, end: float) -> float:
        """Seconds between two times in which somebody is heard."""
        return float(self._loud[round(start / _FRAME) : round(end / _FRAME)].sum()) * _FRAME

    def onset(self, start: float, end: float) -> float:
        """Where a word between two times begins: behind the pause that an aligner gave to it."""
        for run in self.between(start, end):
            if (
                run.start - start < _ALIGNMENT_TAIL
                and run.end - run.start >= _MIN_PAUSE
                and run.end < end - _FRAME
            ):
                start = run.end
        return start

    def between(self, start: float, end: float) -> list[Span]:
        """What two times hold of the pauses."""
        first = bisect_right(self.runs, start, key=lambda run: run.end)
        after = bisect_left(self.runs, end, key=lambda run: run.start)
        return [Span(max(r.start, start), min(r.end, end)) for r in self.runs[first:after]]

    def quietest(self, start: float, end: float) -> float:
        """The middle of the quietest frame between two times."""
        first = max(0, round(start / _FRAME))
        power = self._power[first : max(first + 1, round(end / _FRAME))]
        return ms((first + int(power.argmin()) + 0.5) * _FRAME) if len(power) else start


def pad_speech(speech: Sequence[Span], end: float) -> tuple[Span, ...]:
    """Speech with silence around it, no sound twice: without pauses a model leaves words out."""
    befores = [0.0, *(span.end for span in speech)]
    afters = [*(span.start for span in speech[1:]), end + (end - speech[-1].end)] if speech else []
    return tuple(
        Span(
            ms(span.start - min(_PADDING, (span.start - before) / (2 if before else 1))),
            ms(span.end + min(_PADDING, (after - span.end) / 2)),
        )
        for span, before, after in zip(speech, befores, afters, strict=False)
    )


def pack_windows(pauses: Pauses, speech: Sequence[Span], longest: float) -> tuple[Window, ...]:
    """Windows of at most `longest` seconds that hold all of `speech`, each bit of it once."""
    windows = []
    left = tuple(speech)
    while left:
        end = _window_end(pauses, left, longest)
        windows.append(Window(_clip_spans(left, left[0].start, end)))
        left = _clip_spans(left, end, left[-1].end)
    return tuple(window for window in windows if window.spans)


def _window_end(pauses: Pauses, left: Sequence[Span], longest: float) -> float:
    """Where the window that begins with `left` ends: in a pause, a late one if there is one."""
    latest = _time_after(left, longest)
    if latest >= left[-1].end:
        return left[-1].end
    filled = [_time_after(left, share * longest) for share in _MIN_FILL]
    for soonest in (*filled, left[0].start + _MIN_WINDOW):
        best = max(
            pauses.between(soonest, latest), key=lambda run: run.end - run.start, default=None
        )
        if best and best.end - best.start >= _MIN_PAUSE:
            return ms((best.start + best.end) / 2)
    return pauses.quietest(_time_after(left, 0.75 * longest), latest)


def _time_after(spans: Sequence[Span], seconds: float) -> float:
    """The time at which so many seconds of the spans are over."""
    for span in spans:
        if seconds < span.end - span.start:
            return span.start + seconds
        seconds -= span.end - span.start
    return spans[-1].end


def _clip_spans(spans: Sequence[Span], start: float, end: float) -> tuple[Span, ...]:
    clipped = (Span(max(one.start, start), min(one.end, end)) for one in spans)
    return tuple(span for span in clipped if span.end > span.start)


def _quiet_runs(quiet: NDArray[np.bool_]) -> list[Span]:
    """The stretches of quiet frames, in order."""
    import numpy

    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], quiet.astype(int), [0]])))
    return [
        Span(ms(first * _FRAME), ms(after * _FRAME))
        for first, after in edges.reshape(-1, 2).tolist()
    ]
