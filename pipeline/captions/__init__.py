"""Captions stand for hearing: a .vtt or .srt file, or the subtitle track of a recording.

`cues` reads them, `voices` finds who speaks, `spoken` makes words and turns of them, `event` says
which captions belong to which recording.
"""

from pipeline.captions.event import of_event as of_event
from pipeline.captions.event import soundless_audio as soundless_audio
from pipeline.captions.spoken import Captioned as Captioned
