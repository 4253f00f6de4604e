"""Names and terms that the user gave are put right, and no right word is made wrong."""

from itertools import pairwise

import pytest
from stage import told

from pipeline.event import AgendaItem, EventInfo, Person
from pipeline.talks.people import people_in, role_in
from pipeline.talks.spelling import dictionary

PEOPLE = (Person(name="Grace Walker"), Person(name="Priya Raman"))


def corrected(text: str, glossary: tuple[str, ...] = ()) -> tuple[str, list[tuple[str, str]]]:
    story = told(f"A: {text}", EventInfo(people=PEOPLE, glossary=glossary))
    return (
        " ".join(utterance.text for utterance in story.utterances),
        [(one.heard, one.written) for one in story.corrections],
    )


@pytest.mark.parametrize(
    ("said", "heard", "written"),
    [
        ("Please welcome Grace Wolker, who is here.", "Grace Wolker", "Grace Walker"),
        ("And this is what Preya Ramann told us.", "Preya Ramann", "Priya Raman"),
        ("I talked to Ramann about it.", "Ramann", "Raman"),
        ("I talked to Grace Waller about it.", "Grace Waller", "Grace Walker"),
    ],
)
def test_a_name_that_no_dictionary_has_is_put_right(said: str, heard: str, written: str) -> None:
    text, done = corrected(said)
    assert text == said.replace(heard, written)
    assert done == [(heard, written)]


@pytest.mark.parametrize(
    "said",
    [
        "Now please welcome great walker to the stage.",
        "It was a great walk in the hills and we liked it very much.",
        "The prior ramen in the machine was too slow for the work.",
        "That was Grace March, and Miss Walker after her.",
        "We know Gracie Walker, and the Grace Walkers of this world.",
        "Greg Walker from the other company was there and he liked it.",
        "We measured it in March, at the Hospital, and Ramona was there.",
    ],
)
def test_words_of_the_dictionary_and_other_people_stay(said: str) -> None:
    assert corrected(said) == (said, [])


def test_nothing_is_written_like_a_name_that_was_only_heard() -> None:
    said = (
        "A: My name is Marisol Quint.\nB: Thank you Marisol Quint. This is Marysol Kwint's phone."
    )
    story = told(said, EventInfo())
    assert "Marysol Kwint's" in " ".join(utterance.text for utterance in story.utterances)
    assert story.corrections == ()


def test_a_product_cut_into_words_is_written_as_one() -> None:
    text, done = corrected("we buy the data from alpha sense and it works", ("AlphaSense",))
    assert "from AlphaSense and" in text
    assert done == [("alpha sense", "AlphaSense")]


@pytest.mark.parametrize(
    ("said", "term", "written", "done"),
    [
        ("It is Kestral's chip.", "Kestrel", "It is Kestrel's chip.", ("Kestral", "Kestrel")),
        ("So “Grace Wolker.”", "Go", "So “Grace Walker.”", ("Grace Wolker", "Grace Walker")),
        (
            "Jobs on Kubernete's.",
            "Kubernetes",
            "Jobs on Kubernetes.",
            ("Kubernete's", "Kubernetes"),
        ),
    ],
)
def test_marks_around_a_term_and_its_possessive_are_no_part_of_it(
    said: str, term: str, written: str, done: tuple[str, str]
) -> None:
    assert corrected(said, (term,)) == (written, [done])


def test_a_term_that_is_a_word_gets_no_capital_where_it_is_only_a_word() -> None:
    said = "she sat by the hearth and talked about Hearth"
    assert corrected(said, ("Hearth",)) == (said, [])


def test_a_language_without_a_dictionary_keeps_its_words() -> None:
    known = dictionary("xx")
    assert known("anything")
    assert not dictionary("de")("Wolkner") and dictionary("de")("Straße")


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("Keynote: Gareth Lindholm, CEO", ("Gareth Lindholm",)),
        ("Inside Ember Two: Wendell Harrap, CTO", ("Wendell Harrap",)),
        ("Panel: Ada Park and Tom Miller", ("Ada Park", "Tom Miller")),
        ("How we built it (Ibukun Oyelaran, founder)", ("Ibukun Oyelaran",)),
        ("Customer story: Saint Brannock Hospital", ()),
        ("Customer story: Harrow Desk", ()),
        ("What's new on Hearth", ()),
        ("Ask the founders", ()),
        ("Inside Magpie 3 (Tomasz Wieloch)", ("Tomasz Wieloch",)),
        ("Banks Sleep (Niamh Corrigan, Chief Executive, Ardmoyle Bank)", ("Niamh Corrigan",)),
        ("Who Signs? With Dr Hamish Oduya and Catrin Pugh", ("Hamish Oduya", "Catrin Pugh")),
        ("Two seasons - Denise Pollard, Calderwick Borough Council", ("Denise Pollard",)),
        ("Keynote (Main Stage)", ()),
        ("Keynote: Project Lampern", ()),
        ("Keynote: Ada Park, Acme Kubernetes", ("Ada Park",)),
        ("Nobody Goes Down Again. Davit Halloran, founder, Lampern", ("Davit Halloran",)),
    ],
)
def test_people_are_found_in_titles_of_the_agenda(title: str, people: tuple[str, ...]) -> None:
    assert people_in(title) == people


def test_a_title_in_another_language_has_its_own_words() -> None:
    assert people_in("Vortrag: Neue Wärmepumpen", "de") == ()
    assert people_in("Die Pumpe, die mitdenkt: Henrike Osterloh", "de") == ("Henrike Osterloh",)
    assert people_in("Atelier: Données Ouvertes", "fr") == ()
    assert people_in("Podium: Neue Wärme", None) == (), "before anything was heard"


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Keynote: Ada Park, CEO", "CEO"),
        ("Banks Sleep (Ada Park, Chief Executive, Ardmoyle Bank)", "Chief Executive"),
        ("The Morning After (Ada Park, founder and CEO)", "founder and CEO"),
        ("Ada Park, CEO \u2013 The future of hearths", "CEO"),
        ("Ada Park, what a CEO should know about heat pumps", ""),
        ("Six thousand roofs: Ada Park, Grenzland Mutual", ""),
        ("A conversation with Ada Park", ""),
    ],
)
def test_a_role_stands_behind_its_name_in_a_title(title: str, role: str) -> None:
    assert role_in(title, "Ada Park") == role


def test_a_name_of_the_agendas_title_is_put_right() -> None:
    event = EventInfo(agenda=(AgendaItem(title="Inside it: Wendell Harrap, CTO"),))
    story = told("A: Please welcome Wendell Harropp.", event)
    assert story.utterances[0].text == "Please welcome Wendell Harrap."


def test_corrections_can_be_switched_off() -> None:
    said = "Please welcome Grace Wolker to the stage."
    story = told(f"A: {said}", EventInfo(people=PEOPLE), corrections=False)
    assert story.utterances[0].text == said
    assert story.corrections == ()


def test_times_stay_in_order_and_inside_what_was_heard() -> None:
    story = told("A: we buy from alpha sense and it works", EventInfo(glossary=("AlphaSense",)))
    words = story.utterances[0].words
    assert all(one.end <= other.start + 1e-6 for one, other in pairwise(words))
