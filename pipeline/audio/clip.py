"""A short piece of the event as an MP3: the sound behind a receipt."""

import io
import warnings

import av
import numpy as np

from pipeline.audio.wav import BYTES_PER_SAMPLE, SAMPLE_RATE, read_samples
from pipeline.data import Audio, Span

FADE_MS = 15  # against the click of a cut


def clip(audio: Audio, span: Span) -> bytes:
    """What is heard in `span`, faded in and out, as an MP3; only the span is read."""
    with warnings.catch_warnings():  # pydub warns at import that no ffmpeg program is there
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    whole = read_samples(audio, span.start, span.end).tobytes()
    segment = AudioSegment(whole, sample_width=BYTES_PER_SAMPLE, frame_rate=SAMPLE_RATE, channels=1)
    return _encoded(segment.fade_in(FADE_MS).fade_out(FADE_MS).raw_data)


def _encoded(raw: bytes) -> bytes:
    """16-bit mono samples as an MP3, by PyAV: pydub asks for an ffmpeg program."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=SAMPLE_RATE, layout="mono")
        samples = np.frombuffer(raw, "<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()
