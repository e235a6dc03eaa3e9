"""The 200 leaves the server only after everything that it promises is on disk: told by the system calls of the real server."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support import strace
from tests.support.owner import Owner, etag_of
from tests.support.server import ServerProcess
from tests.support.strace import Call

HEAD_BYTES = 4096
"""How much of each write the trace holds: an answer whole, of a body its beginning."""
JOURNAL = "metadata.sqlite3-journal"
# The large one last: the record that its predecessor's file is gone is synced at some moment after the answer.
BODIES = {"small": b"small " * 100, "large": b"large " * 100_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The calls of a server through one small and one large upload, each over an object that was there."""

    calls: Sequence[Call] = field(repr=False)
    data_dir: Path

    @property
    def log(self) -> Path:
        return self.data_dir / "metadata.sqlite3-wal"

    def answer(self, body: bytes) -> Call:
        """The write that hands the answer to an upload to the socket."""
        etag = f"etag: {etag_of(body)}\r\n".encode()
        return strace.one(self.calls, "the answer", lambda call: _is_answer(call) and etag in call.data)

    def until(self, answer: Call) -> list[Call]:
        """The calls between the answer before this one and this one."""
        earlier = [call for call in self.calls if _is_answer(call) and call.ended < answer.began]
        return [call for call in self.calls if earlier[-1].ended < call.began < answer.began]


def _is_answer(call: Call) -> bool:
    to_socket = call.name in {*strace.WRITES, *strace.SEND_CALLS} and str(call.path).startswith("socket:")
    return to_socket and call.is_done and call.data.startswith(b"HTTP/1.1 200 ")


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    directory = tmp_path_factory.mktemp("traced")
    output = directory / "trace"
    wrapper = strace.command(output, calls=(*strace.FILE_CALLS, *strace.SEND_CALLS), data_bytes=HEAD_BYTES)
    with ServerProcess(directory / "data", wrapper=wrapper) as server:
        owner = Owner(server=server)
        for name, body in BODIES.items():
            owner.put(name, bytes(len(body)))
            owner.put(name, body)
    return Trace(calls=strace.parse(output.read_text().splitlines()), data_dir=directory / "data")


def test_a_large_upload(trace: Trace) -> None:
    answer = trace.answer(BODIES["large"])
    calls = trace.until(answer)
    rename = strace.one(calls, "the rename", lambda call: call.name == "rename")
    staged, final = rename.paths
    assert staged is not None
    assert final is not None
    assert (staged.parent, final.parents[2]) == (trace.data_dir / "staging", trace.data_dir / "blobs")
    writes = strace.some(calls, "a write of the body", lambda call: call.name == "writev" and call.path == staged)
    assert sum(call.result or 0 for call in writes) == len(BODIES["large"])
    file_sync = strace.one(calls, "the sync of the file", lambda call: call.name == "fdatasync" and call.path == staged)
    name_sync = strace.one(
        calls, "the sync of the directory", lambda call: call.name == "fsync" and call.path == final.parent
    )
    rows = strace.some(calls, "a write of rows", lambda call: call.name in strace.WRITES and call.path == trace.log)
    row_sync = strace.one(
        calls, "the sync of the log", lambda call: call.name in strace.SYNCS and call.path == trace.log
    )
    order = [writes[-1], file_sync, rename, name_sync, rows[0], rows[-1], row_sync, answer]
    for first, second in itertools.pairwise(order):
        strace.assert_before(first, second)


def test_a_small_upload(trace: Trace) -> None:
    answer = trace.answer(BODIES["small"])
    calls = trace.until(answer)
    rows = strace.some(calls, "a write of rows", lambda call: call.name in strace.WRITES and call.path == trace.log)
    row_sync = strace.one(calls, "the one sync", lambda call: call.name in strace.SYNCS)
    assert row_sync.path == trace.log
    strace.assert_before(rows[-1], row_sync)
    strace.assert_before(row_sync, answer)
    assert not [call for call in calls if call.name == "rename"]


def test_what_was_replaced_is_deleted_after_its_row_is_gone(trace: Trace) -> None:
    replaced = strace.one(
        trace.calls,
        "the deletion of the replaced file",
        lambda call: (
            call.name == "unlink" and call.path is not None and (trace.data_dir / "blobs") in call.path.parents
        ),
    )
    committed = [
        call
        for call in trace.calls
        if call.name in strace.SYNCS and call.path == trace.log and call.began < trace.answer(BODIES["large"]).began
    ]
    strace.assert_before(committed[-1], replaced)


def test_nothing_is_synced_for_a_server_that_may_be_thrown_away(tmp_path: Path) -> None:
    output = tmp_path / "trace"
    wrapper = strace.command(output, calls=("fsync", "fdatasync", "sync_file_range", "sync", "syncfs"))
    relaxed = ["--durability", "relaxed"]
    with ServerProcess(tmp_path / "data", wrapper=wrapper, arguments=relaxed) as server:
        for name, body in BODIES.items():
            Owner(server=server).put(name, body)
    synced = {call.path for call in strace.parse(output.read_text().splitlines())}
    # Making the database syncs it, in ways that SQLite has before it is told otherwise.
    assert synced <= {tmp_path, server.data_dir, *server.data_dir.glob("metadata.sqlite3*"), server.data_dir / JOURNAL}
    assert server.data_dir / "metadata.sqlite3-wal" not in synced
