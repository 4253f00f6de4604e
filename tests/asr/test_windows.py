"""Speech into windows and back: every bit once, times exact."""

import numpy as np
import pytest

from pipeline.asr.windows import RATE, Window, pack
from pipeline.data import Span


def ramp(seconds: float) -> np.ndarray:
    """Each sample tells its own time: its value is its place."""
    return np.arange(round(seconds * RATE), dtype=np.float32)


def test_windows_hold_all_speech_once_and_no_more() -> None:
    speech = [Span(1, 9), Span(12, 20), Span(22, 34), Span(40, 55.5), Span(60, 60.4)]
    windows = pack(np.random.default_rng(0).normal(size=70 * RATE), speech, 29.9)
    assert [span for window in windows for span in window.spans] == speech
    assert all(window.length <= 29.9 for window in windows)
    assert len(windows) == 2


def test_a_long_span_is_cut_where_it_is_quietest() -> None:
    random = np.random.default_rng(0)
    sound = random.normal(size=40 * RATE).astype(np.float32)
    sound[round(25.0 * RATE) : round(25.3 * RATE)] *= 0.01
    first, second = pack(sound, [Span(0, 40)], 30.0)
    assert first.spans[0].start == 0
    assert first.end == second.start == pytest.approx(25.15, abs=0.06)
    assert second.end == 40


def test_a_span_that_does_not_fit_is_cut_in_a_pause_if_it_has_one() -> None:
    random = np.random.default_rng(0)
    sound = random.normal(size=60 * RATE).astype(np.float32)
    unbroken = pack(sound, [Span(0, 20), Span(21, 41)], 30.0)
    assert [window.length for window in unbroken] == [20, 20]
    sound[round(29.0 * RATE) : round(29.3 * RATE)] *= 0.01
    filled = pack(sound, [Span(0, 20), Span(21, 41)], 30.0)
    assert [len(window.spans) for window in filled] == [2, 1]
    assert filled[0].end == filled[1].start == pytest.approx(29.15, abs=0.06)
    assert sum(window.length for window in filled) == pytest.approx(40.0)


def test_a_long_pause_begins_a_new_window() -> None:
    windows = pack(ramp(20), [Span(0, 2), Span(2.3, 4), Span(8, 9)], 15.0, pause=0.5)
    assert [len(window.spans) for window in windows] == [2, 1]


def test_sound_is_the_spans_end_to_end() -> None:
    window = Window((Span(1, 2), Span(5, 5.5)))
    sound = window.sound(ramp(10))
    assert len(sound) == round(1.5 * RATE)
    assert sound[0] == RATE
    assert sound[RATE] == 5 * RATE


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ((0.2, 0.5), (1.2, 1.5)),  # in the first span
        ((1.1, 1.4), (5.1, 5.4)),  # in the second
        ((0.8, 1.1), (1.8, 2.0)),  # over the seam: where its middle lies, cut to the span
        ((0.95, 1.3), (5.0, 5.3)),
        ((1.4, 9.0), (5.4, 5.5)),  # beyond the end
    ],
)
def test_words_come_back_to_where_they_were_said(
    heard: tuple[float, float], said: tuple[float, float]
) -> None:
    word = Window((Span(1, 2), Span(5, 5.5))).word(*heard, "so", 0.5)
    assert (word.start, word.end) == said


def test_no_speech_makes_no_window() -> None:
    assert pack(ramp(1), [], 30.0) == ()
