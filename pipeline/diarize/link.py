"""Speakers of blocks become speakers of the event."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.data import Diarization, Span, Turn, Voice, ms
from pipeline.event import SpeakerCount


def link(blocks: Sequence[tuple[Span, Diarization]], count: SpeakerCount) -> Diarization:
    """One diarization on the event's time line; a single block keeps its speakers."""
    if len(blocks) == 1:
        span, only = blocks[0]
        turns = tuple(Turn(ms(t.start + span.start), ms(t.end + span.start), t.speaker) for t in only.turns)
        return Diarization(turns, only.voices)
    raise NotImplementedError
