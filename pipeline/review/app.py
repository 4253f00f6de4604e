"""The page's server: a few addresses below a token, JSON in and out, the sound in ranges."""

import asyncio
import json
import mimetypes
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.errors import PipelineError, unexpected
from pipeline.review.desk import PACE, Desk
from pipeline.review.guard import Guard

MOST = 100_000  # bytes of a correction
PAGE = Path(__file__).parent / "page"
mimetypes.add_type("text/javascript", ".js")  # on some Windows it is text/plain, which is not run


def app(desk: Desk, host: str, token: str) -> Guard:
    """The server's application, guarded."""
    answers = _Answers(desk)
    done: dict[str, Callable[..., None]] = {
        "correct": desk.correct,
        "take-back": desk.take_back,
        "undo": desk.undo,
        "look": desk.look,
    }
    routes = [
        Route("/", page),
        Mount("/own", StaticFiles(directory=PAGE)),
        Route("/words", answers.words),
        Route("/state", answers.state),
        Route("/post", answers.post),
        Route("/sound", answers.sound),
        Route("/live", answers.live),
        *(Route(f"/{p}", partial(answers.do, work), methods=["POST"]) for p, work in done.items()),
    ]
    inner = Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        exception_handlers={PipelineError: _sentence, Exception: _sentence},
    )
    return Guard(inner, host, token)


async def page(_: Request) -> Response:
    """The page itself; the files that it loads lie below "own"."""
    return FileResponse(PAGE / "page.html")


async def _sentence(request: Request, error: Exception) -> Response:
    status = 422 if isinstance(error, PipelineError) else 500
    return JSONResponse({"error": str(unexpected(error))}, status)


@dataclass
class _Answers:
    desk: Desk
    open: list[object] = field(default_factory=list)  # pages, the first of them first

    async def words(self, _: Request) -> Response:
        return Response(self.desk.words, media_type="application/json")

    async def state(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self.desk.state))

    async def post(self, _: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self.desk.post))

    async def sound(self, _: Request) -> Response:
        """The decoded recording, of which a browser asks for the part that it plays."""
        audio = self.desk.reading.article.heard.audio
        if not audio.sounding:
            return Response(status_code=404)
        return FileResponse(audio.path, media_type="audio/wav")

    async def live(self, request: Request) -> Response:
        return StreamingResponse(self._lines(), media_type="text/event-stream")

    async def _lines(self) -> AsyncIterator[str]:
        """A line whenever something has changed, else an empty one: a page that is gone is known
        by that."""
        page, before = object(), ""
        self.open.append(page)
        try:
            while True:
                told = {"version": self.desk.version, "first": self.open[0] is page}
                now = f"data: {json.dumps(told)}\n\n"
                yield ":\n\n" if now == before else now
                before = now
                await asyncio.sleep(PACE)
        finally:
            self.open.remove(page)

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
