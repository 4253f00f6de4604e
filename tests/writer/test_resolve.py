"""A model's note becomes one with receipts, and stands where its own words were said."""

from made_talk import context, findings, keynote

from pipeline.data import Note
from pipeline.writer.answers import Quote, WrittenNote
from pipeline.writer.case import Case, make_case
from pipeline.writer.resolve import resolve

FAST = "twenty times faster than any graphics card"


def case() -> Case:
    said = keynote()
    return make_case(said, findings(said), context(said, ADA="Ada Park", BOB="Bob Lane"))


def written(quote: str, utterance: int, *omissions: int) -> WrittenNote:
    return WrittenNote(
        text="A note",
        kind="omission",
        quotes=(Quote(utterance=utterance, quote=quote),),
        omissions=omissions,
        contradictions=(),
        evidence=(),
        sounds=(),
    )


def batch_size(of: Case) -> int:
    """The place of that omission in the list."""
    return [found.topic for found in of.findings.omissions].index("batch size")


def test_a_note_stands_where_its_first_quote_was_said_not_where_the_claim_behind_it_was() -> None:
    of = case()
    note = resolve(written("Is that for one user", 3, batch_size(of)), of)
    assert isinstance(note, Note)
    assert note.time == of.talk.utterances[3].start
    assert min(receipt.start for receipt in note.receipts) < note.time


def test_words_that_stand_in_another_receipt_are_not_shown_twice() -> None:
    of = case()
    note = resolve(written(FAST, 0, batch_size(of)), of)
    assert isinstance(note, Note)
    assert [FAST in receipt.quote for receipt in note.receipts] == [True, False]
    assert note.receipts[0].quote.startswith("Our chip runs")
