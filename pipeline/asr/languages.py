"""Which language is spoken, and where it changes.

Whisper that is told the wrong language translates, or makes up words, and is unsure of them. The
language of a block is that of a few windows spread over it. Where the words of a few seconds are
unsure, the language of just these is asked; another one is believed where the speech heard in it
is likelier. A model that knows English only has no other sign than how unsure it is of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.asr.decoding import DecodedPiece, WhisperDecoder
from pipeline.asr.windows import Pauses, Window, pack_windows
from pipeline.data import Doubt, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.asr.window_transcriber import WindowTranscriber

_PROBED_WINDOWS = 4  # windows that tell the language of a block
_MIN_PROBABILITY = 0.5  # the probability of another language from which it is tried
_PIECE_SECONDS = 6.0  # seconds of which the language is asked
# mean probability of a piece's words: 0.44 to 0.60 in whisper-base's translations of German and
# Spanish, 0.73 and more in the English around them
_LOW_WORD_PROBABILITY = 0.7
# the same of an English model's words: 0.38 and less in German and Spanish (Japanese 0.63: not
# caught), 0.60 and more in English that is hard to hear, but for two words of a reader at 0.40
# (tiny.en; three mixtures, an evening, readers, meetings)
NOT_ENGLISH = 0.45


def main_language(decoder: WhisperDecoder, sounds: Sequence[NDArray[np.float32]]) -> str:
    """The likeliest language of all the sounds, by a few of them."""
    asked = min(_PROBED_WINDOWS, len(sounds))
    spread = [sounds[(2 * n + 1) * len(sounds) // (2 * asked)] for n in range(asked)]
    sums: dict[str, float] = {}
    for code, sure in decoder.detect_languages(spread):
        sums[code] = sums.get(code, 0.0) + sure
    return max(sums, key=lambda code: sums[code])


def language_pieces(
    transcriber: WindowTranscriber, window: Window, heard: DecodedPiece, words: Sequence[Word]
) -> list[tuple[str, Window]]:
    """(language, piece) of a window's pieces, in order: asked where the words are improbable."""
    pieces = pack_windows(transcriber.pauses, window.spans, _PIECE_SECONDS)
    other = (
        heard.language_probability >= _MIN_PROBABILITY and heard.language != transcriber.language
    )
    asked = pieces if other else improbable_pieces(transcriber.pauses, window, words)
    detected = {piece: _piece_language(transcriber, piece) for piece in asked}
    return [(detected.get(piece, transcriber.language), piece) for piece in pieces]


def improbable_pieces(
    pauses: Pauses, window: Window, words: Sequence[Word], under: float = _LOW_WORD_PROBABILITY
) -> list[Window]:
    """The pieces of a window whose words have a mean probability under a bar."""
    pieces = []
    for piece in pack_windows(pauses, window.spans, _PIECE_SECONDS):
        sure = [word.probability for word in words if piece.start <= word.start < piece.end]
        if sure and sum(sure) / len(sure) < under:
            pieces.append(piece)
    return pieces


def language_doubt(start: float, end: float, code: str) -> Doubt:
    """A doubt that says which other language is spoken from `start` to `end`."""
    return Doubt(start, end, f"spoken in another language than the rest ({code})")


def _piece_language(transcriber: WindowTranscriber, piece: Window) -> str:
    """The language of a piece: another one than usual only where it makes the words likelier."""
    ((code, sure),) = transcriber.decoder.detect_languages([piece.sound(transcriber.samples)])
    if code == transcriber.language or sure < _MIN_PROBABILITY:
        return transcriber.language
    (usual,) = transcriber.decode([piece])
    (other,) = transcriber.decode([piece], code)
    return code if other.avg_logprob > usual.avg_logprob else transcriber.language
