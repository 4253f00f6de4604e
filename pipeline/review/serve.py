"""From an event to a page in the browser: one at a time for an event, on this machine alone."""

import secrets
import socket
import threading
import webbrowser
from contextlib import suppress
from functools import partial
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout

from pipeline.cache import HOUSE, PRIVATE, secluded, write_atomic
from pipeline.errors import PipelineError, UsageError, unexpected
from pipeline.review.app import Sound, app
from pipeline.review.desk import Desk
from pipeline.review.reading import Reader
from pipeline.review.sound import sound_of

HOST = "127.0.0.1"
_PATIENCE = 1  # seconds that pages have to go when the server is stopped


def serve(reader: Reader, port: int, opens: bool) -> None:
    """Serve until Ctrl-C; raises PipelineError where the event is on another desk already."""
    house = secluded(reader.output / HOUSE)
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
    desk, sound, token = Desk(reader), Sound(), secrets.token_urlsafe(24)
    ended = threading.Event()
    with bound(port) as listening:
        host = f"{HOST}:{listening.getsockname()[1]}"
        url = f"http://{host}/{token}/"
        write_atomic(address, url.encode(), PRIVATE)
        print(f"{reader.event.slug}: {url}\nCtrl-C ends it; what was corrected is in {desk.place}")
        for work in (partial(_make, desk, sound), partial(desk.work_on, ended)):
            threading.Thread(target=work, daemon=True).start()
        if opens:
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        config = uvicorn.Config(
            app(desk, sound, host, token),
            log_level="warning",
            timeout_graceful_shutdown=_PATIENCE,
            server_header=False,
            lifespan="off",
        )
        with suppress(KeyboardInterrupt):  # it has shut down by then
            uvicorn.Server(config).run(sockets=[listening])
        ended.set()
        address.unlink(missing_ok=True)


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


def _make(desk: Desk, sound: Sound) -> None:
    """The Opus file, while the page can be read already."""
    audio = desk.reading.heard.audio
    if not audio.sounding:
        return

    def tick(seconds: float) -> None:
        done = min(0.99, seconds / max(audio.duration, 1.0))
        if int(done * 100) > int(sound.done * 100):
            sound.done = done
            desk.tell()

    try:
        sound.place = sound_of(audio, desk.reader.session.cache.root, tick)
        sound.done = 1.0
    except Exception as error:  # words can be corrected without a sound
        sound.problem = str(unexpected(error))
    desk.tell()
