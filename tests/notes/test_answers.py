"""What a model answers with is read leniently where that costs nothing."""

import pytest
from pydantic import ValidationError

from pipeline.notes.answers import Written, WrittenNote


def test_a_whole_answer() -> None:
    written = Written.model_validate(
        {
            "summary": ["Who is fast"],
            "notes": [
                {
                    "quotes": [{"utterance": 3, "quote": "twenty times faster"}],
                    "sources": ["paper.md:12"],
                    "absent": [{"words": ["price", "cost"], "where": "event"}],
                    "sums": ["1610/124"],
                    "sounds": [0],
                    "kind": "claim",
                    "text": "20x faster",
                }
            ],
        }
    )
    note = written.notes[0]
    assert note.quotes[0].utterance == 3
    assert note.absent[0].words == ("price", "cost")
    assert (note.sources, note.sums, note.sounds) == (("paper.md:12",), ("1610/124",), (0,))


def test_what_costs_nothing_is_forgiven() -> None:
    note = WrittenNote.model_validate(
        {
            "text": "  20x faster ",
            "kind": "Mockery",
            "quotes": {"utterance": "[3]", "quote": "twenty times"},
            "sources": "paper.md:12",
            "absent": None,
            "sounds": ["[2]"],
            "confidence": 0.9,
        }
    )
    assert note.text == "20x faster"
    assert note.kind == "aside"
    assert note.quotes[0].utterance == 3
    assert note.sources == ("paper.md:12",)
    assert note.absent == ()
    assert note.sounds == (2,)


@pytest.mark.parametrize("missing", [{}, {"text": " "}, {"text": "a", "quotes": [{"quote": "b"}]}])
def test_a_note_needs_its_text_and_a_quote_its_place(missing: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WrittenNote.model_validate(missing)
