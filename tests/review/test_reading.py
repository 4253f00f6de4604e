"""What is put together for the page is what the run has published, and nothing is asked again."""

from pathlib import Path

import pytest

from pipeline.audio.inputs import EventInput, find_events
from pipeline.cli import main
from pipeline.errors import InputError
from pipeline.review.reading import reader


def source(event: Path) -> EventInput:
    ((found,), _) = find_events([event])
    return found


def test_it_is_the_post_of_the_last_run_with_its_options_and_without_its_server(
    event: Path, out: Path
) -> None:
    read = reader(source(event), out).read()
    assert read.markdown == (out / "cold-water" / "index.md").read_text(encoding="utf-8")
    assert "Benjamin Stone" in [speaker.name for speaker in read.article.written.outline.speakers]
    assert any(noted.notes for noted in read.article.written.talks)
    assert read.article.engines["writer"].name == "llm"
    assert read.unasked == 0


def test_an_event_that_was_never_run_is_told_what_to_do(event: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"was not run yet into .*new; do `backrow run"):
        reader(source(event), tmp_path / "new")


def test_what_a_newer_prompt_would_ask_is_counted_and_not_asked(
    event: Path, out: Path, tmp_path: Path
) -> None:
    (event / "event.toml").write_text('title = "Colder Water"\nslug = "cold-water"\n')
    read = reader(source(event), out).read()
    assert read.unasked > 0
    assert "Colder Water" in read.markdown


def test_no_password_of_a_server_is_kept(event: Path, tmp_path: Path) -> None:
    posts = tmp_path / "with-password"
    url = "writer.base_url=http://user:hunter2@127.0.0.1:9/v1"
    assert main(["run", str(event), "-o", str(posts), "--writer", "quotes", "--set", url]) == 0
    kept = [file for file in posts.rglob("*") if file.is_file()]
    assert not [file for file in kept if b"hunter2" in file.read_bytes()]
