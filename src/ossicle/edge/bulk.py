"""The middle of a long body, read by the event loop straight into one buffer.

On the usual way a byte is copied four times before an application has it, by the loop, the parser and uvicorn. Where
Content-Length says that the next bytes are all body, nobody has to look at them.
"""

import asyncio
from types import TracebackType
from typing import Final, Protocol, Self

from uvicorn.protocols.http.flow_control import FlowControl

BULK_BYTES: Final = 1024 * 1024
"""Bytes of a body that are waited for at a time: what the stores are given to hash and write in one go."""
BULK_BYTES_MIN: Final = 64 * 1024
"""The rest of a body that is shorter is parsed as usual."""


SLOWLY: Final = "ossicle.request.slowly"
"""An extension of ASGI of our own, and its message: the application takes the body in small pieces, so nothing is gathered for it."""


class Connection(Protocol):
    """What is needed of a connection: its body's rest is read by `Bulk`, everything else is passed on to it."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    flow: FlowControl
    body_left: int | None

    @property
    def body_idle_seconds(self) -> float: ...
    def body_late(self) -> None: ...
    def body_skipped(self, count: int) -> None: ...
    def connection_lost(self, exc: Exception | None) -> None: ...
    def eof_received(self) -> None: ...
    def pause_writing(self) -> None: ...
    def resume_writing(self) -> None: ...


class Bulk(asyncio.BufferedProtocol):
    """The protocol of a connection's transport while an application waits for a long body; used as a context.

    It ends when the buffer is full, and with the context, whatever came by then; reading is paused behind it.
    """

    def __init__(self, connection: Connection, full: asyncio.Event) -> None:
        """Set `full` when there is nothing more to wait for. The connection must have bytes of a body left."""
        self._connection = connection
        self._full = full
        self._buffer = memoryview(bytearray(min(BULK_BYTES, connection.body_left or 0)))
        self._filled = 0
        self._is_over = False

    def __enter__(self) -> Self:
        connection = self._connection
        connection.transport.set_protocol(self)
        connection.flow.resume_reading()
        self._timer = connection.loop.call_later(connection.body_idle_seconds, self._judge_idleness, 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def received(self) -> memoryview:
        """What came."""
        return self._buffer[: self._filled]

    def _end(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._timer.cancel()
        self._connection.transport.set_protocol(self._connection)  # type: ignore[arg-type]  # which it is
        self._connection.body_skipped(self._filled)

    def _judge_idleness(self, filled_before: int) -> None:
        if self._filled == filled_before:
            self._connection.body_late()
        else:
            seconds = self._connection.body_idle_seconds
            self._timer = self._connection.loop.call_later(seconds, self._judge_idleness, self._filled)

    # To the transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        self._filled += nbytes
        if self._filled == len(self._buffer):
            self._end()
            self._full.set()

    def eof_received(self) -> None:
        self._connection.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        self._connection.connection_lost(exc)

    def pause_writing(self) -> None:
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        self._connection.resume_writing()
