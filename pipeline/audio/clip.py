"""A short piece of the event as a file of its own: the sound behind a receipt."""

import io
from pathlib import Path

import av
import numpy as np

from pipeline.audio.wav import SAMPLE_RATE, header, read
from pipeline.cache import write_atomic
from pipeline.data import Audio, Span
from pipeline.errors import UsageError

FADE = SAMPLE_RATE * 15 // 1000  # samples: against the click of a cut
_ENCODERS = {".mp3": "mp3", ".opus": "libopus", ".flac": "flac"}


def clip(audio: Audio, span: Span, path: Path) -> None:
    """Write what is heard in `span` to `path`: wav, mp3, opus or flac, by its ending.

    Only the span is read. Raises UsageError for another ending, CacheError when the file cannot
    be written.
    """
    ending = path.suffix.lower()
    if ending != ".wav" and ending not in _ENCODERS:
        known = ", ".join([".wav", *_ENCODERS])
        raise UsageError(f"{path.name}: a clip is one of {known}; choose one of these endings")
    sound = read(audio, span.start, span.end)
    ramp = np.minimum(1.0, np.arange(len(sound)) / FADE)
    raw = np.rint(32767 * sound * ramp * ramp[::-1]).astype("<i2").tobytes()
    if ending == ".wav":
        write_atomic(path, header(len(sound)) + raw)
    else:
        write_atomic(path, _encoded(raw, ending))


def _encoded(raw: bytes, ending: str) -> bytes:
    """16-bit mono samples in the codec that an ending stands for."""
    out = io.BytesIO()
    with av.open(out, "w", format=ending[1:]) as container:
        stream = container.add_stream(_ENCODERS[ending], rate=SAMPLE_RATE, layout="mono")
        samples = np.frombuffer(raw, "<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()
