"""The event's sound for a browser: one Opus file, made once, of the decoded recording."""

from pathlib import Path

import av

from pipeline.audio.wav import SAMPLE_RATE
from pipeline.cache import writing
from pipeline.data import Audio
from pipeline.progress import Tick

BITS = 24_000  # a second: clear speech, 86 MB for eight hours
_RATE = 48_000  # Opus' own


def sound_of(audio: Audio, root: Path, tick: Tick) -> Path:
    """Where the Opus file lies, made if it is not there; `tick` hears how far it is.

    WebM, whose index lets a browser jump. Raises CacheError.
    """
    place = root / "sound" / f"{audio.digest}.webm"
    if not place.exists():
        with writing(place):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = place.with_suffix(".part")
            _encode(audio.path, half, tick)
            half.replace(place)
    return place


def _encode(wav: Path, place: Path, tick: Tick) -> None:
    done = 0
    with av.open(str(wav)) as source, av.open(str(place), "w", format="webm") as out:
        stream = out.add_stream("libopus", rate=_RATE, layout="mono")
        stream.bit_rate = BITS
        resampler = av.AudioResampler("s16", "mono", _RATE)
        for frame in source.decode(audio=0):
            done += frame.samples
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
            tick(done / SAMPLE_RATE)
        for piece in resampler.resample(None):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
