"""What all calls of an event share: the line to the server, its places, and what it has shown.

What is learnt about a server or a model holds for the whole process.
"""

import asyncio
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline import config
from pipeline.errors import ModelError, NeverAnswered, ServerFailed
from pipeline.llm.capabilities import Capabilities
from pipeline.llm.concurrency import CallLimit
from pipeline.llm.endpoint import Endpoint

if TYPE_CHECKING:
    import httpx2
    import openai

_CONNECT_SECONDS = 10.0
_WRITE_SECONDS = 60.0  # a long prompt over a slow line

_alone: set[str] = set()  # servers that were too slow for several calls at once
_capabilities: dict[tuple[str, str], Capabilities] = {}  # by server and model


def forget_servers() -> None:
    """What was learnt about all servers, for tests."""
    _alone.clear()
    _capabilities.clear()


@dataclass
class Server:
    """A server as one event meets it. Lives in one event loop."""

    at: Endpoint
    run: config.Run
    answered: int = 0  # calls of this event
    hangs: int = 0  # since the last answer, while no other call was in the way
    failed: ServerFailed | None = None  # then no further call is made
    offered: str = ""  # the model of `writer.model = "auto"`
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while that is found out
    read: dict[int, set[int]] = field(default_factory=dict)  # estimates of prompts, by tokens read

    @property
    def alone(self) -> bool:
        """Whether it gets one call at a time."""
        return self.at.identity in _alone

    def leave_alone(self) -> None:
        """One call at a time from here: it was too slow for several."""
        _alone.add(self.at.identity)

    def capabilities(self, model: str) -> Capabilities:
        """What one of its models takes."""
        return _capabilities.setdefault((self.at.identity, model), Capabilities())

    @cached_property
    def call_limit(self) -> CallLimit:
        return CallLimit(self.run, lambda: 1 if self.alone else self.run.llm_concurrency)

    @cached_property
    def connection(self) -> "openai.AsyncOpenAI":
        """The line to it, without retries of its own (`call` has them: a stream that breaks off
        and a wait that is told in words are nothing that the package knows); raises NeverAnswered
        for a proxy that cannot be used."""
        import openai  # which takes a second

        return openai.AsyncOpenAI(
            base_url=self.at.base + self.at.path,
            api_key=self.at.key,
            default_query=dict(self.at.query),
            default_headers={"api-key": self.at.key},  # where gateways like Azure's look for it
            max_retries=0,
            http_client=_http(self.at, self.run),
        )

    def reads_no_more(self, read: int, about: int) -> bool:
        """Whether it counts the same tokens of different questions, which for five is no chance."""
        same = self.read.setdefault(read, set())
        same.add(about)
        return read > 0 and len(same) >= 5

    def record_failure(self, error: ModelError, answered: int) -> ModelError:
        """Remember that the server failed, unless it has answered another call meanwhile."""
        if isinstance(error, ServerFailed) and self.answered == answered:
            self.failed = error
        return error

    def gone_error(self, sentence: str) -> ServerFailed:
        """The error that ends the event's calls; `sentence` goes on after the server's name."""
        kind = ServerFailed if self.answered else NeverAnswered
        return kind(f"{self.at.host}: {sentence}")


def _http(server: Endpoint, run: config.Run) -> "httpx2.AsyncClient":
    import httpx2

    wait = httpx2.Timeout(
        run.llm_timeout, connect=_CONNECT_SECONDS, write=_WRITE_SECONDS, pool=None
    )
    try:
        return httpx2.AsyncClient(
            timeout=wait,
            auth=_in_its_own_header if server.is_azure else None,
            trust_env=not server.is_here,  # proxies; certificates are named all the same
            verify=httpx2.create_ssl_context(),
        )
    except (ImportError, ValueError):
        raise NeverAnswered(
            f"{server.host}: the proxy of ALL_PROXY or HTTPS_PROXY cannot be used here; unset it, "
            "or for a SOCKS proxy: pip install 'httpx2[socks]'"
        ) from None


def _in_its_own_header(request: "httpx2.Request") -> "httpx2.Request":
    """Azure takes a token in `Authorization`, and for that no key."""
    del request.headers["Authorization"]
    return request
