"""What is printed of a transcript that was not understood everywhere."""

from dataclasses import replace

import pytest
from made_talk import context, talk

from pipeline.data import Talk, Utterance, Word
from pipeline.writer.hearing import Hearing, hearing
from pipeline.writer.telling import Teller


def heard(text: str, guesses: str = "", sure: float = 0.95) -> tuple[Word, ...]:
    """Words of which some are guesses."""
    said = talk(f"ADA: {text}").utterances[0].words
    return tuple(
        replace(word, probability=0.05 if word.text in guesses.split() else sure) for word in said
    )


def said(words: tuple[Word, ...]) -> Utterance:
    return Utterance(0, "ADA", words)


def texts(known: Hearing, words: tuple[Word, ...], most: int = 20) -> list[str]:
    return [" ".join(word.text for word in part) for part in known.stretches(words, most)]


def teller(words: tuple[Word, ...]) -> Teller:
    whole: Talk = talk("ADA: x")
    whole = replace(whole, utterances=(said(words),))
    return Teller(whole, context(whole, ADA="Ada Park"), {})


def test_the_clause_that_was_understood_is_taken() -> None:
    words = heard("every patient has a story and the story is spread over bulbs", "bulbs")
    assert texts(hearing([said(words)], ()), words) == ["every patient has a story"]


def test_a_name_that_was_put_right_is_no_guess() -> None:
    words = heard("then Grace told me not to say that", "Grace")
    assert texts(hearing([said(words)], ()), words) == []
    assert texts(hearing([said(words)], ("Grace Walker",)), words) == [
        "Grace told me not to say that"
    ]


def test_without_probabilities_grammar_decides() -> None:
    words = heard("we built the first chip in a kitchen", sure=0.0)
    assert hearing([said(words)], ()).silent
    assert texts(hearing([said(words)], ()), words) == ["we built the first chip in a kitchen"]
    odd = heard("we built the of chip in a kitchen", sure=0.0)
    assert texts(hearing([said(odd)], ()), odd) == []


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("nobody else can do this", True),
        ("we will come back to the", False),  # cut short
        ("who runs the largest bank in town", False),  # lacks its beginning
        ("when the machine is busy", False),  # lacks its other half
        ("when the machine is busy each user gets half of it", True),
        ("our nearest rivals as three hundred words", False),  # no verb
    ],
)
def test_what_can_stand_alone(text: str, stands: bool) -> None:
    words = heard(text)
    assert (text in texts(hearing([said(words)], ()), words)) is stands


def test_the_next_sentence_leaves_no_first_word_behind() -> None:
    words = heard("Grace told me not to say that I")
    assert texts(hearing([said(words)], ()), words)[0] == "Grace told me not to say that"


def test_a_receipt_ends_at_a_guess_and_with_its_clause() -> None:
    words = heard(
        "that is why our church is fifteen times faster than a card and so we sell it", "church"
    )
    cited = hearing([said(words)], ()).around(words[5:8], words)
    assert " ".join(w.text for w in cited) == "is fifteen times faster than a card"


def test_a_figure_is_printed_where_its_number_was_heard() -> None:
    from pipeline.claims.quantities import parse

    words = heard("our church runs fifteen times faster than a card", "church")
    (number,) = parse("fifteen times faster")
    told = teller(words).figure(words, number, "ADA")
    assert told and told.text == "15x faster than a card"
    lost = heard("our chip runs fifteen times faster than a card", "times")
    assert teller(lost).figure(lost, number, "ADA") is None


@pytest.mark.parametrize(
    ("said_so", "told"),
    [
        (
            "Um, so we we sell, you know, nine thousand boats a year.",
            "they sell 9,000 boats a year",
        ),
        (
            "I think we are kind of the only yard in the world.",
            "they are the only yard in the world",
        ),
        ("It sells nine thousand boats a year.", None),  # what does?
        ("We train for that, which is better.", None),
        ("A third boat it's the fastest in the world.", None),
        ("GeForce brought it to the world.", None),
        ("Great for us to sell nine thousand boats.", None),
        ("I have sold nine thousand boats.", None),  # who?
        ("Thank you.", None),
        ("Boats, boats, boats.", None),
        ("The blue line is the number of boats we sell.", None),  # on the screen
        (
            "Harbour Tow Service is the first one in the world.",
            "Harbour Tow Service is the first one in the world",
        ),
    ],
)
def test_a_line_is_a_whole_thought_that_needs_no_other(said_so: str, told: str | None) -> None:
    words = heard(said_so)
    line = teller(words).clause(words, "ADA")
    assert (line.text if line else None) == told


def test_what_says_little_is_no_claim() -> None:
    judge = teller(heard("Every boat has a story."))
    assert not judge.claims("every boat has a story", None)
    assert judge.claims("every boat of the fleet has a paid crew", None)
