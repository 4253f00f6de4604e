"""What runs in a sphinx process: one decoder, fed pieces of speech. Imports nothing heavy."""

import re
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

_FRAME = 0.01  # seconds
_FILLER = re.compile(r"[<\[+]")  # <s>, <sil>, [NOISE], ++SMACK++
_VARIANT = re.compile(r"\(\d+\)$")  # the second pronunciation of "and" is "and(2)"

Heard = list[tuple[float, float, str, float]]  # start, end (seconds), word, posterior


def serve(connection: Connection) -> None:
    """Answer each piece of 16-bit sound with its words, until the parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends us
    decoder = make_decoder()
    while True:
        try:
            sound = connection.recv_bytes()
            connection.send(hear(decoder, sound))
        except (EOFError, BrokenPipeError):
            return


def make_decoder() -> Any:
    """The decoder with the English model that its wheel carries."""
    from pocketsphinx import Decoder

    return Decoder(loglevel="FATAL")


def hear(decoder: Any, sound: bytes) -> Heard:
    """The words of a piece of 16-bit 16 kHz sound, whatever was heard before it.

    The whole piece sets the cepstral mean, and the noise to be taken away is measured in it.
    """
    decoder.reinit_feat()
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    return list(_words(decoder.seg() or ()))


def _words(segments: Any) -> Iterator[tuple[float, float, str, float]]:
    for segment in segments:
        if not _FILLER.match(segment.word):
            start, end = segment.start_frame * _FRAME, (segment.end_frame + 1) * _FRAME
            yield start, end, _VARIANT.sub("", segment.word).lower(), segment.prob
