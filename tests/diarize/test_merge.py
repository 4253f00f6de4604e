"""Words to speakers, and speakers' words to utterances."""

from pipeline.data import Turn, Word
from pipeline.diarize.merge import NOBODY, utterances


def said(*words: tuple[float, float, str]) -> list[Word]:
    return [Word(start, end, text, 1.0) for start, end, text in words]


def heard(words: list[Word], turns: list[Turn]) -> list[tuple[str, str]]:
    return [(u.speaker, u.text) for u in utterances(words, turns)[0]]


def test_a_word_goes_to_the_turn_that_holds_most_of_it() -> None:
    words = said((0.0, 0.4, "are"), (0.4, 0.8, "you"), (0.8, 1.3, "ready"), (1.3, 1.8, "yes"))
    assert heard(words, [Turn(0, 1.2, "A"), Turn(1.2, 2, "B")]) == [
        ("A", "are you ready"),
        ("B", "yes"),
    ]


def test_a_long_segment_is_never_one_speakers_by_majority() -> None:
    words = said(*((0.5 * n, 0.5 * n + 0.4, f"w{n}") for n in range(20)))
    turns = [Turn(0, 8, "A"), Turn(8, 10, "B")]
    assert [u.speaker for u in utterances(words, turns)[0]] == ["A", "B"]


def test_an_utterance_ends_at_a_long_pause_and_ids_count_from_zero() -> None:
    words = said((0, 1, "one"), (1.9, 2.5, "two"), (3.6, 4, "three"))
    made, _ = utterances(words, [Turn(0, 4, "A")])
    assert [(u.id, u.text) for u in made] == [(0, "one two"), (1, "three")]
    assert all(word.speaker == "A" for u in made for word in u.words)


def test_words_outside_every_turn_go_to_the_nearest_and_are_counted() -> None:
    words = said((0, 0.5, "early"), (1, 2, "in"), (2.1, 2.4, "late"), (9.0, 9.5, "near"))
    made, warnings = utterances(words, [Turn(0.8, 2, "A"), Turn(10, 12, "B")])
    assert [(u.speaker, u.text) for u in made] == [("A", "early in late"), ("B", "near")]
    assert len(warnings) == 1
    assert warnings[0].startswith("3 words were outside")


def test_no_turns_at_all_is_one_speaker_and_a_warning() -> None:
    made, warnings = utterances(said((0, 1, "hello")), [])
    assert made[0].speaker == NOBODY
    assert "no voice was found" in warnings[0]


def test_nothing_said_is_no_utterance() -> None:
    assert utterances([], [Turn(0, 1, "A")]) == ((), ())


def test_an_interjection_that_its_turn_clearly_covers_stays() -> None:
    words = said((0, 0.4, "we"), (0.4, 0.9, "grew"), (1.2, 1.5, "right"), (1.8, 2.2, "twice"))
    turns = [Turn(0, 1.0, "A"), Turn(1.1, 1.65, "B"), Turn(1.7, 3, "A")]
    assert heard(words, turns) == [("A", "we grew"), ("B", "right"), ("A", "twice")]


def test_a_change_that_misses_the_pause_by_a_word_is_drawn_to_it() -> None:
    words = said((0, 0.4, "thank"), (0.4, 0.8, "you"), (1.4, 1.6, "so"), (1.6, 2.0, "thanks"))
    late = [Turn(0, 1.61, "A"), Turn(1.61, 3, "B")]
    early = [Turn(0, 0.39, "A"), Turn(0.39, 3, "B")]
    right = [("A", "thank you"), ("B", "so thanks")]
    assert heard(words, late) == right
    words = said(
        (-0.3, 0, "oh"), (0, 0.4, "thank"), (0.4, 0.8, "you"), (1.4, 1.6, "so"), (1.6, 2, "x")
    )
    assert heard(words, early) == [("A", "oh thank you"), ("B", "so x")]


def test_a_change_far_from_a_pause_stays_where_the_voice_changed() -> None:
    words = said((0, 0.9, "never"), (0.9, 1.9, "mind"), (2.4, 3.3, "well"), (3.3, 4.2, "indeed"))
    assert heard(words, [Turn(0, 3.3, "A"), Turn(3.3, 5, "B")]) == [
        ("A", "never mind well"),
        ("B", "indeed"),
    ]


def test_a_word_without_length_is_inside_the_turn_where_it_stands() -> None:
    assert utterances(said((1, 1, "uh")), [Turn(0, 2, "A")])[1] == ()
