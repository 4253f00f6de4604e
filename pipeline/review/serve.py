"""From an event to a page in the browser: one at a time for an event, on this machine alone."""

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout

from pipeline.cache import PRIVATE, secluded, write_atomic
from pipeline.errors import PipelineError, UsageError
from pipeline.review.app import app
from pipeline.review.desk import Desk
from pipeline.review.reading import Reader

HOST = "127.0.0.1"
_PATIENCE = 1  # seconds that pages have to go when the server is stopped


def serve(reader: Reader, port: int, opens: bool) -> None:
    """Serve until Ctrl-C; raises PipelineError where the event is on another desk already."""
    house = secluded(reader.session.settings.house)
    address = house / "locks" / f"{reader.event.slug}.review"
    address.parent.mkdir(exist_ok=True)
    lock = FileLock(address.with_suffix(".review-lock"))
    try:
        with lock.acquire(timeout=0):
            _serve(reader, address, port, opens)
    except Timeout:
        where = address.read_text(encoding="utf-8") if address.exists() else "another terminal"
        raise PipelineError(
            f"{reader.event.slug}: a page is open on it already; it is {where}"
        ) from None


def _serve(reader: Reader, address: Path, port: int, opens: bool) -> None:
    desk, token, ended = Desk(reader), secrets.token_urlsafe(24), threading.Event()
    with bound(port) as listening:
        host = f"{HOST}:{listening.getsockname()[1]}"
        url = f"http://{host}/{token}/"
        write_atomic(address, url.encode(), PRIVATE)
        print(f"{reader.event.slug}: {url}\nCtrl-C ends it; what was corrected is in {desk.place}")
        _aside(desk.work_on, ended)
        if opens:
            _aside(webbrowser.open, url)
        config = uvicorn.Config(
            app(desk, host, token),
            log_level="warning",
            timeout_graceful_shutdown=_PATIENCE,
            server_header=False,
            lifespan="off",
        )
        with suppress(KeyboardInterrupt):  # it has shut down by then
            uvicorn.Server(config).run(sockets=[listening])
        ended.set()
        address.unlink(missing_ok=True)


def _aside(work: Callable[..., object], *given: object) -> None:
    threading.Thread(target=work, args=given, daemon=True).start()


def bound(port: int) -> socket.socket:
    """A socket on this machine alone; raises UsageError for a port that is not to be had."""
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
    except (OSError, OverflowError):
        listening.close()
        raise UsageError(
            f"--port {port}: is taken or not allowed; leave it out for a free one"
        ) from None
    return listening
