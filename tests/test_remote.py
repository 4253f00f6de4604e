"""Output in an object store: what one machine did, another one does not do again."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import fsspec
import media
import pytest

from pipeline import config
from pipeline.audio.inputs import EventInput
from pipeline.cli import main
from pipeline.engines.choose import choose
from pipeline.errors import CacheError, EngineError
from pipeline.event import EventInfo
from pipeline.executors.batch import run
from pipeline.progress import Progress
from pipeline.remote import Remote, RemoteCache, folder_for, url_of
from pipeline.session import Settings


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("s3://bucket/a/posts", "s3://bucket/a/posts"),
        ("gs://bucket/", "gs://bucket"),
        ("memory://posts", "memory://posts"),
        ("file:///tmp/posts", "file:///tmp/posts"),
        ("posts", None),
        ("/srv/posts", None),
        ("C:/posts", None),
    ],
)
def test_an_address_survives_the_command_line(typed: str, meant: str | None) -> None:
    assert url_of(Path(typed)) == meant


@pytest.fixture
def bucket() -> Iterator[str]:
    """An object store in this process's memory."""
    yield "memory://bucket/posts"
    fsspec.filesystem("memory").store.clear()


def test_a_step_of_one_machine_is_found_by_another(bucket: str, tmp_path: Path) -> None:
    here = RemoteCache(Remote(bucket, tmp_path / "here"))
    there = RemoteCache(Remote(bucket, tmp_path / "there"))
    assert here.step("transcribe", "a key", list[str], lambda: ["words"]) == ["words"]
    assert there.step("transcribe", "a key", list[str], lambda: ["never"]) == ["words"]
    assert here.step("decode", "a key", list[str], lambda: ["sound"]) == ["sound"]
    assert there.step("decode", "a key", list[str], lambda: ["again"]) == ["again"]
    assert there.forcing(frozenset({"transcribe"})).find("transcribe", "a key", list[str]) is None


def settings(bucket: str, here: Path) -> Settings:
    options = config.load(profile="offline")
    return Settings(options, here, choose(options), remote=bucket)


@pytest.mark.slow
def test_an_event_goes_there_whole_and_what_a_person_wrote_there_stays(
    bucket: str, tmp_path: Path
) -> None:
    talk = media.write(tmp_path / "talk.wav", media.speech(3.0, 22.0))
    event = EventInput("talk", EventInfo(), (talk,))
    told: list[Progress] = []
    (first,) = run([event], settings(bucket, tmp_path / "here"), told.append)
    assert first.state == "done"
    files = fsspec.filesystem("memory")
    there = {Path(name).name for name in files.find("/bucket/posts/talk")}
    assert {"index.md", "notes.json", "transcript.json", "transcript.srt"} <= there

    told.clear()
    (second,) = run([event], settings(bucket, tmp_path / "there"), told.append)
    assert [each.state for each in told if each.stage == "event"] == ["kept"]
    assert second.model_dump() == first.model_dump() and second.kept
    assert (tmp_path / "there" / "talk" / "index.md").exists()

    files.pipe_file("/bucket/posts/talk/index.md", b"mine now")
    shutil.rmtree(tmp_path / "here")
    with_title = EventInput("talk", EventInfo(title="A new title"), (talk,))
    (third,) = run([with_title], settings(bucket, tmp_path / "here"), told.append)
    assert files.cat_file("/bucket/posts/talk/index.md") == b"mine now"
    assert "index.new.md" in {Path(name).name for name in files.find("/bucket/posts/talk")}
    assert any("has been edited" in warning for warning in third.warnings)


def test_the_command_sends_the_report_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    talk = tmp_path / "talk.vtt"
    talk.write_text("WEBVTT\n\n00:01.000 --> 00:09.000\n<v Ada Park>It boils in forty seconds.\n")
    url = f"file://{tmp_path}/bucket"
    assert main(["run", str(talk), "-o", url, "--profile", "offline"]) == 0
    assert f"talk: {url}/talk/index.md" in capsys.readouterr().out
    report = json.loads((tmp_path / "bucket" / "report.json").read_text())
    assert report["done"] == 1
    assert (tmp_path / "bucket" / report["events"][0]["post"]).exists()
    assert folder_for(url).is_relative_to(tmp_path / "scratch")


def test_a_missing_package_and_a_bucket_that_refuses_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="pip install s3fs"):
        Remote("s3://bucket/posts", tmp_path).check()
    with pytest.raises(EngineError, match="nosuch:// is no kind of storage"):
        Remote("nosuch://bucket", tmp_path).check()
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match="check the name"):
        Remote(f"file://{tmp_path}/file/posts", tmp_path).check()


def test_what_a_storage_raises_is_told_once_and_without_secrets(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = Remote(bucket, tmp_path)

    def refuse(*given: object, **named: object) -> None:
        raise RuntimeError(
            "GET https://store.example/x?sig=TOPSECRET AccountKey=TOPSECRET== was refused"
        )

    monkeypatch.setattr(type(remote.files), "find", refuse)
    monkeypatch.setattr(type(remote.files), "exists", lambda files, path: True)
    (tmp_path / "post").mkdir()
    with pytest.raises(CacheError) as met:
        remote.push("post")
    assert "was refused" in str(met.value)
    assert "TOPSECRET" not in str(met.value)
    assert str(met.value).count("cannot be used") == 1
