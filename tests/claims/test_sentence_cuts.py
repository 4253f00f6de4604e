"""Utterances are cut into whole thoughts, with punctuation and without."""

from spoken import talk

from pipeline.claims.sentences import sentences_of

SAID = """
ANN: When we started this company seven years ago, we had one idea. Computers make people wait.
ANN: Today our system runs the largest models twenty times faster than any graphics card.
ANN: And you get that at no added cost. We are the only one.
BOB: Is that true? The people at the bank think it is.
"""


def test_punctuation_is_believed() -> None:
    texts = [sentence.text for sentence in sentences_of(talk(SAID).utterances)]
    assert texts[1] == "Computers make people wait."
    assert texts[-1] == "The people at the bank think it is."
    assert len(texts) == 7


def test_without_punctuation_pauses_tell() -> None:
    texts = [sentence.text for sentence in sentences_of(talk(SAID, bare=True).utterances)]
    assert texts == [
        "when we started this company seven years ago we had one idea",
        "computers make people wait",
        "today our system runs the largest models twenty times faster than any graphics card",
        "and you get that at no added cost",
        "we are the only one",
        "is that true",
        "the people at the bank think it is",
    ]


def test_no_word_is_lost_and_times_are_kept() -> None:
    of = talk(SAID, bare=True)
    sentences = sentences_of(of.utterances)
    words = [word for sentence in sentences for word in sentence.words]
    assert words == [word for utterance in of.utterances for word in utterance.words]
    assert sentences[1].start == sentences[1].words[0].start


def test_a_number_is_not_torn_apart() -> None:
    said = "ANN: " + "we see it every day, and it is ninety nine, percent of the time. " * 3
    for sentence in sentences_of(talk(said, bare=True).utterances):
        assert not sentence.text.startswith(("percent", "of"))


def test_nothing_said_makes_no_sentence() -> None:
    assert sentences_of(()) == ()


def test_a_title_is_no_sentence() -> None:
    (sentence,) = sentences_of(talk("ANN: I met Mr. Smith at the bank.").utterances)
    assert sentence.text == "I met Mr. Smith at the bank."
