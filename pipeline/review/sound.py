"""The event's sound for a browser: one Opus file, made once, of the decoded recording."""

from dataclasses import dataclass
from pathlib import Path

import av

from pipeline.audio.wav import SAMPLE_RATE
from pipeline.cache import writing
from pipeline.data import Audio
from pipeline.errors import unexpected
from pipeline.progress import Tick

BITS = 24_000  # a second: clear speech, 86 MB for eight hours
_RATE = 48_000  # Opus' own


@dataclass
class Sound:
    """How much of the file is made, where it lies when it is, and why there is none."""

    done: float = 0.0  # of 1
    place: Path | None = None
    problem: str = ""

    def make(self, audio: Audio, root: Path) -> None:
        """The file, while the page can be read already."""

        def tick(seconds: float) -> None:
            self.done = min(0.99, round(seconds / max(audio.duration, 1.0), 2))

        try:
            self.place = sound_of(audio, root, tick)
            self.done = 1.0
        except Exception as error:  # words can be corrected without a sound
            self.problem = str(unexpected(error))


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
