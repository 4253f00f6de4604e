"""Made segments: what a guard must catch, and what people really say and it must not."""

from dataclasses import replace

from pipeline.asr.hallucinations import (
    DOUBTED_PROBABILITY,
    marked_doubtful,
    suspect,
)
from pipeline.data import Word


def say(
    text: str, start: float = 0.0, rate: float = 3.0, probability: float = 0.9
) -> tuple[Word, ...]:
    """Words at `rate` a second without gaps."""
    step = 1 / rate
    return tuple(
        Word(start + place * step, start + (place + 1) * step, word, probability)
        for place, word in enumerate(text.split())
    )


def whys(words: tuple[Word, ...], vocabulary: tuple[str, ...] = ()) -> str:
    return "; ".join(found.why for found in suspect(words, vocabulary))


PLAIN = (
    "Last month we served ninety million requests a day and our service was up all of the time. "
    "We do not talk about the price of the machine tonight but I promise that you will be happy."
)


def test_plain_speech_is_not_suspicious() -> None:
    assert suspect(say(PLAIN)) == ()
    fast = say(PLAIN, rate=6.0)
    assert suspect(fast) == ()


def test_emphasis_is_not_a_loop() -> None:
    assert not whys(say("It is very very very fast and no no no it is not a trick at all"))
    assert not whys(say("We will ship it we will ship it we will ship it said the founder again"))


def test_a_repeated_phrase_is_found_with_its_place() -> None:
    words = say("So we began " + "thank you " * 9 + "and went on to the next topic of the day")
    (found,) = suspect(words)
    assert (found.first, found.after) == (3, 21)
    assert "again and again" in found.why


def test_one_word_and_long_phrases_loop_too() -> None:
    assert "again and again" in whys(say("no " * 8))
    assert "again and again" in whys(say("the model reads all of its memory once. " * 3))
    assert "again and again" in whys(say(f"{PLAIN} " * 3))
    assert "again and again" in whys(say(f"{PLAIN} Thank you all. " * 2))


def test_merged_suspicions_do_not_overlap() -> None:
    first, *others = say("Thank you. " * 30)
    words = (replace(first, start=-3.0, end=-2.7, probability=0.04), *others)
    (found,) = suspect(words)
    assert (found.first, found.after) == (0, 60)
    assert "again and again" in found.why
    assert "applause" in found.why


def test_subtitle_credits_are_never_believed() -> None:
    assert "applause" in whys(say("Subtitles by the Amara.org community", probability=0.99))
    assert not whys(say("every word is transcribed by our model", probability=0.99))


def test_only_the_credit_is_doubted_not_the_talk_around_it() -> None:
    words = say("and that is all Subtitles by the community we begin again")
    (found,) = suspect(words)
    assert (found.first, found.after) == (4, 8)


def test_a_few_words_alone_that_hardly_begin_are_suspicious_and_others_are_not() -> None:
    first, *others = say("Thank you for watching.", probability=0.99)
    assert "applause" in whys((replace(first, probability=0.04), *others))
    assert not whys((replace(first, probability=0.4), *others))


def test_an_unsure_thank_you_within_speech_is_not_suspicious() -> None:
    assert not whys(say("Thank you Grace I am a heart doctor", probability=0.04))


def test_only_the_lone_phrase_is_doubted() -> None:
    talk = say("and that is the end of my talk")
    clapping = say("Thank you.", start=talk[-1].end + 4, probability=0.04)
    words = (*talk, *clapping)
    (found,) = suspect(words)
    assert (found.first, found.after) == (8, 10)


def test_the_prompt_read_back() -> None:
    names = ("Nora Bell", "Grace Walker", "Paul Garden", "Oscar Field", "Iron Kettle")
    assert "read back" in whys(say("Grace Walker, Paul Garden, Oscar Field, Iron Kettle."), names)
    assert not whys(say("Please welcome Grace Walker and Paul Garden to the stage"), names)


def test_doubted_words_are_kept_at_a_low_probability() -> None:
    words = say("So we began " + "thank you " * 9 + "and went on")
    kept = marked_doubtful(words, [(found.first, found.after) for found in suspect(words)])
    assert [word.text for word in kept] == [word.text for word in words]
    assert {word.probability for word in kept[3:21]} == {DOUBTED_PROBABILITY}
    assert {word.probability for word in kept[:3] + kept[21:]} == {0.9}


def test_no_words_raise_no_suspicion() -> None:
    assert suspect(()) == ()
