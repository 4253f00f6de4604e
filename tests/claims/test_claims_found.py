"""What is a claim, and what is a joke, a question, a dream or somebody else's number."""

from dataclasses import replace

import pytest
from spoken import talk

from pipeline.claims.claims import baseline, find_claims
from pipeline.data import Claim


def claims(said: str, bare: bool = False) -> tuple[Claim, ...]:
    return find_claims(talk(f"ANN: {said}", bare=bare))


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        "Our chip is twenty times faster than a graphics card.",
        "It answers in two hundred milliseconds.",
        "You get that at no added cost.",
        "It costs forty cents per million tokens.",
        "We serve nine million requests a day.",
        "We have more than sixty customers in twelve countries.",
        "It works with any model and you do not change your code.",
    ],
)
def test_a_claim(said: str, bare: bool) -> None:
    assert len(claims(said, bare)) == 1


@pytest.mark.parametrize(
    "said",
    [
        "Good evening, it is great to see so many of you in this room.",
        "How many of you have waited more than twenty seconds?",
        "Imagine a chip that is a hundred times faster.",
        "If we had a chip ten times larger, it would think like a person.",
        "My mother says that it still takes me three weeks to answer.",
        "You said twenty times faster.",
        "The competition says fifty times faster, and that is just not true.",
        "They will tell you that they are fifty times cheaper. Don't believe it.",
        "Let me show you three things.",
        "The gas industry claims that they can build for thirty dollars.",
        "Just kidding, it costs nothing.",
        "I heard that it is ten times cheaper.",
        "I read that the chip is 20 times faster.",
    ],
)
def test_no_claim(said: str) -> None:
    assert claims(said) == ()


def test_a_number_corrected_in_the_next_sentence() -> None:
    (claim,) = claims(
        "We served ninety million requests a day. Sorry, nine million requests a day."
    )
    assert claim.quote == "Sorry, nine million requests a day."
    assert [value.value for value in claim.values] == [9e6]


def test_a_claim_knows_its_place() -> None:
    of = talk("ANN: Good evening.\nBOB: We are twenty times faster than a graphics card.")
    (claim,) = find_claims(of)
    assert (claim.utterance, claim.speaker) == (1, "BOB")
    assert claim.quote in of.text
    assert of.utterances[1].start == claim.start
    assert claim.end == of.utterances[1].end


@pytest.mark.parametrize(
    ("said", "against"),
    [
        ("faster than the best GPU cloud.", "the best GPU cloud"),
        ("cheaper compared to last year, and better", "last year"),
        ("it costs less than you expected", None),
        ("more than sixty customers", None),
    ],
)
def test_what_it_is_compared_with(said: str, against: str | None) -> None:
    assert baseline(said) == against


def test_words_that_were_hardly_heard_are_not_quoted() -> None:
    of = talk("ANN: Our chip is twenty times faster than a graphics card.")
    words = tuple(replace(word, probability=0.1) for word in of.utterances[0].words)
    assert find_claims(replace(of, utterances=(replace(of.utterances[0], words=words),))) == ()


def test_an_unknown_language_keeps_its_measured_numbers() -> None:
    of = talk("ANN: Wir sind 20x schneller. Guten Abend.")
    assert [claim.quote for claim in find_claims(of, "de")] == ["Wir sind 20x schneller."]
