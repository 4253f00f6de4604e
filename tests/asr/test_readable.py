"""Bare words become sentences by their pauses."""

from dataclasses import replace

from pipeline.asr.readable import readable
from pipeline.data import Word


def spoken(text: str) -> list[Word]:
    """Words of 0.3 s; each "_" is a pause of 0.7 s."""
    words, now = [], 0.0
    for token in text.split():
        if token == "_":
            now += 0.7
        else:
            words.append(Word(now, now + 0.3, token, 0.5))
            now += 0.3
    return words


def text(words: tuple[Word, ...]) -> str:
    return " ".join(word.text for word in words)


def test_a_pause_ends_a_sentence() -> None:
    assert text(readable(spoken("so we doubled it _ thank you"))) == "So we doubled it. Thank you."


def test_a_breath_does_not() -> None:
    words = spoken("so we doubled it and went home")
    assert text(readable(words)) == "So we doubled it and went home."


def test_no_sentence_ends_with_a_word_that_wants_another() -> None:
    assert text(readable(spoken("one idea from the _ very first day"))) == (
        "One idea from the very first day."
    )


def said(first: str, pause: float, then: str) -> str:
    """Two stretches of words with a pause between."""
    words = spoken(first)
    by = words[-1].end + pause
    return text(
        readable([*words, *(replace(w, start=w.start + by, end=w.end + by) for w in spoken(then))])
    )


def test_a_breath_ends_a_sentence_before_a_word_that_begins_one() -> None:
    assert said("we had one idea", 0.3, "last year it worked") == (
        "We had one idea. Last year it worked."
    )


def test_a_breath_before_any_other_word_does_not() -> None:
    assert said("a test with six hundred", 0.3, "patients") == "A test with six hundred patients."


def test_a_title_is_written_as_it_is_said() -> None:
    assert text(readable(spoken("thank you dr garden"))) == "Thank you doctor garden."


def test_i_is_written_large() -> None:
    assert text(readable(spoken("then i said i'm done and i'll go"))) == (
        "Then I said I'm done and I'll go."
    )


def test_times_and_probabilities_stay() -> None:
    words = spoken("so we _ stopped")
    assert [(w.start, w.end, w.probability) for w in readable(words)] == [
        (w.start, w.end, w.probability) for w in words
    ]


def test_nothing_stays_nothing() -> None:
    assert readable([]) == ()
