"""Until when a version is protected."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ossicle.model.objects import Bucket
from ossicle.ports import MetadataStore
from ossicle.services.retention import is_protected, judge_replacement, parse_moment, policy_of, render_moment
from ossicle.stores.memory import MemoryMetadataStore
from ossicle.wire.api.bucket_worm import WORM, WormConfiguration
from ossicle.wire.errors import FileImmutable
from ossicle.wire.names import BucketWormStateType, ObjectType, Versioning
from tests.support.stored import make_bucket, make_version

BEGUN = datetime(2026, 3, 14, 12, 0, 0, tzinfo=UTC)
LOCKED = WormConfiguration(
    worm_id="A", state=BucketWormStateType.LOCKED, retention_period_in_days=2, creation_date=render_moment(BEGUN)
)
OPEN = WormConfiguration(
    worm_id="A",
    state=BucketWormStateType.IN_PROGRESS,
    retention_period_in_days=2,
    creation_date=render_moment(BEGUN),
    expiration_date=render_moment(BEGUN + timedelta(hours=24)),
)


async def store_with(policy: WormConfiguration | None) -> tuple[MetadataStore, Bucket]:
    store, bucket = MemoryMetadataStore(), make_bucket()
    await store.transact(lambda rows: rows.insert_bucket(bucket))
    if policy is not None:
        await store.transact(lambda rows: rows.put_bucket_config(bucket.id, WORM.kind, WORM.render(policy)))
    found = await store.read(lambda rows: rows.bucket(bucket.name))
    assert found is not None
    return store, found


@pytest.mark.parametrize(
    ("policy", "protected_for"),
    [(None, timedelta(0)), (LOCKED, timedelta(days=2)), (OPEN, timedelta(days=1))],
    ids=["none", "locked", "open"],
)
async def test_protection_ends_to_the_second(policy: WormConfiguration | None, protected_for: timedelta) -> None:
    store, bucket = await store_with(policy)
    version = replace(make_version(1), last_modified=BEGUN)

    async def protected(moment: datetime) -> bool:
        return await store.read(lambda rows: is_protected(rows, bucket, version, moment))

    assert await protected(BEGUN + protected_for - timedelta(seconds=1)) is (policy is not None)
    assert not await protected(BEGUN + protected_for)


async def test_a_delete_marker_is_not_protected() -> None:
    store, bucket = await store_with(LOCKED)
    marker = replace(make_version(1), type=ObjectType.DELETE_MARKER, last_modified=BEGUN)
    assert not await store.read(lambda rows: is_protected(rows, bucket, marker, BEGUN))


async def test_a_replacement_removes_only_where_there_are_no_versions() -> None:
    store, bucket = await store_with(LOCKED)
    version = replace(make_version(1), last_modified=BEGUN)
    with pytest.raises(FileImmutable):
        await store.read(lambda rows: judge_replacement(rows, bucket, version, BEGUN))
    await store.read(lambda rows: judge_replacement(rows, bucket, None, BEGUN))
    await store.transact(lambda rows: rows.update_bucket(make_bucket(versioning=Versioning.ENABLED)))
    versioned = await store.read(lambda rows: rows.bucket(bucket.name))
    assert versioned is not None
    await store.read(lambda rows: judge_replacement(rows, versioned, version, BEGUN))


async def test_a_policy_in_force_is_told() -> None:
    store, bucket = await store_with(OPEN)
    assert await store.read(lambda rows: policy_of(rows, bucket, BEGUN)) == OPEN
    assert await store.read(lambda rows: policy_of(rows, bucket, BEGUN + timedelta(hours=24))) is None


def test_times_are_told_in_utc_without_a_zone() -> None:
    local = datetime.fromisoformat("2026-03-14T20:00:00.750+08:00")
    assert render_moment(local) == "2026-03-14T12:00:00"
    assert parse_moment("2026-03-14T12:00:00") == BEGUN
