"""Search providers and pages against a loopback server, and answers that are asked for once."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest

from pipeline.claims.pages import PageReader, is_own
from pipeline.claims.quantities import parse
from pipeline.claims.web import MODEL, Search, load, look_up, openai, searxng
from pipeline.config import Run, Writer
from pipeline.data import Claim
from pipeline.errors import ConfigError, EngineError, InputError

ANSWER = "A test found 11 times. Another page says 20 times."
TEST = b"""<html><head><title>Chips tested</title><script>var x = "20x faster";</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Chips tested</h1>
<p>We measured the chip of Iron Kettle for a week: it was 11 times faster than a card.</p>
<p>It draws half the power of the card, as the company says.</p></article></body></html>"""
PAGES: dict[str, tuple[str, bytes, dict[str, str]]] = {
    "/test": ("text/html; charset=utf-8", TEST, {}),
    "/moved": ("text/html", b"", {"Location": "/test"}),
    "/round": ("text/html", b"", {"Location": "/round"}),
    "/inside": ("text/html", b"", {"Location": "http://169.254.169.254/latest/meta-data"}),
    "/file": ("text/html", b"", {"Location": "file:///etc/passwd"}),
    "/large": ("text/html", b"x" * 2_000_001, {}),
    "/packed": ("text/html", b"x", {"Content-Encoding": "gzip"}),
    "/picture": ("image/png", b"x", {}),
    "/empty": ("text/html", b"<html><body></body></html>", {}),
}


class Web(HTTPServer):
    """Answers like SearXNG on /search and like OpenAI on /v1/responses."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.models: list[str] = []
        self.read: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def search(self) -> Search:
        """What asks this server."""
        return Search("searxng", partial(searxng, self.url, 5.0))

    @property
    def pages(self) -> PageReader:
        """What may read from this server too."""
        return PageReader({f"127.0.0.1:{self.server_port}"})


class _Handler(BaseHTTPRequestHandler):
    server: Web

    def do_GET(self) -> None:
        if not self.path.startswith("/search"):
            self._page()
            return
        query = parse_qs(urlparse(self.path).query)["q"][0]
        self.server.asked.append(query)
        found = {"url": f"{self.server.url}/test", "title": "T", "content": f"about {query}"}
        self._reply({"query": query, "results": [found, found]})

    def _page(self) -> None:
        self.server.read.append(self.path)
        kind, body, more = PAGES[self.path]
        self.send_response(302 if "Location" in more else 200)
        for name, value in {"Content-Type": kind, **more}.items():
            self.send_header(name, value.format(self.server.url))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked["input"])
        self.server.models.append(asked["model"])
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
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def claim(quote: str) -> Claim:
    return Claim(quote, 0.0, 1.0, "SPEAKER_00", 0, parse(quote))


CLAIMS = (claim("We are 20x faster."), claim("It uses half the power."))


def test_searxng_gives_addresses_each_once(web: Web) -> None:
    assert searxng(web.url, 5.0, "a chip") == (f"{web.url}/test",)


def test_openai_gives_the_pages_that_it_cites(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{web.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    found = openai("gpt-4.1", 5.0, 0, "We are 20x faster.")
    assert found == ("https://one.example", "https://two.example")
    assert web.asked[0].endswith("Claim: We are 20x faster.")


def test_a_page_is_quoted_in_its_own_words(web: Web) -> None:
    first, second = web.pages.read(f"{web.url}/moved")[-2:]
    assert first.text.startswith("We measured the chip of Iron Kettle for a week")
    assert second.text == "It draws half the power of the card, as the company says."
    assert first.heading == "Chips tested"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/round", "from page to page"),
        ("/inside", "private network"),
        ("/file", "no plain http"),
        ("/large", "larger than 2 MB"),
        ("/packed", "no plain page"),
        ("/picture", "no plain page"),
        ("/empty", "no text"),
    ],
)
def test_what_is_not_read(path: str, why: str, web: Web) -> None:
    with pytest.raises(InputError, match=why):
        web.pages.read(web.url + path)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://10.0.0.1/",
        "http://[::ffff:10.0.0.1]/", "http://0.0.0.0:9/", "http://2130706433:9/",
        "ftp://a.example/", "http://me:secret@a.example/", "/relative",
    ],
)  # fmt: skip
def test_nothing_private_is_asked(url: str) -> None:
    with pytest.raises(InputError, match=r"private network|no plain http"):
        PageReader().read(url)


@pytest.mark.parametrize(
    "begin", ["X-Long: ", "Content-Type: text/html\r\nConnection: close\r\n\r\n"]
)
def test_a_page_that_trickles_is_given_up(begin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.claims.pages._SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        stop = threading.Event()
        thread = threading.Thread(target=_trickle, args=(server, begin, stop), daemon=True)
        thread.start()
        with pytest.raises(InputError):
            PageReader({host}).read(f"http://{host}/")
        assert not stop.is_set()
        stop.set()
        thread.join()


def _trickle(server: socket.socket, begin: str, stop: threading.Event) -> None:
    """Sends a header or a page a letter at a time, and gives up after three seconds."""
    connection, _ = server.accept()
    with connection, contextlib.suppress(OSError):
        connection.sendall(f"HTTP/1.1 200 OK\r\n{begin}".encode())
        for _ in range(60):
            if stop.wait(0.05):
                return
            connection.sendall(b"x")
        stop.set()


def test_a_page_of_the_speakers_own_company() -> None:
    names = "Iron Kettle: Full Steam Ada Park, chief executive, Data Farm"
    assert is_own("https://www.ironkettle.example/news", names)
    assert is_own("https://blog.kettle.example", "Ada Park, Kettle")
    assert not is_own("https://kettles.example", names)
    assert not is_own("https://example.com", names)


def test_a_query_is_asked_once_and_then_read_from_the_file(web: Web, tmp_path: Path) -> None:
    saved = tmp_path / "web.json"
    search = web.search
    first = look_up(CLAIMS, search, saved, "Iron Kettle", pages=web.pages)
    assert sorted(web.asked) == [
        "Iron Kettle It uses half the power.",
        "Iron Kettle We are 20x faster.",
    ]
    assert {passage.place for passage in first.passages} == {f"{web.url}/test"}
    assert any("11 times faster" in passage.text for passage in first.passages)
    assert look_up(CLAIMS, search, saved, "Iron Kettle") == first
    assert len(web.asked) == 2
    assert set(json.loads(saved.read_text())) == {"searxng, pages"}


def test_pages_that_cannot_be_read_are_told_and_not_saved(web: Web, tmp_path: Path) -> None:
    found = look_up(CLAIMS, web.search, tmp_path / "web.json", pages=PageReader())
    assert (found.passages, found.failed) == ((), 2)
    assert "private network" in found.problem
    assert web.read == []
    assert not (tmp_path / "web.json").exists()


def test_a_failing_provider_is_a_warning_and_not_saved(web: Web, tmp_path: Path) -> None:
    web.status = 403
    found = look_up(CLAIMS, web.search, tmp_path / "web.json")
    assert found.passages == ()
    assert "settings.yml" in found.problem
    assert found.failed == 2
    assert not (tmp_path / "web.json").exists()


def test_no_claims_no_queries(web: Web, tmp_path: Path) -> None:
    assert look_up((), web.search, tmp_path / "web.json").passages == ()
    assert web.asked == []


def test_what_the_options_name(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(Writer(), Run()) is None
    found = load(Writer(web="searxng", searxng_url=web.url), Run())
    assert found and found.name == "searxng" and found.find("a chip") == (f"{web.url}/test",)
    with pytest.raises(ConfigError, match="searxng_url"):
        load(Writer(web="searxng"), Run())
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EngineError, match="OPENAI_API_KEY"):
        load(Writer(web="openai"), Run())
    monkeypatch.setattr("pipeline.claims.web.find_spec", lambda _: None)
    with pytest.raises(EngineError, match="uv run --extra web"):
        load(Writer(web="openai"), Run())


@pytest.mark.parametrize(
    ("base_url", "model"),
    [
        (None, "gpt-5.5"),
        ("https://api.openai.com/v1", "gpt-5.5"),
        ("http://localhost:11434/v1", MODEL),
    ],
)
def test_openai_is_asked_for_no_model_of_another_server(
    base_url: str | None, model: str, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"{web.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    found = load(Writer(web="openai", model="gpt-5.5", base_url=base_url), Run())
    assert found and found.find("We are 20x faster.")
    assert web.models == [model]
