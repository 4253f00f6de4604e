"""Names and terms put right, and ordinary words left alone."""

from itertools import pairwise

import pytest
from stage import told

from pipeline.event import EventInfo, Person

PEOPLE = (Person(name="Grace Walker"), Person(name="Priya Raman"))


def corrected(text: str, glossary: tuple[str, ...] = ()) -> tuple[str, list[tuple[str, str]]]:
    story = told(f"A: {text}", EventInfo(people=PEOPLE, glossary=glossary))
    return (
        " ".join(utterance.text for utterance in story.utterances),
        [(one.heard, one.written) for one in story.corrections],
    )


def test_a_name_heard_as_ordinary_words_is_put_right_where_one_is_called_for() -> None:
    text, done = corrected("now please welcome great walker to the stage")
    assert "Grace Walker" in text
    assert done == [("great walker", "Grace Walker")]


@pytest.mark.parametrize(
    "said",
    [
        "it was a great walk in the hills and we liked it very much",
        "the prior ram in the machine was too slow for the work",
        "Greg Walker from the other company was there and he liked it",
    ],
)
def test_ordinary_words_and_other_people_stay(said: str) -> None:
    text, done = corrected(said)
    assert text == said
    assert not done


def test_a_product_cut_into_words_is_written_as_one() -> None:
    text, done = corrected("we buy the data from alpha sense and it works", ("AlphaSense",))
    assert "from AlphaSense and" in text
    assert done == [("alpha sense", "AlphaSense")]


def test_words_around_a_correction_keep_their_place_and_punctuation() -> None:
    text, _ = corrected("Please welcome Grace Wolker, who is here.")
    assert text == "Please welcome Grace Walker, who is here."


def test_corrections_can_be_switched_off() -> None:
    said = "now please welcome great walker to the stage"
    story = told(f"A: {said}", EventInfo(people=PEOPLE), corrections=False)
    assert story.utterances[0].text == said
    assert story.corrections == ()


def test_times_stay_in_order_and_inside_what_was_heard() -> None:
    story = told("A: we buy from alpha sense and it works", EventInfo(glossary=("AlphaSense",)))
    words = story.utterances[0].words
    assert all(one.end <= other.start + 1e-6 for one, other in pairwise(words))
