"""The page's server: a few addresses below a token, JSON in and out, the sound in ranges."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from inspect import signature
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route

from pipeline.errors import PipelineError, unexpected
from pipeline.review.desk import Desk
from pipeline.review.guard import Guard

MOST = 100_000  # bytes of a correction
BEAT = 5.0  # seconds after which a silent line is tried, so that a page that is gone is known
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".html": "text/html",
}


@dataclass
class Pages:
    """The pages that are open on the event, the first of them first."""

    open: list[asyncio.Event] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def tell(self) -> None:
        """Wake all of them; from any thread."""
        if self.loop and not self.loop.is_closed():
            for page in tuple(self.open):
                self.loop.call_soon_threadsafe(page.set)


@dataclass
class Sound:
    """The Opus file: how much of it is made, and where it lies when it is."""

    done: float = 0.0  # of 1
    place: Path | None = None
    problem: str = ""


def app(desk: Desk, sound: Sound, host: str, token: str) -> Guard:
    """The server's application, guarded."""
    pages = Pages()
    desk.tell = pages.tell
    answers = _Answers(desk, sound, pages)
    done: dict[str, Callable[..., None]] = {
        "correct": desk.correct,
        "take-back": desk.take_back,
        "undo": desk.undo,
        "look": desk.look,
    }
    routes = [
        Route("/", own),
        Route("/own/{name}", own),
        Route("/words", answers.words),
        Route("/state", answers.state),
        Route("/post", answers.post),
        Route("/sound", answers.sound_file),
        Route("/live", answers.live),
        *(Route(f"/{p}", partial(answers.do, work), methods=["POST"]) for p, work in done.items()),
    ]
    inner = Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        exception_handlers={PipelineError: _sentence, Exception: _sentence},
    )
    return Guard(inner, host, token)


async def _sentence(request: Request, error: Exception) -> Response:
    status = 422 if isinstance(error, PipelineError) else 500
    return JSONResponse({"error": str(unexpected(error))}, status)


@dataclass
class _Answers:
    desk: Desk
    sound: Sound
    pages: Pages

    async def words(self, _: Request) -> Response:
        return Response(self.desk.words, media_type="application/json")

    async def state(self, _: Request) -> Response:
        told = await run_in_threadpool(self.desk.state)
        return JSONResponse({**told, "made": self.sound.done, "mute": self.sound.problem})

    async def post(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self.desk.post))

    async def sound_file(self, _: Request) -> Response:
        if self.sound.place is None:
            return Response(status_code=404)
        return FileResponse(self.sound.place, media_type="audio/webm")

    async def live(self, request: Request) -> Response:
        return StreamingResponse(self._lines(), media_type="text/event-stream")

    async def _lines(self) -> AsyncIterator[str]:
        """A line whenever something has changed, and one now and then."""
        page = asyncio.Event()
        self.pages.loop = asyncio.get_running_loop()
        self.pages.open.append(page)
        self.pages.tell()
        try:
            while True:
                page.clear()
                told = {
                    "version": self.desk.version,
                    "busy": self.desk.busy,
                    "first": self.pages.open[0] is page,
                    "made": self.sound.done,
                }
                yield f"data: {json.dumps(told)}\n\n"
                try:
                    await asyncio.wait_for(page.wait(), BEAT)
                except TimeoutError:
                    continue
        finally:
            self.pages.open.remove(page)
            self.pages.tell()

    async def do(self, work: Callable[..., None], request: Request) -> Response:
        """What the page does, with the values that it sends."""
        if request.headers.get("content-type") != "application/json":
            return JSONResponse({"error": "send JSON"}, 415)
        if int(request.headers.get("content-length") or MOST) >= MOST:
            return JSONResponse({"error": "that is too long"}, 413)
        try:
            given: dict[str, Any] = await request.json()
            asked = signature(work).bind(**given)
        except (ValueError, TypeError):
            return JSONResponse({"error": "that is no correction"}, 400)
        await run_in_threadpool(work, **asked.arguments)
        return JSONResponse({"version": self.desk.version})


async def own(request: Request) -> Response:
    """A file of the page; the page itself, where none is named."""
    name = Path(request.path_params.get("name", "page.html"))
    file = files("pipeline.review") / "page" / name.name
    kind = _TYPES.get(name.suffix)
    if kind is None or not file.is_file():
        return Response(status_code=404)
    return Response(file.read_bytes(), media_type=kind)
