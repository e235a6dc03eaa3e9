"""Uploads by whoever holds a URL: every key, every size, once and again, in time and late, one at a time and together."""

import hashlib
import itertools
import os
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ossicle.wire.digest import Digest
from tests.integration.conftest import StartServer
from tests.support.connection import Connection
from tests.support.data_dir import look_at, wait_until_tidy
from tests.support.keys import KEYS
from tests.support.owner import Owner, crc64_of, etag_of
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

KIB = 1024
MIB = 1024 * 1024
GIB = 1024 * MIB
SMALL_BODY_BYTES = 16 * KIB
"""The server's default: up to here a body is a row."""
PUT_BYTES_MAX = 5 * GIB
SIZES = [
    0, 1,
    *(SMALL_BODY_BYTES + more for more in (-1, 0, 1)),
    *(MIB + more for more in (-1, 0, 1)),
    *(3 * MIB + more for more in (-1, 0, 1)),
    64 * MIB,
]  # fmt: skip


@pytest.fixture
def owner(server: ServerProcess) -> Owner:
    return Owner(server=server)


def body_of(size: int) -> bytes:
    """Bytes in which no two places look alike."""
    block = random.Random(size).randbytes(min(size, MIB + 7))
    return (block * (size // (MIB + 7) + 1))[:size]


def upload(owner: Owner, target: str, body: bytes, *, is_chunked: bool) -> dict[str, str]:
    """Upload by a target that was signed before; return the headers of the answer, which must be a success."""
    with Connection(owner.server.port) as connection:
        connection.begin("PUT", target, length=None if is_chunked else len(body))
        if is_chunked:
            sizes = itertools.cycle((1, 15, 4096, 70_000, 1_300_000))
            start = 0
            while start < len(body):
                end = start + next(sizes)
                connection.send_chunk(body[start:end])
                start = end
            connection.send_chunk(b"")
        else:
            connection.send(body)
        answer = connection.answer()
    assert answer.status == 200, answer.body
    return dict(answer.headers)


# -- keys


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_kept_as_it_is(owner: Owner, name: str) -> None:
    key, body = KEYS[name], name.encode()
    upload(owner, owner.target("PUT", key), body, is_chunked=False)
    assert owner.get(key) == body
    with Connection(owner.server.port) as connection:
        listing = owner.target("GET", None, parameters={"list-type": "2", "prefix": key, "encoding-type": "url"})
        listed = connection.ask("GET", listing)
    assert listed.status == 200
    assert f"<Key>{owner.path(key).removeprefix('/demo/').replace('/', '%2F')}</Key>" in listed.body.decode()
    owner.delete(key)
    assert owner.ask("GET", key).code == "NoSuchKey"


def test_keys_that_a_file_system_would_take_for_one_are_several(owner: Owner) -> None:
    alike = ["x/y", "x//y", "/x/y", "x/./y", "x/z/../y", "x/y/", "X/Y", "x\\y"]
    for key in alike:
        owner.put(key, key.encode())
    assert [owner.get(key) for key in alike] == [key.encode() for key in alike]
    assert set(alike) <= set(owner.list_keys())
    for key in alike:
        owner.delete(key)


def test_an_escape_is_decoded_once_and_a_slash_may_be_escaped(owner: Owner) -> None:
    query = owner.query("PUT", "some folder/100%25")
    with Connection(owner.server.port) as connection:
        answer = connection.ask("PUT", f"/demo/some%20folder%2f100%2525?{query}", b"escaped")
    assert answer.status == 200
    assert owner.get("some folder/100%25") == b"escaped"


def test_a_key_of_1024_bytes_is_refused(owner: Owner) -> None:
    answer = owner.ask("PUT", "k" * 1024, b"body")
    assert (answer.status, answer.code) == (400, "InvalidObjectName")


def test_a_key_that_is_not_utf_8_is_refused(owner: Owner) -> None:
    with Connection(owner.server.port) as connection:
        answer = connection.ask("PUT", f"/demo/%ff?{owner.query('PUT', 'key')}", b"body")
    # Nobody can have signed it here, and a key is judged once it is known who asks.
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")


def test_a_url_is_for_one_key(owner: Owner) -> None:
    with Connection(owner.server.port) as connection:
        answer = connection.ask("PUT", owner.target("PUT", "one-key").replace("one-key", "one-kez"), b"body")
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")


# -- sizes


@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
@pytest.mark.parametrize("size", SIZES)
def test_every_size_comes_back(owner: Owner, size: int, is_chunked: bool) -> None:
    key, body = f"size/{size}/{is_chunked}", body_of(size)
    headers = upload(owner, owner.target("PUT", key), body, is_chunked=is_chunked)
    assert (headers["etag"], headers["x-oss-hash-crc64ecma"]) == (etag_of(body), crc64_of(body))
    assert headers["content-length"] == "0"
    assert owner.ask("HEAD", key).headers["content-length"] == str(size)
    assert owner.get(key) == body
    owner.delete(key)


def test_small_bodies_are_rows_and_larger_ones_files(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    for size in (0, SMALL_BODY_BYTES):
        owner.put(f"row-{size}", body_of(size))
    assert look_at(own_server.data_dir).files == frozenset()
    owner.put("file", body_of(SMALL_BODY_BYTES + 1))
    assert len(wait_until_tidy(own_server.data_dir).files) == 1


def test_rows_may_hold_more_than_a_batch(start_server: StartServer) -> None:
    limit = 3 * MIB
    server = start_server(arguments=["--small-body-bytes", str(limit)])
    owner = Owner(server=server)
    for size in (limit, limit + 1):
        body = body_of(size)
        upload(owner, owner.target("PUT", f"{size}"), body, is_chunked=True)
        assert owner.get(f"{size}") == body
    assert len(look_at(server.data_dir).files) == 1


def test_more_than_five_gib_are_refused_before_a_byte_is_asked_for(owner: Owner) -> None:
    with Connection(owner.server.port) as connection:
        target = owner.target("PUT", "huge")
        connection.begin("PUT", target, {"Expect": "100-continue"}, length=PUT_BYTES_MAX + 1)
        answer = connection.read_head()
        body = connection.read_body(int(answer.headers["content-length"]))
    assert answer.status == 400
    assert b"<Code>EntityTooLarge</Code>" in body
    assert f"<ProposedSize>{PUT_BYTES_MAX + 1}</ProposedSize>".encode() in body
    with Connection(owner.server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "huge"), {"Expect": "100-continue"}, length=PUT_BYTES_MAX)
        assert connection.read_head().status == 100
    assert owner.ask("HEAD", "huge").status == 404


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_five_gib(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    piece = bytearray(os.urandom(4 * MIB))
    digest = Digest()
    with Connection(own_server.port) as connection:
        connection.begin("PUT", owner.target("PUT", "huge"), length=PUT_BYTES_MAX)
        for number in range(PUT_BYTES_MAX // len(piece)):
            piece[:8] = number.to_bytes(8)
            connection.send(piece)
            digest.update(bytes(piece))
        answer = connection.answer()
    assert answer.status == 200, answer.body
    assert answer.headers["etag"] == f'"{digest.md5.hex().upper()}"'
    assert answer.headers["x-oss-hash-crc64ecma"] == str(digest.crc64)
    assert owner.ask("HEAD", "huge").headers["content-length"] == str(PUT_BYTES_MAX)
    last = {"Range": f"bytes={PUT_BYTES_MAX - len(piece)}-"}
    assert owner.ask("GET", "huge", headers=last).body == piece
    owner.delete("huge")
    assert wait_until_tidy(own_server.data_dir).files == frozenset()


# -- again, and late


def test_a_url_can_be_used_again_and_each_use_overwrites(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    target = owner.target("PUT", "again")
    bodies = [b"", b"one", body_of(100_000), b"two", body_of(2 * MIB), body_of(200_000)]
    for body in bodies:
        headers = upload(owner, target, body, is_chunked=len(body) % 2 == 0)
        assert headers["etag"] == etag_of(body)
        assert owner.get("again") == body
    assert owner.list_keys() == ["again"]
    assert len(wait_until_tidy(own_server.data_dir).files) == 1, "what was overwritten is gone"


def test_what_an_overwrite_does_not_say_is_gone(owner: Owner) -> None:
    named = {"Content-Type": "text/plain", "x-oss-meta-a": "b", "Cache-Control": "no-store"}
    owner.put("headers", b"one", headers=named)
    owner.put("headers", b"two")
    headers = owner.ask("HEAD", "headers").headers
    assert headers["content-type"] == "application/octet-stream"
    assert "x-oss-meta-a" not in headers
    assert "cache-control" not in headers


def test_after_its_time_a_url_is_refused(owner: Owner) -> None:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    late = owner.target("PUT", "late", at=an_hour_ago, expires=timedelta(minutes=59))
    in_time = owner.target("PUT", "late", at=an_hour_ago, expires=timedelta(minutes=61))
    with Connection(owner.server.port) as connection:
        answer = connection.ask("PUT", late, b"late")
        assert (answer.status, answer.code) == (403, "AccessDenied")
        assert answer.error.message == "Request has expired."
        assert connection.ask("PUT", late.replace("x-oss-expires=3540", "x-oss-expires=9999"), b"late").status == 403
        assert connection.ask("HEAD", owner.target("HEAD", "late")).status == 404
        assert connection.ask("PUT", in_time, b"in time").status == 200
    assert owner.get("late") == b"in time"


def test_an_upload_that_began_in_time_finishes(owner: Owner) -> None:
    body = body_of(2 * MIB)
    target = owner.target(
        "PUT", "overtaken", at=datetime.now(UTC) - timedelta(minutes=10), expires=timedelta(minutes=10, seconds=3)
    )
    with Connection(owner.server.port) as connection:
        connection.begin("PUT", target, {"Expect": "100-continue"}, length=len(body))
        assert connection.read_head().status == 100
        connection.send(body[:MIB])

        def has_expired() -> bool:
            with Connection(owner.server.port) as other:
                answer = other.ask("PUT", target, b"too late")
            return answer.status == 403 and answer.error.message == "Request has expired."

        wait_until(has_expired, seconds=20, what="the end of the URL's lifetime", every_seconds=0.1)
        connection.send(body[MIB:])
        assert connection.answer().status == 200
    assert owner.get("overtaken") == body


# -- together


def test_of_two_uploads_at_once_the_one_that_ends_last_stays(owner: Owner) -> None:
    one, two = body_of(2 * MIB), body_of(2 * MIB + 1)
    with Connection(owner.server.port) as first, Connection(owner.server.port) as second:
        for connection, body in ((first, one), (second, two)):
            connection.begin("PUT", owner.target("PUT", "contended"), length=len(body))
        for start in range(0, MIB, 100_000):
            first.send(one[start : start + 100_000])
            second.send(two[start : start + 100_000])
        second.send(two[1_100_000:])
        assert second.answer().status == 200
        assert owner.get("contended") == two
        first.send(one[1_100_000:])
        assert first.answer().status == 200
    assert owner.get("contended") == one


@pytest.mark.parametrize("size", [100, 3 * MIB], ids=["rows", "files"])
def test_of_many_uploads_at_once_one_stays_whole(own_server: ServerProcess, size: int) -> None:
    owner = Owner(server=own_server)
    bodies = [bytes([number]) * (size + number) for number in range(8)]
    gate = threading.Barrier(len(bodies))

    def put(body: bytes) -> None:
        gate.wait(30)
        owner.put("contended", body)

    for _ in range(3):
        with ThreadPoolExecutor(len(bodies)) as pool:
            list(pool.map(put, bodies))
        assert owner.get("contended") in bodies
    assert owner.list_keys() == ["contended"]
    assert len(wait_until_tidy(own_server.data_dir).files) == (0 if size < SMALL_BODY_BYTES else 1)


def test_who_reads_while_others_write_never_sees_a_mixture(owner: Owner) -> None:
    bodies = [bytes([number]) * size for number, size in enumerate((500, 2 * MIB + 1, 1, 3 * MIB, 40_000), start=65)]
    allowed = {etag_of(body) for body in bodies}
    owner.put("changing", bodies[0])
    is_over = threading.Event()

    def write(mine: list[bytes]) -> None:
        for body in mine * 8:
            owner.put("changing", body)

    def read() -> Iterator[str]:
        while not is_over.is_set():
            answer = owner.ask("GET", "changing")
            assert answer.status == 200
            assert answer.headers["etag"] == etag_of(answer.body), "body and ETag are of two objects"
            assert answer.headers["x-oss-hash-crc64ecma"] == crc64_of(answer.body)
            yield hashlib.md5(answer.body).hexdigest()

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(lambda: list(read())) for _ in range(2)]
        writers = [pool.submit(write, mine) for mine in (bodies[:3], bodies[3:])]
        try:
            for writer in writers:
                writer.result()
        finally:
            is_over.set()
        seen = {f'"{md5.upper()}"' for reader in readers for md5 in reader.result()}
    assert seen <= allowed
    assert len(seen) > 1, "the readers were too slow to see a change"
