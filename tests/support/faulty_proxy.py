"""A way to a server on which chosen requests meet a fault at a chosen moment.

with FaultyProxy(server.port) as proxy:
    proxy.fault = Fault("UploadPart", Stage.REQUEST, first=2)
    ...
    assert proxy.count("UploadPart") == 3
"""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from io import BufferedReader
from types import TracebackType
from typing import Final, NoReturn, Self
from urllib.parse import parse_qsl

FOREVER: Final = 10**9
CRC64: Final = b"x-oss-hash-crc64ecma"
_PIECE_BYTES: Final = 65536
_JOIN_SECONDS: Final = 20.0
_WITHOUT_BODY: Final = frozenset((b"204", b"304"))


class Stage(Enum):
    """How far an exchange has come when the fault happens."""

    BEFORE = auto()
    """The server has nothing of the request."""
    REQUEST = auto()
    """It has the first half: of the body, or of the head where there is no body."""
    AFTER = auto()
    """It has done what it was asked for; the client has nothing of the answer."""
    HEAD = auto()
    """The client has the first half of the answer's head."""
    BODY = auto()
    """It has the first half of the answer's body."""


class Act(Enum):
    """What happens then."""

    RESET = auto()
    """Both connections are cut with RST."""
    FINISH = auto()
    """Both connections are closed as if all were said."""
    STALL = auto()
    """Nothing moves any more, until the client gives up."""
    FLIP = auto()
    """One byte in the middle of the body (`REQUEST` or `BODY`) is another one."""
    WRONG_CRC = auto()
    """A digit of the answer's CRC-64 (`HEAD`) is another one."""


CUT: Final = (Act.RESET, Act.FINISH)
_CHANGES: Final = frozenset((Act.FLIP, Act.WRONG_CRC))


@dataclass(frozen=True)
class Fault:
    """What goes wrong: from the `first` request of an operation on, `times` of them. The acts take turns.

    `meanwhile` is called when a request gets that far, before the act: a place to kill the server.
    """

    operation: str
    stage: Stage
    acts: tuple[Act, ...] = CUT
    first: int = 1
    times: int = FOREVER
    meanwhile: Callable[[], object] | None = None

    def act(self, operation: str, number: int) -> Act | None:
        """Return what happens to the `number`-th request of this operation."""
        after = number - self.first
        hits = operation == self.operation and 0 <= after < self.times
        return self.acts[after % len(self.acts)] if hits else None


class _Cut(Exception):
    """The connections are to be cut in this way."""

    def __init__(self, act: Act) -> None:
        self.act = act
        super().__init__(act.name)


@dataclass(frozen=True)
class _Message:
    """A request or an answer, whole; `head` ends with its empty line."""

    head: bytes
    body: bytes

    @property
    def content(self) -> bytes:
        return self.head + self.body

    @property
    def first_half(self) -> bytes:
        return self.head + self.body[: len(self.body) // 2] if self.body else self.half_head

    @property
    def half_head(self) -> bytes:
        return self.head[: len(self.head) // 2]

    @property
    def flipped(self) -> bytes:
        middle = len(self.body) // 2
        return self.head + self.body[:middle] + bytes([self.body[middle] ^ 1]) + self.body[middle + 1 :]

    @property
    def with_wrong_crc(self) -> bytes:
        start = self.head.lower().index(CRC64) + len(CRC64) + 2
        digit = b"1" if self.head[start : start + 1] != b"1" else b"2"
        return self.head[:start] + digit + self.head[start + 1 :] + self.body


class FaultyProxy:
    """Passes HTTP/1.1 on to a server of this machine, one request of a connection behind the other, but for its `fault`."""

    def __init__(self, port: int) -> None:
        self.fault: Fault | None = None
        self.seen: list[tuple[str, dict[str, str]]] = []
        """Operation and query of every request, in the order they came."""
        self._target = port
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._start(self._accept)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def count(self, operation: str) -> int:
        """Return how many requests of an operation have come since `restart`."""
        return sum(seen == operation for seen, _ in self.seen)

    def parts(self) -> list[int]:
        """Return the part numbers of the parts that have come since `restart`, in order."""
        return sorted(int(query["partNumber"]) for operation, query in self.seen if operation.startswith("UploadPart"))

    def restart(self, fault: Fault | None = None) -> None:
        """Forget what was seen, and begin to count for another fault, or for none."""
        with self._lock:
            self.fault, self.seen, self._numbers = fault, [], {}

    def close(self) -> None:
        """Cut all connections and return when every thread has ended."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)
            assert not thread.is_alive(), "a connection of the proxy did not end"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- how

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._start(lambda near=near: self._serve(near))  # type: ignore[misc]  # the default is the type

    def _serve(self, near: socket.socket) -> None:
        act = Act.FINISH
        with contextlib.ExitStack() as ends:
            ends.callback(lambda: _cut(near, act))
            self._keep(near, ends)
            with contextlib.suppress(OSError, EOFError):
                far = socket.create_connection(("127.0.0.1", self._target))
                ends.callback(lambda: _cut(far, act))
                self._keep(far, ends)
                try:
                    with near.makefile("rb") as requests, far.makefile("rb") as answers:
                        while self._exchange(near, far, requests, answers):
                            pass
                except _Cut as cut:
                    act = cut.act

    def _keep(self, connection: socket.socket, ends: contextlib.ExitStack) -> None:
        def forget() -> None:
            with self._lock:
                self._open.discard(connection)

        with self._lock:
            self._open.add(connection)
        ends.callback(forget)

    def _exchange(
        self, near: socket.socket, far: socket.socket, requests: BufferedReader, answers: BufferedReader
    ) -> bool:
        """Pass on one request and its answer; return whether another may follow."""
        readable, _, _ = select.select([near, far], [], [])
        if near not in readable:
            return False  # the server has gone, and whoever waits with the next request should see it
        head = _read_head(requests)
        fault, act = self._judge(head)
        if fault is None or act is None:
            is_whole = _pump(far, head, requests)
            answer = _read_answer(answers, head)
            near.sendall(answer.content)
            return is_whole and b"\r\nconnection: close" not in answer.head.lower()
        if fault.stage is Stage.BEFORE:
            self._end(fault, act, near)
        request = _Message(head, requests.read(_length(head)))
        if fault.stage is Stage.REQUEST and act is not Act.FLIP:
            far.sendall(request.first_half)
            self._end(fault, act, near)
        far.sendall(request.flipped if fault.stage is Stage.REQUEST else request.content)
        near.sendall(_as_far_as(fault.stage, act, _read_answer(answers, head)))
        if act not in _CHANGES:
            self._end(fault, act, near)
        return True

    def _judge(self, head: bytes) -> tuple[Fault | None, Act | None]:
        """Note a request, and return what will happen to it."""
        operation, query = _operation_of(head)
        with self._lock:
            number = self._numbers[operation] = self._numbers.get(operation, 0) + 1
            self.seen.append((operation, query))
            fault = self.fault
        return fault, None if fault is None else fault.act(operation, number)

    def _end(self, fault: Fault, act: Act, near: socket.socket) -> NoReturn:
        if fault.meanwhile is not None:
            fault.meanwhile()
        if act is Act.STALL:
            _wait_for_end(near)
            act = Act.FINISH
        raise _Cut(act)


def _as_far_as(stage: Stage, act: Act, answer: _Message) -> bytes:
    """Return what the client gets of an answer."""
    if stage is Stage.REQUEST:
        return answer.content
    if act in _CHANGES:
        return answer.flipped if act is Act.FLIP else answer.with_wrong_crc
    return {Stage.AFTER: b"", Stage.HEAD: answer.half_head, Stage.BODY: answer.first_half}[stage]


def _cut(connection: socket.socket, act: Act) -> None:
    with contextlib.suppress(OSError):
        if act is Act.RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _wait_for_end(connection: socket.socket) -> None:
    """Wait until the other side has had enough. What it sends is read only as far as it has to be to see that."""
    with contextlib.suppress(OSError):
        while connection.recv(_PIECE_BYTES):
            pass


def _pump(sink: socket.socket, head: bytes, source: BufferedReader) -> bool:
    """Pass a request on as it comes; return whether the server took all of it, as one that refuses early does not."""
    left = _length(head)
    try:
        sink.sendall(head)
        while left:
            piece = source.read1(min(left, _PIECE_BYTES))
            if not piece:
                raise EOFError
            sink.sendall(piece)
            left -= len(piece)
    except OSError:
        return False
    return True


def _read_answer(source: BufferedReader, request_head: bytes) -> _Message:
    head = _read_head(source)
    has_body = not request_head.startswith(b"HEAD ") and head.split(b" ", 2)[1] not in _WITHOUT_BODY
    length = _length(head) if has_body else 0
    body = source.read(length)
    if len(body) < length:
        raise EOFError
    return _Message(head, body)


def _read_head(source: BufferedReader) -> bytes:
    lines = []
    while True:
        line = source.readline()
        if not line:
            raise EOFError
        lines.append(line)
        if line == b"\r\n":
            return b"".join(lines)


def _length(head: bytes) -> int:
    """Return how long the body is. Nothing that is tested here sends one in chunks."""
    fields = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    assert not any(name == b"transfer-encoding" for name, _, _ in fields), "a body in chunks"
    return next((int(value) for name, _, value in fields if name == b"content-length"), 0)


def _operation_of(head: bytes) -> tuple[str, dict[str, str]]:
    """Return the operation that a request of an object asks for, and its query."""
    method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ")
    query = dict(parse_qsl(target.partition("?")[2], keep_blank_values=True))
    copies = b"\r\nx-oss-copy-source:" in head.lower()
    if "uploads" in query:
        return ("InitiateMultipartUpload" if method == "POST" else "ListMultipartUploads"), query
    if "uploadId" in query:
        with_parts = {"PUT": "UploadPart", "POST": "CompleteMultipartUpload", "GET": "ListParts"}
        return with_parts.get(method, "AbortMultipartUpload") + ("Copy" if copies else ""), query
    plain = {"PUT": "CopyObject" if copies else "PutObject", "GET": "GetObject", "HEAD": "HeadObject"}
    return plain.get(method, method), query
