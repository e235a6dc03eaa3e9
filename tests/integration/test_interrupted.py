"""Uploads that do not end well leave nothing visible and nothing behind, and the object that was there stays."""

import itertools
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.integration.conftest import StartServer
from tests.support.connection import Answer, Connection, Ended
from tests.support.data_dir import look_at, staged_bytes, wait_until_tidy
from tests.support.owner import Owner, crc64_of, etag_of, md5_of
from tests.support.server import ServerProcess
from tests.support.waiting import wait_until

MIB = 1024 * 1024
LIMIT_BYTES = 2 * MIB
"""Of the server here: the most that one PUT may carry."""
SMALL, LARGE = b"small " * 500, b"large " * 250_000

Ending = Callable[[Owner, str, bytes], Answer | None]


@pytest.fixture(scope="module")
def limited_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    limit = ["--object-bytes-max", str(LIMIT_BYTES)]
    with ServerProcess(tmp_path_factory.mktemp("limited") / "data", arguments=limit) as running:
        yield running


# -- how an upload may end


def begin(owner: Owner, key: str, length: int | None, headers: dict[str, str] | None = None) -> Connection:
    connection = Connection(owner.server.port)
    connection.begin("PUT", owner.target("PUT", key, headers=headers), headers, length=length)
    return connection


def cut_off(owner: Owner, key: str, body: bytes) -> None:
    with begin(owner, key, len(body)) as connection:
        connection.send(body[:-1])


def cut_off_before_the_first_byte(owner: Owner, key: str, body: bytes) -> None:
    with begin(owner, key, len(body)):
        pass


def reset(owner: Owner, key: str, body: bytes) -> None:
    with begin(owner, key, len(body)) as connection:
        connection.send(body[: len(body) // 2])
        connection.reset()


def cut_off_within_a_chunk(owner: Owner, key: str, body: bytes) -> None:
    with begin(owner, key, None) as connection:
        connection.send_chunk(body[:1000])
        connection.send(b"%x\r\n%s" % (len(body), body[:-1]))


def cut_off_before_the_last_chunk(owner: Owner, key: str, body: bytes) -> None:
    with begin(owner, key, None) as connection:
        connection.send_chunk(body)


def short(owner: Owner, key: str, body: bytes) -> Answer | None:
    with begin(owner, key, len(body) + 1) as connection:
        connection.send(body)
        connection.end_sending()
        try:
            return connection.answer()
        except (Ended, ConnectionError):
            return None


def malformed_chunks(owner: Owner, key: str, body: bytes) -> Answer:
    with begin(owner, key, None) as connection:
        connection.send_chunk(body)
        connection.send(b"no number\r\n")
        return connection.answer()


def wrong_md5(owner: Owner, key: str, body: bytes) -> Answer:
    with begin(owner, key, len(body), {"Content-MD5": md5_of(body + b".")}) as connection:
        connection.send(body)
        return connection.answer()


def wrong_crc64(owner: Owner, key: str, body: bytes) -> Answer:
    with begin(owner, key, None, {"x-oss-hash-crc64ecma": crc64_of(body + b".")}) as connection:
        connection.send_chunks([body])
        return connection.answer()


def too_long_by_its_length(owner: Owner, key: str, body: bytes) -> Answer:
    with begin(owner, key, LIMIT_BYTES + 1) as connection:
        connection.send(body)
        return connection.answer()


def too_long_in_chunks(owner: Owner, key: str, body: bytes) -> Answer:
    with begin(owner, key, None) as connection:
        connection.send_chunks([*itertools.repeat(body, LIMIT_BYTES // len(body)), body])
        return connection.answer()


def another_bucket_of_the_name(owner: Owner, key: str, body: bytes) -> Answer:
    """The bucket goes away, and a new one of its name comes, between the head and the last byte."""
    fleeting = Owner(server=owner.server, bucket=f"fleeting-{abs(hash((key, body)))}")
    assert fleeting.ask("PUT", None).status == 200
    with begin(fleeting, key, len(body), {"Expect": "100-continue"}) as connection:
        assert connection.read_head().status == 100
        connection.send(body[:-1])
        assert fleeting.ask("DELETE", None).status == 204
        assert fleeting.ask("PUT", None).status == 200
        connection.send(body[-1:])
        answer = connection.answer()
    assert fleeting.list_keys() == []
    return answer


ENDINGS: dict[Ending, str | None] = {
    cut_off: None,
    cut_off_before_the_first_byte: None,
    reset: None,
    cut_off_within_a_chunk: None,
    cut_off_before_the_last_chunk: None,
    short: None,
    malformed_chunks: "InvalidArgument",
    wrong_md5: "InvalidDigest",
    wrong_crc64: "InvalidCRC64",
    too_long_by_its_length: "EntityTooLarge",
    too_long_in_chunks: "EntityTooLarge",
    another_bucket_of_the_name: "NoSuchBucket",
}
"""What a client does, and how it is refused if it is still there to hear it."""


@pytest.mark.parametrize("body", [SMALL, LARGE], ids=["small", "large"])
@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
def test_nothing_is_visible_and_the_object_that_was_there_stays(
    limited_server: ServerProcess, ending: Ending, body: bytes
) -> None:
    owner = Owner(server=limited_server)
    name = f"{ending.__name__}-{len(body)}"
    earlier = bytes(reversed(body))
    owner.put(f"{name}-before", earlier)
    for key in (f"{name}-before", f"{name}-never"):
        answer = ending(owner, key, body)
        if ENDINGS[ending] is not None:
            assert answer is not None
            assert answer.code == ENDINGS[ending]
    contents = wait_until_tidy(limited_server.data_dir)
    assert owner.get(f"{name}-before") == earlier
    assert owner.ask("GET", f"{name}-never").code == "NoSuchKey"
    assert [key for key in owner.list_keys() if key.startswith(name)] == [f"{name}-before"]
    owner.delete(f"{name}-before")
    if body is LARGE:
        assert len(wait_until_tidy(limited_server.data_dir).files) == len(contents.files) - 1


def test_what_the_limit_allows_is_stored(limited_server: ServerProcess) -> None:
    owner = Owner(server=limited_server)
    body = bytes(LIMIT_BYTES)
    for length in (None, len(body)):
        with begin(owner, "brim", length) as connection:
            if length is None:
                connection.send_chunks([body[:-1], body[-1:]])
            else:
                connection.send(body)
            assert connection.answer().status == 200
        assert owner.get("brim") == body
    owner.delete("brim")


def test_right_checksums_are_accepted(limited_server: ServerProcess) -> None:
    owner = Owner(server=limited_server)
    for body in (b"", SMALL, LARGE):
        owner.put("right", body, headers={"Content-MD5": md5_of(body), "x-oss-hash-crc64ecma": crc64_of(body)})
        assert owner.get("right") == body
    owner.delete("right")


def test_after_a_restart_nothing_is_left_behind(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    owner.put("stays", LARGE)
    owner.put("small", SMALL)
    held = [begin(owner, "never", None) for _ in range(3)]
    for connection in held:
        connection.send_chunk(bytes(3 * MIB))
    wait_until(lambda: len(look_at(own_server.data_dir).staged) == 3, seconds=20, what="three staged files")
    own_server.kill()
    for connection in held:
        connection.close()
    assert look_at(own_server.data_dir).staged, "the crash left nothing, so this test shows nothing"
    own_server.start()
    contents = wait_until_tidy(own_server.data_dir)
    assert len(contents.files) == 1
    assert (owner.get("stays"), owner.get("small")) == (LARGE, SMALL)
    assert sorted(owner.list_keys()) == ["small", "stays"]


# -- what is replaced goes


def test_files_of_overwritten_and_deleted_objects_go_away(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    for number in range(5):
        owner.put("overwritten", LARGE + b"%d" % number)
        owner.put(f"deleted-{number}", LARGE)
    assert len(wait_until_tidy(own_server.data_dir).files) == 6
    owner.put("overwritten", SMALL)
    for number in range(5):
        owner.delete(f"deleted-{number}")
        owner.delete(f"deleted-{number}")
    assert wait_until_tidy(own_server.data_dir).files == frozenset()
    assert owner.get("overwritten") == SMALL


# -- killed


def test_killed_during_a_large_upload(own_server: ServerProcess) -> None:
    owner = Owner(server=own_server)
    owner.put("key", SMALL)
    with begin(owner, "key", 64 * MIB) as connection:
        for _ in range(40):
            connection.send(bytes(MIB))
        wait_until(lambda: staged_bytes(own_server.data_dir) > 20 * MIB, seconds=20, what="20 MiB of the upload")
        own_server.kill()
    own_server.start()
    assert owner.get("key") == SMALL
    assert wait_until_tidy(own_server.data_dir).files == frozenset()
    owner.put("key", LARGE)
    assert owner.get("key") == LARGE


@dataclass
class Uploader:
    """Uploads, overwrites and deletes its own keys until the server is gone, and knows what it was told.

    An object whose change was not acknowledged may be as before or as after; everything else is as acknowledged.
    """

    owner: Owner
    number: int
    chance: random.Random
    told: dict[str, str | None] = field(default_factory=dict)
    open: tuple[str, str | None] | None = None
    acknowledged: int = 0

    def run(self) -> None:
        while True:
            key = f"{self.number}/{self.chance.randrange(12)}"
            body = self._body()
            self.open = (key, None if body is None else etag_of(body))
            try:
                answer = self.owner.ask("DELETE" if body is None else "PUT", key, body or b"")
            except (Ended, OSError):
                return
            assert answer.status in {200, 204}, answer.body
            self.told[key] = self.open[1]
            self.open = None
            self.acknowledged += 1

    def _body(self) -> bytes | None:
        if self.chance.random() < 0.15:
            return None
        size = self.chance.choice((0, 100, 5_000, 20_000, 300_000, 2_500_000))
        return self.chance.randbytes(100) * (size // 100)

    def check(self) -> None:
        """Read all that may be there; what was open is known from here on."""
        unknown = None if self.open is None else self.open[0]
        for key, etag in self.told.items():
            if key != unknown:
                assert self._stored(key) == etag, f"{key} is not what was acknowledged"
        if self.open is not None:
            key, after = self.open
            found = self._stored(key)
            assert found in {self.told.get(key), after}, f"{key} is neither as before nor as after"
            self.told[key] = found
            self.open = None

    def _stored(self, key: str) -> str | None:
        if self.owner.ask("HEAD", key).status == 404:
            return None
        return etag_of(self.owner.get(key))


@pytest.mark.slow
@pytest.mark.timeout(150)
def test_what_was_acknowledged_survives_every_kill(own_server: ServerProcess) -> None:
    chance = random.Random(20260314)
    owner = Owner(server=own_server)
    uploaders = [Uploader(owner, number, random.Random(number)) for number in range(4)]
    for _ in range(8):
        before = sum(uploader.acknowledged for uploader in uploaders)
        enough = before + chance.randrange(5, 120)

        def has_enough(enough: int = enough) -> bool:
            return sum(uploader.acknowledged for uploader in uploaders) >= enough

        threads = [threading.Thread(target=uploader.run) for uploader in uploaders]
        for thread in threads:
            thread.start()
        wait_until(has_enough, seconds=30, what="acknowledged changes", every_seconds=0.0005)
        own_server.kill()
        for thread in threads:
            thread.join(30)
        own_server.start()
        for uploader in uploaders:
            uploader.check()
        there = {key for uploader in uploaders for key, etag in uploader.told.items() if etag is not None}
        assert set(owner.list_keys()) == there
        wait_until_tidy(own_server.data_dir)
    assert own_server.terminate() == 0
    assert look_at(own_server.data_dir).is_tidy


def test_a_server_that_is_stopped_leaves_no_log_to_replay(start_server: StartServer, tmp_path: Path) -> None:
    server = start_server()
    Owner(server=server).put("key", SMALL)
    assert server.terminate() == 0
    left = {path.name for path in server.data_dir.iterdir()} - {
        "turn",
        "turn-next",
        "turn-log",
    }  # which several workers lock
    assert left == {"blobs", "lock", "metadata.sqlite3", "staging"}
    assert not list(tmp_path.glob("*.new"))
