"""What a model answers with is read leniently where that costs nothing."""

import pytest
from pydantic import ValidationError

from pipeline.llm.coercion import coerce
from pipeline.notes.answers import Absent, Quote, SoundNumber, SourceLine, Sum, Written, WrittenNote


def test_a_whole_answer() -> None:
    written = Written.model_validate(
        {
            "parts": [
                {
                    "number": 2,
                    "summary": ["Who is fast"],
                    "notes": [
                        {
                            "receipts": [
                                {"utterance": 3, "quote": "twenty times faster"},
                                {"source": "paper.md:12"},
                                {"absent": ["price", "cost"], "where": "event"},
                                {"sum": "1610/124"},
                                {"sound": 0},
                            ],
                            "kind": "claim",
                            "text": "20x faster",
                        }
                    ],
                }
            ]
        }
    )
    (part,) = written.parts
    assert part.number == 2
    assert part.notes[0].receipts == (
        Quote(utterance=3, quote="twenty times faster"),
        SourceLine(source="paper.md:12"),
        Absent(absent=("price", "cost"), where="event"),
        Sum(sum="1610/124"),
        SoundNumber(sound=0),
    )


def test_what_costs_nothing_is_forgiven() -> None:
    note = coerce(
        {
            "text": "  20x faster ",
            "kind": "Mockery",
            "receipts": [
                {"utterance": "[3]", "quote": "twenty times", "sure": True},
                {"absent": "price"},
                {"sound": "[2]"},
            ],
            "confidence": 0.9,
        },
        WrittenNote,
    ).answer
    assert note.text == "20x faster"
    assert note.kind == "aside"
    assert note.receipts == (
        Quote(utterance=3, quote="twenty times"),
        Absent(absent=("price",)),
        SoundNumber(sound=2),
    )


def test_a_line_of_a_summary_is_no_kind_of_note() -> None:
    kinds = WrittenNote.model_json_schema()["properties"]["kind"]["enum"]
    assert "summary" not in kinds and "claim" in kinds
    assert WrittenNote.model_validate({"text": "a", "kind": "summary"}).kind == "aside"


@pytest.mark.parametrize(
    "missing", [{}, {"text": " "}, {"text": "a", "receipts": [{"quote": "b"}]}]
)
def test_a_note_needs_its_text_and_a_quote_its_place(missing: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WrittenNote.model_validate(missing)
