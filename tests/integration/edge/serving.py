"""A real uvicorn server with the bounded protocol, a small application, and a client made of plain sockets."""

import asyncio
import contextlib
import random
import socket
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import uvicorn

from ossicle.edge.framing import Refused
from ossicle.edge.limits import EdgeLimits
from ossicle.edge.protocol import BoundedProtocol, bounded_protocol

LOOPS: tuple[Literal["asyncio", "uvloop"], ...] = ("asyncio", "uvloop")
PATIENT = EdgeLimits(head_seconds=30, body_idle_seconds=30, keep_alive_seconds=30, write_idle_seconds=30)
MIB = 1024 * 1024
FILE = random.Random(1).randbytes(12 * MIB)


def render_refusal(
    code: str, status: int, message: str, host: bytes, method: bytes
) -> tuple[list[tuple[bytes, bytes]], bytes]:
    body = (
        ""
        if method == b"HEAD"
        else f"<Error><Code>{code}</Code><Message>{message}</Message><HostId>{host.decode()}</HostId></Error>"
    )
    return [
        (b"content-type", b"application/xml"),
        (b"server", b"Ossicle"),
        (b"x-status", b"%d" % status),
    ], body.encode()


class App:
    """One ASGI application whose behaviour is chosen by the path; what it saw stands in `seen`."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.released = threading.Event()
        self.connections: Callable[[], list[BoundedProtocol]] = list

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await getattr(self, scope["path"].strip("/").split("/")[0] or "refuse")(scope, receive, send)

    async def refuse(self, scope: Any, receive: Any, send: Any) -> None:
        await answer(send, 403, b"refused")

    async def close(self, scope: Any, receive: Any, send: Any) -> None:
        await answer(send, 403, b"refused", (b"connection", b"close"))

    async def refuse_later(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await answer(send, 403, b"refused")

    async def echo(self, scope: Any, receive: Any, send: Any) -> None:
        body = await self._body(receive)
        if body is not None:
            await answer(send, 200, body)

    async def count(self, scope: Any, receive: Any, send: Any) -> None:
        total = 0
        while (message := await receive())["type"] == "http.request":
            total += len(message["body"])
            if not message["more_body"]:
                return await answer(send, 200, b"%d" % total)
        self.seen.append(f"disconnect after {total}")
        return None

    async def scope(self, scope: Any, receive: Any, send: Any) -> None:
        await self._body(receive)
        headers = b"".join(name + b"=" + value + b"\n" for name, value in scope["headers"])
        line = b"%s %s ?%s %s\n" % (
            scope["method"].encode(),
            scope["raw_path"],
            scope["query_string"],
            scope["http_version"].encode(),
        )
        await answer(send, 200, line + headers)

    async def held(self, scope: Any, receive: Any, send: Any) -> None:
        """Asks for no byte of the body until the test says so, then reads all of it."""
        self.seen.append("held")
        await until(self.released.is_set)
        await self.count(scope, receive, send)

    async def held_refuse(self, scope: Any, receive: Any, send: Any) -> None:
        await until(self.released.is_set)
        await answer(send, 403, b"refused")

    async def started(self, scope: Any, receive: Any, send: Any) -> None:
        """Begins to answer, then reads the body."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        await send({"type": "http.response.body", "body": b"half.", "more_body": True})
        if await self._body(receive) is not None:
            await send({"type": "http.response.body", "body": b"half."})

    async def large(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers with 32 MiB, whatever the request was."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % (32 * MIB))]})
        for left in reversed(range(32)):
            await send({"type": "http.response.body", "body": bytes(MIB), "more_body": left > 0})
        self.seen.append(f"large: {(await receive())['type']}")

    async def huge(self, scope: Any, receive: Any, send: Any) -> None:
        """The same in one piece."""
        await answer(send, 200, bytes(32 * MIB))

    async def file(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers with `FILE`, its bytes in the middle sent by the kernel, two and a half MiB at a time."""
        assert "http.response.zerocopysend" in scope["extensions"]
        with tempfile.TemporaryFile() as file:
            file.write(FILE)
            file.flush()
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(FILE))]}
            )
            await send({"type": "http.response.body", "body": FILE[:MIB], "more_body": True})
            for start in range(MIB, len(FILE) - MIB, 5 * MIB // 2):
                place = {"file": file.fileno(), "offset": start, "count": min(5 * MIB // 2, len(FILE) - MIB - start)}
                await send({"type": "http.response.zerocopysend", **place, "more_body": True})
            await send({"type": "http.response.body", "body": FILE[-MIB:]})
        self.seen.append(f"file: {(await receive())['type']}")

    async def short_file(self, scope: Any, receive: Any, send: Any) -> None:
        """Announces ten bytes, and has a file of five."""
        with tempfile.TemporaryFile() as file:
            file.write(b"half.")
            file.flush()
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
            place = {"file": file.fileno(), "offset": 0, "count": 10}
            try:
                await send({"type": "http.response.zerocopysend", **place, "more_body": True})
            except EOFError:
                self.seen.append("short")
                raise

    async def brim(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers until the kernel takes no more, with little enough left over that uvicorn sees no reason to wait."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
        [transport] = [c.transport for c in self.connections() if c.scope is scope]
        while not transport.get_write_buffer_size():
            await send({"type": "http.response.body", "body": bytes(16 * 1024), "more_body": True})
        await send({"type": "http.response.body"})
        self.seen.append(f"brim: {transport.get_write_buffer_size() > 0}")

    async def taste(self, scope: Any, receive: Any, send: Any) -> None:
        """Reads more than a MiB of the body, and answers."""
        taken = 0
        while taken <= MIB:
            taken += len((await receive())["body"])
        await answer(send, 200, b"enough")

    async def wait(self, scope: Any, receive: Any, send: Any) -> None:
        """Waits for the client to go away."""
        while (await receive())["type"] == "http.request":
            self.seen.append("waiting")
        self.seen.append("http.disconnect")

    async def _body(self, receive: Any) -> bytes | None:
        body = bytearray()
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                return bytes(body)
        self.seen.append(f"disconnect after {len(body)}")
        return None


async def answer(send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Waits for a condition; a test that waits in vain fails."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110  # what is waited for happens in another thread
            await asyncio.sleep(0.005)


class Serving:
    """The server in a thread of its own, so that a client that blocks is not its problem."""

    def __init__(
        self, loop: Literal["asyncio", "uvloop"], limits: EdgeLimits = PATIENT, certificate: Path | None = None
    ) -> None:
        self.app = App()
        self.app.connections = lambda: self.connections
        self.refused: list[str] = []
        self.limits = limits

        def on_refusal(refused: Refused) -> None:
            self.refused.append(refused.code)

        config = uvicorn.Config(
            self.app,
            http=bounded_protocol(limits, render_refusal, on_refusal),
            loop=loop,
            ws="none",
            lifespan="off",
            interface="asgi3",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=20,
            ssl_certfile=certificate,
            ssl_keyfile=certificate and certificate.with_suffix(".key"),
        )
        self.server = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = listener.getsockname()[1]
        self._thread = threading.Thread(target=self.server.run, args=([listener],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def forget(self) -> None:
        """Ends what an earlier test may have left behind, and its notes."""
        self.app.released.set()
        deadline = time.monotonic() + 20
        while self.server.server_state.tasks:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        self.app.released.clear()
        self.app.seen.clear()
        self.refused.clear()

    @property
    def connections(self) -> list[BoundedProtocol]:
        return [c for c in self.server.server_state.connections if isinstance(c, BoundedProtocol)]

    def stop(self) -> None:
        self.server.should_exit = True

    @property
    def stopped(self) -> bool:
        return not self._thread.is_alive()

    def join(self) -> None:
        self._thread.join(20)
        assert self.stopped

    @contextlib.asynccontextmanager
    async def connect(self) -> AsyncIterator["Wire"]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Wire(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def code(self) -> str:
        """The OSS code of a refusal."""
        return self.body.decode().partition("<Code>")[2].partition("</Code>")[0]


class Wire:
    """One client connection, as raw as it gets."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, *, head_only: bool = False) -> Answer:
        async with asyncio.timeout(20):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status_line, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            length = 0 if head_only else int(headers.get("content-length", "0"))
            body = await self.reader.readexactly(length)
        return Answer(status=int(status_line.split(" ")[1]), headers=headers, body=body)

    async def exchange(self, data: bytes) -> Answer:
        await self.send(data)
        return await self.answer()

    async def drip(self, data: bytes, pause_seconds: float) -> None:
        """Sends one byte at a time, for as long as anybody takes them."""
        for i in range(len(data)):
            try:
                await self.send(data[i : i + 1])
            except ConnectionError:
                return
            await asyncio.sleep(pause_seconds)

    async def gone(self) -> None:
        """The connection is over, and what was lost with it does not matter."""
        with contextlib.suppress(ConnectionError):
            await self.ended()

    async def ended(self) -> bytes:
        """Everything up to the end of the stream. A reset instead of an end is an error."""
        async with asyncio.timeout(20):
            return await self.reader.read()


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """A request with a Host, and without anything else that is not asked for."""
    return "\r\n".join([f"{line} HTTP/1.1", "Host: b.example", *headers, "", ""]).encode("latin-1") + body
