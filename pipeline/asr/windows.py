"""Speech packed into windows that an engine hears at once, and back to the recording's time.

A window is made of speech only: what lies between its spans is left out, and `at` undoes that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import TYPE_CHECKING

from pipeline.data import Span, Word, ms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000  # samples a second
_STEP = 0.05  # seconds between the places at which a span may be cut
_STEPS = 4  # of them in the stretch that has to be quiet
_PAUSE = 0.02  # of the mean power, -17 dB: the speaker pauses
_WORTH = 2.0  # seconds of room for which a span is cut
_SOONEST = round(1.0 / _STEP)  # into a span: no window for less than a second of it


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

    def sound(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The speech of the window without the gaps, shape (length x 16000,)."""
        import numpy

        return numpy.concatenate([_cut(samples, span) for span in self.spans])

    def word(self, start: float, end: float, text: str, probability: float) -> Word:
        """A word heard at `start`-`end` seconds of the window's sound, on the samples' time.

        It lies within the span that holds its middle.
        """
        ends = list(accumulate(span.end - span.start for span in self.spans))
        middle = (start + end) / 2
        place = next((n for n, done in enumerate(ends) if middle < done), len(ends) - 1)
        span = self.spans[place]
        shift = span.end - ends[place]
        first = min(max(start + shift, span.start), span.end)
        last = min(max(end + shift, first), span.end)
        return Word(ms(first), ms(last), text, round(min(1.0, max(0.0, float(probability))), 3))


def pack(
    samples: NDArray[np.float32], speech: Sequence[Span], longest: float, pause: float = inf
) -> tuple[Window, ...]:
    """Windows of at most `longest` seconds that hold all of `speech`, each bit of it once.

    A gap longer than `pause` seconds begins a new window. A span that does not fit is cut in one
    of the short pauses inside it; one that is too long for any window and has none, where it is
    quietest.
    """
    windows: list[list[Span]] = []
    left = list(reversed(speech))
    while left:
        span = left.pop()
        room = longest - _filled(windows[-1], span, pause, longest) if windows else 0.0
        if span.end - span.start <= room:
            windows[-1].append(span)
        elif at := _pause(samples, span, room):
            windows[-1].append(Span(span.start, at))
            left.append(Span(at, span.end))
        elif span.end - span.start <= longest:
            windows.append([span])
        else:
            at = _pause(samples, span, longest) or _quietest(samples, span, longest)
            windows.append([Span(span.start, at)])
            left.append(Span(at, span.end))
    return tuple(Window(tuple(window)) for window in windows)


def _filled(window: Sequence[Span], span: Span, pause: float, longest: float) -> float:
    """Seconds that a window holds: all it can, when `span` comes too long after it."""
    if span.start - window[-1].end > pause:
        return longest
    return sum(one.end - one.start for one in window)


def _pause(samples: NDArray[np.float32], span: Span, room: float) -> float | None:
    """The last pause in the span's first `room` seconds, if there is one."""
    import numpy

    if room < _WORTH:
        return None
    power = _power(samples, Span(span.start, span.start + room))
    pauses = numpy.flatnonzero(power[_SOONEST:] < _PAUSE * power.mean())
    return _middle(span.start, int(pauses[-1]) + _SOONEST) if len(pauses) else None


def _quietest(samples: NDArray[np.float32], span: Span, room: float) -> float:
    """The quietest place in the last quarter of the span's first `room` seconds."""
    start = span.start + 0.75 * room
    power = _power(samples, Span(start, span.start + room))
    return _middle(start, int(power.argmin()))


def _middle(start: float, place: int) -> float:
    return ms(start + (place + _STEPS / 2) * _STEP)


def _power(samples: NDArray[np.float32], span: Span) -> NDArray[np.float64]:
    """The mean power of each fifth of a second that begins at a multiple of _STEP."""
    import numpy

    size = round(_STEP * RATE)
    sound = _cut(samples, span).astype(numpy.float64)
    count = len(sound) // size
    power = numpy.square(sound[: count * size]).reshape(count, size).mean(axis=1)
    return numpy.convolve(power, numpy.full(_STEPS, 1 / _STEPS), mode="valid")


def _cut(samples: NDArray[np.float32], span: Span) -> NDArray[np.float32]:
    return samples[round(span.start * RATE) : round(span.end * RATE)]
