"""Speech without words, and words that look made up, are heard again alone, or told."""

from collections.abc import Sequence

import numpy as np
import pytest

from pipeline.asr.repair import NO_WORDS, Words, repair
from pipeline.asr.windows import Pauses, Window
from pipeline.audio.wav import SAMPLE_RATE as RATE
from pipeline.data import Span, Word

SOUND = np.random.default_rng(0).normal(size=30 * RATE).astype(np.float32)
SPEECH = (Span(0, 10), Span(12, 20))
WINDOW = Window(SPEECH)
PAUSES = Pauses(SOUND, SPEECH)


def say(text: str, start: float, step: float = 0.5) -> Words:
    return tuple(
        Word(round(start + step * n, 3), round(start + step * (n + 1), 3), word, 0.9)
        for n, word in enumerate(text.split())
    )


BEFORE = say("one sees the scan and one reads the letters so", 0.0, 1.0)
AFTER = say("what we do here is put it together in one", 12.0, 0.8)


class Again:
    """Hears given words in any piece, and remembers the pieces."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.asked: list[Window] = []

    def __call__(self, pieces: Sequence[Window]) -> list[Words]:
        self.asked += pieces
        return [self.words for _ in pieces]


def text(words: Words) -> str:
    return " ".join(word.text for word in words)


def test_words_over_all_speech_need_nothing() -> None:
    again = Again(())
    assert repair(WINDOW, BEFORE + AFTER, PAUSES, [again], ()) == (BEFORE + AFTER, ())
    assert again.asked == []


def test_a_hole_inside_a_span_is_heard_alone_from_the_last_word_to_the_next() -> None:
    again = Again(say("the scan and", 2.0, 1.0))
    words, doubts = repair(WINDOW, BEFORE[:2] + BEFORE[5:] + AFTER, PAUSES, [again], ())
    assert (text(words), doubts) == (
        text(BEFORE[:2]) + " the scan and " + text(BEFORE[5:] + AFTER),
        (),
    )
    (piece,) = again.asked
    assert abs(piece.start - 1.8) < 0.4
    assert abs(piece.end - 5.0) < 0.4


def test_a_windows_end_without_words_is_a_hole_however_the_last_word_is_stretched() -> None:
    stretched = Word(9.0, 10.0, "so", 0.9)
    again = Again(AFTER)
    words, doubts = repair(WINDOW, (*BEFORE[:9], stretched), PAUSES, [again], ())
    assert text(words) == text((*BEFORE[:9], stretched, *AFTER))
    assert doubts == ()
    assert again.asked[0].end == 20.0


@pytest.mark.parametrize(("probability", "mended"), [(0.03, "and one"), (0.3, "therefore")])
def test_a_word_that_is_hardly_there_hides_no_hole(probability: float, mended: str) -> None:
    laid = Word(4.4, 6.0, "therefore", probability)  # over two words, and no 0.8 s beside it
    words = (*BEFORE[:4], laid, *BEFORE[6:], *AFTER)
    kept, doubts = repair(WINDOW, words, PAUSES, [Again(say("and one", 4.0, 1.0))], ())
    assert text(kept) == f"{text(BEFORE[:4])} {mended} {text(BEFORE[6:] + AFTER)}"
    assert doubts == ()


def test_a_hole_is_not_filled_with_what_hardly_begins() -> None:
    breath = (Word(12.0, 12.3, "Thank", 0.04), Word(12.3, 12.5, "you.", 0.99))
    words, (doubt,) = repair(WINDOW, BEFORE, PAUSES, [Again(breath)], ())
    assert (words, doubt.why) == (BEFORE, NO_WORDS)


def test_each_setting_is_tried_on_what_is_left_until_words_are_heard() -> None:
    deaf, half, whole = Again(()), Again(AFTER[:4]), Again(AFTER[4:])
    words, doubts = repair(WINDOW, BEFORE, PAUSES, [deaf, half, whole], ())
    assert (text(words), doubts) == (text(BEFORE + AFTER), ())
    assert whole.asked[0].start > 14.5


def test_what_stays_silent_is_told_with_its_time() -> None:
    words, (doubt,) = repair(WINDOW, BEFORE, PAUSES, [Again(())] * 3, ())
    assert words == BEFORE
    assert doubt.why == NO_WORDS
    assert (doubt.start, doubt.end) == (9.56, 20.0)


def test_a_short_hole_is_no_hole() -> None:
    nearly = (*BEFORE, *AFTER[:8], Word(18.7, 19.7, "another", 0.9))
    assert repair(WINDOW, nearly, PAUSES, [Again(AFTER)], ()) == (nearly, ())


def test_a_number_takes_as_long_as_its_name() -> None:
    said = (*BEFORE, *AFTER[:7], Word(17.6, 20.0, "99.99%", 0.9))
    assert repair(WINDOW, said, PAUSES, [Again(AFTER)], ()) == (said, ())


def test_a_loop_is_replaced_by_what_is_heard_there() -> None:
    loop = say("thank you " * 8, 12.0)
    words, doubts = repair(WINDOW, BEFORE + loop, PAUSES, [Again(AFTER)], ())
    assert (text(words), doubts) == (text(BEFORE + AFTER), ())


def test_a_loop_that_stays_is_kept_and_marked() -> None:
    loop = say("thank you " * 8, 12.0)
    words, (doubt,) = repair(WINDOW, BEFORE + loop, PAUSES, [Again(loop)] * 2, ())
    assert text(words) == text(BEFORE + loop)
    assert {word.probability for word in words[len(BEFORE) :]} == {0.05}
    assert "again and again" in doubt.why


def test_a_phantom_that_stays_is_left_out_and_told_word_for_word() -> None:
    clapping = (Word(15.0, 15.3, "Thank", 0.04), Word(15.3, 15.5, "you.", 0.99))
    spoken = BEFORE + say("what we do here", 12.0, 0.4)
    words, doubts = repair(WINDOW, spoken + clapping, PAUSES, [Again(clapping)], ())
    assert words == spoken
    assert "left out “Thank you.”" in " ".join(doubt.why for doubt in doubts)
