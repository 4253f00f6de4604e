"""The traps of naming people."""

from dataclasses import replace

import pytest
from stage import names, played, told

from pipeline import config
from pipeline.data import TalkKind
from pipeline.event import AgendaItem, EventInfo, Person
from pipeline.talks import outline
from pipeline.talks.agenda import ANCHORED, holders
from pipeline.talks.floor import floor_of
from pipeline.talks.kinds import Segment
from pipeline.talks.split import Stretch


def test_the_name_in_a_welcome_is_not_its_sayers() -> None:
    found = names(
        told("""
    H: Good evening. Please welcome Jack Rivers.
    [pause 3]
    J: <300> Thank you.
    """)
    )
    assert found == {"H": None, "J": "Jack Rivers"}


def test_two_people_with_one_first_name_are_told_apart() -> None:
    found = names(
        told("""
    H: Welcome. Please welcome Alex Moreau.
    [pause 3]
    A: <300> Thank you.
    [pause 3]
    H: Thank you, Alex. Next up is another Alex, Alex Tanaka.
    [pause 3]
    B: Hi, I'm Alex, the other one. <300> Thanks.
    [pause 3]
    H: Thank you, Alex.
    """)
    )
    assert (found["A"], found["B"]) == ("Alex Moreau", "Alex Tanaka")


def test_hey_jack_names_the_other_one() -> None:
    people = (Person(name="Jack Rivers"),)
    found = names(
        told(
            "H: So Jack, what is a chip?\nJ: <40>\nH: And is it fast, Jack?\nJ: <40>",
            EventInfo(people=people),
        )
    )
    assert found == {"H": None, "J": "Jack Rivers"}


def test_who_says_who_they_are_not_is_not_called_so() -> None:
    people = (Person(name="Diego Salazar"),)
    found = names(
        told("A: Hello. I am not Diego Salazar, as you see. <200>", EventInfo(people=people))
    )
    assert found == {"A": None}


def test_this_is_somebody_else_after_i_am() -> None:
    found = names(told("A: I'm Nadine Fournier, this is Callum Reid, we are your hosts. <60>"))
    assert found == {"A": "Nadine Fournier"}


def test_a_name_that_the_recogniser_doubts_is_only_half_taken() -> None:
    story = told("A: My name is Hiroshi Endo. <200>")
    assert names(story)["A"] in ("Hiroshi Endo", "Hiroshi")


def test_a_company_is_not_a_person() -> None:
    found = names(told("H: Let's hear from Iron Kettle.\n[applause 3]\nA: <200>"))
    assert found["A"] is None


def test_an_unknown_speaker_is_called_by_what_they_are() -> None:
    story = told("A: Hi. I'm a customer scientist at a bank. <200>")
    assert story.speakers[0].label == "customer scientist at a bank" or story.speakers[
        0
    ].label.startswith("customer scientist")


PHONE = """
    D: Hello? I thought, you know, I heard a beep. This is Diane in New Jersey.
    S: {answer}
    D: Oh, I am from Chicago also. But that was long ago, and now I am in New Jersey.
    S: Well, there is not that much difference between the two of them. What can you do?
"""


def test_two_who_name_themselves_on_the_phone_have_their_names() -> None:
    story = told(PHONE.format(answer="And I'm Sheila in Texas, originally from Chicago."))
    assert names(story) == {"D": "Diane", "S": "Sheila"}


def test_a_name_of_one_s_own_that_is_hardly_heard_is_left_to_others() -> None:
    said = played("""
    N: Good evening. My name is Morey Bell, and I am your host. <30>
    G: Thank you, Nora. <300>
    """)
    unsure = [
        replace(
            utterance,
            words=tuple(
                replace(word, probability=0.4 if word.text == "Morey" else 0.85)
                for word in utterance.words
            ),
        )
        for utterance in said
    ]
    assert names(outline(unsure, (), EventInfo(), config.Talks()))["N"] == "Nora"


def test_a_strange_name_at_the_end_of_a_long_title_is_the_name() -> None:
    found = names(
        told("""
    H: Good evening. Please welcome the vice president of Deep Water at Quaymaster, Tuvok Ramires.
    [pause 3]
    T: <300> Thank you.
    """)
    )
    assert found["T"] == "Tuvok Ramires"


def test_who_is_greeted_answers() -> None:
    found = names(
        told("""
    H: Hi, Ada.
    A: Hi. It is good to be here.
    H: What is a chip, Ada?
    A: <200>
    """)
    )
    assert found == {"H": None, "A": "Ada"}


def test_one_s_own_name_is_not_that_of_who_comes_next() -> None:
    found = names(
        told("""
    H: Would you both say who you are?
    A: Good morning. Ada Park, harbour office.
    B: Ben Ortiz, the ferry.
    H: Thank you. <30>
    A: <200>
    B: <200>
    """)
    )
    assert (found["A"], found["B"]) == ("Ada Park", "Ben Ortiz")


TALK = "H: Good evening and welcome. Please welcome Ada Park. <10>\nA: <200> "


@pytest.mark.parametrize(
    ("script", "voice"),
    [
        (TALK + "My colleague Bo Lind showed it. It was a great summer for us. <5>\nC: <200>", "C"),
        (TALK + "I want to thank Bo Lind.\nC: I have a question on boats. <20>\nA: <60>", "C"),
        (TALK + "Ask me or ask Eva Holm.\nC: How long does it take? <10>\nA: Long. <60>", "C"),
        ("A: <200> Eva Holm did this with us in the north, it took years. <20>\nB: <200>", "B"),
        ("H: Please welcome Bo Lind. <3>\nC: <5>\nH: First the house. <100>\nE: <100>", "E"),
        ("H: Good evening. On this panel: Ada Park, Bo Lind. <5>\nE: <100>\nA: <100>", "E"),
    ],
    ids=["a colleague", "thanked", "to be asked", "a helper", "later", "one of several"],
)
def test_who_is_only_spoken_of_does_not_speak_next(script: str, voice: str) -> None:
    people = (Person(name="Ada Park"), Person(name="Bo Lind"), Person(name="Eva Holm"))
    for event in (EventInfo(), EventInfo(people=people)):
        assert names(told(script, event))[voice] is None


def test_what_somebody_does_is_not_what_they_are() -> None:
    story = told("""
    H: Good evening. I cannot lead this, so please welcome Ada Park.
    [pause 3]
    A: I think it shows expert work. <300> Thank you.
    """)
    assert {speaker.role for speaker in story.speakers} <= {"host", "speaker", None}


def test_a_voice_that_introduces_itself_twice_by_two_names_has_none() -> None:
    story = told(
        """
        A: Good evening and welcome. I am Ada Park. Please welcome John Miller.
        B: Thank you. My name is John Miller and I make kettles. <120>
        A: Thank you John. Next up is John Carter of Copper Labs.
        B: Thank you. I am John Carter and I work on copper. <120>
        """
    )
    assert names(story) == {"A": "Ada Park", "B": None}
    assert [w for w in story.warnings if "B says to be John Miller and John Carter" in w]


def test_a_name_that_is_heard_in_two_ways_or_in_part_is_one() -> None:
    story = told(
        """
        A: Good evening. I am Ada Park. Please welcome John Miller.
        B: Thank you. I'm John Miller and I make kettles. <120> I'm John Millar, remember. I'm John.
        """
    )
    assert names(story)["B"] == "John Miller"
    assert not [w for w in story.warnings if "two people" in w]


def test_items_of_one_title_are_each_at_their_own_place() -> None:
    room = floor_of(played("A: Milk first.\nB: Welcome to you all.\nA: And milk again."))
    items = [AgendaItem(title="Break"), AgendaItem(title="Welcome", speakers=("Ada Park",))]
    items.append(items[0])
    kinds: tuple[TalkKind, ...] = ("break", "opening", "break")
    drafts = [
        Segment(Stretch(at, at, who, at), kind, (who,), item)
        for at, (who, kind, item) in enumerate(zip("ABA", kinds, items, strict=True))
    ]
    (found,) = holders(room, drafts, (0, 1, 2), 3)
    assert (found.speaker, found.evidence.weight) == ("B", ANCHORED)
