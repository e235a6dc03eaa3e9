"""No line of the audit log is missing while there is a place for it, and of those that are missing it is told how many."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.stores import audit_file
from ossicle.stores.audit_file import AuditFile


def render_loss(lines: int) -> bytes:
    return b"lost %d\n" % lines


def audit(path: Path, losses: list[int] | None = None) -> AuditFile:
    return AuditFile(path, render_loss, ([] if losses is None else losses).append)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  # what is waited for happens in a thread
            await asyncio.sleep(0.001)


async def test_lines_are_in_the_file_soon_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_file, "GATHERING_SECONDS", 0.001)
    file, written = audit(tmp_path / "log"), b""
    for number in range(3):
        file.write(b"%d\n" % number)
        written += b"%d\n" % number
        await until(lambda: (tmp_path / "log").exists() and (tmp_path / "log").read_bytes() == written)  # noqa: B023  # asked at once
    await file.close()


async def test_a_close_writes_what_is_left_without_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_file, "GATHERING_SECONDS", 3600)
    file = audit(tmp_path / "log")
    for _ in range(1000):
        file.write(b"line\n")
    await file.close()
    assert (tmp_path / "log").read_bytes() == b"line\n" * 1000


async def test_a_start_without_a_place_for_it_fails(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=f"{tmp_path}/none/log can't be written: No such file or directory"):
        await audit(tmp_path / "none" / "log").prepare()
    await audit(tmp_path / "log").prepare()
    assert (tmp_path / "log").stat().st_mode & 0o777 == 0o600


async def test_while_it_can_not_be_written_lines_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("GATHERING_SECONDS", "RETRY_SECONDS"):
        monkeypatch.setattr(audit_file, name, 0.001)
    losses: list[int] = []
    file = audit(tmp_path / "folder" / "log", losses)
    file.write(b"a\n")
    await until(lambda: len(caplog.records) == 1)
    file.write(b"b\n")
    (tmp_path / "folder").mkdir()
    await until(lambda: len(caplog.records) == 2)
    file.write(b"c\n")
    await file.close()
    assert (tmp_path / "folder" / "log").read_bytes() == b"a\nb\nc\n"
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING], "it is told once"
    assert losses == []


async def test_what_there_is_no_room_for_is_counted_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_file, "WAITING_BYTES_MAX", 5)
    losses: list[int] = []
    file = audit(tmp_path / "log", losses)
    for number in range(6):
        file.write(b"%d\n" % number)
    assert losses == [1, 1, 1]
    await file.close()
    assert (tmp_path / "log").read_bytes() == b"0\n1\n2\nlost 3\n"


async def test_what_a_close_can_not_write_is_lost_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    losses: list[int] = []
    file = audit(tmp_path / "none" / "log", losses)
    file.write(b"a\n")
    file.write(b"b\n")
    await file.close()
    assert losses == [2]
    assert "2 lines of the audit log were lost" in caplog.text
