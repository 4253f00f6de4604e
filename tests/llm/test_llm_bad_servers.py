import asyncio
import socket
import time
from pathlib import Path

import llm_server
import pytest
from llm_server import LlmServer, Persona
from pydantic import BaseModel

from pipeline import config
from pipeline.errors import ModelError
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.prompts import Prompts
from pipeline.store import Store
from pipeline.writer import answers

KEY = "sk-very-secret-0123456789"
VARIABLES = {
    "talk": "Keynote",
    "part": "",
    "speakers": "Ada Park",
    "transcript": "[0] 0:00 Ada Park: We have nine machines in the house.",
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def ask(url: str, folder: Path, run: config.Run | None = None) -> BaseModel:
    run = run or config.Run(llm_retries=1, llm_timeout=5.0)
    client = Client(config.Writer(base_url=url, model="test-1"), run)
    asker = Asker(client, Prompts(), Store(folder))
    return asyncio.run(asker("claims", VARIABLES, answers.Claims))


def fails(persona: Persona, folder: Path, run: config.Run | None = None) -> tuple[str, int]:
    """The message of the ModelError, and how many requests came."""
    with LlmServer(persona) as server:
        with pytest.raises(ModelError) as raised:
            ask(server.url, folder, run)
        assert list((folder / "llm").glob("*")) == [] if (folder / "llm").exists() else True
        assert KEY not in str(raised.value)
        assert "\n" not in str(raised.value)
        return str(raised.value), len(server.requests)


def test_a_wrong_key(tmp_path: Path) -> None:
    refuse = llm_server.status(401, f"Incorrect API key provided: {KEY}")
    message, calls = fails(refuse, tmp_path)
    assert "OPENAI_API_KEY" in message and calls == 1


def test_too_many_calls_then_well(tmp_path: Path) -> None:
    busy = llm_server.status(429, "slow down", retry_after="0")
    with LlmServer(llm_server.at_first(busy, 2, llm_server.good)) as server:
        answer = ask(server.url, tmp_path, config.Run(llm_retries=2))
        assert len(server.requests) == 3
    assert answer.claims  # type: ignore[attr-defined]


def test_too_many_calls_for_ever(tmp_path: Path) -> None:
    message, calls = fails(llm_server.status(429, "slow down", retry_after="0"), tmp_path)
    assert "429" in message and calls == 2


def test_a_server_that_asks_for_an_hour_is_given_up(tmp_path: Path) -> None:
    began = time.monotonic()
    _, calls = fails(llm_server.status(429, "come back", retry_after="3600"), tmp_path)
    assert calls == 1 and time.monotonic() - began < 60


def test_a_quota_that_is_used_up_is_not_asked_again(tmp_path: Path) -> None:
    def broke(request: llm_server.Request) -> llm_server.Answer:
        return llm_server._error(429, "You exceeded your current quota", "insufficient_quota")

    _, calls = fails(broke, tmp_path)
    assert calls == 1


def test_a_server_that_fails(tmp_path: Path) -> None:
    message, calls = fails(llm_server.status(500, "oops", retry_after="0"), tmp_path)
    assert "500" in message and calls == 2


@pytest.mark.parametrize("persona", [llm_server.hanging, llm_server.dripping])
def test_a_server_that_hangs(persona: Persona, tmp_path: Path) -> None:
    run = config.Run(llm_retries=4, llm_timeout=0.8)
    message, calls = fails(persona, tmp_path, run)
    assert "no answer within 0.8 s" in message and calls <= 2


def test_a_server_that_is_down(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    with pytest.raises(ModelError, match="cannot be reached"):
        ask(url, tmp_path, config.Run(llm_retries=0))


@pytest.mark.parametrize("persona", [llm_server.prose, llm_server.half, llm_server.cut_off])
def test_answers_that_cannot_be_used_are_asked_for_once_more(
    persona: Persona, tmp_path: Path
) -> None:
    message, calls = fails(persona, tmp_path)
    assert "no usable answer" in message and calls == 2
    with LlmServer(llm_server.at_first(persona, 1, llm_server.good)) as server:
        answer = ask(server.url, tmp_path)
        assert server.requests[1].tries == 1
        assert "cannot be used" in server.requests[1].messages[-1]["content"]
        assert server.problems == []
    assert answer.claims  # type: ignore[attr-defined]


def test_a_refusal_is_told(tmp_path: Path) -> None:
    message, calls = fails(llm_server.refusing, tmp_path)
    assert "I can't help with that" in message and calls == 2


def test_a_proxys_page_is_no_answer(tmp_path: Path) -> None:
    message, _ = fails(llm_server.web_page, tmp_path)
    assert "not as an OpenAI-compatible server" in message


def test_a_fence_around_the_answer_is_taken_off(tmp_path: Path) -> None:
    with LlmServer(llm_server.fenced) as server:
        assert ask(server.url, tmp_path).claims  # type: ignore[attr-defined]


@pytest.mark.parametrize("persona", [llm_server.without_schema, llm_server.particular])
def test_what_a_server_refuses_is_left_out_from_then_on(persona: Persona, tmp_path: Path) -> None:
    with LlmServer(persona) as server:
        assert ask(server.url, tmp_path / "a").claims  # type: ignore[attr-defined]
        first = len(server.requests)
        assert ask(server.url, tmp_path / "b").claims  # type: ignore[attr-defined]
        assert first > 1 and len(server.requests) == first + 1
        assert server.problems == []


def test_a_prompt_that_was_cut_is_noticed(tmp_path: Path) -> None:
    message, _ = fails(llm_server.cutting(40), tmp_path)
    assert "cuts prompts silently" in message and "num_ctx" in message


def test_a_prompt_that_cannot_fit_is_not_sent(tmp_path: Path) -> None:
    with LlmServer(llm_server.good) as server:
        client = Client(
            config.Writer(base_url=server.url, context=500, max_output=100), config.Run()
        )
        asker = Asker(client, Prompts(), Store(tmp_path))
        with pytest.raises(ModelError, match=r"writer\.context"):
            asyncio.run(asker("claims", VARIABLES, answers.Claims))
        assert server.requests == []


def test_a_local_server_needs_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with LlmServer(llm_server.good) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        client = Client(config.Writer(), config.Run())
        asker = Asker(client, Prompts(), Store(tmp_path))
        assert asyncio.run(asker("claims", VARIABLES, answers.Claims)).claims


def test_calls_in_flight_are_bounded(tmp_path: Path) -> None:
    flying, most = [0], [0]

    def slow(request: llm_server.Request) -> llm_server.Answer:
        flying[0] += 1
        most[0] = max(most[0], flying[0])
        time.sleep(0.05)
        flying[0] -= 1
        return llm_server.good(request)

    async def many(url: str) -> None:
        client = Client(config.Writer(base_url=url), config.Run(llm_concurrency=2))
        asker = Asker(client, Prompts(), Store(tmp_path))
        asked = ({**VARIABLES, "talk": f"Talk {n}"} for n in range(6))
        await asyncio.gather(*(asker("claims", each, answers.Claims) for each in asked))

    with LlmServer(slow) as server:
        asyncio.run(many(server.url))
        assert len(server.requests) == 6
    assert most[0] <= 2
