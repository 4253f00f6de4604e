"""Who speaks when: engines that find speakers in a block, and what joins blocks and words.

`campplus` and `pyannote` each have `load(options: config.Diarize, run: config.Run) -> Diarizer`;
`link` makes one diarization of an event's blocks, `merge` gives each word its speaker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipeline.audio.wav import Sound
    from pipeline.data import Diarization, Span
    from pipeline.event import SpeakerCount
    from pipeline.progress import Tick


class Diarizer(Protocol):
    """An engine that is loaded and ready."""

    def diarize(
        self, samples: Sound, speech: Sequence[Span], count: SpeakerCount, tick: Tick
    ) -> Diarization:
        """Turns and one voice per speaker; times in seconds from the first of `samples`.

        `samples`: mono, 16 kHz, 16-bit or in [-1, 1]. A turn may reach beyond `speech`, none lies
        outside of it. A `count` that is given is kept as far as there is speech for so many. `tick`
        hears the seconds of audio done so far. Raises EngineError when the engine fails for a
        reason outside the recording.
        """
        ...
