"""Where talks begin, what they are and how they are headed, on small whole events."""

import pytest
from stage import names, told

from pipeline.event import AgendaItem, EventInfo, Person
from pipeline.talks import phrases_unknown
from pipeline.talks.kinds import of_title

EVENING = """
H: Good evening and welcome to the night of chips. I'm Nora Bell and the bar is shut. <30>
[pause 2]
H: Please welcome the head of growth at Copper, Daniel Kim.
[pause 4]
D: Thank you Nora. <400> Thank you very much.
[pause 4]
H: Thank you, Daniel. Our next speaker is Priya Raman.
[pause 3]
P: I'm a data scientist at Saint Anne. <400> Thank you.
[pause 4]
H: Thanks, Priya. We have time for some questions from the audience.
Q: How much does one of these machines cost?
D: <60>
R: And can I use it at home with my own data?
P: <60>
H: That is all for tonight, thank you all for coming, mind the step on the way. <8> Good night.
[pause 3]
"""


def test_an_evening_is_cut_named_and_headed() -> None:
    story = told(EVENING)
    assert [talk.kind for talk in story.talks] == ["opening", "talk", "talk", "qa", "closing"]
    assert [talk.title for talk in story.talks[:3]] == [
        "Opening: Nora Bell",
        "Daniel Kim, head of growth",
        "Priya Raman, data scientist at Saint Anne",
    ]
    assert names(story) | {"Q": None, "R": None} == names(story)


def test_headings_are_in_the_language_of_the_event() -> None:
    story = told(EVENING, EventInfo(language="de"))
    assert story.talks[0].title == "Begrüßung: Nora Bell"
    assert story.talks[3].title.startswith("Fragen und Antworten mit ")


def test_talks_hold_every_utterance_once_and_in_order() -> None:
    story = told(EVENING)
    held = [utterance for talk in story.talks for utterance in talk.utterances]
    assert tuple(held) == story.utterances
    assert [utterance.id for utterance in held] == list(range(len(held)))


def test_an_introduction_belongs_to_the_talk_it_introduces() -> None:
    talk = told(EVENING).talks[1]
    assert talk.utterances[0].text.startswith("Please welcome")
    assert talk.speakers[0] == "D"


def test_a_break_is_no_talk() -> None:
    story = told("""
    H: Good morning. Please welcome Ada Park.
    [pause 3]
    A: <400> Thank you.
    [pause 3]
    H: Thanks, Ada. We take a coffee break now, back in fifteen minutes.
    [pause 40]
    X: Is there any milk left?
    [pause 25]
    Y: Over there I think.
    [pause 30]
    H: Welcome back, please take your seats. Our next speaker is Ben Ortiz.
    [pause 3]
    B: <400> Thank you.
    """)
    assert [talk.kind for talk in story.talks] == ["talk", "break", "talk"]


def test_a_talk_is_no_break_for_the_silence_after_it() -> None:
    story = told("""
    H: Good morning. Please welcome Ada Park.
    [pause 3]
    A: <900> Thank you.
    H: Please welcome Cy Moss.
    C: <900> And now to lunch.
    [pause 1800]
    H: Welcome back, please take your seats. Our next speaker is Ben Ortiz.
    [pause 3]
    B: <900> Thank you.
    """)
    assert [talk.kind for talk in story.talks] == ["talk", "talk", "talk"]


def test_the_last_answer_of_an_interview_is_no_section() -> None:
    lines = [f"{'AB'[turn % 2]}: <30> So it was, in the year {turn}." for turn in range(40)]
    assert len(told("\n".join(lines)).talks) == 1


def test_an_agenda_names_kinds_topics_and_survives_a_missing_item() -> None:
    agenda = (
        AgendaItem(title="Keynote: slow memory", speakers=("Ada Park",)),
        AgendaItem(title="Cancelled", speakers=("Otto Lang",)),
        AgendaItem(title="Fast memory", speakers=("Ben Ortiz",)),
    )
    story = told(
        """
        H: Good morning. Please welcome Ada Park.
        [pause 3]
        A: <400> Thank you.
        [pause 3]
        H: Thank you, Ada. Next up is Ben Ortiz.
        [pause 3]
        B: <400> Thank you.
        """,
        EventInfo(agenda=agenda),
    )
    assert [talk.kind for talk in story.talks] == ["keynote", "talk"]
    assert names(story)["B"] == "Ben Ortiz"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Closing lecture: the sea", None),
        ("Opening address", None),
        ("Introduction to talk therapy", None),
        ("Opening keynote", "keynote"),
        ("Welcome/Introduction", "opening"),
        ("Q&A/Discussion", "qa"),
    ],
)
def test_the_kind_that_a_title_of_the_agenda_announces(title: str, kind: str | None) -> None:
    assert of_title(title) == kind


def test_the_list_knows_better_than_a_wrong_title() -> None:
    event = EventInfo(people=(Person(name="Marta Okafor", role="VP of product"),))
    story = told(
        """
        H: Please welcome our chief financial officer, Marta Okafor.
        [pause 3]
        M: <400> Thank you.
        """,
        event,
    )
    assert story.talks[0].title == "Marta Okafor, VP of product"


def test_an_override_always_wins() -> None:
    story = told(EVENING, EventInfo(names={"D": "Somebody Else"}))
    assert names(story)["D"] == "Somebody Else"
    assert story.talks[1].title.startswith("Somebody Else")


def test_another_language_is_cut_without_phrases() -> None:
    words = "wir haben gestern viele neue Maschinen gebaut und niemand wollte sie kaufen "
    story = told(
        f"""
    A: {words * 30}
    [pause 4]
    B: {words * 30}
    """,
        EventInfo(language="de"),
    )
    assert len(story.talks) == 2


def test_no_words_make_no_talks() -> None:
    assert told("").talks == ()


@pytest.mark.parametrize("speaker", ["H", "D", "P"])
def test_every_name_has_its_quote_and_time(speaker: str) -> None:
    known = {one.id: one for one in told(EVENING).speakers}[speaker]
    assert known.confidence >= 0.6
    assert all(proof.quote and proof.time >= 0 for proof in known.evidence)


def test_two_talks_of_which_nothing_is_known_are_called_talks() -> None:
    story = told("""
    A: <400> Thank you.
    [pause 4]
    B: <400> Thank you.
    """)
    assert [talk.title for talk in story.talks] == ["Talk", "Talk"]


def test_a_long_silence_ends_a_section_whoever_speaks_after_it() -> None:
    story = told("""
    H: Good morning. Please welcome Ada Park.
    [pause 3]
    A: <400> Thank you.
    [pause 3]
    H: Thank you, Ada. <60>
    [pause 120]
    K: Good afternoon, I take over from here. Please welcome Ben Ortiz.
    [pause 3]
    B: <400> Thank you.
    """)
    ben = next(talk for talk in story.talks if "B" in talk.speakers)
    assert not any("Thank you, Ada." in utterance.text for utterance in ben.utterances)


def test_a_pause_to_plug_in_does_not_part_a_talk_from_its_introduction() -> None:
    story = told("""
    H: Good morning, everyone. <60>
    H: Please welcome Ada Park.
    [pause 3]
    A: <400> Thank you.
    [pause 3]
    H: Thank you, Ada. Next up is Ben Ortiz. Do you need the cable?
    [pause 12]
    B: No. <400> Thank you.
    [pause 3]
    H: That was it. Thank you all for coming, good night.
    """)
    ben = next(talk for talk in story.talks if talk.speakers[0] == "B")
    assert "Next up is Ben Ortiz." in ben.text


def test_questions_that_are_put_off_open_no_session() -> None:
    story = told("""
    H: Good morning, everyone. There is time for your questions afterwards. <40>
    H: Please welcome Ada Park.
    [pause 3]
    A: <400> Thank you.
    """)
    assert "qa" not in [talk.kind for talk in story.talks]


def test_of_another_language_it_is_said_that_its_phrases_are_not_known() -> None:
    assert phrases_unknown("de") and not phrases_unknown("en-GB") and not phrases_unknown(None)
