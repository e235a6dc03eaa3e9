"""The body of a request, as ASGI hands it over: not one byte is asked for before somebody iterates."""

from collections.abc import AsyncIterator, Awaitable, Callable, Container, MutableMapping
from typing import Any

from ossicle.edge.bulk import SLOWLY
from ossicle.services.body import Body
from ossicle.services.checksums import Checksums
from ossicle.wire.digest import Digest
from ossicle.wire.errors import IncompleteBody, InlineDataTooLarge
from ossicle.wire.http import Headers

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class RequestBody:
    """A body that can be read once; `received_bytes` counts what came."""

    def __init__(
        self, receive: Receive, length: int | None, *, send: Send | None = None, extensions: Container[str] = ()
    ) -> None:
        """`send` takes the messages of these extensions."""
        self._receive = receive
        self._send = send
        self._extensions = extensions
        self.length = length
        self.received_bytes = 0

    async def take_slowly(self) -> None:
        """Say that the body will be taken in small pieces, with pauses, to a connection that cares."""
        if self._send is not None and SLOWLY in self._extensions:
            await self._send({"type": SLOWLY})

    async def __aiter__(self) -> AsyncIterator[bytes]:
        has_more = True
        while has_more:
            event = await self._receive()
            if event["type"] == "http.disconnect":
                raise IncompleteBody
            chunk: bytes = event.get("body", b"")
            has_more = event.get("more_body", False)
            if chunk:
                self.received_bytes += len(chunk)
                yield chunk
        if self.length is not None and self.received_bytes != self.length:
            raise IncompleteBody  # the parser sees to it; that nothing short is ever stored shall not hang on it alone


def announced_length(headers: Headers) -> int | None:
    """Return Content-Length, None when the body is chunked; without either there is no body. The framing was judged before."""
    if b"transfer-encoding" in headers:
        return None
    return int(headers.get(b"content-length") or 0)


async def read_document(body: Body, headers: Headers, limit_bytes: int) -> bytes:
    """Return a request document whole, its Content-MD5 compared.

    Raises:
        InlineDataTooLarge: it is longer than `limit_bytes`.
        InvalidDigest: Content-MD5 is malformed or another's.
    """
    if body.length is not None and body.length > limit_bytes:
        raise InlineDataTooLarge
    announced = Checksums.parse(content_md5=headers.text(b"content-md5"))
    document, digest = bytearray(), Digest()
    async for chunk in body:
        document += chunk
        digest.update(chunk)
        if len(document) > limit_bytes:
            raise InlineDataTooLarge
    announced.judge(digest)
    return bytes(document)
