"""Recordings become sound on one time line, and what can be told of it without an engine.

Promise: any file that PyAV opens becomes one 16 kHz mono WAV on disk; memory does not grow with
its length. From it come where people speak, the blocks that engines are fed, and how the room
took it. Which files make an event is told in `inputs`.
"""

from pipeline.audio.blocks import cut_blocks as cut_blocks
from pipeline.audio.clip import clip as clip
from pipeline.audio.decode import decode as decode
from pipeline.audio.probe import probed as probed
from pipeline.audio.room import hear_room as hear_room
from pipeline.audio.tracks import TrackWish as TrackWish
from pipeline.audio.vad import find_speech as find_speech
from pipeline.audio.wav import SAMPLE_RATE as SAMPLE_RATE
from pipeline.audio.wav import content_digest as content_digest
from pipeline.audio.wav import read as read
from pipeline.audio.wav import read_samples as read_samples
