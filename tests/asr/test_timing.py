"""Word times that can be shown."""

from pipeline.asr.timing import sane
from pipeline.data import Word


def times(*spans: tuple[float, float]) -> list[tuple[float, float]]:
    words = sane([Word(start, end, "word", 0.9) for start, end in spans])
    return [(word.start, word.end) for word in words]


def test_good_times_stay() -> None:
    assert times((0.0, 0.4), (0.4, 0.9), (2.0, 2.3)) == [(0.0, 0.4), (0.4, 0.9), (2.0, 2.3)]


def test_a_word_drawn_over_the_pause_after_it_ends_sooner() -> None:
    assert times((0.0, 0.4), (0.4, 7.0), (9.0, 9.2)) == [(0.0, 0.4), (0.4, 1.6), (9.0, 9.2)]


def test_a_word_drawn_over_the_pause_before_it_begins_later() -> None:
    assert times((0.0, 0.4), (3.0, 9.0), (9.0, 9.2)) == [(0.0, 0.4), (7.8, 9.0), (9.0, 9.2)]


def test_words_never_overlap_or_run_backwards() -> None:
    assert times((0.0, 0.5), (0.4, 0.9), (0.2, 0.3)) == [(0.0, 0.5), (0.5, 0.9), (0.9, 0.9)]


def test_nothing_stays_nothing() -> None:
    assert sane([]) == ()
