"""Blocks joined: words where they were said, doubts told with the event's times; sane times."""

from pipeline.asr.join import clamp_word_times, join_transcripts, speech_without_words
from pipeline.data import Doubt, Transcript, Word


def test_words_and_doubts_move_to_the_events_time() -> None:
    first = Transcript("en", (Word(0.5, 1.0, "so", 0.9),), ("on the CPU",))
    second = Transcript(
        "en", (Word(2.0, 2.5, "then", 0.8),), ("on the CPU",), (Doubt(2.0, 9.0, "no words"),)
    )
    joined = join_transcripts([(10.0, first), (3600.0, second)])
    assert [(word.start, word.end, word.text) for word in joined.words] == [
        (10.5, 11.0, "so"),
        (3602.0, 3602.5, "then"),
    ]
    assert joined.doubts == (Doubt(3602.0, 3609.0, "no words"),)
    assert joined.warnings == ("on the CPU", "transcript, no words: 1:00:02-1:00:09")


def test_a_short_hole_is_kept_and_no_warning() -> None:
    why = "speech in which no words were heard"
    doubts = (Doubt(1.0, 1.9, why), Doubt(60.0, 64.0, why))
    joined = join_transcripts([(0.0, Transcript("en", (), (), doubts))])
    assert joined.doubts == doubts
    assert joined.warnings == (f"transcript, {why}: 0:01:00-0:01:04",)


def test_of_a_reason_the_first_places_are_named_and_the_others_counted() -> None:
    doubts = tuple(Doubt(60.0 * n, 60.0 * n + 5, "too fast; a loop") for n in range(10))
    (fast, loop) = join_transcripts([(0.0, Transcript("en", (), (), doubts))]).warnings
    assert fast.startswith("transcript, too fast: 0:00:00-0:00:05, 0:01:00-0:01:05, ")
    assert loop.startswith("transcript, a loop: ") and loop.endswith(", 0:07:00-0:07:05 and 2 more")


def test_the_language_is_that_of_most_speech_and_a_block_in_another_is_told() -> None:
    said = (Word(1.0, 2.0, "Guten", 0.9), Word(2.0, 3.0, "Abend", 0.9))
    blocks = [
        (0.0, Transcript("de", said, speech=2.0)),
        (5.0, Transcript("en", (), speech=9.0, wordless=1.5)),
    ]
    joined = join_transcripts(blocks)
    assert (joined.language, joined.speech, joined.wordless) == ("en", 11.0, 1.5)
    assert joined.warnings == (
        "transcript, spoken in another language than the rest (de): 0:00:01-0:00:03",
    )


def test_speech_without_words_is_said_in_a_line() -> None:
    assert speech_without_words(2.9, 725.0) == "speech without words: 3 s of 12 min"
    assert speech_without_words(0.0, 61.2) == "speech without words: 0 s of 61 s"


def times(*spans: tuple[float, float]) -> list[tuple[float, float]]:
    words = clamp_word_times([Word(start, end, "word", 0.9) for start, end in spans])
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
    assert clamp_word_times([]) == ()
