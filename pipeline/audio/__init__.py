"""Recordings become sound on one time line, and what can be told of it without an engine.

Promise: any file that PyAV opens becomes one 16 kHz mono WAV on disk; memory does not grow with
its length. From it come where people speak, the blocks that engines are fed, and how the room
took it. Which files make an event is told in `inputs`.
"""

from pipeline.audio.blocks import cut_blocks
from pipeline.audio.clip import clip
from pipeline.audio.decode import decode
from pipeline.audio.probe import probed
from pipeline.audio.room import hear_room
from pipeline.audio.tracks import Wanted
from pipeline.audio.vad import find_speech
from pipeline.audio.wav import SAMPLE_RATE, Tick, content_digest, read

__all__ = [
    "SAMPLE_RATE",
    "Tick",
    "Wanted",
    "clip",
    "content_digest",
    "cut_blocks",
    "decode",
    "find_speech",
    "hear_room",
    "probed",
    "read",
]
