"""A file from a server on this machine: said, whole, checked; and every way it can fail."""

import hashlib
import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audio import yamnet
from pipeline.cli.engines import with_weights
from pipeline.config import load
from pipeline.download import PublishedFile, download
from pipeline.engines.choose import choose
from pipeline.errors import EngineError
from pipeline.session import Settings

DATA = b"weights" * 1000


class Answers(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/yamnet.tflite")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/yamnet.tflite" else 404)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        self.wfile.write(DATA)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def file(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PublishedFile]:
    monkeypatch.setattr("pipeline.download.user_cache_path", lambda name: tmp_path / name)
    answers = type("Asked", (Answers,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/yamnet.tflite"
        yield PublishedFile("yamnet.tflite", url, hashlib.sha256(DATA).hexdigest(), len(DATA))
        server.shutdown()


def _left(file: PublishedFile) -> list[Path]:
    return list(file.place.parent.iterdir()) if file.place.parent.is_dir() else []


def test_a_file_is_fetched_once_and_size_and_folder_are_said(
    file: PublishedFile, asked: list[str]
) -> None:
    told: list[str] = []
    place = download(replace(file, url=file.url.replace("yamnet.tflite", "moved")), told.append)
    assert told == [f"fetching yamnet.tflite, 0 MB, into {place.parent}"]
    assert place.read_bytes() == DATA and _left(file) == [place]
    assert download(file, told.append) == place
    assert len(told) == 1 and asked == ["/moved", "/yamnet.tflite"]


def test_another_file_is_refused_and_nothing_is_left(file: PublishedFile) -> None:
    other = replace(file, sha256="0" * 64)
    with pytest.raises(EngineError, match=r"another sha256.*put it at"):
        download(other, lambda text: None)
    assert _left(other) == []


def test_a_disk_without_room_is_said_before_anything_is_fetched(
    file: PublishedFile, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda place: type("Usage", (), {"free": 10}))
    with pytest.raises(EngineError, match="has room for"):
        download(file, lambda text: None)
    assert asked == []


@pytest.mark.parametrize("gone", ["elsewhere", "closed"])
def test_no_file_and_no_server_are_one_sentence(file: PublishedFile, gone: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/"
    url = closed if gone == "closed" else file.url.replace("yamnet", "elsewhere")
    with pytest.raises(EngineError, match=r"yamnet\.tflite cannot be fetched") as said:
        download(replace(file, url=url), lambda text: None)
    assert "\n" not in str(said.value)


@pytest.mark.parametrize(
    ("options", "there"),
    [({}, True), ({"profile": "offline"}, False), ({"run": {"download": False}}, False)],
)
def test_yamnet_is_fetched_where_it_is_asked_for_and_allowed(
    options: dict[str, object], there: bool, file: PublishedFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yamnet, "PUBLISHED", file)
    config = load(None, (f"room.model={file.place}",), **options)
    choices = choose(load(None, (), asr={"model": "base"}))
    with_weights(Settings(config, Path(), choices))
    assert file.place.is_file() == there
