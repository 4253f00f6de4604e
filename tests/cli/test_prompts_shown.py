"""`backrow prompts show` prints what would be sent, and sends nothing."""

import re
import socket
from pathlib import Path

import pytest
from cassettes import Cassette
from llm_server import LlmServer
from test_expected import STEAM, captions

from pipeline.cli import main


@pytest.mark.parametrize("choice", [[], ["--profile", "offline"], ["--writer", "quotes"]])
def test_no_server_is_asked(
    choice: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = captions(tmp_path / "in" / "steam", "Steam", most=30)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.getsockname()[1]}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret-0123456789")
        shown = ["prompts", "show", "write", "--talk", "1", str(folder), "-o", str(tmp_path / "o")]
        assert main([*shown, *choice]) == 0
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert "Write up, in this language: en" in capsys.readouterr().out


def test_what_a_run_was_answered_is_known_by_the_model_that_auto_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = captions(tmp_path / "in" / "steam", "Steam")
    out = ["-o", str(tmp_path / "o")]
    with LlmServer(Cassette(STEAM)) as server:
        at = ["--set", f"writer.base_url={server.url}"]
        assert main(["run", str(folder), *out, *at, "--writer", "llm"]) == 0
        sent = len(server.requests)
        capsys.readouterr()
        assert main(["prompts", "show", "judge", "--talk", "1", str(folder), *out, *at]) == 0
        assert len(server.requests) == sent
    assert re.search(r"(?m)^1\. ", capsys.readouterr().out)
