"""An HTTP connection that sends what a test says, byte for byte, and tells what came back.

Clients of other people are too polite for these tests: they normalise targets, wait where they should not, or read
the answer only when everything is sent.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ossicle.wire.error_document import parse_error
from ossicle.wire.errors import OssError
from ossicle.wire.http import Headers

SECONDS = 30.0
"""How long one read or write on a connection may take before the test fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered. Names of headers are lower case; `body` is empty where only the head was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def code(self) -> str:
        """The OSS error code; empty for a success."""
        return self.error.code if self.status >= 400 else ""

    @property
    def error(self) -> OssError:
        """The refusal, as the document tells it."""
        fields = Headers((name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items())
        return parse_error(self.status, fields, self.body)


class Ended(AssertionError):
    """The connection ended where an answer, or the rest of one, was due."""


class Connection:
    """One TCP connection to a server, closed with its context."""

    def __init__(
        self, port: int, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, receive_bytes: int = 0
    ) -> None:
        """Connect; `receive_bytes` makes the kernel's receive buffer that small."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        plain = socket.socket(family, socket.SOCK_STREAM)
        plain.settimeout(SECONDS)
        if receive_bytes:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        try:
            plain.connect((host, port))
            self._socket = plain if tls is None else tls.wrap_socket(plain, server_hostname="localhost")
        except BaseException:
            plain.close()
            raise
        self._reader = self._socket.makefile("rb")
        self._host = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def local_port(self) -> int:
        """The port at this end."""
        return int(self._socket.getsockname()[1])

    # -- out

    def send(self, data: bytes | bytearray) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def begin(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, *, length: int | None = None
    ) -> None:
        """Send a head; without `length` the body that follows is chunked, unless there is none by nature."""
        fields = {"Host": self._host, **(headers or {})}
        if length is not None:
            fields["Content-Length"] = str(length)
        elif method in {"PUT", "POST"}:
            fields["Transfer-Encoding"] = "chunked"
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        self.send("\r\n".join(lines).encode())

    def send_chunk(self, data: bytes) -> None:
        """Send one chunk of a chunked body; an empty one is the last."""
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def send_chunks(self, pieces: Iterable[bytes]) -> None:
        """Send a chunked body to its end."""
        for piece in pieces:
            if piece:
                self.send_chunk(piece)
        self.send_chunk(b"")

    def end_sending(self) -> None:
        """Close the half that sends; the answer can still be read."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Break the connection off at once, as a machine that crashes does."""
        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close()

    # -- in

    def read_head(self) -> Answer:
        """Return the status and the headers that come next."""
        line = self._reader.readline()
        if not line.endswith(b"\r\n"):
            raise Ended(f"no answer but {line!r}")
        version, status, _ = line.decode("latin-1").split(" ", 2)
        assert version == "HTTP/1.1"
        fields = http.client.parse_headers(self._reader)
        return Answer(status=int(status), headers={name.lower(): value for name, value in fields.items()})

    def read_body(self, length: int) -> bytes:
        """Return exactly `length` bytes of a body."""
        buffer = io.BytesIO()
        while (left := length - buffer.tell()) and (piece := self._reader.read(min(left, 1024 * 1024))):
            buffer.write(piece)
        if buffer.tell() != length:
            raise Ended(f"{buffer.tell()} of {length} bytes came")
        return buffer.getvalue()

    def read_some(self, most_bytes: int) -> bytes:
        """Return some bytes of a body, at most this many; none is the end."""
        return self._reader.read1(most_bytes)

    def answer(self, *, is_head: bool = False) -> Answer:
        """Return the whole answer that comes next, 100 Continue left aside."""
        head = self.read_head()
        while head.status == 100:
            head = self.read_head()
        if is_head or head.status in {204, 304}:
            return head
        assert "transfer-encoding" not in head.headers, "every answer has a length"
        return Answer(
            status=head.status, headers=head.headers, body=self.read_body(int(head.headers["content-length"]))
        )

    def read_end(self) -> bytes:
        """Return what is left up to the end of the stream."""
        return self._reader.read()

    def ask(self, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send a whole request with its length, and return the answer."""
        self.begin(method, target, headers, length=len(body) if body or method in {"PUT", "POST"} else None)
        self.send(body)
        return self.answer(is_head=method == "HEAD")

    # -- its life

    def close(self) -> None:
        """End the connection. May be called twice."""
        self._reader.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether anybody listens there."""
    try:
        with closing(socket.create_connection((host, port), timeout=SECONDS)):
            return True
    except (ConnectionRefusedError, ConnectionResetError):  # reset, when listening ends in this moment
        return False
