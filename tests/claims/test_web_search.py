"""Search providers against a loopback server, and answers that are asked for once."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from pipeline.claims.quantities import parse
from pipeline.claims.web import OpenAISearch, SearxngSearch, load, look_up
from pipeline.config import Run, Writer
from pipeline.data import Claim
from pipeline.errors import ConfigError, EngineError

ANSWER = "A test found 11 times. Another page says 20 times."


class Web(HTTPServer):
    """Answers like SearXNG on /search and like OpenAI on /v1/responses."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        query = parse_qs(urlparse(self.path).query)["q"][0]
        self.server.asked.append(query)
        found = {"url": "https://a.example", "title": "Test", "content": f"about {query}"}
        self._reply({"query": query, "results": [found, {"url": "https://b.example"}]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked["input"])
        assert asked["tools"] == [{"type": "web_search"}]
        cited = [
            {"type": "url_citation", "url": f"https://{n}.example", "title": n, "start_index": at,
             "end_index": at + 3}
            for n, at in (("one", 15), ("two", 40))
        ]  # fmt: skip
        part = {"type": "output_text", "text": ANSWER, "annotations": cited}
        message = {"type": "message", "id": "m", "role": "assistant", "status": "completed",
                   "content": [part]}  # fmt: skip
        search = {"type": "web_search_call", "id": "w", "status": "completed",
                  "action": {"type": "search", "query": "q"}}  # fmt: skip
        self._reply({"id": "r", "object": "response", "created_at": 1, "model": "m",
                     "output": [search, message], "parallel_tool_calls": True,
                     "tool_choice": "auto", "tools": []})  # fmt: skip

    def _reply(self, body: object) -> None:
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def claim(quote: str) -> Claim:
    return Claim(quote, "performance", 0.0, 1.0, "SPEAKER_00", 0, parse(quote))


CLAIMS = (claim("We are 20x faster."), claim("It uses half the power."))


def test_searxng_gives_its_snippets(web: Web) -> None:
    (found,) = SearxngSearch(web.url, 5.0).search("a chip")
    assert (found.text, found.place, found.heading) == ("about a chip", "https://a.example", "Test")


def test_openai_gives_the_sentences_that_cite_a_page(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{web.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    one, two = OpenAISearch("gpt-4.1", 5.0, 0).search("We are 20x faster.")
    assert (one.text, one.place) == ("A test found 11 times.", "https://one.example")
    assert two.text == "Another page says 20 times."
    assert web.asked[0].endswith("Claim: We are 20x faster.")


def test_a_query_is_asked_once_and_then_read_from_the_file(web: Web, tmp_path: Path) -> None:
    saved = tmp_path / "web.json"
    search = SearxngSearch(web.url, 5.0)
    first = look_up(CLAIMS, search, saved, "Iron Kettle")
    assert sorted(web.asked) == [
        "Iron Kettle It uses half the power.",
        "Iron Kettle We are 20x faster.",
    ]
    assert look_up(CLAIMS, search, saved, "Iron Kettle") == first
    assert len(web.asked) == 2
    assert set(json.loads(saved.read_text())) == {"searxng"}


def test_a_failing_provider_is_a_warning_and_not_saved(web: Web, tmp_path: Path) -> None:
    web.status = 403
    found = look_up(CLAIMS, SearxngSearch(web.url, 5.0), tmp_path / "web.json")
    assert found.passages == ()
    assert "settings.yml" in found.problem
    assert found.failed == 2
    assert not (tmp_path / "web.json").exists()


def test_no_claims_no_queries(web: Web, tmp_path: Path) -> None:
    assert look_up((), SearxngSearch(web.url, 5.0), tmp_path / "web.json").passages == ()
    assert web.asked == []


def test_what_the_options_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(Writer(), Run()) is None
    found = load(Writer(web="searxng", searxng_url="http://here"), Run())
    assert found == SearxngSearch("http://here", Run().llm_timeout)
    with pytest.raises(ConfigError, match="searxng_url"):
        load(Writer(web="searxng"), Run())
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EngineError, match="OPENAI_API_KEY"):
        load(Writer(web="openai"), Run())
