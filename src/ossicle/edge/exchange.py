"""One request and its answer, between uvicorn's cycle and the application: where both are asked before they act."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, Protocol

from uvicorn._types import (
    ASGI3Application,
    ASGIReceiveCallable,
    ASGIReceiveEvent,
    ASGISendCallable,
    ASGISendEvent,
    Scope,
)
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from ossicle.edge.limits import EdgeLimits

_JOINED_BYTES_MAX: Final = 64 * 1024


class Connection(Protocol):
    """What an exchange needs of its connection."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    @property
    def limits(self) -> EdgeLimits: ...
    def can_keep(self, cycle: RequestResponseCycle) -> bool: ...
    def body_late(self) -> None: ...
    def close(self) -> None: ...


class Exchange(asyncio.Transport):
    """To uvicorn's cycle this is the transport, to the application the first middleware."""

    def __init__(self, connection: Connection, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        super().__init__()
        self._connection = connection
        self._cycle = cycle
        self._app = app
        self._is_head_due = False
        self._head: bytes | bytearray | memoryview[Any] = b""

    # To the cycle

    def write(self, data: "bytes | bytearray | memoryview[Any]") -> None:
        # The cycle writes the head by itself and then the body: as one write they are one packet and one system call.
        if self._is_head_due:
            self._is_head_due = False
            self._head = data
            return
        head, self._head = self._head, b""
        if head and len(data) <= _JOINED_BYTES_MAX:
            data = bytes(head) + data
        elif head:
            self._connection.transport.write(head)
        self._connection.transport.write(data)

    def is_closing(self) -> bool:
        return self._connection.transport.is_closing()

    def close(self) -> None:
        if self._head:  # of an answer that broke off before its body
            head, self._head = self._head, b""
            self._connection.transport.write(head)
        # While there is more of the body to come, on_response_complete drains or lingers; the cycle calls it next.
        if not (self._cycle.response_complete and self._cycle.more_body):
            self._connection.close()

    # To the application

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        try:
            await self._app(scope, self._receive, self._send)
        except (Exception, asyncio.CancelledError):
            if not self._cycle.response_started or self._cycle.response_complete:
                raise
            # The application has said why it gave up. The cycle would say so again: to it the client went away.
            self._cycle.disconnected = True
            self.close()

    def _receive(self) -> Awaitable[ASGIReceiveEvent]:
        if self._cycle.more_body and not self._cycle.message_event.is_set():
            return self._receive_in_time()
        return self._cycle.receive()

    async def _receive_in_time(self) -> ASGIReceiveEvent:
        # The clock runs only while the application waits: with reading paused, the time that passes is our own.
        connection = self._connection
        timer = connection.loop.call_later(connection.limits.body_idle_seconds, connection.body_late)
        try:
            return await self._cycle.receive()
        finally:
            timer.cancel()

    def _send(self, message: ASGISendEvent) -> Awaitable[None]:
        if message["type"] == "http.response.start":
            self._is_head_due = self._cycle.scope["method"] != "HEAD"  # to which no body will be written
            if not self._connection.can_keep(self._cycle):
                self._cycle.keep_alive = False
        return self._cycle.send(message)
