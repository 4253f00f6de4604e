"""What becomes of notes that are refused, put right, said anew or never judged."""

from dataclasses import replace

import pytest
from made_evening import as_written, evening

from pipeline.notes.answers import WrittenNote, WrittenPart
from pipeline.notes.editor import FIRST_REFUSED, FIRST_STANDING, NEW, SHORT, put_right, question
from pipeline.notes.fallback import finished
from pipeline.notes.talk_draft import MOST, TalkDraft

QUOTE = {"utterance": 0, "quote": "It draws forty kilowatts"}
LONG = " ".join(
    ["It draws forty kilowatts, which is what they say on the stage tonight", *["so"] * 15]
)


def written(text: str, quote: dict[str, object] = QUOTE) -> WrittenNote:
    return as_written({"quotes": [quote], "text": text})


def draft(*notes: WrittenNote, language: str = "en") -> TalkDraft:
    known = evening(language=language)
    made = TalkDraft(known.outline.talks[0], known)
    made.take(WrittenPart(notes=notes))
    return made


def test_each_dropped_note_has_its_own_reasons() -> None:
    made = draft(written("50 kilowatts"), written("Gone", {"utterance": 1, "quote": "never said"}))
    made.mend([written("60 kilowatts"), None])
    why = {each.text: each.why for each in made.dropped}
    assert "60 kilowatts" in why["50 kilowatts"]
    assert "kilowatts" not in why["Gone"]


def test_a_line_comes_back_where_its_new_form_is_refused() -> None:
    made = draft(written(LONG))
    (answers,) = put_right([made], [WrittenPart(number=FIRST_STANDING, notes=[written("40 kW")])])
    (short,) = made.mend(answers)
    assert made.kept == [short]
    made.doubt(short, "no")
    assert [note.text for note in made.notes] == [LONG]
    assert made.refused == []


def test_an_editor_sees_the_post_and_may_say_a_line_anew_on_its_own_receipts() -> None:
    made = draft(written("Forty kilowatts"), written("50 kilowatts"), written(LONG))
    asked = question([made], {made.talk.index: " A program found no word in it on: price."})
    assert f"{FIRST_REFUSED}. of" in asked and "50 kilowatts" in asked
    assert f"## 1. {made.talk.title} A program found no word in it on: price.\n" in asked
    assert question([made], None).startswith(asked[:200]) and LONG not in question([made], None)
    assert f"{FIRST_STANDING}. Forty kilowatts\n{FIRST_STANDING + 1}. {LONG} (" in asked
    assert f"1 of 2 lines have at most {SHORT} words" in asked
    anew = WrittenNote(text="So it draws forty kilowatts")
    (answers,) = put_right([made], [WrittenPart(number=FIRST_STANDING + 1, notes=[anew])])
    made.mend(answers)
    assert [note.text for note in made.notes] == ["Forty kilowatts", anew.text]
    assert made.kept[-1].note.receipts == made.kept[0].note.receipts


def test_an_editor_is_told_where_somebody_says_what_a_line_calls_missing() -> None:
    gone = as_written(
        {"text": "Never said: what it draws", "absent": [{"absent": ["noise"]}], "kind": "omission"}
    )
    said = as_written(
        {"text": "Never said: the rival", "absent": [{"absent": ["customers"]}], "kind": "omission"}
    )
    asked = question([draft(gone, said)], {})
    assert f"{FIRST_STANDING}. Never said: what it draws\n" in asked
    assert "Never said: the rival (“customers” is said in utterance 4: “We lost" in asked


CORES = "400,000 cores, no, sorry, 40,000 cores"
SOLD = "we would sell four million of them"
RIVAL = {"utterance": 3, "quote": "says 5,000 tokens"}


@pytest.mark.parametrize(
    "parts",
    [
        [(FIRST_REFUSED, ["40 kW"]), (FIRST_REFUSED + 1, ["5,000 tokens"])],
        [(1, ["5,000 tokens", "40 kW"])],  # under the number of their talk
        [(2, ["5,000 tokens"]), (1, ["40 kW"])],
        [(FIRST_REFUSED + 1, ["5,000 tokens", "one too many"]), (1, ["40 kW"])],
    ],
)
def test_what_is_put_right_takes_the_place_of_what_was_refused(
    parts: list[tuple[int, list[str]]],
) -> None:
    made = draft(written("50 kilowatts"), written("6,000 tokens", RIVAL))
    notes = {"40 kW": written("40 kW"), "5,000 tokens": written("5,000 tokens", RIVAL)}
    answers = [
        WrittenPart(number=number, notes=[notes.get(text, written(text, RIVAL)) for text in texts])
        for number, texts in parts
    ]
    (better,) = put_right([made], answers)
    assert [each.text if each else None for each in better] == ["40 kW", "5,000 tokens"]


def test_an_editor_may_add_a_line_where_it_belongs_while_the_talk_has_room() -> None:
    made = draft(written("Forty kilowatts"), written("A rival says 5,000 tokens", RIVAL))
    hope = written("Four million, if every home had one", {"utterance": 2, "quote": SOLD})
    faster = written("20 times faster, she says", {"utterance": 0, "quote": "20 times faster than"})
    cores = written("First 400,000 cores, then 40,000", {"utterance": 2, "quote": CORES})
    parts = [
        WrittenPart(number=FIRST_STANDING, notes=[written("It draws 40 kilowatts")]),
        WrittenPart(number=NEW + FIRST_STANDING, notes=[hope, cores, written("One too many")]),
    ]
    (answers,) = put_right([made], parts)
    mended = made.mend(answers)
    assert [kept.note.text for kept in mended] == ["It draws 40 kilowatts", hope.text, cores.text]
    assert [note.text for note in made.notes] == [
        "It draws 40 kilowatts",
        hope.text,
        cores.text,
        "A rival says 5,000 tokens",
    ]
    (answers,) = put_right([made], [WrittenPart(number=NEW + 1, notes=[faster])])
    made.mend(answers)
    assert made.notes[0].text == faster.text
    made.kept = (made.kept * 3)[:MOST]
    made.added = [(written("It draws 40 kilowatts again"), (0.0, 0))]
    assert made.mend([]) == []
    assert len(made.notes) == MOST and "has 12 notes already" in made.left_out[-1].why


def test_an_answer_without_a_place_puts_nothing_right() -> None:
    made = draft(written("50 kilowatts"))
    assert put_right([made], [WrittenPart(notes=[written("5,000 tokens", RIVAL)])]) == [[None]]
    assert put_right([made], []) == [[None]]


def test_notes_stand_as_they_were_written() -> None:
    rival = written("A rival says 5,000 tokens", {"utterance": 3, "quote": "says 5,000 tokens"})
    made = draft(rival, written("Forty kilowatts"))
    assert [note.text for note in made.notes] == ["A rival says 5,000 tokens", "Forty kilowatts"]


def test_parts_of_a_long_talk_keep_their_order_whichever_is_answered_first() -> None:
    made = draft()
    made.take(WrittenPart(notes=(written("Forty kilowatts"),)), start=60.0)
    rival = written("A rival says 5,000 tokens", {"utterance": 3, "quote": "says 5,000 tokens"})
    made.take(WrittenPart(notes=(rival,)), start=0.0)
    assert [note.text for note in made.notes] == ["A rival says 5,000 tokens", "Forty kilowatts"]


def test_what_the_judge_refused_at_first_is_told_and_what_code_refused_is_not() -> None:
    made = draft(written("It draws forty kilowatts"), written("50 kilowatts"))
    made.doubt(made.kept[0], "it is a joke")
    (first, second) = made.refused
    assert (first.judged, second.judged) == (False, True)
    made.mend([written("Forty kilowatts"), written("She says it draws forty kilowatts")])
    assert [(each.text, each.why) for each in made.unsure] == [
        ("She says it draws forty kilowatts", "it is a joke")
    ]


def test_what_no_judge_has_seen_is_dropped_where_one_is_needed() -> None:
    made = draft(written("Forty kilowatts"))
    made.evening = replace(made.evening, language="fi")
    made.unjudged(made.kept.copy(), "unjudged", "the server is gone")
    assert made.notes == []
    assert [(each.text, each.why) for each in made.dropped] == [
        ("Forty kilowatts", "the server is gone")
    ]


def test_nothing_is_missed_that_nobody_looked_for() -> None:
    told = {"quotes": [QUOTE], "absent": [{"absent": []}], "text": "No price for forty kilowatts"}
    made = draft(as_written(told))
    assert made.notes == []
    assert "no words to look for" in made.refused[0].reasons[0]


def test_a_number_by_itself_is_no_sum_and_one_of_constants_needs_one_that_was_said() -> None:
    told = {"quotes": [QUOTE], "sums": ["100"], "text": "100 of them"}
    assert "is no sum" in draft(as_written(told)).refused[0].reasons[0]
    told = {"quotes": [QUOTE], "sums": ["365*24"], "text": "8760 hours of forty kilowatts"}
    assert "365, 24" in draft(as_written(told)).refused[0].reasons[0]


def test_a_new_line_may_stand_behind_one_that_is_put_right_and_no_other_is_lost_in_silence() -> (
    None
):
    made = draft(written("Forty kilowatts"), written("50 kilowatts"))
    hope = written("Four million, if every home had one", {"utterance": 2, "quote": SOLD})
    parts = [
        WrittenPart(number=NEW + FIRST_REFUSED, notes=[hope]),
        WrittenPart(number=NEW + FIRST_STANDING, notes=[written("60 kW"), written("70 kW")]),
        WrittenPart(number=FIRST_STANDING, notes=[written("40 kW"), written("as they say")]),
        *[WrittenPart(number=FIRST_REFUSED, notes=[written("It draws 40 kilowatts")])] * 2,
        WrittenPart(number=150, notes=[written("It draws 40 kilowatts, he says")]),
        WrittenPart(number=NEW + 299, notes=[written("It draws 40 kilowatts, they say")]),
    ]
    (answers,) = put_right([made], parts)
    made.mend(answers)
    assert [note.text for note in made.notes][1:] == ["It draws 40 kilowatts", hope.text]
    assert [each.why.partition(":")[0] for each in made.left_out] == [
        "an editor adds at most 2 lines to a talk",
        "several lines stand under 201",
        "several lines stand under 201",
        "it answers no refused note and no line",
        "it answers no refused note and no line",
        "“60 kw” stands in none of its receipts",
    ]


def test_a_line_too_many_that_is_refused_brings_no_quotes_into_the_post() -> None:
    made = draft(written("It draws forty kilowatts"))
    made.added = [(written("50 kilowatts"), None), (written("Forty of them"), None)]
    (kept,) = made.mend([])
    made.doubt(kept, "it is a joke")
    told = finished(made)
    assert [note.text for note in told.notes] == ["It draws forty kilowatts"]
    assert [each.why for each in told.dropped][1:] == ["it is a joke"] and not told.warnings


def test_a_summary_that_is_refused_is_written_anew_or_told_with_its_reasons() -> None:
    made = draft(written("Forty kilowatts"))
    made.summary = ("It draws 50 kilowatts",)
    assert "Its summary is refused (“It draws 50 kilowatts”: “50" in question([made], {})
    put_right([made], [])
    assert [each.text for each in made.summary_lines()[1]] == ["It draws 50 kilowatts"]
    first = WrittenPart(number=1, summary=["A chip that draws 40 kilowatts"])
    put_right([made], [first, WrittenPart(number=1)])
    assert [each.text for each in made.left_out] == ["It draws 50 kilowatts"]
    assert made.summary_lines() == (["A chip that draws 40 kilowatts"], [])
    put_right([made], [WrittenPart(number=1, summary=["Another"])])
    assert made.summary == ("A chip that draws 40 kilowatts",)
