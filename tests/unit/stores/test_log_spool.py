"""Lines that wait to become objects: kept by bucket and hour, over restarts, and bounded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ossicle.ports import StoreUnavailable
from ossicle.ports.log_spool import SpooledHour
from ossicle.stores import log_spool
from ossicle.stores.log_spool import FileLogSpool
from ossicle.wire.names import BucketName

NOON = datetime(2026, 3, 14, 12, 30, tzinfo=UTC)
LATER = NOON.replace(minute=0) + timedelta(hours=1, minutes=1)
A, B = BucketName("bucket-a"), BucketName("bucket-b")


async def read(spool: FileLogSpool, hour: SpooledHour) -> bytes:
    return b"".join([chunk async for chunk in spool.read(hour)])


async def test_lines_by_bucket_and_hour(tmp_path: Path) -> None:
    spool = FileLogSpool(tmp_path / "logs", "1")
    for bucket_id, bucket, line, now in (
        (1, A, b"a1\n", NOON), (2, B, b"b1\n", NOON), (1, A, b"a2\n", NOON + timedelta(minutes=29)),
        (1, A, b"a3\n", NOON + timedelta(minutes=30)),
    ):  # fmt: skip
        spool.append(bucket_id, bucket, line, now)
    await spool.close()
    assert await spool.finished(LATER - timedelta(seconds=1)) == []
    found = await spool.finished(LATER)
    assert [(hour.bucket_id, hour.bucket, hour.hour, await read(spool, hour)) for hour in found] == [
        (1, A, NOON.replace(minute=0), b"a1\na2\n"),
        (2, B, NOON.replace(minute=0), b"b1\n"),
    ]
    await spool.discard(found[0])
    await spool.discard(found[0])
    assert await spool.finished(LATER) == found[1:]


async def test_another_process_finds_them_under_the_same_name(tmp_path: Path) -> None:
    first = FileLogSpool(tmp_path / "logs", "1")
    first.append(1, A, b"a\n", NOON)
    await first.close()
    (hour,) = await first.finished(LATER)
    second = FileLogSpool(tmp_path / "logs", "2")
    assert await second.finished(LATER) == [hour]
    assert await read(second, hour) == b"a\n"


async def test_what_comes_too_late_goes_elsewhere(tmp_path: Path) -> None:
    spool = FileLogSpool(tmp_path / "logs", "1")
    for line in (b"a\n", b"late\n"):
        spool.append(1, A, line, NOON)
        await spool.close()
        await spool.finished(LATER)
    found = await spool.finished(LATER)
    assert sorted([await read(spool, hour) for hour in found]) == [b"a\n", b"late\n"]
    assert len({hour.unique for hour in found}) == 2


async def test_what_is_too_much_is_lost_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = FileLogSpool(tmp_path / "logs", "1", file_bytes_max=8)
    spool.append(1, A, b"1234567\n", NOON)
    await spool.close()
    spool.append(1, A, b"8\n", NOON)
    await spool.close()
    assert "1 lines" in caplog.text
    monkeypatch.setattr(log_spool, "WAITING_BYTES_MAX", 1)
    for _ in range(3):
        spool.append(2, B, b"12\n", NOON)
    await spool.close()
    assert "2 lines" in caplog.text
    assert [await read(spool, hour) for hour in await spool.finished(LATER)] == [b"1234567\n", b"12\n"]


async def test_no_folder_is_no_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_bytes(b"")
    spool = FileLogSpool(tmp_path / "file" / "logs", "1")
    spool.append(1, A, b"a\n", NOON)
    await spool.close()
    assert "1 lines" in caplog.text
    assert await FileLogSpool(tmp_path / "none", "1").finished(LATER) == ()


async def test_a_foreign_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "0-readme.done").write_bytes(b"")
    assert await FileLogSpool(tmp_path, "1").finished(LATER) == []
    assert (tmp_path / "0-readme.done").exists()


async def test_what_can_not_be_read_is_told_as_stores_do(tmp_path: Path) -> None:
    (tmp_path / "logs").write_bytes(b"no folder")
    spool = FileLogSpool(tmp_path / "logs", "1")
    with pytest.raises(StoreUnavailable):
        await spool.finished(LATER)
    with pytest.raises(StoreUnavailable):
        await read(spool, SpooledHour(bucket_id=1, bucket=A, hour=NOON, unique="0"))
