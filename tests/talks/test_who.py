"""The traps of naming people."""

from stage import names, told

from pipeline.event import EventInfo, Person


def test_the_name_in_a_welcome_is_not_its_sayers() -> None:
    found = names(
        told("""
    H: Good evening. Please welcome Jack Rivers.
    [applause 3]
    J: <300> Thank you.
    """)
    )
    assert found == {"H": None, "J": "Jack Rivers"}


def test_a_quoted_introduction_names_nobody() -> None:
    people = (Person(name="Diego Salazar"), Person(name="Peter Osei"))
    found = names(
        told(
            """
            H: Please welcome Peter Osei.
            [applause 3]
            P: <200> And then the announcer said, please welcome Diego Salazar. <20>
            [applause 3]
            B: <300> Thank you.
            """,
            EventInfo(people=people),
        )
    )
    assert found["P"] == "Peter Osei"
    assert found["B"] is None


def test_two_people_with_one_first_name_are_told_apart() -> None:
    found = names(
        told("""
    H: Welcome. Please welcome Alex Moreau.
    [applause 3]
    A: <300> Thank you.
    [applause 3]
    H: Thank you, Alex. Next up is another Alex, Alex Tanaka.
    [applause 3]
    B: Hi, I'm Alex, the other one. <300> Thanks.
    [applause 3]
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
