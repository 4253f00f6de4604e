"""What an event may read: its own folder and what is named on the command line, within limits."""

import time
from pathlib import Path

import media
import pytest

from pipeline.audio.inputs import find_events
from pipeline.claims import reading
from pipeline.cli import main
from pipeline.errors import InputError
from pipeline.notes.evening import source_texts
from pipeline.reading_limits import TookTooLong, time_limit


@pytest.fixture
def private(tmp_path: Path) -> Path:
    """A folder that no event is in."""
    media.write(tmp_path / "talk.wav", media.speech(1.0))
    (tmp_path / "private").mkdir()
    (tmp_path / "talk.wav").rename(tmp_path / "private" / "talk.wav")
    (tmp_path / "private" / "diary.md").write_text("Dear diary, nobody reads this.")
    return tmp_path / "private"


@pytest.fixture
def event(tmp_path: Path) -> Path:
    (tmp_path / "in" / "event" / "sources").mkdir(parents=True)
    return tmp_path / "in" / "event"


def refused(*inputs: Path, beyond: tuple[Path, ...] = ()) -> list[str]:
    return [str(bad.error) for bad in find_events(inputs, beyond)[1]]


@pytest.mark.parametrize("how", ["link", "name", "absolute", "deep link"])
def test_a_recording_outside_is_refused_unless_it_is_named(
    how: str, private: Path, event: Path
) -> None:
    if how == "link":
        (event / "talk.wav").symlink_to(private / "talk.wav")
    elif how == "deep link":
        (event / "more").symlink_to(private)
        (event / "event.toml").write_text('files = ["more/talk.wav"]')
    else:
        name = "../../private/talk.wav" if how == "name" else str(private / "talk.wav")
        (event / "event.toml").write_text(f'files = ["{name}"]')
    for given in (event, event.parent):
        (message,) = refused(given)
        assert "leads out of its event's folder" in message
        assert f"--beyond {private}" in message
        assert refused(given, beyond=(private,)) == []
    assert refused(event, private) == [] or how == "link"


def test_a_link_that_is_named_or_stays_inside_is_taken(private: Path, event: Path) -> None:
    link = event.parent / "talk.wav"
    link.symlink_to(private / "talk.wav")
    assert refused(link) == []
    (event / "recordings").mkdir()
    media.write(event / "recordings" / "a.wav", media.speech(1.0))
    (event / "a.wav").symlink_to(event / "recordings" / "a.wav")
    assert refused(event) == []


def test_details_outside_are_refused(private: Path, event: Path) -> None:
    (private / "event.toml").write_text('title = "Secret"')
    (event / "event.toml").symlink_to(private / "event.toml")
    media.write(event / "a.wav", media.speech(1.0))
    assert "event.toml: leads out" in refused(event)[0]
    (event / "event.toml").unlink()
    (private / "secret.toml").write_text("[names]")
    (event / "corrections.toml").symlink_to(private / "secret.toml")
    assert "corrections.toml: leads out" in refused(event)[0]


def test_sources_outside_are_not_read(private: Path, event: Path) -> None:
    (event / "sources" / "paper.md").symlink_to(private / "diary.md")
    (event / "sources" / "own.md").write_text("Our own page.")
    texts, problems = source_texts(event / "sources")
    assert [text.name for text in texts] == ["own.md"]
    assert len(problems) == 1 and "paper.md: leads out" in problems[0]
    texts, problems = source_texts(event / "sources", (private,))
    assert [text.name for text in texts] == ["own.md", "paper.md"] and problems == ()


def test_the_command_line_may_name_a_folder_beyond(
    private: Path, event: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (event / "talk.wav").symlink_to(private / "talk.wav")
    options = ["plan", str(event), "-o", str(tmp_path / "out"), "--profile", "offline"]
    assert main(options) == 1
    assert "--beyond" in capsys.readouterr().out
    assert main([*options, "--beyond", str(private)]) == 0


def test_unclosed_items_are_read(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<ul>" + "<li>a word or two " * 6000)
    assert len(reading.passages(page, "page.html")) > 0


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("deep.html", "<div>" * 50_000 + "word", None),
        ("deep.md", "> " * 100_000, None),
        ("long.md", "one\n" * 400_001, "more than 400000 lines"),
        ("large.txt", "x" * 20_000_001, "too large"),
        ("one-word.txt", "x" * 5_000_000, None),
        ("brackets.md", "[" * 200_000, None),
        ("bangs.md", "![](" * 50_000, None),
        ("hashes.md", "#" * 200_000 + "x", None),
    ],
)
def test_what_is_read_is_bounded(name: str, text: str, says: str | None, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    try:
        reading.passages(tmp_path / name, name)
        said = ""
    except InputError as error:
        said = str(error)
    assert (says or "") in said and (said == "" or said.startswith(name))


def test_reading_is_given_up_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(file: Path, place: str) -> None:
        while True:
            pass

    monkeypatch.setitem(reading.READERS, ".md", endless)  # type: ignore[arg-type]
    monkeypatch.setattr(reading, "SECONDS", 0.2)
    (tmp_path / "a.md").write_text("hello")
    with pytest.raises(TookTooLong, match=r"a\.md: takes longer than 0\.2 s"):
        reading.passages(tmp_path / "a.md", "a.md")
    with time_limit(0.1, "nothing"):
        pass
    time.sleep(0.15)  # no alarm is left behind
