"""Of a model's outline only what its proofs bear is kept."""

from dataclasses import replace

import pytest
from evenings import EVENING, evening

from pipeline.event import AgendaItem, EventInfo
from pipeline.notes.checks.verify import verify_line
from pipeline.notes.outline import OutlineAnswer, applied


def told(
    talks: list[dict[str, object]], people: list[dict[str, object]] | None = None
) -> OutlineAnswer:
    return OutlineAnswer.model_validate({"talks": talks, "people": people or []})


WHOLE: dict[str, object] = {"first": 0, "kind": "opening", "heading": "Opening"}


def test_talks_begin_where_the_model_says_and_tile_the_event() -> None:
    keynote = {"first": 1, "kind": "keynote", "heading": "Grace Walker, founder"}
    outline, dropped = applied(told([WHOLE, keynote]), evening())
    assert [talk.title for talk in outline.talks] == ["Opening", "Grace Walker, founder"]
    assert [u.id for talk in outline.talks for u in talk.utterances] == list(range(7))
    assert dropped == ()


def test_a_talk_may_begin_in_the_middle_of_an_utterance() -> None:
    guest = {"first": 4, "words": "Next is a guest", "kind": "talk", "heading": "Hospital guest"}
    outline, _ = applied(told([WHOLE, guest]), evening())
    assert outline.talks[0].utterances[-1].text == "Thank you, Grace."
    assert outline.talks[1].utterances[0].text.startswith("Next is a guest")
    assert [u.id for u in outline.utterances] == list(range(8))


def test_the_first_talk_begins_the_event_and_strange_utterances_begin_none() -> None:
    late, strange = {"first": 1, "heading": "Grace Walker"}, {"first": 99, "heading": "Nobody"}
    outline, dropped = applied(told([late, strange]), evening())
    assert [talk.utterances[0].id for talk in outline.talks] == [0]
    assert [each.why for each in dropped] == ["there is no utterance 99"]


def test_a_heading_with_a_name_that_nobody_knows_gives_way_to_the_proposed_one() -> None:
    strange = {"first": 1, "kind": "keynote", "heading": "Ada Park on Ember Nine"}
    outline, dropped = applied(told([WHOLE, strange]), evening())
    assert outline.talks[1].title in ("Grace Walker", "Hospital guest")
    assert dropped[0].text == "Ada Park on Ember Nine"


@pytest.mark.parametrize(("language", "title"), [("de", "Begrüßung: Nora Bell"), ("en", "Opening")])
def test_where_every_noun_has_a_capital_a_heading_may_begin_with_its_kind(
    language: str, title: str
) -> None:
    known = replace(evening(), language=language)
    greeting = {"first": 0, "kind": "opening", "heading": "Begrüßung: Nora Bell"}
    later = {"first": 1, "kind": "keynote", "heading": "Grace Walker"}
    assert applied(told([greeting, later]), known)[0].talks[0].title == title
    proof = [{"utterance": 0, "quote": "I am Nora Bell"}]
    host = {"voice": "S00", "name": "Nora Bell", "proof": proof}
    outline, _ = applied(told([greeting, later], [host]), known)
    assert (outline.speakers[0].name, outline.talks[0].title) == ("Nora Bell", title)


@pytest.mark.parametrize(("kind", "role"), [("panel", "moderator"), ("qa", None)])
def test_a_proposed_moderator_is_one_where_there_is_a_panel(kind: str, role: str | None) -> None:
    known = evening()
    asks = replace(known.outline.speakers[2], name=None, role="moderator")
    speakers = (*known.outline.speakers[:2], asks)
    known = replace(known, outline=replace(known.outline, speakers=speakers))
    outline, _ = applied(told([WHOLE, {"first": 4, "kind": kind, "heading": "Hospital"}]), known)
    assert outline.speakers[2].role == role


def test_without_talks_the_proposed_ones_stay() -> None:
    outline, _ = applied(told([]), evening())
    assert [talk.title for talk in outline.talks] == ["Opening", "Grace Walker", "Hospital guest"]


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"voice": "S01", "name": "Grace Walker", "proof": [{"utterance": 1}]}, "Grace Walker"),
        ({"voice": "SPEAKER_01", "name": "Grace Walker", "proof": [{"utterance": 1}]},
         "Grace Walker"),
        ({"voice": "S01", "name": "Grace Walker", "proof": [{"agenda": 1}]}, "Grace Walker"),
        ({"voice": "S01", "name": "Ada Park", "proof": [{"utterance": 1}]}, None),
        ({"voice": "S01", "name": "Grace Walker", "proof": []}, None),
        ({"voice": "S01", "name": "Grace Walker", "proof": [{"utterance": 77}]}, None),
        ({"voice": "S01", "name": "Grace Walker", "proof": [{"source": "tracker.md:1"}]}, None),
    ],
)  # fmt: skip
def test_a_name_is_kept_where_its_words_stand(person: dict[str, object], name: str | None) -> None:
    info = EventInfo(title="Full Steam", agenda=(AgendaItem(title="Keynote: Grace Walker"),))
    outline, dropped = applied(told([], [person]), evening(info=info))
    known = {speaker.id: speaker.name for speaker in outline.speakers}
    assert known["SPEAKER_01"] == name
    assert bool(dropped) == (name is None)


@pytest.mark.parametrize(
    ("sure", "place", "name"),
    [(0.9, "", "Nora Bell"), (0.4, "", "Nora"), (0.4, "Bell's", "Nora Bell")],
)
def test_a_surname_that_was_mumbled_stands_only_where_it_is_written(
    sure: float, place: str, name: str
) -> None:
    rows = [("SPEAKER_00", "Welcome to Firelight, I'm Nora Bell, I run the evening."), *EVENING[1:]]
    known = evening(rows, info=EventInfo(title="Full Steam", place=f"{place} Hall"))
    first, *others = known.outline.utterances
    words = [replace(w, probability=sure if "Bell" in w.text else 0.9) for w in first.words]
    heard = (replace(first, words=tuple(words)), *others)
    known = replace(known, outline=replace(known.outline, utterances=heard))
    person = {"voice": "S00", "name": "Nora Bell", "proof": [{"utterance": 0}]}
    heading = {**WHOLE, "heading": "The bell: Nora Bell, host, and Grace Walker"}
    outline, _ = applied(told([heading], [person]), known)
    assert outline.speakers[0].name == name
    assert outline.talks[0].title == f"The bell: {name}, host, and Grace Walker"
    known = replace(known, outline=outline)
    reasons = verify_line("Nora Bell welcomes the room", outline.talks[0], known)
    assert any("Bell was heard badly" in why for why in reasons) == (name == "Nora")
    whole = replace(known.outline.speakers[0], name="Nora Bell")  # as a person has put it right
    called = replace(known.outline, speakers=(whole, *known.outline.speakers[1:]))
    assert not replace(known, outline=called).unsure_names


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Dr. Bell", None),
        ("Jan van der Bell", "Jan"),
        ("Nora J. Parkhurst", "Nora J. Parkhurst"),
        ("Bell", None),
    ],
)
def test_what_is_left_of_a_name_says_who_it_is(name: str, kept: str | None) -> None:
    rows = [("SPEAKER_00", f"Welcome to Firelight, I'm {name}, I run it."), *EVENING[1:]]
    known = evening(rows)
    first, *others = known.outline.utterances
    words = [replace(w, probability=0.4 if "Bell" in w.text else 0.9) for w in first.words]
    heard = (replace(first, words=tuple(words)), *others)
    known = replace(known, outline=replace(known.outline, utterances=heard))
    person = {"voice": "S00", "name": name, "proof": [{"utterance": 0}]}
    outline, _ = applied(told([], [person]), known)
    assert outline.speakers[0].name == kept


def test_a_voice_is_not_named_by_its_own_please_welcome() -> None:
    person = {"voice": "S00", "name": "Grace Walker", "proof": [{"utterance": 1}]}
    outline, dropped = applied(told([], [person]), evening())
    assert outline.speakers[0].name is None
    assert "calls somebody else" in dropped[0].why


def test_where_model_and_proposal_disagree_and_nothing_is_proved_nobody_is_named() -> None:
    known = evening()
    wrong = replace(known.outline.speakers[1], name="Nora Bell", confidence=0.6)
    speakers = (known.outline.speakers[0], wrong, *known.outline.speakers[2:])
    known = replace(known, outline=replace(known.outline, speakers=speakers))
    person = {"voice": "S01", "name": "Ada Park", "proof": [{"utterance": 1}]}
    outline, _ = applied(told([], [person]), known)
    assert outline.speakers[1].name is None


def test_who_welcomes_and_says_the_own_name_is_called_so() -> None:
    rows = [("SPEAKER_00", "Welcome to Firelight, I'm Nora Bell, I run the evening."), *EVENING[1:]]
    person = {"voice": "S00", "name": "Nora Bell", "proof": [{"utterance": 0}]}
    outline, dropped = applied(told([], [person]), evening(rows))
    assert outline.speakers[0].name == "Nora Bell"
    assert dropped == ()


def test_a_name_that_the_user_gave_is_not_overruled() -> None:
    from pipeline.data import Evidence

    known = evening()
    given = replace(
        known.outline.speakers[0],
        name="Nora B.",
        evidence=(Evidence("override", "Nora B.", "", 0.0, 1.0),),
    )
    speakers = (given, *known.outline.speakers[1:])
    known = replace(known, outline=replace(known.outline, speakers=speakers))
    person = {"voice": "S00", "name": "Nora Bell", "proof": [{"utterance": 0}]}
    outline, _ = applied(told([], [person]), known)
    assert outline.speakers[0].name == "Nora B."


def test_one_voice_may_be_two_people() -> None:
    people: list[dict[str, object]] = [
        {"voice": "S02", "role": "guest", "proof": []},
        {"voice": "S02", "role": "engineer", "proof": [], "since": 6},
    ]
    outline, _ = applied(told([], people), evening())
    assert [u.speaker for u in outline.utterances[5:]] == ["SPEAKER_02", "SPEAKER_02b"]
    assert {s.id: s.role for s in outline.speakers if s.id.startswith("SPEAKER_02")} == {
        "SPEAKER_02": "guest",
        "SPEAKER_02b": "engineer",
    }


def test_one_voice_is_eight_people_at_most() -> None:
    people: list[dict[str, object]] = [
        {"voice": "S02", "role": f"guest {n}", "proof": [], "since": n} for n in range(12)
    ]
    outline, _ = applied(told([], people), evening())
    assert outline.utterances[-1].speaker.startswith("SPEAKER_02")
