"""What a request may do: who may write, which hosts are answered, and what a browser may run."""

import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from milan.errors import UsageError

__all__ = ["Guard", "Guarded"]

POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
LONGEST_BODY = 64 * 1024
LONGEST_UPLOADS = {"/live": 20 * 1024**2, "/runs": 2 * 1024**3}
"""What pages may send that take files, by path."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Guard:
    """How far a server can be reached, and what writing asks for.

    On loopback anyone may write; elsewhere the token is needed, and without one the pages are read-only.
    """

    host: str = "127.0.0.1"
    token: str | None = None

    def __post_init__(self) -> None:
        if self.token is not None and (len(self.token) < 16 or not self.token.isascii()):
            raise UsageError("--token needs at least 16 plain (ASCII) characters")

    @property
    def is_loopback(self) -> bool:
        """Whether this machine alone can reach the server."""
        return self.host in LOOPBACK

    @property
    def asks_for_token(self) -> bool:
        """Whether writing needs the token."""
        return self.token is not None

    @property
    def is_read_only(self) -> bool:
        """Whether nobody can write: reachable by others, and no token set."""
        return self.token is None and not self.is_loopback

    def admits(self, token: str) -> bool:
        """Whether somebody with this token, perhaps empty, may write."""
        if self.token is None:
            return self.is_loopback
        return hmac.compare_digest(token.encode(), self.token.encode())

    def require(self, token: str) -> None:
        """Answer with 403 whoever may not write."""
        if not self.admits(token):
            missing = "start the server with --token" if self.is_read_only else "the token is wrong"
            raise HTTPException(403, f"nobody can write here: {missing}")


class Guarded:
    """Refuse what no page asks for, and tell browsers what they may run.

    Loopback answers to its own names alone, so that no foreign page reaches it under a name that was made to
    point here; what changes something must come from a page of this very host, and be short.
    """

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app, self._guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a report has a policy of its own
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        if self._guard.is_loopback and Request(scope).url.hostname not in LOOPBACK:
            return PlainTextResponse("this server answers to localhost and 127.0.0.1 only\n", 421)
        if scope["method"] in ("GET", "HEAD"):
            return None
        if scope["method"] != "POST":
            return PlainTextResponse("pages are read with GET\n", 405, {"Allow": "GET, HEAD, POST"})
        return _refusal_of_post(Headers(scope=scope), LONGEST_UPLOADS.get(scope["path"], LONGEST_BODY))


def _refusal_of_post(headers: Headers, longest: int) -> PlainTextResponse | None:
    origin, length = headers.get("origin"), headers.get("content-length", "")
    if origin is not None and urlsplit(origin).netloc != headers.get("host"):
        return PlainTextResponse("what changes something must come from a page of this server\n", 403)
    if not length.isdecimal():
        return PlainTextResponse("how long the body is must be said\n", 411)
    if int(length) > longest:
        return PlainTextResponse(f"at most {longest:,} bytes can be sent here\n", 413)
    return None
