"""Who may speak to the page's server: the browser that was given its address, and nothing else.

A page of another site can reach a server on this machine (by its address, or by a name that it
points here), and every program of this machine can. Hence a token in the address, the Host that we
are, no other Origin, and a policy that lets the page load and send nothing but ours.
"""

import secrets
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Passes on what comes from our own page, and answers 403 to all else."""

    app: ASGIApp
    host: str  # "127.0.0.1:8123"
    token: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] == "http":
            why = self._refused(scope)
            app = PlainTextResponse(f"{why}\n", 403) if why else self.app
            await app(scope, receive, with_headers)

    def _refused(self, scope: Scope) -> str:
        """Why a request is not answered; empty for one of ours."""
        headers = dict(Headers(scope=scope).items())
        given = f"{scope['path']}/".split("/")[1].encode()  # "*" has no slash
        if headers.get("host") != self.host:
            return "this is not the address that backrow printed"
        if not secrets.compare_digest(given, self.token.encode()):
            return "the address that backrow printed has more to it"
        ours = f"http://{self.host}"
        origin = headers.get("origin", ours if scope["method"] in ("GET", "HEAD") else "")
        site = headers.get("sec-fetch-site", "same-origin")
        if origin != ours or site not in ("same-origin", "none"):
            return "another page asked for this"
        return ""
