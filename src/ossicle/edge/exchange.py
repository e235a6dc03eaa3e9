"""One request and its answer, between uvicorn's cycle and the application: where both are asked before they act."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, Final, Protocol

from uvicorn._types import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGIReceiveEvent,
    ASGISendCallable,
    ASGISendEvent,
    HTTPResponseStartEvent,
    Scope,
)
from uvicorn.protocols.http.httptools_impl import HEADER_RE, STATUS_LINE, RequestResponseCycle

from ossicle.edge import bulk, files
from ossicle.services.streams import FileSlice

_JOINED_BYTES_MAX: Final = 64 * 1024
_EXTENSIONS: Final[frozenset[str]] = frozenset({files.ZERO_COPY, bulk.SLOWLY})
_BODILESS: Final = frozenset({204, 304})
_OF_THE_CONNECTION: Final = frozenset({b"connection", b"transfer-encoding"})
_PLAIN_NAMES_MAX: Final = 1024
_plain_names: Final[set[bytes]] = set()
"""Names that were looked at before; users choose some of them, so their number is bounded."""
_CONTROLS: Final = bytes([*range(0x09), *range(0x0A, 0x20), 0x7F])


class Connection(files.Connection, bulk.Connection, Protocol):
    """What an exchange needs of its connection."""

    def can_keep(self, cycle: RequestResponseCycle) -> bool: ...
    def is_in_bulk(self, cycle: RequestResponseCycle) -> bool: ...
    def close(self) -> None: ...


class Exchange(asyncio.Transport):
    """To uvicorn's cycle this is the transport, to the application the first middleware.

    An answer that is there as a whole is written here, as one packet by one system call; a stream is the cycle's to write.
    """

    def __init__(self, connection: Connection, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        super().__init__()
        self._connection = connection
        self._cycle = cycle
        self._app = app
        self._start: HTTPResponseStartEvent | None = None  # until it is known what follows
        self._is_slow = False

    # To the cycle

    def write(self, data: "bytes | bytearray | memoryview[Any]") -> None:
        self._connection.transport.write(data)

    def is_closing(self) -> bool:
        return self._connection.transport.is_closing()

    def close(self) -> None:
        # While there is more of the body to come, on_response_complete drains or lingers; the cycle calls it next.
        if not (self._cycle.response_complete and self._cycle.more_body):
            self._connection.close()

    # To the application

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self._cycle.scope["extensions"] = files.extensions(self._cycle.scope["scheme"])
        try:
            await self._app(scope, self._receive, self._send)
        except (Exception, asyncio.CancelledError):
            await self._send_start()
            if not self._cycle.response_started or self._cycle.response_complete:
                raise
            # The application has said why it gave up. The cycle would say so again: to it the client went away.
            self._cycle.disconnected = True
            self.close()

    def _receive(self) -> Awaitable[ASGIReceiveEvent]:
        if self._cycle.more_body and not self._cycle.message_event.is_set():
            is_bulk = not self._is_slow and self._connection.is_in_bulk(self._cycle)
            return self._receive_bulk() if is_bulk else self._receive_in_time()
        return self._cycle.receive()

    async def _receive_in_time(self) -> ASGIReceiveEvent:
        # The clock runs only while the application waits: with reading paused, the time that passes is our own.
        connection = self._connection
        timer = connection.loop.call_later(connection.body_idle_seconds, connection.body_late)
        try:
            return await self._cycle.receive()
        finally:
            timer.cancel()

    async def _receive_bulk(self) -> ASGIReceiveEvent:
        cycle = self._cycle
        with bulk.Bulk(self._connection, cycle.message_event) as middle:
            await cycle.message_event.wait()
        cycle.message_event.clear()
        if not middle.received:
            return {"type": "http.disconnect"}
        # ASGI says bytes: a copy of a mebibyte, which nobody needs.
        return {"type": "http.request", "body": middle.received, "more_body": cycle.more_body}  # type: ignore[typeddict-item]

    async def _send(self, message: ASGISendEvent) -> None:
        cycle = self._cycle
        if message["type"] == "http.response.start" and self._start is None and not cycle.response_started:
            self._start = message
        elif message["type"] in _EXTENSIONS:
            await self._extend(message)
        elif self._start is None or not self._send_whole(self._start, message):
            await self._send_start()
            await cycle.send(message)

    async def _extend(self, message: ASGISendEvent) -> None:
        if (part := files.parse_slice(message)) is None:
            self._is_slow = True
        else:
            await self._send_start()
            await self._send_file(part)

    async def _send_start(self) -> None:
        start, self._start = self._start, None
        if start is not None:
            self._judge_keeping()
            await self._cycle.send(start)

    async def _send_file(self, part: FileSlice) -> None:
        if part.length > self._cycle.expected_content_length:
            raise RuntimeError("a part of a file goes beyond what was announced")
        self._cycle.expected_content_length -= part.length
        await files.send_file(self._connection, self._cycle, part)

    def _judge_keeping(self) -> None:
        if not self._connection.can_keep(self._cycle):
            self._cycle.keep_alive = False

    def _send_whole(self, start: HTTPResponseStartEvent, message: ASGISendEvent) -> bool:
        """Write head and body as one, if they are the whole answer and may be written now; do nothing otherwise."""
        cycle = self._cycle
        if message["type"] != "http.response.body" or message.get("more_body") or not self._is_open():
            return False
        is_head, body = cycle.scope["method"] == "HEAD", message.get("body", b"")
        if len(body) > _JOINED_BYTES_MAX:
            return False
        head = render_head(start["status"], list(start.get("headers", ())), None if is_head else len(body))
        if head is None:
            return False
        self._start = None
        self._judge_keeping()
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        self._connection.transport.write(b"".join((head, end, b"" if is_head else body)))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.close()
        cycle.on_response()
        return True

    def _is_open(self) -> bool:
        return not (self._cycle.disconnected or self._cycle.flow.write_paused)


def render_head(status: int, headers: Sequence[tuple[bytes, bytes]], body_bytes: int | None) -> bytes | None:
    """Return the head of an answer without its empty line, or None for one that is not plain.

    Plain is one that announces `body_bytes` (None: any number, for HEAD), or a status that has no body and none to announce,
    and that says nothing of the connection. Its names are in lower case, and no value of it holds a control character.
    """
    fields = dict(headers)
    if not _plain_names.issuperset(fields) and not all(map(_is_plain_name, fields)):
        return None
    length = fields.get(b"content-length")
    announced = int(length) if length is not None else 0 if status in _BODILESS else None
    if announced is None or body_bytes not in (None, announced):
        return None
    head = STATUS_LINE[status] + b"".join([b"%b: %b\r\n" % field for field in headers])
    # One look at all values together: there are two controls in each line end, and no others.
    has_others = len(head) - len(head.translate(None, _CONTROLS)) != 2 * len(headers) + 2
    return None if has_others else head


def _is_plain_name(name: bytes) -> bool:
    if HEADER_RE.search(name):
        raise RuntimeError("a header's name is none")
    if name in _OF_THE_CONNECTION or name != name.lower():
        return False
    if len(_plain_names) < _PLAIN_NAMES_MAX:
        _plain_names.add(name)
    return True
