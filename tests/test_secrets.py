"""Canaries in the key, in the address's password and in its query: found nowhere in a whole run."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import llm_faults as faults
import media
import pytest
from llm_server import Answer, LlmServer, Persona, Request, at_first, error
from personas import good

from pipeline.cli import main
from pipeline.llm import call
from pipeline.llm.server import forget_servers

CANARIES = {
    "key": "CANARY-key-0011223344",
    "password": "canary-password-556677",
    "query": "canary-query-88990011",
}


def told(request: Request) -> str:
    """All that a server was sent besides the prompt, as servers like to repeat it."""
    return f"{json.dumps(request.headers)} {request.path} http://me:{CANARIES['password']}@host/"


def echoing(code: int) -> Persona:
    return lambda request: error(code, f"cannot serve {told(request)}")


ECHOES: dict[str, Callable[[Request], Answer]] = {
    **{f"{code}": echoing(code) for code in (400, 401, 403, 404, 422, 429, 500)},
    "a page": lambda r: Answer(body=f"<html>{told(r)}</html>".encode()),
    "plain text": lambda r: Answer(status=502, body=told(r).encode()),
    "half a body": lambda r: Answer(body=b'{"choices": ' + json.dumps(told(r)).encode()),
    "inside a 200": lambda r: Answer(body=json.dumps({"error": told(r)}).encode()),
    "as an event": lambda r: Answer(
        body=b"data: " + json.dumps({"error": {"message": told(r)}}).encode() + b"\n\n"
    ),
    "a refusal": lambda r: Answer("", refusal=f"not for {told(r)}"),
    "prose": lambda r: Answer(f"You sent me {told(r)}"),
    "half way": at_first(good, 2, echoing(500)),
    "well": good,
    "thoughts": faults.thinks_first(good),
}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A recording, and a folder in which it has been heard already."""
    folder = tmp_path_factory.mktemp("heard")
    talk = media.write(folder / "talk.wav", media.speech(14.0, 30.0))
    assert main(["run", str(talk), "-o", str(folder / "out"), "--profile", "offline"]) == 0
    return talk, folder / "out"


@pytest.mark.slow
@pytest.mark.parametrize("name", ECHOES)
def test_no_secret_is_told(
    name: str,
    heard: tuple[Path, Path],
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talk, out = heard
    forget_servers()
    monkeypatch.setattr(call, "FIRST_WAIT", 0.02)
    monkeypatch.setenv("OPENAI_API_KEY", CANARIES["key"])
    with LlmServer(ECHOES[name], strict=False) as server:
        secret = server.url.replace("//", f"//me:{CANARIES['password']}@")
        for url in (server.url, f"{secret}?token={CANARIES['query']}"):
            main(
                [
                    *("run", str(talk), "-o", str(out), "--profile", "offline", "-v"),
                    *("--writer", "llm", "--set", "run.llm_retries=1"),
                    *("--set", f"writer.base_url={url}"),
                ]
            )
        assert server.requests
    printed = capfd.readouterr()
    written = [path.read_bytes() for path in out.rglob("*") if path.is_file()]
    everything = b"\n".join([printed.out.encode(), printed.err.encode(), *written]).lower()
    basic = base64.b64encode(f"me:{CANARIES['password']}".encode()).decode()
    for secret in (*CANARIES.values(), basic):
        assert secret.lower().encode() not in everything
        assert secret[:12].lower().encode() not in everything
