"""What the command line says of recordings wins over event.toml."""

from pathlib import Path

import media
import pytest

from pipeline.cli import main, parse
from pipeline.commands.options import events_of


def test_track_and_captions(tmp_path: Path) -> None:
    media.write(tmp_path / "talk.mkv", media.speech(1), media.speech(1, 30))
    (tmp_path / "event.toml").write_text('track = 1\ncaptions = "ignore"\n')
    (event,), _ = events_of(parse(["plan", str(tmp_path)]))
    assert (event.info.track, event.info.captions) == (1, "ignore")
    asked = ["plan", str(tmp_path), "--track", "2", "--captions", "use"]
    (event,), _ = events_of(parse(asked))
    assert (event.info.track, event.info.captions) == (2, "use")


def test_tracks_count_from_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    media.write(tmp_path / "talk.wav", media.speech(1))
    assert main(["plan", str(tmp_path), "--track", "0"]) == 2
    assert "tracks count from 1" in capsys.readouterr().err


def test_plan_says_how_files_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rec"
    media.write(folder / "a.mkv", media.speech(2), media.speech(2), languages=["eng", "ger"])
    media.write(folder / "b.flac", media.speech(3, 20))
    (folder / "poster.jpg").write_bytes(b"x")
    (folder / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n")
    arguments = ["-o", str(tmp_path / "out"), "--profile", "offline"]
    assert main(["plan", str(folder), *arguments]) == 0
    said = capsys.readouterr().out
    assert "2 files are one event: they lie in rec/" in said
    assert "a.mkv: 0:00:02, 2 audio tracks: 1 pcm_s16le, 1 channel, eng; 2 pcm_s16le" in said
    assert "b.flac: 0:00:03, flac, 1 channel" in said
    assert "a.srt: captions, not used" in said
    assert "left out: poster.jpg (is no recording)" in said
