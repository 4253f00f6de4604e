"""The package as other programs use it: what docs/library.md shows is run."""

import doctest
import json
from math import inf
from pathlib import Path

import media
import pytest

import pipeline
from pipeline import Event, Line, run, write
from pipeline.audio import SAMPLE_RATE
from pipeline.audio.inputs import slugify
from pipeline.config import load
from pipeline.errors import InputError, UsageError
from pipeline.event import EventInfo

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_documented_examples_run(tmp_path: Path) -> None:
    recording = media.write(tmp_path / "talk.wav", media.evening()[: 40 * SAMPLE_RATE])
    told = {"folder": tmp_path / "posts", "recording": recording}
    page = str(ROOT / "docs" / "library.md")
    done = doctest.testfile(page, module_relative=False, globs=told)
    assert done.attempted > 10 and done.failed == 0


def test_what_the_package_offers_is_there_and_nothing_else() -> None:
    assert all(hasattr(pipeline, name) for name in pipeline.__all__)
    assert not hasattr(pipeline, "no_such_name")


def test_a_transcript_from_elsewhere_needs_words_and_a_title(tmp_path: Path) -> None:
    titled = Event(details=EventInfo(title="Pump night"))
    with pytest.raises(UsageError, match="holds no words"):
        write(titled, [Line(0, 1, "Ada", " ")], tmp_path)
    with pytest.raises(UsageError, match="needs a title"):
        write(Event(), [Line(0, 1, "Ada", "Hello.")], tmp_path)
    with pytest.raises(InputError, match="nowhere"):
        write(Event(tmp_path / "nowhere.wav"), [Line(0, 1, "Ada", "Hello.")], tmp_path)


@pytest.mark.parametrize(
    ("start", "end"),
    [(9.0, 2.0), (0.0, float("nan")), (float("nan"), 1.0), (0.0, inf), (-3.0, 2.0)],
)
def test_a_line_of_no_time_is_named(start: float, end: float, tmp_path: Path) -> None:
    said = [Line(0, 2, "Ada", "Good evening."), Line(start, end, "Ada", "Our pump is fast.")]
    with pytest.raises(
        UsageError, match=r"line 2 of the transcript, 'Our pump is fast\.': is said"
    ):
        write(Event(details=EventInfo(title="Pump night")), said, tmp_path)


def test_lines_without_a_length_are_said_all_the_same(tmp_path: Path) -> None:
    """Many transcripts know when a line begins and no more."""
    said = [
        Line(0, 0, "Ada", "Our pump is 3 times faster than all of them."),
        Line(5, 5, "Bob", "No, it is not."),
        Line(5, 5.001, "Ada", "It is the fastest pump in the world at half the price."),
    ]
    options = load(writer={"engine": "quotes"})
    post = write(Event(details=EventInfo(title="Pump night")), said, tmp_path, options)
    told = json.loads((post.parent / "transcript.json").read_text(encoding="utf-8"))
    assert [each["text"] for each in told["utterances"]] == [line.text for line in said]
    assert "3 times faster" in post.read_text(encoding="utf-8")


def test_an_event_that_cannot_be_heard_is_a_report_and_costs_the_others_nothing(
    tmp_path: Path,
) -> None:
    events = [Event(details=EventInfo(title="Pump/Valve v1.5")), Event(tmp_path / "nowhere.wav")]
    assert [(r.slug, r.state) for r in run(events, tmp_path)] == [
        ("pump-valve-v1-5", "failed"),
        ("nowhere", "failed"),
    ]


def test_who_speaks_into_somebody_elses_line_takes_none_of_its_words(tmp_path: Path) -> None:
    said = [Line(0, 10, "Ada", "one two three four five six seven"), Line(2, 3, "Bob", "yes")]
    post = write(Event(details=EventInfo(title="Pump night")), said, tmp_path)
    told = json.loads((post.parent / "transcript.json").read_text(encoding="utf-8"))
    assert [each["text"] for each in told["utterances"]] == [line.text for line in said]


def test_a_transcript_from_elsewhere_beside_the_event_file(tmp_path: Path) -> None:
    """Names are told by the transcript, the rest by event.toml; the post says who transcribed."""
    said = [
        Line(4.0, 9.0, "Ada Park", "Our pump is the fastest pump in the world at half the price."),
        Line(0.0, 4.0, "Ben Hale", "Good evening, this is Ada Park, and her pump."),
    ]
    options = load(writer={"engine": "quotes"})
    post = write(Event(details=EventInfo(title="Pump night")), said, tmp_path, options)
    text = post.read_text(encoding="utf-8")
    assert "made elsewhere" in text and "Ada Park" in text


@pytest.mark.parametrize("slug", ["../../evil", "/tmp/evil", "a/b", ".backrow"])
def test_a_slug_leads_out_of_no_output_folder_and_into_no_cache(slug: str, tmp_path: Path) -> None:
    recording = media.write(tmp_path / "talk.wav", media.speech(1.0))
    said = [Line(0, 9, "Ada", "Our pump is the fastest pump in the world at half the price.")]
    options = load(writer={"engine": "quotes"})
    for event in (
        Event(details=EventInfo(title="Pump night", slug=slug)),
        Event(recording, EventInfo(slug=slug)),
    ):
        out = tmp_path / ("heard" if event.path else "written")
        post = write(event, said, out, options)
        assert post.parent.parent == out
        assert post.parent.name == slugify(slug)


def test_a_transcript_replaces_no_post_of_recordings_and_may_be_written_again(
    tmp_path: Path,
) -> None:
    for day in ("day1", "day2"):
        media.write(tmp_path / day / "Pump night.wav", media.speech(1.0 + (day == "day2")))
    said = [Line(0, 9, "Ada", "Our pump is the fastest pump in the world at half the price.")]
    options = load(writer={"engine": "quotes"})
    out = tmp_path / "out"
    for _ in range(2):
        write(Event(tmp_path / "day1" / "Pump night.wav"), said, out, options)
    with pytest.raises(InputError, match=r"day2.* has the slug pump-night, .*day1"):
        write(Event(tmp_path / "day2" / "Pump night.wav"), said, out, options)
    with pytest.raises(InputError, match=r"Pump night: has the slug pump-night, .*day1"):
        write(Event(details=EventInfo(title="Pump night")), said, out, options)
    for _ in range(2):
        write(Event(details=EventInfo(title="Valve night")), said, out, options)
    with pytest.raises(InputError, match="is the post of a transcript"):
        told = EventInfo(slug="valve-night")
        write(Event(tmp_path / "day1" / "Pump night.wav", told), said, out, options)
