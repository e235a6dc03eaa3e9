"""From a result or an error to the response of HTTP, with the headers every answer has."""

import asyncio
from collections.abc import AsyncIterable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

from ossicle.edge.body import Receive, Send
from ossicle.edge.dates import dates
from ossicle.edge.files import render_slice
from ossicle.services.streams import FileSlice, ObjectStream
from ossicle.wire.binding import ResultBase, render_result
from ossicle.wire.error_document import render_error, render_error_header
from ossicle.wire.errors import OssError
from ossicle.wire.http import RawHeaders, Response
from ossicle.wire.operation import Operation
from ossicle.wire.text import encode

TextHeaders = Iterable[tuple[str, str]]

_XML = (b"content-type", b"application/xml")
_BODILESS = frozenset({204, 304})
_HEADER_DOCUMENT_BYTES_MAX = 4096
"""Clients and proxies bound a head, many at 8 KiB; in base64 this is 5.5 KiB of one."""
_BRIEF_CHARACTERS = 256


def common_headers(request_id: str, now: datetime) -> list[tuple[bytes, bytes]]:
    """Return the headers of every answer. Clients take their clock from `Date`, so it is ours and always there."""
    return [
        (b"server", b"Ossicle"),
        (b"date", dates.http(now)),
        (b"x-oss-request-id", request_id.encode("ascii")),
    ]


def encode_headers(headers: TextHeaders) -> list[tuple[bytes, bytes]]:
    """Return headers as bytes; what a client stored comes back byte for byte."""
    return [(_encode_name(name), encode(value)) for name, value in headers]


@lru_cache(maxsize=1024)
def _encode_name(name: str) -> bytes:
    return name.lower().encode("ascii")


def result_response(operation: Operation[Any, Any], result: ResultBase, further: RawHeaders = ()) -> Response:
    """Return the response of a handler's result, with further headers."""
    answer = render_result(operation, result)
    headers = answer.headers
    headers += further
    status = result.status_code or operation.success_status
    if status in _BODILESS:
        return Response(status=status, headers=headers, body=getattr(result, "body", None) or b"")
    body = answer.document
    if body is None:
        body = getattr(result, "body", None) or b""
    else:
        headers.append((b"content-type", answer.media_type))
    if isinstance(body, bytes) and not any(name == b"content-length" for name, _ in headers):
        headers.append((b"content-length", b"%d" % len(body)))
    return Response(status=status, headers=headers, body=body)


def error_response(error: OssError, *, request_id: str, host_id: str, is_head: bool) -> Response:
    """Return the response of a refusal; where there is no body, the document travels in `x-oss-err`."""
    document = render_error(error, request_id=request_id, host_id=host_id)
    headers = [_XML, *encode_headers(error.headers)]
    if error.ec is not None:
        headers.append((b"x-oss-ec", error.ec.encode("ascii")))
    if is_head:
        if len(document) > _HEADER_DOCUMENT_BYTES_MAX:
            document = render_error(_brief(error), request_id=request_id, host_id=host_id[:_BRIEF_CHARACTERS])
        headers += [(b"x-oss-err", render_error_header(document).encode("ascii")), (b"content-length", b"0")]
        return Response(status=error.status, headers=headers)
    headers.append((b"content-length", str(len(document)).encode("ascii")))
    return Response(status=error.status, headers=headers, body=document)


def _brief(error: OssError) -> OssError:
    """Return an error without its long details, above all the canonical request and the string to sign."""
    details = {name: text for name, text in error.details.items() if len(text) <= _BRIEF_CHARACTERS}
    return OssError.received(code=error.code, status=error.status, message=error.message, ec=error.ec, details=details)


async def send_response(
    response: Response, further: RawHeaders, receive: Receive, send: Send, *, takes_files: bool = False
) -> int:
    """Send a response with further headers and return the bytes of its body; a client that goes away ends it early.

    `takes_files` says that `send` knows the extension of `edge.files`.
    """
    await send({"type": "http.response.start", "status": response.status, "headers": [*further, *response.headers]})
    if isinstance(response.body, bytes):
        await send({"type": "http.response.body", "body": response.body})
        return len(response.body)
    body = response.body
    sent = await _send_stream(body.slices() if takes_files and isinstance(body, ObjectStream) else body, receive, send)
    await send({"type": "http.response.body"})
    return sent


async def close_body(response: Response) -> None:
    """Let go of what a streamed body holds open, sent or not."""
    close = getattr(response.body, "aclose", None)
    if close is not None:
        await close()


async def _send_stream(body: AsyncIterable[FileSlice | bytes], receive: Receive, send: Send) -> int:
    """Send chunk by chunk, as fast as the client takes them."""
    sent = 0
    gone = asyncio.ensure_future(_hung_up(receive))
    try:
        async for chunk in body:
            if gone.done():
                break
            if isinstance(chunk, FileSlice):
                await send(render_slice(chunk))
                sent += chunk.length
            else:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                sent += len(chunk)
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
    return sent


async def _hung_up(receive: Receive) -> None:
    """Return when the client has gone. First comes the request's own body, empty or not, which nobody asked for."""
    while (await receive())["type"] != "http.disconnect":
        pass
