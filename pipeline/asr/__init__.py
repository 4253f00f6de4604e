"""Speech to words.

Promise: every stretch of speech an engine is given comes back as words in time order, each with
its own start, end and probability. What an engine could not be sure of is in `Transcript.doubts`,
with its words kept at a low probability: nothing is silently kept, and nothing silently dropped.
An engine module exports
`load(options: config.Asr, run: config.Run, vocabulary: tuple[str, ...]) -> Transcriber`, which
raises EngineError with the way to get what is missing. Nothing heavy is imported before `load`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from pipeline.data import Span, Transcript

if TYPE_CHECKING:
    from pipeline.audio.wav import Sound
    from pipeline.progress import Tick


class Transcriber(Protocol):
    """An engine with its model loaded, kept for many recordings."""

    def transcribe(self, samples: Sound, speech: Sequence[Span], tick: Tick) -> Transcript:
        """The words of `speech`, spans of `samples` (n,), 16 kHz, 16-bit or in [-1, 1].

        All times, those of the result too, are seconds from the first sample. Sound outside
        `speech` is never given to the engine. `tick` is called with the seconds of `samples`
        that are done, never falling. Raises EngineError when the engine dies.
        """
        ...
