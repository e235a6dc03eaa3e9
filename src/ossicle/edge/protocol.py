"""uvicorn's httptools protocol with every wait and every byte bounded, and refusals that reach their reader.

It adds the limits of `EdgeLimits`, the strictness of `reading`, refusals rendered by the edge and the lingering close.
It knows no operation, no credential, and no OSS error beyond the codes that it refuses with.

An answer that is complete before its request is, leaves bytes behind that somebody has to take off the wire: closing
over unread bytes makes the kernel reset the connection, and the reset destroys the answer on its way. There are two
ways to do it. *Draining* parses on and keeps the connection, if the body ends in time. *Lingering* ends the connection:
our half is closed, so that a reader sees the end, and whatever still comes is thrown away for a while.
"""

import asyncio
import fcntl
import sys
import termios
from asyncio import TimerHandle
from collections.abc import Callable
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from ossicle.edge.bulk import BULK_BYTES_MIN
from ossicle.edge.exchange import Exchange
from ossicle.edge.framing import Refused, host_of, too_many_requests, too_slow
from ossicle.edge.limits import EdgeLimits
from ossicle.edge.reading import FramedProtocol, Phase
from ossicle.wire.records import record

RenderRefusal = Callable[[str, int, str, bytes, bytes], tuple[list[tuple[bytes, bytes]], bytes]]
"""(code, status, message, host, method) to the headers and the XML body of a refusal; the protocol adds length and connection.

`host` is the value of the one Host header, or empty; `method` is empty while the head is incomplete. To HEAD there is no
body. It must not fail, and is called on the event loop.
"""


def bounded_protocol(
    limits: EdgeLimits, render_refusal: RenderRefusal, on_refusal: Callable[[Refused], None] | None = None
) -> type[HttpToolsProtocol]:
    """The protocol class for `uvicorn.Config(http=...)`; `on_refusal` is told of each refusal that gets written.

    The limits replace uvicorn's `timeout_keep_alive`.
    """
    reporting = Reporting(render_refusal=render_refusal, on_refusal=on_refusal or (lambda refused: None))
    return type("BoundProtocol", (BoundedProtocol,), {"limits": limits, "reporting": reporting})


@record
class Reporting:
    """How refusals are written, and who hears of them."""

    render_refusal: RenderRefusal
    on_refusal: Callable[[Refused], None]


class BoundedProtocol(FramedProtocol):
    """One connection. `bounded_protocol` binds the class to its limits."""

    reporting: ClassVar[Reporting]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timeout_keep_alive = self.limits.keep_alive_seconds  # type: ignore[assignment]  # call_later takes a float
        self._running: RequestResponseCycle | None = None  # whose answer is next; `cycle` may be queued behind it
        self._deferred: Refused | None = None  # of a request whose turn to be answered has not come
        self._discard_left: int | None = None  # None: neither draining nor lingering
        self._timer: TimerHandle | None = None  # of a head, a drain or a linger: there is one at a time
        self._write_timer: TimerHandle | None = None

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._arm(self.limits.head_seconds, self._head_late)

    def connection_lost(self, exc: Exception | None) -> None:
        self.phase = Phase.HALTED
        self._disarm()
        self._unset_keepalive_if_required()
        if self._running is not None and not self._running.response_complete:
            self._disconnect(self._running)  # uvicorn tells the newest request only
        super().connection_lost(exc)
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._discard_left is not None:
            self._discard_left -= len(data)
            if self._discard_left < 0:
                self.close()
                return
        if self.phase is Phase.HALTED:
            return
        try:
            self.read(data)
        except Refused as refused:
            self._refuse(refused)
        else:
            if self._timer is None and (self.phase is Phase.HEAD or (self.phase is Phase.IDLE and self.silent_bytes)):
                self._arm(self.limits.head_seconds, self._head_late)

    def head_judged(self) -> None:
        if len(self.pipeline) >= self.limits.pipelined_requests:
            raise too_many_requests()
        self._disarm()
        self._unset_keepalive_if_required()

    def message_read(self) -> None:
        if self._discard_left is not None:  # drained
            self._discard_left = None
            self._disarm()
            keep_alive = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
            self.timeout_keep_alive_task = keep_alive

    def close(self) -> None:
        """Closes once everything written has left, and does not wait for ever for that."""
        self.transport.close()
        if self.transport.get_write_buffer_size() and self._write_timer is None:
            self._await_reader()

    # Answers

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        exchange = Exchange(self, cycle, app)
        cycle.transport = exchange
        task = self.loop.create_task(cycle.run_asgi(exchange))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def can_keep(self, cycle: RequestResponseCycle) -> bool:
        """Whether a request that is answered now may keep its connection, as far as the rest of its body goes."""
        if not cycle.more_body:
            return True
        # A client told to wait may send the body all the same, or its next request: there is no way to know.
        if cycle.waiting_for_100_continue:
            return False
        return self.body_left is None or self.body_left <= self.limits.refusal_drain_bytes

    def on_response_complete(self) -> None:
        answered = self._running
        super().on_response_complete()
        if answered is None or answered is not self._running or self.transport.is_closing():
            return
        answered.body.clear()
        answered.transport = self.transport  # no circle of references to wait for the collector
        if self._deferred is not None:
            self._answer(self._deferred)
        elif self.phase is Phase.BODY and answered.keep_alive:
            self._discard()
        elif self.phase is Phase.BODY:
            self._linger()

    def _discard(self) -> None:
        self._unset_keepalive_if_required()
        self._discard_left = self.limits.refusal_drain_bytes
        self._arm(self.limits.refusal_drain_seconds, self.close)

    def _linger(self) -> None:
        self.phase = Phase.HALTED
        self._discard()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _refuse(self, refused: Refused) -> None:
        """Ends the connection with an error in the place of the answer that is due, and never inside of another."""
        running = self._running
        in_body, self.phase = self.phase is Phase.BODY, Phase.HALTED
        if in_body and self.cycle is running:
            self._take_back(running, refused)
        elif running is None or running.response_complete:
            self._answer(refused)
        else:
            if in_body:
                self.pipeline.popleft()
            self._deferred = refused

    def _take_back(self, running: RequestResponseCycle, refused: Refused) -> None:
        """The request that turned out faulty is the one that is being answered, or was."""
        if running.response_complete:
            self._linger()
        elif running.response_started:
            self._disconnect(running)
            self.close()
        else:
            self._disconnect(running)
            self._answer(refused)

    def _disconnect(self, cycle: RequestResponseCycle) -> None:
        """To its application the client went away: nothing gets stored, and what is sent is dropped."""
        cycle.disconnected = True
        cycle.message_event.set()

    def _answer(self, refused: Refused) -> None:
        host = host_of(self.headers or [])
        headers, body = self.reporting.render_refusal(refused.code, refused.status, refused.message, host, self.method)
        parts = [STATUS_LINE[refused.status]]
        parts += [name + b": " + value + b"\r\n" for name, value in headers]
        parts.append(b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body))
        parts.append(body)
        self.reporting.on_refusal(refused)
        self.transport.write(b"".join(parts))
        self._linger()

    # Clocks

    def _arm(self, seconds: float, late: Callable[[], None]) -> None:
        self._disarm()
        self._timer = self.loop.call_later(seconds, late)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _head_late(self) -> None:
        if self._running is not None and not self._running.response_complete:
            self._arm(self.limits.head_seconds, self._head_late)  # what holds the client up may be us
        elif self.phase is Phase.IDLE:
            self.close()  # browsers connect ahead of need, and would take this for the answer to their next request
        else:
            self._refuse(too_slow())

    @property
    def body_idle_seconds(self) -> float:
        return self.limits.body_idle_seconds

    def is_in_bulk(self, cycle: RequestResponseCycle) -> bool:
        """Whether the next bytes are of the body of `cycle`, very many, and nothing has to be written before they come."""
        return (
            self.cycle is cycle
            and self.phase is Phase.BODY
            and (self.body_left or 0) >= BULK_BYTES_MIN
            and not cycle.waiting_for_100_continue
            and not cycle.disconnected
        )

    def body_late(self) -> None:
        """An application has waited for a byte of a body for too long."""
        if self.phase is Phase.BODY:
            self._refuse(too_slow())

    def timeout_keep_alive_handler(self) -> None:
        self.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._write_timer is None:
            self._await_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _await_reader(self) -> None:
        self._write_timer = self.loop.call_later(self.limits.write_idle_seconds, self._write_late, self._unsent())

    def _write_late(self, unsent_before: int) -> None:
        if self._unsent() < unsent_before:
            self._await_reader()
        else:
            self.transport.abort()

    def _unsent(self) -> int:
        """Bytes that the reader has not taken: ours, and those that the system holds, through which files pass by us."""
        ours = self.transport.get_write_buffer_size()
        if sys.platform != "linux" or self.transport.is_closing():
            return ours
        queued = fcntl.ioctl(self.transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
        return ours + int.from_bytes(queued, sys.byteorder)
