"""What an evening knows: who spoke when, and the lines of its sources."""

from dataclasses import replace
from pathlib import Path

import pytest
from made_evening import evening

from pipeline.claims.evidence import Passage
from pipeline.corrections.file import Corrections
from pipeline.data import Evidence, RoomSound, Speaker
from pipeline.notes import material
from pipeline.notes.evening import SourceText, source_texts
from pipeline.notes.material import transcript


def test_a_text_file_is_read_by_line_and_a_page_by_passage(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("# Title\n\nFirst measured value: 12.\n")
    (tmp_path / "page.html").write_text("<h1>T</h1><p>One.</p><p>Two.</p>")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (page, paper), problems = source_texts(tmp_path)
    assert paper.name == "paper.md"
    assert paper.lines[2] == "First measured value: 12."
    assert page.lines == ("One.", "Two.")
    assert len(page.lines) == 2
    assert problems == ()


def test_a_file_that_cannot_be_read_is_said_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"a\0b")
    texts, (problem,) = source_texts(tmp_path)
    assert texts == ()
    assert "bad.txt" in problem


def test_no_folder_is_no_source(tmp_path: Path) -> None:
    assert source_texts(tmp_path / "missing") == ((), ())


def test_the_file_of_a_place(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("# Title\n\nFirst measured value: 12.\n")
    texts, _ = source_texts(tmp_path)
    known = replace(evening(), sources=texts)
    for place in ("paper.md:3", "sources/paper.md:3", "paper.md, page 2"):
        assert known.file_of(place) == texts[0]
    assert known.file_of("other.md:3") is None
    assert known.line("sources/paper.md:3") == Passage("First measured value: 12.", "paper.md:3")
    assert known.line("paper.md:30") is None
    assert known.head("paper.md:3") == "paper.md\n# Title\nFirst measured value: 12."


def test_a_line_is_found_with_the_brackets_in_which_it_is_shown() -> None:
    assert evening().line("[speeds.md:1]") == Passage("Provider speeds", "speeds.md:1")


def test_a_sound_is_shown_with_the_piece_in_which_it_is_heard() -> None:
    known = evening(sounds=(RoomSound(30.0, 31.0, "laughter", 0.9),))
    here, later = known.outline.utterances[1:2], known.outline.utterances[4:]
    assert "{laughter #0, 1 s}" in transcript(here, known)
    assert "laughter" not in transcript(later, known)


def test_a_line_of_a_table_is_read_under_its_heading_and_the_tables_head() -> None:
    known = evening()
    assert known.above("speeds.md:6") == ("Provider speeds", "provider, tokens/s, USD")
    assert known.above("speeds.md:8") == ("Provider speeds",)
    assert known.above("nowhere.md:8") == ()


def test_the_announcement_is_cited_by_its_sentences() -> None:
    promised = "Come and see.  Nothing you know will have to change."
    known = evening()
    known = replace(known, event=known.event.model_copy(update={"blurb": promised}))
    line = known.line("announcement:2")
    assert line
    assert line.text == "Nothing you know will have to change."
    assert f"{line.place}: {line.text}" in material.event(known).splitlines()
    assert known.line("announcement:3") is None


def test_the_announcement_lends_no_figure_that_is_not_cited() -> None:
    known = evening()
    blurb = "We promise 77 megawatts. You need not change a line of code."
    known = replace(known, event=known.event.model_copy(update={"blurb": blurb}))
    assert known.head("announcement:2") == ""
    assert known.head("speeds.md:5") != ""


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("source: https://a.example/x?y=1", "https://a.example/x?y=1"),
        ('url: "https://a.example/q"', "https://a.example/q"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("See https://a.example for more", ""),
        ("source: https://a.example/x) [this](https://b.example", ""),
        ("source: javascript:alert(1)", ""),
        ("image: https://cdn.example/cover.png", ""),
        ("source: https://ada:s3cret@a.example/x", ""),
    ],
)
def test_a_file_says_at_its_beginning_where_it_was_taken_from(line: str, address: str) -> None:
    assert SourceText("a.md", ("---", line, "---", "# A")).address == address


def test_a_sentence_that_begins_with_a_number_behind_it_is_no_name() -> None:
    said = (
        "We flew Magpie 3 for an hour. Over 300 people came, and the Falcon Three too, in May 2024."
    )
    assert evening((("S0", said),), 1).numbered_names == {"ember 2", "magpie 3", "falcon 3"}


def test_a_name_that_a_person_has_written_in_a_correction_is_sure() -> None:
    known = evening((("S0", "Hello, I am Nora Bell and this is Full Steam."),), 1)
    sign = Evidence("outline", "Nora Bell", "", 0.0, 1.0)
    one = replace(known.outline.utterances[0], words=tuple(
        replace(w, probability=0.4) for w in known.outline.utterances[0].words
    ))  # fmt: skip
    speakers = (Speaker("S0", "Nora", "host", 1.0, (sign,)),)
    known = replace(known, outline=replace(known.outline, utterances=(one,), speakers=speakers))
    assert known.unsure_names == {"bell"}
    fixed = Corrections.model_validate({"names": {"SPEAKER_00": "Nora Bell's"}})
    assert not replace(known, corrections=fixed).unsure_names
