"""An evening of captions, a model that quotes it, and the page's server in a thread."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from cassettes import step
from llm_server import Answer, Request
from personas import good, quoting, talks

from pipeline.audio.inputs import find_events
from pipeline.review.app import app
from pipeline.review.desk import Desk
from pipeline.review.reading import reader
from pipeline.review.serve import bound

T = TypeVar("T")
CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:06.000
<v Ada Park>Good evening and welcome to the evening of cold water.

00:00:06.500 --> 00:00:12.000
<v Ada Park>Please welcome our first speaker, Ben Stone.

00:00:14.000 --> 00:00:20.000
<v Ben Stone>Thank you. Our new kettle boils one litre of water in 40 seconds.

00:00:20.500 --> 00:00:26.000
<v Ben Stone>We have sold 9000 of them in three months,
and &lt;script&gt;alert(1)&lt;/script&gt; is not a joke.

00:00:27.000 --> 00:00:33.000
<v Ben Stone>It uses half the power of any other kettle on the market.
"""


def quotes(request: Request) -> Answer:
    """Notes that say what was said, a sentence each."""
    if step(request.system) != "write":
        return good(request)
    said = re.findall(r"^\[(\d+)\] [\d:]+ [^:]+: (.*)$", request.material, re.MULTILINE)
    parts = []
    for number, own in talks(request):
        told = [(int(n), text) for n, text in said if int(n) in own]
        cut = [(n, s.strip()) for n, text in told for s in re.split(r"(?<=[.]) ", text)]
        notes = [quoting(each, f"“{each[1].rstrip('.')}”") for each in cut[-3:]]
        parts.append({"number": number, "summary": ["He sells a kettle"], "notes": notes})
    return Answer(content=json.dumps({"parts": parts}))


@dataclass
class Served:
    """A page's server in a thread, and how to speak to it."""

    port: int
    desk: Desk
    token: str = "secret-token"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.token}/"

    def ask(
        self, path: str, method: str = "GET", body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """A request below the token; headers are given with _ for -."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        if body is not None:
            own = {"content-type": "application/json", "origin": f"http://127.0.0.1:{self.port}"}
            given = own | given
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        whole = path if path.startswith("/") else f"/{self.token}/{path}"
        with closing(line):
            line.request(method, whole, data, given)
            answer = line.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    def state(self) -> Any:
        return json.loads(self.ask("state")[2])

    def correct(self, table: str, **values: Any) -> tuple[int, Any]:
        status, _, told = self.ask("correct", "POST", {"table": table, "values": values})
        apart(self.desk.work)
        return status, json.loads(told)


@contextmanager
def working(desk: Desk) -> Iterator[None]:
    """The desk's worker: what is corrected is put together again."""
    ended = threading.Event()
    worker = threading.Thread(target=desk.work_on, args=(ended,))
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()


def apart(work: Callable[[], T]) -> T:
    """What it returns, in a thread of its own: Playwright has the event loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def serving(event: Path, out: Path) -> Iterator[Served]:
    """The server of an event that was run, in a thread, without its worker."""
    ((source,), _) = find_events([event])
    yield from started(apart(lambda: Desk(reader(source, out))))


def started(desk: Desk) -> Iterator[Served]:
    """A server for what lies on a desk; it ends by itself, a fifth of a second after its test."""
    listening = bound(0)
    served = Served(listening.getsockname()[1], desk)
    guarded = app(desk, f"127.0.0.1:{served.port}", served.token)
    config = uvicorn.Config(guarded, log_level="error", lifespan="off")
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield served
    server.should_exit = True
