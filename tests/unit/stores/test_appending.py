"""Lines arrive whole in a file that several write to: all of a batch or none, and never glued to what somebody left half done."""

import errno
import fcntl
import os
import threading
from pathlib import Path

import pytest

from ossicle.stores import appending
from ossicle.stores.appending import append_lines


def test_a_file_is_made_for_its_owner_only_and_added_to(tmp_path: Path) -> None:
    file = tmp_path / "log"
    append_lines(file, b"")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"", 0o600)
    append_lines(file, b"a\n")
    append_lines(file, bytearray(b"b\nc\n"))
    assert file.read_bytes() == b"a\nb\nc\n"


def test_a_file_that_was_renamed_is_let_go(tmp_path: Path) -> None:
    file = tmp_path / "log"
    append_lines(file, b"a\n")
    file.rename(tmp_path / "log.1")
    append_lines(file, b"b\n")
    assert ((tmp_path / "log.1").read_bytes(), file.read_bytes()) == (b"a\n", b"b\n")


def test_half_a_line_does_not_spoil_the_next_one(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_bytes(b"whole\nha")
    append_lines(file, b"next\n")
    assert file.read_bytes() == b"whole\nha\nnext\n"


def test_a_disk_that_takes_a_part_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, write = tmp_path / "log", os.write
    append_lines(file, b"a\n")
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:3]))
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            append_lines(file, b"b\nc\n")
    assert file.read_bytes() == b"a\n"


def test_a_file_does_not_grow_beyond_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "log"
    append_lines(file, b"a\n", file_bytes_max=4)
    append_lines(file, b"b\n", file_bytes_max=4)
    with pytest.raises(OSError, match=os.strerror(errno.EFBIG)):
        append_lines(file, b"c\n", file_bytes_max=4)
    assert file.read_bytes() == b"a\nb\n"


def test_a_pipe_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        append_lines(tmp_path / "pipe", b"a\n")


def test_who_holds_the_lock_for_ever_holds_nobody_up_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "_LOCK_SECONDS", 0.01)
    file = tmp_path / "log"
    with file.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            append_lines(file, b"a\n")
    append_lines(file, b"a\n")
    assert file.read_bytes() == b"a\n"


def test_many_writers_at_once(tmp_path: Path) -> None:
    file, writers, each = tmp_path / "log", 4, 50

    def write(letter: str) -> None:
        for number in range(each):
            append_lines(file, f"{letter * 3000}{number}\n".encode() * 2)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = file.read_text().splitlines()
    assert len(lines) == writers * each * 2
    assert set(lines) == {f"{letter * 3000}{number}" for letter in "abcd" for number in range(each)}
