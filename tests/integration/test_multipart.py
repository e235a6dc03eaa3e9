"""Large objects in presigned parts, over sockets: in parallel, late, at once, and through the end of the server."""

import hashlib
import http.client
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.connection import Connection, Ended
from tests.support.data_dir import look_at, wait_until_tidy
from tests.support.injection import KILL, Place, injected
from tests.support.owner import Owner, crc64_of, etag_of
from tests.support.server import ServerProcess
from tests.support.uploading import completion, multipart_etag, part_bytes
from tests.support.waiting import wait_until

PART_BYTES = 512 * 1024
LOG = "metadata.sqlite3-wal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One multipart upload, as the owner knows it; every step goes by a presigned URL."""

    owner: Owner
    key: str
    upload_id: str

    @classmethod
    def begin(cls, owner: Owner, key: str) -> "Sending":
        answer = owner.ask("POST", key, parameters={"uploads": ""})
        assert answer.status == 200, answer.body
        return cls(owner=owner, key=key, upload_id=ElementTree.fromstring(answer.body).findtext("UploadId") or "")

    def part_target(self, number: int) -> str:
        parameters = {"partNumber": str(number), "uploadId": self.upload_id}
        return self.owner.target("PUT", self.key, parameters=parameters)

    def put(self, number: int, body: bytes) -> None:
        """As anybody does who has the URL, by the client of the standard library."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.owner.server.port, timeout=30)) as connection:
            connection.request("PUT", self.part_target(number), body)
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            assert answer.headers["ETag"] == etag_of(body)
            assert answer.headers["x-oss-hash-crc64ecma"] == crc64_of(body)

    def complete(self, bodies: dict[int, bytes]) -> tuple[int, str]:
        """Return the status, and the code of a refusal."""
        document = completion(*((number, etag_of(body)) for number, body in sorted(bodies.items())))
        answer = self.owner.ask("POST", self.key, document, parameters={"uploadId": self.upload_id})
        return answer.status, ElementTree.fromstring(answer.body).findtext("Code") or ""

    def abort(self) -> int:
        return self.owner.ask("DELETE", self.key, parameters={"uploadId": self.upload_id}).status

    def listed(self) -> list[int]:
        answer = self.owner.ask("GET", self.key, parameters={"uploadId": self.upload_id})
        assert answer.status == 200, answer.body
        return [int(node.text or "") for node in ElementTree.fromstring(answer.body).iterfind("Part/PartNumber")]


def judge_object(owner: Owner, key: str, bodies: dict[int, bytes]) -> None:
    """Assert that the object is these parts, whole and in a range over all their seams."""
    whole = b"".join(body for _, body in sorted(bodies.items()))
    answer = owner.ask("GET", key)
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(whole).digest()
    assert answer.headers["etag"] == f'"{multipart_etag([body for _, body in sorted(bodies.items())])}"'
    assert answer.headers["x-oss-hash-crc64ecma"] == crc64_of(whole)
    part = owner.ask("GET", key, headers={"Range": f"bytes=7-{len(whole) - 8}"})
    assert (part.status, part.body == whole[7:-7]) == (206, True)


@pytest.fixture
def owner(server: ServerProcess) -> Owner:
    return Owner(server=server)


def test_parts_go_up_in_parallel_and_out_of_order(owner: Owner) -> None:
    sending = Sending.begin(owner, "multipart/parallel")
    bodies = {number: os.urandom(PART_BYTES if number < 24 else 7) for number in range(1, 25)}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: sending.put(number, bodies[number]), sorted(bodies, key=lambda n: -(n % 7))))
    assert sending.listed() == sorted(bodies)
    assert sending.complete(bodies) == (200, "")
    judge_object(owner, sending.key, bodies)


def test_a_part_may_be_sent_again_while_others_go_up(owner: Owner) -> None:
    sending = Sending.begin(owner, "multipart/again")
    bodies = {1: os.urandom(PART_BYTES), 2: os.urandom(PART_BYTES)}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda body: sending.put(1, body), [os.urandom(PART_BYTES) for _ in range(8)]))
    for number, body in bodies.items():
        sending.put(number, body)
    assert sending.complete(bodies) == (200, "")
    judge_object(owner, sending.key, bodies)


def test_of_completions_at_once_exactly_one_wins(owner: Owner) -> None:
    sending = Sending.begin(owner, "multipart/once")
    bodies = {number: part_bytes(number, PART_BYTES) for number in range(1, 5)}
    for number, body in bodies.items():
        sending.put(number, body)
    with ThreadPoolExecutor(8) as threads:
        ended = list(threads.map(lambda _: sending.complete(bodies), range(8)))
    assert sorted(ended) == [(200, ""), *[(404, "NoSuchUpload")] * 7]
    judge_object(owner, sending.key, bodies)


@pytest.mark.parametrize("end", ["complete", "abort"])
def test_a_part_that_is_under_way_at_the_end_comes_too_late(own_server: ServerProcess, end: str) -> None:
    owner = Owner(server=own_server)
    sending = Sending.begin(owner, "late")
    first, late = os.urandom(PART_BYTES), os.urandom(6 * PART_BYTES)
    sending.put(1, first)
    with Connection(own_server.port) as connection:
        connection.begin("PUT", sending.part_target(2), length=len(late))
        connection.send(late[:-1])
        wait_until(lambda: bool(look_at(own_server.data_dir).staged), seconds=20, what="a part under way")
        assert sending.complete({1: first}) == (200, "") if end == "complete" else sending.abort() == 204
        connection.send(late[-1:])
        answer = connection.answer()
    assert (answer.status, ElementTree.fromstring(answer.body).findtext("Code")) == (404, "NoSuchUpload")
    assert len(wait_until_tidy(own_server.data_dir).files) == (1 if end == "complete" else 0)


def test_aborting_leaves_an_empty_disk(own_server: ServerProcess) -> None:
    sending = Sending.begin(Owner(server=own_server), "aborted")
    for number in range(1, 6):
        sending.put(number, part_bytes(number, PART_BYTES))
    assert len(look_at(own_server.data_dir).files) == 5
    assert sending.abort() == 204
    assert not wait_until_tidy(own_server.data_dir).files


def test_an_upload_goes_on_after_a_crash(own_server: ServerProcess) -> None:
    sending = Sending.begin(Owner(server=own_server), "survivor")
    bodies = {number: part_bytes(number, PART_BYTES) for number in (1, 2, 3)}
    sending.put(2, bodies[2])
    sending.put(3, bodies[3])
    own_server.kill()
    own_server.start()
    assert sending.listed() == [2, 3]
    sending.put(1, bodies[1])
    assert sending.complete(bodies) == (200, "")
    judge_object(sending.owner, sending.key, bodies)
    assert len(wait_until_tidy(own_server.data_dir).files) == 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where the server is killed in a completion, and whether it may have happened, or must have."""

    place: Place
    may_be_done: bool
    must_be_done: bool


POINTS = {
    "before the rows are written": Point(place=Place(call="pwrite64", path=LOG), may_be_done=False, must_be_done=False),
    "before the rows are synced": Point(place=Place(call="fdatasync", path=LOG), may_be_done=True, must_be_done=False),
    "before the answer": Point(place=Place(call="write", in_loop=True), may_be_done=True, must_be_done=True),
}


@pytest.mark.parametrize("name", POINTS)
def test_killed_while_completing(quiet_server: ServerProcess, tmp_path: Path, name: str) -> None:
    point, owner = POINTS[name], Owner(server=quiet_server)
    owner.put("key", b"before" * 10_000)
    sending = Sending.begin(owner, "key")
    bodies = {number: part_bytes(number, PART_BYTES) for number in (1, 2, 3)}
    for number, body in bodies.items():
        sending.put(number, body)
    wait_until_tidy(quiet_server.data_dir)
    with injected(quiet_server, point.place, KILL, tmp_path / "strace.log"):
        _tolerate(lambda: sending.complete(bodies))
        wait_until(lambda: not quiet_server.is_running, seconds=20, what="the server's end")
    quiet_server.kill()
    quiet_server.start()
    is_done = owner.ask("GET", "key").headers["etag"] != etag_of(b"before" * 10_000)
    assert is_done in ({True} if point.must_be_done else {False, point.may_be_done})
    assert sending.complete(bodies) == ((404, "NoSuchUpload") if is_done else (200, ""))
    judge_object(owner, "key", bodies)
    assert len(wait_until_tidy(quiet_server.data_dir).files) == 3


def _tolerate(call: Callable[[], object]) -> None:
    try:
        call()
    except (Ended, OSError):
        return
