"""The openai package's client for one server: past proxies to this machine, no retries of its own.

What is tried again `call` decides, and `models.list_models` for the list of models: a stream that
breaks off and a wait that is told in words are nothing that the package knows. Imports openai,
which takes a second: imported when the first call is made.
"""

import httpx2
import openai

from pipeline import config
from pipeline.errors import NeverAnswered
from pipeline.llm.endpoint import Endpoint

_CONNECT_SECONDS = 10.0
_WRITE_SECONDS = 60.0  # a long prompt over a slow line


def connect(server: Endpoint, run: config.Run) -> openai.AsyncOpenAI:
    """A client for one event loop; raises NeverAnswered for a proxy that cannot be used."""
    return openai.AsyncOpenAI(
        base_url=server.addresses[0],
        api_key=server.key,
        default_query=dict(server.query),
        default_headers={"api-key": server.key},  # where gateways like Azure's look for it
        max_retries=0,
        http_client=_http(server, run),
    )


def _http(server: Endpoint, run: config.Run) -> httpx2.AsyncClient:
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


def _in_its_own_header(request: httpx2.Request) -> httpx2.Request:
    """Azure takes a token in `Authorization`, and for that no key."""
    del request.headers["Authorization"]
    return request
