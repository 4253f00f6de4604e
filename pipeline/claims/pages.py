"""A page of the web in its own words, fetched with little trust: from public addresses alone, of
bounded size and time, over at most three redirects."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

from pipeline.claims.reading import Passage
from pipeline.errors import InputError
from pipeline.text import folded

_LARGEST = 2_000_000  # bytes of a page
_SECONDS = 15.0  # for all of a page, and for each wait
_REDIRECTS = 3
_KINDS = ("text/html", "application/xhtml+xml", "text/plain")
_LEAST = 4  # letters of a name that a company's address is known by
_HEADERS = {"Accept": "text/html", "Accept-Encoding": "identity", "User-Agent": "backrow"}


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads pages; `allowed` hosts ("127.0.0.1:8000") may lie in a private network."""

    allowed: Collection[str] = ()

    def read(self, url: str) -> tuple[Passage, ...]:
        """The passages of a page, under its title; raises InputError if it cannot be read."""
        try:
            data = self._fetch(url)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise InputError(f"{url}: cannot be read ({error or type(error).__name__})") from error
        return tuple(_passages(data, url))

    def _fetch(self, url: str) -> bytes:
        for _ in range(1 + _REDIRECTS):
            parts = urlsplit(url)
            connection = _Pinned(parts, self._address(parts))
            timer = Timer(_SECONDS, connection.shut)
            timer.start()
            try:
                found = _answer(connection, parts)
            finally:
                timer.cancel()
                connection.close()
            if isinstance(found, bytes):
                return found
            url = urljoin(url, found)
        raise OSError("it leads from page to page")

    def _address(self, parts: SplitResult) -> str:
        """An address of the page's host, which is looked up once; none that is not public."""
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise OSError("is no plain http address")
        found = socket.getaddrinfo(
            parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM
        )
        addresses = [str(each[4][0]) for each in found]
        if parts.netloc not in self.allowed and not all(map(_is_public, addresses)):
            raise OSError("is in a private network")
        return addresses[0]


def _is_public(address: str) -> bool:
    """Whether an address is one of the public internet, also when it is written as IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return inner.is_global and not inner.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was looked up, whatever its name leads to by now."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        self._tls = parts.scheme == "https"
        port = parts.port or (443 if self._tls else 80)
        super().__init__(parts.hostname or "", port, timeout=_SECONDS)
        self._address = address
        self._line: socket.socket | None = None  # `sock` is None once an answer is the last one
        self.late = False

    def connect(self) -> None:
        self._line = self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls:
            context = ssl.create_default_context()
            self._line = self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    def shut(self) -> None:
        """End what takes too long."""
        self.late = True
        with suppress(OSError):  # it is at its end anyway
            if self._line:
                self._line.shutdown(socket.SHUT_RDWR)


def _answer(connection: _Pinned, parts: SplitResult) -> bytes | str:
    """What a page holds, or where it leads to."""
    connection.request("GET", f"{parts.path or '/'}?{parts.query}".rstrip("?"), headers=_HEADERS)
    reply = connection.getresponse()
    leads = reply.headers.get("Location")
    if reply.status in (301, 302, 303, 307, 308) and leads:
        return leads
    if reply.status != 200:
        raise OSError(f"answered {reply.status}")
    if reply.headers.get_content_type() not in _KINDS or reply.headers.get("Content-Encoding"):
        raise OSError("is no plain page")
    data = reply.read(_LARGEST + 1)
    if connection.late:  # and what came of it is a part
        raise OSError(f"takes longer than {_SECONDS:g} seconds")
    if len(data) > _LARGEST:
        raise OSError(f"is larger than {_LARGEST // 1_000_000} MB")
    return data


def _passages(data: bytes, url: str) -> list[Passage]:
    """The paragraphs of a page without what is around them on it."""
    import trafilatura

    found = trafilatura.bare_extraction(data, url=url, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict):
        raise InputError(f"{url}: has no text to quote")
    title = found.title or ""
    lines = (" ".join(line.split()) for line in (found.text or "").splitlines())
    return [Passage(line, url, title) for line in lines if line]


def is_own(url: str, names: str) -> bool:
    """Whether a page is of one of those that are named: "kestrel.example" of "Kestrel Power"."""
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")[:-1]
    words = [folded(word) for word in names.split()]
    known = {"".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, a + 4)}
    return any(len(label) >= _LEAST and folded(label) in known for label in labels)
