"""The openai package's client for one server: past proxies to this machine, its own retries.

Imports openai, which takes a second: imported when the first call is made.
"""

import json
from typing import Any

import httpx2
import openai

from pipeline import config
from pipeline.errors import NeverAnswered
from pipeline.llm.endpoint import Endpoint
from pipeline.llm.failures import Failure

_CONNECT_SECONDS = 10.0
_WRITE_SECONDS = 60.0  # a long prompt over a slow line


class _Http(httpx2.AsyncClient):
    """Leaves to the openai package only the retries for which it knows how long to wait."""

    own_header: str | None = None  # the key for a gateway that wants it in a header of its own

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Raises APITimeoutError, which the package passes on, where it would ask a hung server
        again at once; a refusal that names its own wait, or that stays one, comes back at once."""
        if self.own_header:
            request.headers["api-key"] = self.own_header
            request.headers.pop("Authorization", None)
        try:
            response = await super().send(request, **options)
        except httpx2.ReadTimeout as error:
            raise openai.APITimeoutError(request=request) from error
        if response.status_code >= 400:
            await response.aread()
            failure = Failure(response.status_code, _body(response), response.headers)
            if failure.wait or "insufficient_quota" in failure.code or failure.overflows:
                response.headers["x-should-retry"] = "false"
        return response


def _body(response: httpx2.Response) -> Any:
    try:
        body = json.loads(response.text)
    except ValueError:
        return response.text
    return body.get("error", body) if isinstance(body, dict) else body


def connect(server: Endpoint, run: config.Run, azure: bool = False) -> openai.AsyncOpenAI:
    """A client for one event loop; raises NeverAnswered for a proxy that cannot be used."""
    return openai.AsyncOpenAI(
        base_url=server.addresses[0],
        api_key=server.key,
        default_query=dict(server.query),
        max_retries=run.llm_retries,
        http_client=_http(server, run, server.is_azure or azure),
    )


def _http(server: Endpoint, run: config.Run, azure: bool) -> _Http:
    wait = httpx2.Timeout(
        run.llm_timeout, connect=_CONNECT_SECONDS, write=_WRITE_SECONDS, pool=None
    )
    try:
        http = _Http(
            timeout=wait,
            trust_env=not server.is_here,  # proxies; certificates are named all the same
            verify=httpx2.create_ssl_context(),
            # not away from this machine, and not with a header that would be sent on to anybody
            follow_redirects=not (server.is_here or azure),
        )
    except (ImportError, ValueError):
        raise NeverAnswered(
            f"{server.host}: the proxy of ALL_PROXY or HTTPS_PROXY cannot be used here; unset it, "
            "or for a SOCKS proxy: pip install 'httpx2[socks]'"
        ) from None
    http.own_header = server.key if azure else None
    return http
