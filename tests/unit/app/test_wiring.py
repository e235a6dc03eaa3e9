"""A server put together on its own stores, and taken apart whatever fails."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ossicle.app.accounts import AccountError, root_key_path
from ossicle.app.settings import ServerSettings
from ossicle.app.wiring import Installation, system_clock
from ossicle.ports import StoreUnavailable
from ossicle.services.buckets import BucketProperties
from ossicle.wire.digest import Digest
from ossicle.wire.names import AccountId, BlobId, BucketName
from tests.support.failing import Failing

# The start reads and writes the owner's key file before there is anybody to keep waiting.
pytestmark = pytest.mark.allow_blocking

Open = Callable[..., AbstractAsyncContextManager[Installation]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open an installation on the test's folder, for a while."""

    @asynccontextmanager
    async def open_one(**settings: Any) -> AsyncIterator[Installation]:
        chosen = ServerSettings(data_dir=tmp_path / "data", durability="relaxed", **settings)
        installation = await Installation.open(chosen)
        try:
            yield installation
        finally:
            await installation.close()

    return open_one


async def test_the_owner_s_pair_is_made_once_and_kept(opened: Open, tmp_path: Path) -> None:
    async with opened() as first:
        made = first.root
    assert root_key_path(tmp_path / "data").read_text().split() == [made.access_key_id, made.access_key_secret]
    async with opened() as second:
        assert second.root == made


async def test_keys_from_the_settings_leave_no_file(opened: Open, tmp_path: Path) -> None:
    async with opened(root_access_key_id="k", root_access_key_secret="s") as installation:
        assert (installation.root.access_key_id, installation.root.id) == ("k", "1000000000000001")
    assert not root_key_path(tmp_path / "data").exists()


async def test_configured_buckets_are_the_owner_s_and_may_be_there_already(opened: Open) -> None:
    for _ in range(2):
        async with opened(bucket=("one", "two")) as installation:
            await installation.start()
            rows = await installation.buckets.list(
                installation.root.id, prefix="", marker="", limit=10, fits=lambda _: True
            )
            assert [row.name for row, _ in rows] == ["one", "two"]


async def test_a_configured_bucket_of_another_account_is_told_by_name(opened: Open) -> None:
    async with opened() as installation:
        await installation.buckets.put(BucketName("theirs"), AccountId("1000000000000009"), BucketProperties())
        await installation.start()
    async with opened(bucket=("theirs",)) as installation:
        with pytest.raises(AccountError, match="the bucket theirs belongs to another account"):
            await installation.start()


async def test_a_second_server_on_the_same_folder_is_refused(opened: Open, tmp_path: Path) -> None:
    async with opened():
        with pytest.raises(StoreUnavailable, match=str(tmp_path / "data")):
            async with opened():
                pass
    async with opened():
        pass


async def test_a_start_that_fails_lets_go_of_the_folder(opened: Open, tmp_path: Path) -> None:
    async with opened():
        pass
    root_key_path(tmp_path / "data").write_text("broken")
    with pytest.raises(AccountError):
        async with opened():
            pass
    root_key_path(tmp_path / "data").unlink()
    async with opened():
        pass


async def test_a_sweep_that_fails_stops_neither_start_nor_end(
    opened: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened() as installation:
        monkeypatch.setattr(installation.collection, "sweep", Failing.unavailable())
        await installation.start()
    assert "waits for the next start" in caplog.text
    async with opened() as installation:
        await installation.start()


async def test_orphans_are_gone_once_started(opened: Open) -> None:
    async with opened() as first:
        incarnation = first.metadata.incarnation
        blob = BlobId(f"{incarnation:x}-{1:032x}")
        async with first.blobs.stage(blob, Digest()) as staged:
            await staged.write([b"orphan"])
            await staged.seal()
    async with opened() as second:
        await second.start()
        assert [left async for left in second.blobs.scan(incarnation)] == []


async def test_closing_lets_go_of_everything_though_a_part_fails(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreUnavailable):
        async with opened() as installation:
            monkeypatch.setattr(installation.collection, "stop", Failing.unavailable())
    async with opened():
        pass


def test_the_clock_of_the_system() -> None:
    assert system_clock().utcoffset() == timedelta(0)
    assert abs(system_clock() - system_clock()) < timedelta(minutes=1)
