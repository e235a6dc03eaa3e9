"""The load generator: one thread, plain sockets, HTTP/1.1 with keep-alive, the same for every peer.

It runs in a process of its own. What it sends is ready before the clock starts, so that neither signing nor formatting
is measured; while the clock runs it sends, receives, and finds the end of an answer. Its own processor time is
reported with each rate, so that a reader sees whether it, and not the server, was the slow one.
"""

import contextlib
import multiprocessing
import random
import re
import selectors
import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Final, ParamSpec, Self, TypeVar

from bench.machine import busy_seconds, cpu_seconds
from bench.target import Ask, Target

P = ParamSpec("P")
R = TypeVar("R")

BLOCK_BYTES: Final = 16 * 1024 * 1024
"""A longer body is this block over and over."""
_RECEIVE_BYTES: Final = 512 * 1024
_SEND_BYTES: Final = 1024 * 1024
_ONE_WRITE_BYTES: Final = 64 * 1024
"""Up to here head and body leave together, as from clients that buffer."""
_STALL_SECONDS: Final = 60.0
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class LoadFailed(Exception):
    """An answer that is not the one asked for, or none at all; a rate that counted it would mean nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to send: each of `asks` in turn, and again from the first one when they have run out."""

    target: Target
    asks: Sequence[Ask]
    connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """What came of it.

    Attributes:
        requests: how many were answered within `seconds`.
        generator_cpu: processors that the load generator kept busy, 1.0 being all that its one thread can.
        server_cpu: the same of the server; None where the system does not tell.
        foreign_cpu: the same of everybody else on the machine, kernel threads and the host's other guests included.
        body_bytes: what the bodies of these requests and answers held.
        is_repeated: whether a request was sent more than once.
    """

    requests: int
    body_bytes: int
    seconds: float
    p50_ms: float
    p99_ms: float
    generator_cpu: float
    server_cpu: float | None
    foreign_cpu: float | None
    is_repeated: bool

    @property
    def server_cpu_ms(self) -> float | None:
        """Processor time that the server spent on one request, in milliseconds."""
        return None if self.server_cpu is None else self.server_cpu * self.seconds / self.requests * 1000


def measure(load: Load, *, warm_seconds: float, seconds: float) -> Rate:
    """Send for `warm_seconds`, then count for `seconds`; what is under way in the end is finished, uncounted."""
    return _in_a_process(_measure, load, warm_seconds, seconds)


def send_each(load: Load) -> float:
    """Send every request once and return the seconds from the first byte to the last answer."""
    return _in_a_process(_send_each, load)


def block_of(body_bytes: int) -> bytes:
    """Return the bytes that a body of this length repeats: incompressible, and always the same."""
    size = min(body_bytes, BLOCK_BYTES)
    if size and body_bytes % size:
        raise ValueError(f"a body longer than {BLOCK_BYTES} bytes is a multiple of them; {body_bytes} is not")
    return random.Random(size).randbytes(size)


def _in_a_process(job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(job, *args, **kwargs).result()


def _measure(load: Load, warm_seconds: float, seconds: float) -> Rate:
    generator = _Generator(load, is_endless=True)
    generator.start()
    generator.run(warm_seconds)
    generator.latencies.clear()
    generator.body_bytes = 0
    before = _Moment.of(load.target.pid)
    generator.run(seconds)
    after = _Moment.of(load.target.pid)
    latencies, body_bytes = sorted(generator.latencies), generator.body_bytes
    if not latencies:
        raise LoadFailed(f"no answer within {seconds} s")
    generator.finish()
    elapsed = after.clock - before.clock
    own_cpu = (after.own - before.own) / elapsed
    server_cpu = _difference(before.server, after.server, elapsed)
    all_cpu = _difference(before.all, after.all, elapsed)
    return Rate(
        requests=len(latencies),
        body_bytes=body_bytes,
        seconds=elapsed,
        p50_ms=latencies[len(latencies) // 2] * 1000,
        p99_ms=latencies[len(latencies) * 99 // 100] * 1000,
        generator_cpu=own_cpu,
        server_cpu=server_cpu,
        foreign_cpu=None if all_cpu is None or server_cpu is None else max(0.0, all_cpu - server_cpu - own_cpu),
        is_repeated=generator.sent > len(load.asks),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Clocks, in seconds: of the wall, and the processor time of the generator, the server and the whole machine."""

    clock: float
    own: float
    server: float | None
    all: float | None

    @classmethod
    def of(cls, server: int) -> Self:
        return cls(clock=time.perf_counter(), own=time.process_time(), server=cpu_seconds(server), all=busy_seconds())


def _difference(before: float | None, after: float | None, seconds: float) -> float | None:
    return None if before is None or after is None else (after - before) / seconds


def _send_each(load: Load) -> float:
    generator = _Generator(load, is_endless=False)
    began = time.perf_counter()
    generator.start()
    generator.finish()
    return time.perf_counter() - began


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """Bytes to send: a few together with the head, many as blocks behind it."""

    with_head: bytes = b""
    blocks: tuple[memoryview, ...] = ()

    @classmethod
    def of(cls, body_bytes: int) -> Self:
        block = block_of(body_bytes)
        if body_bytes <= _ONE_WRITE_BYTES:
            return cls(with_head=block)
        return cls(blocks=(memoryview(block),) * (body_bytes // len(block)))


_NO_BODY: Final = _Body()


class _Connection:
    """One connection and the one request that is under way on it."""

    __slots__ = ("_left", "_received", "_sink", "_unsent", "ask", "began", "is_writing", "socket")

    def __init__(self, target: Target, sink: memoryview) -> None:
        self.socket = socket.create_connection((target.host, target.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.began = 0.0
        self.is_writing = False
        self.ask: Ask | None = None
        self._sink = sink
        self._unsent: list[memoryview] = []
        self._received = b""
        self._left = -1  # bytes of the answer's body; below 0 while its head has not ended

    def begin(self, ask: Ask, parts: list[memoryview]) -> None:
        """Start a request of these parts, the first one last in the list."""
        self.ask = ask
        self._unsent = parts
        self._received = b""
        self._left = -1
        self.began = time.perf_counter()
        self.send()

    def send(self) -> None:
        """Send what the socket takes; `is_writing` says whether something is left."""
        unsent = self._unsent
        with contextlib.suppress(BlockingIOError):
            while unsent:
                sent = self.socket.send(unsent[-1][:_SEND_BYTES])
                unsent[-1] = unsent[-1][sent:]
                if not unsent[-1]:
                    unsent.pop()
        self.is_writing = bool(unsent)

    def receive(self) -> bool:
        """Take what has come and return whether the answer is complete.

        Raises:
            LoadFailed: it is not a success of the length that was expected, after all of the request was sent.
        """
        count = self.socket.recv_into(self._sink)
        if count == 0:
            raise LoadFailed(f"the server closed the connection of {self.ask}")
        if self._left >= 0:
            self._left -= count
        else:
            self._received += self._sink[:count]
            self._read_head()
        if self._left == 0 and self.is_writing:
            raise LoadFailed("an answer came before its request was sent")
        return self._left == 0

    def _read_head(self) -> None:
        received = self._received
        end = received.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(received, 0, end)
        ask = self.ask
        expected = b" 200 " if ask is None or ask.first_byte is None else b" 206 "
        if received[8:13] != expected or found is None:
            raise LoadFailed(f"not{expected.decode()}with a length: {received[:2000].decode(errors='replace')}")
        length = int(found.group(1))
        if ask is not None and ask.method == "GET" and length != ask.body_bytes:
            raise LoadFailed(f"{length} bytes instead of {ask.body_bytes}")
        self._left = length - (len(received) - end - 4)


class _Generator:
    """Keeps every connection busy with one request after the other."""

    def __init__(self, load: Load, *, is_endless: bool) -> None:
        self._asks = load.asks
        self._heads = load.target.heads(load.asks)
        self._bodies = {ask.body_bytes: _Body.of(ask.body_bytes) for ask in load.asks if ask.method == "PUT"}
        self._is_endless = is_endless
        self._selector = selectors.DefaultSelector()
        sink = memoryview(bytearray(_RECEIVE_BYTES))
        self._connections = [_Connection(load.target, sink) for _ in range(load.connections)]
        self._busy = 0
        self.sent = 0
        self.body_bytes = 0
        self.latencies: list[float] = []

    def start(self) -> None:
        for connection in self._connections:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)
            self._busy += 1
            self._next(connection)

    def run(self, seconds: float) -> None:
        """Go on for so long; requests are under way when it returns."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._turn(left)

    def finish(self) -> None:
        """Bring what is under way, or is still to be sent, to its end and close the connections."""
        if self._is_endless:
            self._is_endless, self._heads, self._asks = False, [], []
        while self._busy:
            if not self._turn(_STALL_SECONDS):
                raise LoadFailed(f"nothing moved for {_STALL_SECONDS} s")
        for connection in self._connections:
            connection.socket.close()
        self._selector.close()

    def _turn(self, seconds: float) -> bool:
        events = self._selector.select(seconds)
        for key, mask in events:
            connection: _Connection = key.data
            if mask & selectors.EVENT_WRITE:
                connection.send()
                if not connection.is_writing:
                    self._selector.modify(connection.socket, selectors.EVENT_READ, connection)
            if mask & selectors.EVENT_READ and connection.receive():
                self.latencies.append(time.perf_counter() - connection.began)
                self.body_bytes += 0 if connection.ask is None else connection.ask.body_bytes
                self._next(connection)
        return bool(events)

    def _next(self, connection: _Connection) -> None:
        if self.sent >= len(self._heads) and not self._is_endless:
            self._selector.unregister(connection.socket)
            self._busy -= 1
            return
        number = self.sent % len(self._heads)
        self.sent += 1
        ask, head = self._asks[number], self._heads[number]
        body = self._bodies[ask.body_bytes] if ask.method == "PUT" else _NO_BODY
        connection.begin(ask, [*body.blocks, memoryview(head + body.with_head)])
        if connection.is_writing:
            self._selector.modify(connection.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, connection)
