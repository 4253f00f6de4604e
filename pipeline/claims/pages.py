"""A page of the web in its own words, fetched with little trust: from public addresses alone, of
bounded size and time, over at most three redirects."""

import asyncio
import ipaddress
import socket
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from pipeline.claims.evidence import Passage
from pipeline.errors import InputError
from pipeline.text import folded

if TYPE_CHECKING:
    import httpx2

_LARGEST = 2_000_000  # bytes of a page
_SECONDS = 15.0  # for all of a page
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
        import httpx2

        try:
            data = asyncio.run(self._fetch(url))
        except TimeoutError:
            why = f"takes longer than {_SECONDS:g} seconds"
            raise InputError(f"{url}: cannot be read ({why})") from None
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise InputError(f"{url}: cannot be read ({error or type(error).__name__})") from error
        return tuple(_passages(data, url))

    async def _fetch(self, url: str) -> bytes:
        """What a page holds, or the one that it leads to."""
        import httpx2

        lines = httpx2.AsyncClient(
            timeout=None, trust_env=False, verify=httpx2.create_ssl_context()
        )
        async with asyncio.timeout(_SECONDS), lines:
            for _ in range(1 + _REDIRECTS):
                asked = await self._request(urlsplit(url))
                reply = await lines.send(asked, stream=True)
                try:
                    if not reply.has_redirect_location:
                        return await _body(reply)
                    url = urljoin(url, reply.headers["Location"])
                finally:
                    await reply.aclose()
        raise OSError("it leads from page to page")

    async def _request(self, parts: SplitResult) -> "httpx2.Request":
        """A request to the address that the page's host leads to now: it is looked up once."""
        import httpx2

        there = httpx2.URL(parts.geturl()).copy_with(host=await self._address(parts))
        headers = {**_HEADERS, "Host": parts.netloc}
        return httpx2.Request(
            "GET", there, headers=headers, extensions={"sni_hostname": parts.hostname}
        )

    async def _address(self, parts: SplitResult) -> str:
        """An address of the page's host; none that is not public."""
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise OSError("is no plain http address")
        found = await asyncio.get_running_loop().getaddrinfo(
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


async def _body(reply: "httpx2.Response") -> bytes:
    """What a page holds, of bounded size."""
    kind = reply.headers.get("Content-Type", "text/plain").partition(";")[0].strip().lower()
    if reply.status_code != 200:
        raise OSError(f"answered {reply.status_code}")
    if kind not in _KINDS or "Content-Encoding" in reply.headers:
        raise OSError("is no plain page")
    data = bytearray()
    async for part in reply.aiter_raw():
        data += part
        if len(data) > _LARGEST:
            raise OSError(f"is larger than {_LARGEST // 1_000_000} MB")
    return bytes(data)


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
