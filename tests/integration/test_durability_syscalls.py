"""What is synced, and when, as the kernel sees it: a page cache that survives `kill -9` can't tell, a trace can."""

import os
import sys
from pathlib import Path

import pytest

from tests.integration.programs import upload_in_turn
from tests.support import strace
from tests.support.strace import Call

ROOT = Path(__file__).parents[2]
LARGE = [f"large-{number}" for number in range(1, upload_in_turn.UPLOADS + 1)]
SMALL = [f"small-{number}" for number in range(1, upload_in_turn.UPLOADS + 1)]


class Trace:
    """The calls of one run, with the places at which the program said how far it was."""

    def __init__(self, directory: Path, durability: str) -> None:
        self.data_dir = directory / "data"
        program = [sys.executable, "-m", "tests.integration.programs.upload_in_turn", str(self.data_dir), durability]
        self.calls = strace.record(program, output=directory / "trace", data_bytes=64, cwd=ROOT)
        self.log = self.data_dir / "metadata.sqlite3-wal"

    def said(self, text: str) -> Call:
        return strace.one(
            self.calls,
            text,
            lambda call: call.name == "write" and call.descriptor == 1 and call.data == f"{text}\n".encode(),
        )

    def between(self, start: str, end: str) -> list[Call]:
        first, last = self.said(start), self.said(end)
        return [call for call in self.calls if first.ended < call.began < last.began]

    def to_log(self, calls: list[Call]) -> list[Call]:
        return strace.some(
            calls, "a write to the log", lambda call: call.name in strace.WRITES and call.path == self.log
        )


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    return Trace(tmp_path_factory.mktemp("full"), "full")


@pytest.fixture(scope="module")
def relaxed(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    return Trace(tmp_path_factory.mktemp("relaxed"), "relaxed")


def before(stages: list[str], name: str) -> str:
    """What the program said before it began with `name`."""
    said = ["ready", *(f"stored {stage}" for stage in stages)]
    return said[stages.index(name)]


@pytest.mark.parametrize("name", LARGE)
def test_a_large_upload_is_acknowledged_after_its_file_its_name_and_its_row_are_synced(full: Trace, name: str) -> None:
    number = int(name.removeprefix("large-"))
    blob = f"1-{number << 120:032x}"
    staged = full.data_dir / "staging" / blob
    final = full.data_dir / "blobs" / "1" / blob[2:4] / blob
    calls = full.between(before(LARGE, name), f"stored {name}")
    writes = strace.some(calls, "a write of the body", lambda call: call.name == "writev" and call.path == staged)
    file_sync = strace.one(calls, "the sync of the file", lambda call: call.name == "fdatasync" and call.path == staged)
    rename = strace.one(calls, "the rename", lambda call: call.name == "rename" and call.paths == (staged, final))
    name_sync = strace.one(
        calls, "the sync of its directory", lambda call: call.name == "fsync" and call.path == final.parent
    )
    rows = full.to_log(calls)
    row_sync = strace.one(
        calls, "the sync of the log", lambda call: call.name in strace.SYNCS and call.path == full.log
    )
    strace.assert_before(writes[-1], file_sync)
    strace.assert_before(file_sync, rename)
    strace.assert_before(rename, name_sync)
    strace.assert_before(name_sync, rows[0])
    strace.assert_before(rows[-1], row_sync)
    strace.assert_before(row_sync, full.said(f"stored {name}"))


@pytest.mark.parametrize("name", SMALL)
def test_a_small_upload_is_acknowledged_after_its_row_is_synced(full: Trace, name: str) -> None:
    calls = full.between(before([*LARGE, *SMALL], name), f"stored {name}")
    rows = full.to_log(calls)
    row_sync = strace.one(calls, "a sync", lambda call: call.name in strace.SYNCS)
    assert row_sync.path == full.log
    strace.assert_before(rows[-1], row_sync)


def test_every_directory_is_synced_where_its_name_stands_before_it_is_used(full: Trace) -> None:
    made = strace.some(full.calls, "a mkdir", lambda call: call.name == "mkdir")
    ours = [call.path for call in made if call.path is not None and call.path.is_relative_to(full.data_dir)]
    blobs = full.data_dir / "blobs"
    fans = [blobs / "1" / f"{number:02x}" for number in range(1, upload_in_turn.UPLOADS + 1)]
    assert sorted(ours) == sorted([full.data_dir, blobs, full.data_dir / "staging", blobs / "1", *fans])
    for directory in made:
        if directory.path not in ours:
            continue
        parent = directory.path.parent
        syncs = [
            call
            for call in full.calls
            if call.name == "fsync" and call.is_done and call.path == parent and call.began > directory.ended
        ]
        users = [
            call
            for call in full.calls
            if call.name in {"openat", "rename"}
            and directory.path in [path.parent for path in [*call.paths, call.path] if path is not None]
            and call.began > directory.ended
        ]
        assert syncs, f"{parent} was never synced"
        assert users, f"{directory.path} was never used"
        strace.assert_before(syncs[0], users[0])


def test_uploads_that_meet_share_their_syncs(full: Trace) -> None:
    calls = full.between(f"stored {SMALL[-1]}", "stored shared")
    syncs = strace.some(calls, "a sync", lambda call: call.name in strace.SYNCS)
    assert len(syncs) <= 10
    strace.assert_before(full.to_log(calls)[-1], syncs[-1])


def test_nothing_is_synced_when_durability_is_relaxed(relaxed: Trace) -> None:
    assert [call.name for call in relaxed.between("ready", "stored shared") if call.name in strace.SYNCS] == []
    relaxed.to_log(relaxed.between("ready", "stored shared"))


# ------------------------------------------------------------------------------------------ the trace reader


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def test_the_reader_puts_calls_together_that_were_cut() -> None:
    lines = [
        f'11 pwrite64(7<{hexed("/d/wal")}>, "{hexed("abc")}", 3, 32 <unfinished ...>',
        f"12 fdatasync(8<{hexed('/d/file')}>) = 0",
        "11 <... pwrite64 resumed>)          = 2",
        f'12 openat(AT_FDCWD<{hexed("/here")}>, "{hexed("new")}", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 9<{hexed("/here/new")}>',
        f'12 rename("{hexed("/a")}", "{hexed("/b")}") = -1 ENOENT (No such file or directory)',
        f'12 writev(9<{hexed("/here/new")}>, [{{iov_base="{hexed("x")}", iov_len=1}}, {{iov_base="{hexed("yz")}", iov_len=2}}], 2) = 3',
        f"12 fsync(9<{hexed('/here/new')}>(deleted) <unfinished ...>",
        "11 +++ exited with 0 +++",
        "12 <... fsync resumed>) = ?",
    ]
    write, sync, created, rename, both, deleted = strace.parse(lines)
    assert (write.path, write.data, write.number, write.began, write.ended) == (Path("/d/wal"), b"ab", 32, 0, 2)
    assert (sync.path, sync.thread, sync.began, sync.ended) == (Path("/d/file"), 12, 1, 1)
    assert (created.path, created.has_flag("O_CREAT"), created.has_flag("O_EXCL")) == (Path("/here/new"), True, False)
    assert (rename.is_done, rename.paths) == (False, (Path("/a"), Path("/b")))
    assert both.data == b"xyz"
    assert (deleted.path, deleted.is_done) == (None, False)
    with pytest.raises(AssertionError):
        strace.assert_before(write, sync)
    strace.assert_before(sync, created)


def test_the_reader_refuses_what_it_does_not_understand() -> None:
    with pytest.raises(strace.NotUnderstood):
        strace.parse(["strace: Process 12 attached"])
    (cut,) = strace.parse([f'1 write(1<{hexed("/x")}>, "{hexed("ab")}"..., 5) = 5'])
    with pytest.raises(strace.NotUnderstood):
        _ = cut.data


def test_the_reader_reads_what_strace_writes(tmp_path: Path) -> None:
    script = f"import os; fd = os.open({str(tmp_path / 'file')!r}, os.O_WRONLY | os.O_CREAT); os.write(fd, b'a\"b\\n'); os.fsync(fd)"
    calls = strace.record(
        [sys.executable, "-c", script], output=tmp_path / "trace", data_bytes=100, env=dict(os.environ)
    )
    written = strace.one(calls, "a write", lambda call: call.name == "write" and call.path == tmp_path / "file")
    synced = strace.one(calls, "a sync", lambda call: call.name == "fsync" and call.path == tmp_path / "file")
    assert written.data == b'a"b\n'
    strace.assert_before(written, synced)
