"""The client's default transports against servers that behave well, badly or not at all: every outcome has its name."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import ossicle
from ossicle.client.failures import ClientError, ConnectionFailed, ConnectionTimedOut
from tests.support.clients import config

Behaviour = Callable[[socket.socket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nx-oss-request-id: RID\r\n\r\nhello"
REFUSAL = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
HEAD_END = b"\r\n\r\n"


class Peer:
    """A server of one connection at a time that keeps what it read."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.connections = 0
        self._behaviour = behaviour
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                connection.settimeout(10)
                self._behaviour(connection)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)


@contextmanager
def peer(behaviour: Behaviour) -> Iterator[Peer]:
    running = Peer(behaviour)
    try:
        yield running
    finally:
        running.close()


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while HEAD_END not in head:
        received = connection.recv(4096)
        if not received:
            return head
        head += received
    return head


def read_to_end(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def settings(port: int, **changes: Any) -> ossicle.Config:
    return config(endpoint=f"http://127.0.0.1:{port}", **changes)


GET = ossicle.GetObjectRequest(bucket="demo", key="a/../b//c")
PUT = ossicle.PutObjectRequest(bucket="demo", key="a", body=bytes(30_000_000))


def fetch(port: int, **changes: Any) -> bytes:
    with ossicle.Client(settings(port, **changes)) as client:
        body = client.get_object(GET).body
        assert body is not None
        return body.read()


async def fetch_async(port: int, **changes: Any) -> bytes:
    async with ossicle.AsyncClient(settings(port, **changes)) as client:
        body = (await client.get_object(GET)).body
        assert body is not None
        return await body.read()


def test_the_target_goes_out_as_it_was_signed_and_connections_are_kept() -> None:
    heads: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        while head := read_head(connection):
            heads.append(head)
            connection.sendall(OK)

    with peer(serve) as running, ossicle.Client(settings(running.port)) as client:
        for _ in range(2):
            body = client.get_object(GET).body
            assert body is not None
            assert body.read() == b"hello"
        client.close()
    assert [head.split(b" ")[1] for head in heads] == [b"/demo/a/../b//c"] * 2
    assert running.connections == 1


async def test_the_asynchronous_client_keeps_connections_too() -> None:
    def serve(connection: socket.socket) -> None:
        while read_head(connection):
            connection.sendall(OK)

    with peer(serve) as running:
        async with ossicle.AsyncClient(settings(running.port)) as client:
            for _ in range(2):
                body = (await client.get_object(GET)).body
                assert body is not None
                assert await body.read() == b"hello"
    assert running.connections == 1


def test_a_name_below_localhost_is_this_machine() -> None:
    hosts: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        hosts.append(read_head(connection).lower())
        connection.sendall(OK)

    with peer(serve) as running:
        made = ossicle.Client(config(endpoint=f"http://no-such-name.localhost:{running.port}"))
        with made as client:
            body = client.get_object(GET).body
            assert body is not None
            assert body.read() == b"hello"
    assert f"host: demo.no-such-name.localhost:{running.port}\r\n".encode() in hosts[0]


def refuse_early(connection: socket.socket) -> None:
    """Answer as soon as the head is there, then read on so that the answer is not lost."""
    read_head(connection)
    head = f"HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: {len(REFUSAL)}\r\n\r\n"
    connection.sendall(head.encode() + REFUSAL)
    connection.shutdown(socket.SHUT_WR)
    read_to_end(connection)


def test_a_refusal_before_the_body_is_through_can_be_read() -> None:
    with peer(refuse_early) as running, ossicle.Client(settings(running.port)) as client:
        with pytest.raises(ossicle.errors.AccessDenied):
            client.put_object(PUT)
        client.close()


async def test_a_refusal_before_the_body_is_through_can_be_read_asynchronously() -> None:
    with peer(refuse_early) as running:
        async with ossicle.AsyncClient(settings(running.port)) as client:
            with pytest.raises(ossicle.errors.AccessDenied):
                await client.put_object(PUT)


def answering(answer: bytes) -> Behaviour:
    def serve(connection: socket.socket) -> None:
        read_head(connection)
        connection.sendall(answer)

    return serve


def stay_silent(connection: socket.socket) -> None:
    read_head(connection)
    read_to_end(connection)


def stop_halfway(connection: socket.socket) -> None:
    answering(OK[:-2])(connection)
    read_to_end(connection)


BAD: list[tuple[Behaviour, type[ClientError], str]] = [
    (answering(OK[:-2]), ConnectionFailed, "broke off"),
    (answering(b""), ConnectionFailed, "broke off"),
    (answering(b"HTTP/1.1 200 OK\r\n"), ConnectionFailed, "broke off"),
    (answering(b"SSH-2.0-OpenSSH\r\n\r\n"), ConnectionFailed, "broke off"),
    (stay_silent, ConnectionTimedOut, "did not answer in time"),
    (stop_halfway, ConnectionTimedOut, "did not answer in time"),
]


@pytest.mark.parametrize(("behaviour", "failure", "told"), BAD)
def test_bad_servers(behaviour: Behaviour, failure: type[ClientError], told: str) -> None:
    with peer(behaviour) as running, pytest.raises(failure, match=told) as raised:
        fetch(running.port, readwrite_timeout=0.3, retry_max_attempts=1)
    assert type(raised.value) is failure
    assert "a/../b" not in str(raised.value)


@pytest.mark.parametrize(("behaviour", "failure", "told"), BAD)
async def test_bad_servers_asynchronously(behaviour: Behaviour, failure: type[ClientError], told: str) -> None:
    with peer(behaviour) as running, pytest.raises(failure, match=told) as raised:
        await fetch_async(running.port, readwrite_timeout=0.3, retry_max_attempts=1)
    assert type(raised.value) is failure


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_nobody_listens() -> None:
    with pytest.raises(ConnectionFailed, match=r"http://127\.0\.0\.1:\d+ can't be reached"):
        fetch(free_port(), retry_max_attempts=1)


async def test_nobody_listens_asynchronously() -> None:
    with pytest.raises(ConnectionFailed, match=r"http://127\.0\.0\.1:\d+ can't be reached"):
        await fetch_async(free_port(), retry_max_attempts=1)


def test_a_header_that_http_can_not_carry_is_told_instead_of_sent() -> None:
    nobody = ossicle.credentials.AnonymousCredentialsProvider()
    request = ossicle.GetObjectRequest(bucket="demo", key="a", headers={"not a name": "b"})
    with peer(answering(OK)) as running, ossicle.Client(settings(running.port, credentials_provider=nobody)) as client:
        with pytest.raises(ossicle.ParameterError, match="can't be sent"):
            client.get_object(request)
        client.close()
