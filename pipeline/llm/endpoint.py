"""Where a server is and how it wants to be addressed; shown as its host and nothing more."""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from pipeline import config
from pipeline.errors import NeverAnswered, keep_secret
from pipeline.privacy import is_here

KEY = "OPENAI_API_KEY"
OPENAI = "https://api.openai.com/v1"
_NO_KEY = "none"  # what a server that asks for no key is sent: the openai package insists
_AZURE = (".azure.com", ".azure-api.net")
_CALL = re.compile(r"/(chat/)?completions/?$|/+$")  # the end of an address that somebody copied


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server. Its text and repr hold neither key nor password nor query."""

    host: str  # with the port, if one is named
    path: str = field(repr=False)  # "/v1" where none was given; it may name a tenant
    base: str = field(repr=False)  # all before the path, with user and password
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    key: str = field(default=_NO_KEY, repr=False)

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        return is_here(urlsplit(self.base).hostname or "")

    @property
    def is_openai(self) -> bool:
        """OpenAI's own, or Azure's copy of it."""
        return self.host == "api.openai.com" or self.is_azure

    @property
    def is_azure(self) -> bool:
        """Azure wants its key in a header of its own."""
        host = urlsplit(self.base).hostname or ""
        return host.endswith(_AZURE) or "/openai/deployments/" in self.path

    @property
    def identity(self) -> str:
        """The part of the address that is in cache keys: nothing that may change for one server."""
        return self.host + re.sub(r"/v1$", "", self.path)


def endpoint(options: config.Writer) -> Endpoint:
    """The server that calls go to; raises NeverAnswered for an address that is none."""
    given = (options.base_url or os.environ.get("OPENAI_BASE_URL") or "").strip() or OPENAI
    if "://" not in given:
        given = f"{'http' if is_here(urlsplit('//' + given).hostname or '') else 'https'}://{given}"
    try:
        parts = urlsplit(given)
        host = parts.hostname + (f":{parts.port}" if parts.port else "")  # type: ignore[operator]
    except (TypeError, ValueError):
        raise NeverAnswered(
            "writer.base_url (or OPENAI_BASE_URL) is no address; write http://HOST:PORT/v1"
        ) from None
    query = tuple(parse_qsl(parts.query))
    keep_secret(*(unquote(part) for part in (parts.password, parts.username) if part))
    keep_secret(*(value for name, value in query if name != "api-version"))
    return Endpoint(
        host=host,
        path=_CALL.sub("", _CALL.sub("", parts.path)) if parts.path.strip("/") else "/v1",
        base=urlunsplit((parts.scheme, parts.netloc, "", "", "")),
        query=query,
        key=_key(),
    )


def _key() -> str:
    """The key without the line end that files and shells leave on it."""
    key = os.environ.get(KEY, "").strip()
    if not key.isascii() or re.search(r"\s", key):
        raise NeverAnswered(f"{KEY} holds characters that no key has; copy it anew")
    return key or _NO_KEY
