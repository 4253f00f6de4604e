"""A short piece of the event as a file of its own: the sound behind a receipt."""

import io
import warnings
from pathlib import Path
from typing import Any

import av
import numpy as np

from pipeline.audio.wav import BYTES_PER_SAMPLE, SAMPLE_RATE, read
from pipeline.cache import write_atomic
from pipeline.data import Audio, Span
from pipeline.errors import UsageError

FADE_MS = 15  # against the click of a cut
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
    segment = _segment(audio, span)
    if ending == ".wav":
        write_atomic(path, segment.export(io.BytesIO(), format="wav").read())
    else:
        # pydub encodes through an ffmpeg program that users need not have; PyAV brings its own
        write_atomic(path, _encoded(segment.raw_data, ending))


def _segment(audio: Audio, span: Span) -> Any:
    """The span as a pydub AudioSegment, faded in and out."""
    with warnings.catch_warnings():  # pydub warns at import that no ffmpeg program is there
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    whole = np.rint(read(audio, span.start, span.end) * 32768).astype("<i2").tobytes()
    segment = AudioSegment(whole, sample_width=BYTES_PER_SAMPLE, frame_rate=SAMPLE_RATE, channels=1)
    return segment.fade_in(FADE_MS).fade_out(FADE_MS)


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
