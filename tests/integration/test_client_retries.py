"""Both clients beside servers that fail and recover, and behind a proxy: real sockets, no pauses."""

import base64
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import ossicle
from ossicle.wire.digest import crc64
from tests.support.clients import config
from tests.support.server import REGION, ServerProcess

CONTENT = bytes(range(256)) * 4096
CRC = f"x-oss-hash-crc64ecma: {crc64(CONTENT)}\r\n".encode()
STORED = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + CRC + b"\r\n"
HEAD = b'HTTP/1.1 200 OK\r\nETag: "E"\r\nContent-Length: %d\r\n' % len(CONTENT) + CRC + b"\r\n"
FAILED = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
MISMATCH = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nx-oss-hash-crc64ecma: 1\r\n\r\n"
SKEW = b"<Error><Code>RequestTimeTooSkewed</Code></Error>"
SKEWED = (
    b"HTTP/1.1 403 Forbidden\r\nDate: Sun, 17 Dec 2023 05:00:00 GMT\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n" % len(SKEW)
) + SKEW


class Script:
    """A server that reads a whole request on each connection, sends the next answer as it stands, and closes."""

    def __init__(self, *answers: bytes) -> None:
        self.requests: list[bytes] = []
        self._answers = list(answers)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        for answer in self._answers:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(10)
                self.requests.append(read_request(connection))
                connection.sendall(answer)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


def read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received and (more := connection.recv(65536)):
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    left = int(lengths[0].split(b":")[1]) - len(body) if lengths else 0
    while left > 0 and (more := connection.recv(65536)):
        received += more
        left -= len(more)
    return received


@contextmanager
def script(*answers: bytes) -> Iterator[Script]:
    running = Script(*answers)
    try:
        yield running
    finally:
        running.close()


def settings(port: int, **changes: Any) -> ossicle.Config:
    return config(endpoint=f"http://127.0.0.1:{port}", **changes)


def impatient(port: int, **changes: Any) -> ossicle.Client:
    return ossicle.Client(settings(port, **changes), fraction=lambda: 0.0)


RECOVERIES = [
    pytest.param((FAILED, FAILED, STORED), id="500 twice"),
    pytest.param((b"", STORED), id="cut before the head"),
    pytest.param((STORED[:20], STORED), id="cut in the head"),
    pytest.param((MISMATCH, STORED), id="wrong CRC"),
    pytest.param((SKEWED, STORED), id="wrong clock"),
]


@pytest.mark.parametrize("answers", RECOVERIES)
def test_an_upload_recovers(answers: tuple[bytes, ...], tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    told: list[int] = []
    request = ossicle.PutObjectRequest(bucket="demo", key="a", progress_fn=lambda now, *_: told.append(now))
    with script(*answers) as running, impatient(running.port) as client:
        client.put_object_from_file(request, path)
    assert [sent.partition(b"\r\n\r\n")[2] for sent in running.requests] == [CONTENT] * len(answers)
    assert sum(told) == len(CONTENT)


@pytest.mark.parametrize("answers", RECOVERIES)
async def test_an_upload_recovers_asynchronously(answers: tuple[bytes, ...]) -> None:
    request = ossicle.PutObjectRequest(bucket="demo", key="a", body=CONTENT)
    with script(*answers) as running:
        async with ossicle.AsyncClient(settings(running.port), fraction=lambda: 0.0) as client:
            await client.put_object(request)
    assert [sent.partition(b"\r\n\r\n")[2] for sent in running.requests] == [CONTENT] * len(answers)


BROKEN = HEAD + CONTENT[:5000]
CORRUPT = HEAD + b"?" + CONTENT[1:]
GET = ossicle.GetObjectRequest(bucket="demo", key="a")


@pytest.mark.parametrize("first", [BROKEN, CORRUPT])
def test_a_download_into_a_file_begins_again(first: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    with script(first, HEAD + CONTENT) as running, impatient(running.port) as client:
        client.get_object_to_file(GET, path)
    assert path.read_bytes() == CONTENT
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("first", [BROKEN, CORRUPT])
async def test_a_download_into_a_file_begins_again_asynchronously(first: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    with script(first, HEAD + CONTENT) as running:
        async with ossicle.AsyncClient(settings(running.port), fraction=lambda: 0.0) as client:
            await client.get_object_to_file(GET, path)
    assert path.read_bytes() == CONTENT


def test_a_download_that_fails_for_good_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with (
        script(BROKEN, BROKEN, BROKEN) as running,
        impatient(running.port) as client,
        pytest.raises(ossicle.ConnectionFailed),
    ):
        client.get_object_to_file(GET, path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def rest(start: int) -> bytes:
    return b'HTTP/1.1 206 Partial Content\r\nETag: "E"\r\nContent-Length: %d\r\n\r\n' % (len(CONTENT) - start)


def test_a_file_goes_on_where_the_connection_broke() -> None:
    answers = (HEAD, rest(0) + CONTENT[:5000], rest(5000) + CONTENT[5000:])
    with script(*answers) as running, impatient(running.port) as client, client.open_file("demo", "a") as file:
        assert file.read() == CONTENT
    assert b"\r\nrange: bytes=5000-\r\n" in running.requests[2].lower()
    assert b'\r\nif-match: "e"\r\n' in running.requests[2].lower()


# -- proxies


class Proxy:
    """Passes everything on to one server, whatever it is asked for; keeps the heads that it got."""

    def __init__(self, port: int) -> None:
        self.heads: list[bytes] = []
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, socket.create_connection(("127.0.0.1", self._target)) as onward:
            head = connection.recv(65536)
            self.heads.append(head)
            if head.startswith(b"CONNECT"):
                connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            method, url, tail = head.split(b" ", 2)
            onward.sendall(b" ".join((method, b"/" + url.split(b"/", 3)[3], tail)))
            back = threading.Thread(target=pump, args=(onward, connection), daemon=True)
            back.start()
            pump(connection, onward)
            back.join(10)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while received := source.recv(65536):
            sink.sendall(received)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def make_proxy() -> Iterator[Callable[[int], Proxy]]:
    made: list[Proxy] = []

    def make(port: int) -> Proxy:
        made.append(Proxy(port))
        return made[-1]

    yield make
    for proxy in made:
        proxy.close()


BASIC = b"\r\nproxy-authorization: basic " + base64.b64encode(b"user:pass word").lower() + b"\r\n"


def behind(proxy: Proxy, server: ServerProcess, endpoint: str) -> ossicle.Config:
    keys = ossicle.credentials.StaticCredentialsProvider(server.access_key_id, server.access_key_secret)
    return ossicle.Config(
        region=REGION,
        endpoint=endpoint,
        credentials_provider=keys,
        proxy_host=f"http://user:pass%20word@127.0.0.1:{proxy.port}",
        retry_max_attempts=1,
    )


def test_http_through_a_proxy_is_asked_by_url(server: ServerProcess, make_proxy: Callable[[int], Proxy]) -> None:
    proxy = make_proxy(server.port)
    with ossicle.Client(behind(proxy, server, server.endpoint)) as client:
        client.put_object(ossicle.PutObjectRequest(bucket="demo", key="by/../proxy", body=b"x"))
    assert proxy.heads[0].startswith(f"PUT {server.endpoint}/demo/by/../proxy HTTP/1.1\r\n".encode())
    assert all(BASIC in head.lower() for head in proxy.heads)


async def test_http_through_a_proxy_asynchronously(server: ServerProcess, make_proxy: Callable[[int], Proxy]) -> None:
    proxy = make_proxy(server.port)
    async with ossicle.AsyncClient(behind(proxy, server, server.endpoint)) as client:
        assert (await client.get_bucket_info(ossicle.GetBucketInfoRequest(bucket="demo"))).status_code == 200
    assert BASIC in proxy.heads[0].lower()


def test_https_through_a_proxy_is_a_tunnel_and_its_refusal_has_a_name(
    server: ServerProcess, make_proxy: Callable[[int], Proxy]
) -> None:
    proxy = make_proxy(server.port)
    made = ossicle.Client(behind(proxy, server, "https://files.example.com"))
    with made as client, pytest.raises(ossicle.ConnectionFailed, match="407") as failure:
        client.list_buckets(ossicle.ListBucketsRequest())
    assert proxy.heads[0].startswith(b"CONNECT files.example.com:443 HTTP/1.1\r\n")
    assert BASIC in proxy.heads[0].lower()
    assert "pass" not in str(failure.value)
