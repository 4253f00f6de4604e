"""Speech packed into windows that an engine hears at once, and back to the recording's time.

A window is made of speech only: what lies between its spans is left out, and `at` undoes that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from pipeline.data import Span, Word, ms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000  # samples a second
_STEP = 0.05  # seconds of sound whose loudness is compared when a span has to be cut
_NEAR = 0.6  # a cut is looked for in the last 40% of what a window holds


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
    samples: NDArray[np.float32], speech: Sequence[Span], longest: float, pause: float = 1e9
) -> tuple[Window, ...]:
    """Windows of at most `longest` seconds that hold all of `speech`, each bit of it once.

    A span that is longer is cut where it is quietest. A gap longer than `pause` seconds begins a
    new window.
    """
    windows: list[list[Span]] = []
    filled = 0.0
    for span in (piece for long in speech for piece in _pieces(samples, long, longest)):
        length = span.end - span.start
        if not windows or filled + length > longest or span.start - windows[-1][-1].end > pause:
            windows.append([])
            filled = 0.0
        windows[-1].append(span)
        filled += length
    return tuple(Window(tuple(window)) for window in windows)


def _pieces(samples: NDArray[np.float32], span: Span, longest: float) -> list[Span]:
    """The span in pieces that a window can hold."""
    pieces = []
    while span.end - span.start > longest:
        at = _quietest(samples, span.start + longest * _NEAR, span.start + longest)
        pieces.append(Span(span.start, at))
        span = Span(at, span.end)
    return [*pieces, span]


def _quietest(samples: NDArray[np.float32], start: float, end: float) -> float:
    """The middle of the quietest fifth of a second, in seconds."""
    import numpy

    size = round(_STEP * RATE)
    sound = _cut(samples, Span(start, end))
    count = len(sound) // size
    power = numpy.square(sound[: count * size].astype(numpy.float64)).reshape(count, size).mean(1)
    smooth = numpy.convolve(power, numpy.ones(4), mode="valid")
    return ms(start + (int(numpy.argmin(smooth)) + 2) * _STEP)


def _cut(samples: NDArray[np.float32], span: Span) -> NDArray[np.float32]:
    return samples[round(span.start * RATE) : round(span.end * RATE)]
