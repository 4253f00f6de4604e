"""What `backrow doctor` says of the language model."""

from typing import Any

import pytest
from llm_server import LlmServer, hanging

from pipeline.cli import main
from pipeline.engines import choose


def doctor(models: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any, *more: str) -> str:
    """The lines about the writer and its model."""
    choose.reachable.cache_clear()
    with LlmServer(hanging, models=models) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert main(["doctor", *more]) == 0
        assert server.requests == [], "no question is asked"
    said = capsys.readouterr().out
    return " ".join(said[said.index(" llm ") :].split())


def test_the_model_that_would_be_asked(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert "ok model llama-9" in doctor(["llama-9"], monkeypatch, capsys)


def test_a_model_that_ends(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    ends = [{"id": "old-1", "shutdown_date": "2027-01-14"}]
    said = doctor(ends, monkeypatch, capsys)
    assert "-- model ends on 2027-01-14; set writer.model to another" in said


def test_where_one_has_to_be_chosen(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert "(a, b)" in doctor(["a", "b"], monkeypatch, capsys)
