"""A window with a hole is heard again as a whole."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.asr.decoding import DecodedPiece
from pipeline.asr.faster_whisper import even_batch_size
from pipeline.asr.window_transcriber import WindowTranscriber
from pipeline.asr.windows import Pauses, Window
from pipeline.audio.wav import SAMPLE_RATE as RATE
from pipeline.data import Span, Word

SOUND = np.random.default_rng(0).normal(size=28 * RATE).astype(np.float32)
SOUND[round(13.8 * RATE) : round(14.2 * RATE)] = 0.0
SPEECH = (Span(0.0, 28.0),)


class SkipsOneOfTwo:
    """Skips what is said in a long piece's last seconds, where it is not asked for time tokens."""

    multilingual = True

    def __init__(self, timed: Sequence[str]) -> None:
        self.timed = timed
        self.asked: list[tuple[int, bool, str | None]] = []
        self.before: list[object] = []

    def decode(
        self,
        sounds: Sequence[np.ndarray],
        language: str,
        *,
        hotwords: str | None = None,
        timestamps: bool = False,
        detect: bool = False,
        before: Sequence[DecodedPiece] = (),
    ) -> list[DecodedPiece]:
        self.before += [piece.encoded for piece in before]
        self.asked += [(len(sound) // RATE, timestamps, hotwords) for sound in sounds]
        return [self._heard(len(sound) // RATE, timestamps) for sound in sounds]

    def _heard(self, seconds: int, timestamps: bool) -> DecodedPiece:
        texts = [f"word{n}" for n in range(10)]
        if seconds < 12:
            texts = [f"alone{n}" for n in range(seconds)]
        elif timestamps:
            texts = list(self.timed)
        words = tuple(Word(n, n + 0.9, t, 0.9) for n, t in enumerate(texts))
        return DecodedPiece(words, -0.2, encoded=f"{seconds} s")


def heard_with_a_hole(ear: SkipsOneOfTwo) -> list[str]:
    """The words of 14 s of speech of which the first hearing skips the last four."""
    speech = (Span(14.0, 28.0),)
    pauses = Pauses(SOUND, speech)
    listener = WindowTranscriber(ear, SOUND, pauses, ("Ada Park",), "en", True)  # type: ignore[arg-type]
    (passage,) = listener.transcribe([Window(speech)])
    return [word.text for word in passage.words]


def test_a_window_with_a_hole_is_heard_as_a_whole_where_that_gives_more_words() -> None:
    whole = [f"other{n}" for n in range(15)]
    ear = SkipsOneOfTwo(whole)
    assert heard_with_a_hole(ear) == whole
    assert ear.asked == [(14, False, "Ada Park"), (4, False, None), (14, True, None)]
    assert ear.before == ["14 s"], "the whole window is not encoded twice"


@pytest.mark.parametrize("words", [14, 11])
def test_where_the_whole_gives_no_more_or_has_a_hole_the_hole_alone_is_mended(words: int) -> None:
    ear = SkipsOneOfTwo([f"other{n}" for n in range(words)])
    mended = [*(f"word{n}" for n in range(10)), *(f"alone{n}" for n in range(4))]
    assert heard_with_a_hole(ear) == mended


def test_batches_are_even_so_that_no_worker_waits_for_another() -> None:
    assert [even_batch_size(count, 8, 2) for count in (1, 2, 5, 16, 17, 25)] == [1, 1, 3, 8, 5, 7]
    assert even_batch_size(25, 8, 1) == 7
