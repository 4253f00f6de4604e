"""How the room took it."""

from collections.abc import Sequence

from pipeline.audio.wav import Tick, ignore
from pipeline.data import Audio, RoomSound, Span


def hear_room(audio: Audio, speech: Sequence[Span], tick: Tick = ignore) -> tuple[RoomSound, ...]:
    return ()
