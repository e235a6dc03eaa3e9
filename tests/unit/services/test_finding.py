"""Which version a request names, and what it is told when that can't be had."""

from dataclasses import replace

import pytest

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.ports import Transaction
from ossicle.services.finding import find_version
from ossicle.services.identity import ANONYMOUS, Principal
from ossicle.stores.memory import MemoryMetadataStore
from ossicle.wire.errors import AccessDenied, MethodNotAllowed, NoSuchKey, NoSuchVersion
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, VersionId, Versioning
from ossicle.wire.operation import Access
from ossicle.wire.version_ids import render_version_id
from tests.support.stored import OWNER, make_bucket, make_version, put

KEY = ObjectKey("key")
OWNING = Principal(account=OWNER, access_key_id="k")
FIRST, MARKER, UNKNOWN = (render_version_id(rank, -rank) for rank in (-1, -2, -3))
HEADERS = (("x-oss-delete-marker", "true"), ("x-oss-version-id", MARKER))


@pytest.fixture
async def store() -> MemoryMetadataStore:
    """Under a delete marker a version that all may read, and one from before there were versions."""
    store = MemoryMetadataStore()

    def fill(transaction: Transaction) -> None:
        transaction.insert_bucket(make_bucket(versioning=Versioning.ENABLED))
        put(transaction, 1, make_version(10, KEY))
        first = replace(make_version(1, KEY), rank=-1, version_id=FIRST, acl=ObjectAcl.PUBLIC_READ)
        put(transaction, 1, first)
        transaction.delete_current_version(1, KEY)
        marker = replace(first, id=2, rank=-2, version_id=MARKER, type=ObjectType.DELETE_MARKER, acl=ObjectAcl.DEFAULT)
        transaction.put_delete_marker(1, replace(marker, is_inline=False, size=0))

    await store.transact(fill)
    return store


async def find(
    store: MemoryMetadataStore,
    version_id: VersionId | None,
    *,
    by: Principal = OWNING,
    bucket: Bucket | None = None,
    method: str = "GET",
    access: Access = Access.READ,
) -> ObjectVersion:
    row = bucket or make_bucket(versioning=Versioning.ENABLED)
    return await store.read(lambda rows: find_version(rows, by, row, KEY, version_id, access=access, method=method))


async def test_versions_are_found_by_their_ids(store: MemoryMetadataStore) -> None:
    assert (await find(store, FIRST)).id == 1
    assert (await find(store, NULL_VERSION)).id == 10


async def test_the_marker_says_that_there_is_no_object(store: MemoryMetadataStore) -> None:
    with pytest.raises(NoSuchKey) as caught:
        await find(store, None)
    assert caught.value.headers == HEADERS


async def test_without_versions_nobody_asks_for_markers(store: MemoryMetadataStore) -> None:
    with pytest.raises(NoSuchKey) as caught:
        await find(store, None, bucket=make_bucket())
    assert caught.value.headers == ()


@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_the_marker_itself_can_only_be_deleted(store: MemoryMetadataStore, method: str) -> None:
    with pytest.raises(MethodNotAllowed) as caught:
        await find(store, MARKER, method=method)
    assert caught.value.headers == (("Allow", "DELETE"), *HEADERS)
    assert caught.value.details == {"Method": method, "ResourceType": "DeleteMarker"}


async def test_an_unknown_id(store: MemoryMetadataStore) -> None:
    with pytest.raises(NoSuchVersion):
        await find(store, UNKNOWN)


@pytest.mark.parametrize("version_id", [None, NULL_VERSION, MARKER, UNKNOWN])
async def test_a_stranger_is_not_told_what_there_is(store: MemoryMetadataStore, version_id: VersionId | None) -> None:
    with pytest.raises(AccessDenied):
        await find(store, version_id, by=ANONYMOUS)


async def test_the_acl_is_that_of_the_version(store: MemoryMetadataStore) -> None:
    assert (await find(store, FIRST, by=ANONYMOUS)).id == 1
    with pytest.raises(AccessDenied):
        await find(store, FIRST, by=ANONYMOUS, access=Access.WRITE)
