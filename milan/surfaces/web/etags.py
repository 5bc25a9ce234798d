"""Answers that did not change are not sent again."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Etagged"]


class Etagged:
    """Give every good answer the hash of its content as ETag, and 304 to who has it; HEAD gets no body.

    Answers are held whole until they are hashed: all of them are pages, pictures and listings made in memory.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or with 304."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def gather(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body", False):
                await self._finish(scope, start, bytes(body), send)

        await self._app({**scope, "method": "GET"}, receive, gather)

    async def _finish(self, scope: Scope, start: Message, body: bytes, send: Send) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        status = start["status"]
        if status == 200:
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers["ETag"] = etag
            headers.setdefault("Cache-Control", "private, no-cache")
            known = Headers(scope=scope).get("if-none-match", "")
            if etag in (part.strip().removeprefix("W/") for part in known.split(",")):
                status, body = 304, b""
                for name in ("content-length", "content-type"):
                    del headers[name]
        await send({**start, "status": status, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
