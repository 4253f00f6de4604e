"""Speech into windows and back: every bit once, cut in pauses, times exact."""

import numpy as np
import pytest

from pipeline.asr.windows import Pauses, Window, pack_windows, pad_speech
from pipeline.audio.wav import SAMPLE_RATE as RATE
from pipeline.data import Span


def noise(seconds: float, *quiet: tuple[float, float]) -> np.ndarray:
    """Somebody speaks all the time, but for the stretches named."""
    sound = np.random.default_rng(0).normal(size=round(seconds * RATE)).astype(np.float32)
    for start, end in quiet:
        sound[round(start * RATE) : round(end * RATE)] *= 0.01
    return sound


def packed(sound: np.ndarray, speech: list[Span], longest: float) -> tuple[Window, ...]:
    return pack_windows(Pauses(sound, speech), speech, longest)


def ramp(seconds: float) -> np.ndarray:
    """Each sample tells its own time: its value is its place."""
    return np.arange(round(seconds * RATE), dtype=np.float32)


def test_windows_hold_all_speech_once_and_no_more() -> None:
    speech = [Span(1, 9), Span(12, 20), Span(22, 34), Span(40, 55.5), Span(60, 60.4)]
    windows = packed(noise(70), speech, 29.9)
    assert [span for window in windows for span in window.spans] == speech
    assert all(window.length <= 29.9 for window in windows)
    assert len(windows) == 2


def test_the_longest_pause_near_its_end_ends_a_window() -> None:
    sound = noise(60, (8.0, 9.5), (27.5, 28.1), (29.0, 29.2))
    first, second, *_ = packed(sound, [Span(0, 60)], 30.0)
    assert first.end == second.start == pytest.approx(27.8, abs=0.03)


def test_a_gap_between_spans_is_a_pause_as_long_as_it_is() -> None:
    sound = noise(60, (20.0, 20.3))
    windows = packed(sound, [Span(0, 24), Span(24.8, 44)], 30.0)
    assert [len(window.spans) for window in windows] == [1, 1]
    assert windows[0].end == 24


def test_an_early_pause_is_better_than_a_cut_in_speech() -> None:
    first, *_ = packed(noise(60, (6.0, 6.4)), [Span(0, 60)], 30.0)
    assert first.end == pytest.approx(6.2, abs=0.03)


def test_speech_without_a_pause_is_cut_late_where_it_is_quietest() -> None:
    sound = noise(60, (26.0, 26.05))
    first, *_ = packed(sound, [Span(0, 60)], 30.0)
    assert first.end == pytest.approx(26.02, abs=0.04)


def test_a_pause_is_quiet_against_the_speech_around_it() -> None:
    sound = noise(60, (10.0, 10.5))
    sound[30 * RATE :] *= 0.1  # the second speaker is far from the microphone
    pauses = Pauses(sound, [Span(0, 25), Span(30, 60)])
    assert [(run.start, run.end) for run in pauses.runs] == [(10.0, 10.5), (25.0, 30.0)]
    assert pauses.voiced(9.0, 31.0) == pytest.approx(16.5)


def test_sound_is_the_spans_end_to_end() -> None:
    window = Window((Span(1, 2), Span(5, 5.5)))
    sound = window.sound(ramp(10))
    assert len(sound) == round(1.5 * RATE)
    assert sound[0] == RATE
    assert sound[RATE] == 5 * RATE


def test_a_part_holds_what_lies_between_two_times() -> None:
    window = Window((Span(1, 2), Span(5, 6)))
    assert window.part(1.5, 5.5) == Window((Span(1.5, 2), Span(5, 5.5)))
    assert window.part(3, 4) is None


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ((0.2, 0.5), (1.2, 1.5)),  # in the first span
        ((1.1, 1.4), (5.1, 5.4)),  # in the second
        ((0.8, 1.1), (1.8, 2.0)),  # hardly over the seam: cut to the span
        ((0.3, 1.3), (5.0, 5.3)),  # over it, with the pause before it: where it ends
        ((1.4, 9.0), (5.4, 5.5)),  # beyond the end
    ],
)
def test_words_come_back_to_where_they_were_said(
    heard: tuple[float, float], said: tuple[float, float]
) -> None:
    word = Window((Span(1, 2), Span(5, 5.5))).word(*heard, "so", 0.5)
    assert (word.start, word.end) == said


def test_no_speech_makes_no_window() -> None:
    assert packed(noise(1), [], 30.0) == ()


def test_a_word_begins_behind_the_pause_before_it() -> None:
    pauses = Pauses(noise(10, (4.0, 4.5)), [Span(0, 10)])
    assert pauses.onset(4.0, 4.9) == 4.5
    assert pauses.onset(3.9, 4.9) == 4.5  # the end of the word before
    assert pauses.onset(3.6, 4.9) == 3.6  # a word, and a pause in it
    assert pauses.onset(4.1, 4.4) == 4.1  # nothing but pause
    assert pauses.onset(5.0, 5.4) == 5.0


def test_speech_is_given_with_silence_around_it_and_no_sound_twice() -> None:
    speech = [Span(0.1, 2), Span(2.2, 4), Span(6, 9.9)]
    assert pad_speech(speech, 10.0) == (Span(0, 2.1), Span(2.1, 4.3), Span(5.7, 10.0))
    assert pad_speech([], 10.0) == ()
