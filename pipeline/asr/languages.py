"""Which language is spoken, and where it changes.

Whisper that is told the wrong language translates, or makes up words, and is unsure of them. The
language of a block is that of a few windows spread over it. Where the words of a few seconds are
unsure, the language of just these is asked; another one is believed where the speech heard in it
is likelier. A model that knows English only has no other sign than how unsure it is of its words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.asr.decoding import Decoding, Ear, HeardPiece
from pipeline.asr.windows import Pauses, Window, pack
from pipeline.data import Doubt, Word

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.asr.window_transcriber import Listener

_ASKED = 4  # windows that tell the language of a block
_SURE = 0.5  # the probability of another language from which it is tried
_PIECE = 6.0  # seconds of which the language is asked
# mean probability of a piece's words: 0.44 to 0.60 in whisper-base's translations of German and
# Spanish, 0.73 and more in the English around them
_UNSURE = 0.7
# the same of an English model's words: 0.38 and less in German and Spanish (Japanese 0.63: not
# caught), 0.60 and more in English that is hard to hear, but for two words of a reader at 0.40
# (tiny.en; three mixtures, an evening, readers, meetings)
NOT_ENGLISH = 0.45


def ruling(ear: Ear, sounds: Sequence[NDArray[np.float32]]) -> str:
    """The likeliest language of a few sounds spread over all of them."""
    asked = min(_ASKED, len(sounds))
    spread = [sounds[(2 * n + 1) * len(sounds) // (2 * asked)] for n in range(asked)]
    sums: dict[str, float] = {}
    for code, sure in ear.languages(spread):
        sums[code] = sums.get(code, 0.0) + sure
    return max(sums, key=lambda code: sums[code])


def spoken(
    listener: Listener, window: Window, heard: HeardPiece, words: Sequence[Word]
) -> list[tuple[str, Window]]:
    """The window in pieces, each with its language."""
    pieces = pack(listener.pauses, window.spans, _PIECE)
    other = heard.language != listener.language and heard.sure >= _SURE
    asked = pieces if other else unsure(listener.pauses, window, words)
    told = {piece: _language(listener, piece) for piece in asked}
    return [(told.get(piece, listener.language), piece) for piece in pieces]


def unsure(
    pauses: Pauses, window: Window, words: Sequence[Word], under: float = _UNSURE
) -> list[Window]:
    """The pieces of a window whose words have a mean probability under a bar."""
    found = []
    for piece in pack(pauses, window.spans, _PIECE):
        sure = [word.probability for word in words if piece.start <= word.start < piece.end]
        if sure and sum(sure) / len(sure) < under:
            found.append(piece)
    return found


def another_language(start: float, end: float, code: str) -> Doubt:
    """What is told of a stretch in another language."""
    return Doubt(start, end, f"spoken in another language than the rest ({code})")


def _language(listener: Listener, piece: Window) -> str:
    """The language of a piece: another one than usual only where it makes the words likelier."""
    ((code, sure),) = listener.ear.languages([piece.sound(listener.samples)])
    if code == listener.language or sure < _SURE:
        return listener.language
    plainly = Decoding(listener.beam_size)
    (usual,) = listener.decode([piece], plainly)
    (other,) = listener.decode([piece], plainly, code)
    return code if other.likely > usual.likely else listener.language
