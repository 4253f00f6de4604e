"""Weights from a hub on this machine: said, whole; and every way it can fail."""

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.asr.fetch import fetch
from pipeline.asr.weights import find_weights
from pipeline.errors import EngineError

REPOSITORY = "mobiuslabsgmbh/faster-whisper-large-v3-turbo"
REVISION = "0" * 39 + "1"
FILES = {
    "model.bin": b"weights" * 1000,
    "config.json": b"{}",
    "tokenizer.json": b"{ }",
    "vocabulary.json": b"[]",
    "README.md": b"what nobody needs",
}


class Hub(http.server.ThreadingHTTPServer):
    """What of the hub's API its library asks for, over one repository."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.sent: list[str] = []
        self.told = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        hub = self.server
        assert isinstance(hub, Hub)
        path = self.path.partition("?")[0]
        if path.startswith(f"/api/models/{REPOSITORY}/tree"):
            self._answer(json.dumps(self._tree(hub)).encode(), {})
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            self._answer(json.dumps(self._model(hub)).encode(), {})
        elif path.startswith(f"/{REPOSITORY}/resolve/"):
            name = path.rpartition("/")[2]
            if self.command == "GET":
                hub.sent.append(name)
            marks = {"ETag": f'"{hub.told[name]}"', "X-Repo-Commit": REVISION}
            self._answer(FILES[name], marks)
        else:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

    do_HEAD = do_GET

    def _tree(self, hub: Hub) -> list[dict[str, object]]:
        return [
            {
                "type": "file",
                "path": name,
                "size": len(data),
                "oid": "b",
                "lfs": {"size": len(data), "oid": hub.told[name], "pointerSize": 1},
            }
            for name, data in FILES.items()
        ]

    def _model(self, hub: Hub) -> dict[str, object]:
        files = [
            {
                "rfilename": name,
                "size": len(data),
                "blobId": "b",
                "lfs": {"size": len(data), "sha256": hub.told[name], "pointerSize": 1},
            }
            for name, data in FILES.items()
        ]
        return {"id": REPOSITORY, "sha": REVISION, "siblings": files}

    def _answer(self, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in (headers | {"Content-Length": str(len(data))}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with Hub() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        yield server
        server.shutdown()


def test_a_model_is_fetched_once_and_size_and_folder_are_said(hub: Hub, tmp_path: Path) -> None:
    told: list[str] = []
    folder = fetch("large-v3-turbo", told.append)
    assert told == [f"fetching {REPOSITORY}, 0 MB, into {tmp_path}"]
    assert (folder / "model.bin").read_bytes() == FILES["model.bin"]
    assert find_weights("large-v3-turbo") == folder
    assert sorted(hub.sent) == ["config.json", "model.bin", "tokenizer.json", "vocabulary.json"]


def test_how_far_it_is_is_shown_on_stderr(hub: Hub, capfd: pytest.CaptureFixture[str]) -> None:
    fetch("large-v3-turbo", lambda text: None, bar=True)
    assert "%" in capfd.readouterr().err


def test_without_a_bar_nothing_is_shown(hub: Hub, capfd: pytest.CaptureFixture[str]) -> None:
    fetch("large-v3-turbo", lambda text: None)
    assert capfd.readouterr().err == ""


def test_a_disk_without_room_is_said_before_anything_is_fetched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr("shutil.disk_usage", lambda place: usage)
    with pytest.raises(EngineError, match="has room for"):
        fetch("large-v3-turbo", lambda text: None)
    assert hub.sent == []


def test_a_hub_without_it_is_one_sentence(hub: Hub) -> None:
    with pytest.raises(EngineError, match=r"cannot be fetched.*--model"):
        fetch("nobody/no-such-model", lambda text: None)


def test_an_unknown_size_lists_those_there_are() -> None:
    with pytest.raises(EngineError, match="large-v3-turbo"):
        fetch("enormous", lambda text: None)
