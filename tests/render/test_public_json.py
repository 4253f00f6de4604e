"""The files that other programs rely on, against their committed schemas."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from articles import changed

from pipeline.data import Usage
from pipeline.render.article import Article
from pipeline.render.notes_json import notes
from pipeline.render.report import EventReport, report, write
from pipeline.render.transcript_json import transcript

COMMITTED = Path(__file__).parents[2] / "docs" / "schemas"


def check(contents: bytes, name: str) -> Any:
    value = json.loads(contents)
    schema = json.loads((COMMITTED / f"{name}.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    validator.validate(value)
    return value


def test_transcript(article: Article) -> None:
    value = check(transcript(article).to_json(), "transcript")
    assert list(value) == [
        "duration",
        "speech_seconds",
        "wordless_seconds",
        "language",
        "speakers",
        "words",
        "utterances",
        "sounds",
    ]
    assert value["speakers"][:2] == [
        {"id": "SPEAKER_00", "name": "Ada Park", "confidence": 0.97},
        {"id": "SPEAKER_01", "name": None, "confidence": 0.2},
    ]
    assert value["words"][0] == {
        "start": 0.5, "end": 0.85, "text": "Our", "probability": 0.9, "speaker": "SPEAKER_00",
    }  # fmt: skip
    assert value["utterances"][1] == {
        "start": 10.0, "end": 11.95, "speaker": "SPEAKER_02", "text": "Is there any coffee left?",
    }  # fmt: skip


def test_notes(article: Article) -> None:
    value = check(notes(article).to_json(), "notes")
    assert value["engines"]["asr"] == {"name": "faster-whisper", "model": "base", "version": "1"}
    assert value["event"]["title"] == "Nova Night: the *fast* one"
    assert [talk["kind"] for talk in value["talks"]] == ["keynote", "break", "panel"]
    assert value["dropped"] == [{"talk": 0, "text": "It costs nothing", "why": "no such quote"}]
    assert value["usage"] == {
        "calls": 3, "tokens_in": 1000, "tokens_out": 140, "tokens_cached": 300, "cost": 0.004,
    }  # fmt: skip
    assert "Panel: #1 in `speed`: one note was dropped" in value["warnings"]
    assert value["corrections"] == [{"time": 0.5, "heard": "aida park", "written": "Ada Park"}]


def test_what_notes_rest_on(article: Article) -> None:
    keynote = check(notes(article).to_json(), "notes")["talks"][0]
    expected = "index title kind start end speakers summary notes claims omissions contradictions"
    assert " ".join(keynote) == expected
    assert keynote["notes"][0]["receipts"][1] == {
        "quote": "measured at batch size 1", "start": 0.5, "end": 0.5, "speaker": None,
        "source": "sources/paper.md:12", "kind": "source", "cited": "",
        "translated": "",
        "translation": "",
    }  # fmt: skip
    assert keynote["claims"][0] == {
        "quote": "Our new chip is 20x faster than any GPU.", "start": 0.5,
        "end": 4.05, "speaker": "SPEAKER_00", "baseline": "any GPU",
        "values": [{"text": "20x", "value": 20.0, "unit": "x"}],
    }  # fmt: skip
    (omission,) = keynote["omissions"]
    assert omission["text"] == "Never fails, it says here!"
    assert omission["receipts"][1]["quote"] == "price, cost"
    assert keynote["contradictions"] == []


def test_an_event_without_talks_is_valid_too(bare: Article) -> None:
    check(transcript(bare).to_json(), "transcript")
    check(notes(bare).to_json(), "notes")


def test_a_file_name_that_is_no_utf_8_breaks_nothing(article: Article) -> None:
    odd = changed(article, warnings=("caf\udce9.mp3: its end is missing",))
    assert check(notes(odd).to_json(), "notes")["warnings"][0] == "caf?.mp3: its end is missing"


def test_report_of_a_batch(article: Article, tmp_path: Path) -> None:
    good = EventReport(
        slug="nova-night",
        state="done",
        post="nova-night/index.md",
        engines=dict(article.engines),
        audio_seconds=20.0,
        seconds=4.0,
        stages={"transcribe": 3.0},
        times_real_time=5.0,
        usage=Usage(2, 10, 1, 0, 0.5),
    )
    bad = EventReport(slug="noise", state="failed", message="noise.wav: nobody speaks in it")
    place = write(report((good, bad), seconds=8.0), tmp_path / "posts")
    value = check(place.read_bytes(), "report")
    assert (value["done"], value["failed"]) == (1, 1)
    assert (value["audio_seconds"], value["times_real_time"]) == (20.0, 2.5)
    assert value["usage"]["cost"] == 0.5
    assert value["events"][1]["message"] == "noise.wav: nobody speaks in it"


def test_a_shape_refuses_what_the_schema_does_not_know(article: Article) -> None:
    value = json.loads(transcript(article).to_json()) | {"mood": "good"}
    with pytest.raises(jsonschema.ValidationError, match="mood"):
        check(json.dumps(value).encode(), "transcript")
