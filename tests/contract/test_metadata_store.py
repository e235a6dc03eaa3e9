"""What every metadata store promises, but for listings."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ossicle.model.objects import Bucket, ObjectVersion, Segment, StoredHeaders
from ossicle.ports import Conflict, MetadataStore, StoreUnavailable, Transaction
from ossicle.wire.names import (
    AccountId,
    BucketAcl,
    BucketName,
    ETag,
    ObjectAcl,
    ObjectKey,
    ObjectType,
    StorageClass,
    VersionId,
    Versioning,
)
from tests.contract.conftest import Reopen
from tests.support.stored import OWNER, make_blob_id, make_bucket, make_segment, make_version, put, putting

KEY = ObjectKey("key")


class Planned(Exception):
    """Raised by a unit of work, on purpose."""


@pytest.fixture
async def store(metadata: MetadataStore) -> MetadataStore:
    """A store that has bucket 1."""
    await metadata.transact(lambda transaction: transaction.insert_bucket(make_bucket()))
    return metadata


# ------------------------------------------------------------------------------------------------ buckets


async def test_a_bucket_comes_back_as_it_was_put(metadata: MetadataStore) -> None:
    bucket = make_bucket(7, "some-name", acl=BucketAcl.PUBLIC_READ, versioning=Versioning.SUSPENDED)
    await metadata.transact(lambda transaction: transaction.insert_bucket(bucket))
    assert await metadata.read(lambda reading: reading.bucket(BucketName("some-name"))) == bucket
    assert await metadata.read(lambda reading: reading.bucket(BucketName("other-name"))) is None


@pytest.mark.parametrize("second", [make_bucket(1, "other"), make_bucket(2, "bucket")], ids=["id", "name"])
async def test_a_bucket_whose_id_or_name_exists_is_refused(store: MetadataStore, second: Bucket) -> None:
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.insert_bucket(second))
    assert await store.read(lambda reading: reading.bucket(BucketName("bucket"))) == make_bucket()


async def test_the_name_of_a_deleted_bucket_is_free(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.delete_bucket(1))
    assert await store.read(lambda reading: reading.bucket(BucketName("bucket"))) is None
    await store.transact(lambda transaction: transaction.insert_bucket(make_bucket(2)))
    assert await store.read(lambda reading: reading.bucket(BucketName("bucket"))) == make_bucket(2)


async def test_update_bucket_replaces_the_row(store: MetadataStore) -> None:
    changed = make_bucket(acl=BucketAcl.PUBLIC_READ_WRITE, versioning=Versioning.ENABLED)
    await store.transact(lambda transaction: transaction.update_bucket(changed))
    assert await store.read(lambda reading: reading.bucket(BucketName("bucket"))) == changed


async def test_changing_a_bucket_that_is_gone_is_a_conflict(store: MetadataStore) -> None:
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.update_bucket(make_bucket(2, "other")))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.delete_bucket(2))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.put_bucket_config(2, "cors", b"<x/>"))
    with pytest.raises(Conflict):
        await store.transact(putting(2, make_version(1)))


async def test_buckets_are_listed_by_owner_name_prefix_and_marker(metadata: MetadataStore) -> None:
    names = ["zeta", "alpha-1", "alpha-2", "alpha", "beta"]
    stranger = AccountId("2000000000000002")

    def fill(transaction: Transaction) -> None:
        for number, name in enumerate(names, start=1):
            transaction.insert_bucket(make_bucket(number, name))
        transaction.insert_bucket(make_bucket(99, "alpha-3", owner=stranger))

    await metadata.transact(fill)

    async def listed(owner: AccountId, prefix: str, marker: str, limit: int) -> list[str]:
        found = await metadata.scan(lambda reading: reading.buckets(owner, prefix=prefix, marker=marker, limit=limit))
        return [bucket.name for bucket in found]

    assert await listed(OWNER, "", "", 10) == ["alpha", "alpha-1", "alpha-2", "beta", "zeta"]
    assert await listed(OWNER, "alpha", "", 10) == ["alpha", "alpha-1", "alpha-2"]
    assert await listed(OWNER, "alpha", "alpha", 10) == ["alpha-1", "alpha-2"]
    assert await listed(OWNER, "", "alpha-2", 1) == ["beta"]
    assert await listed(stranger, "", "", 10) == ["alpha-3"]
    assert await listed(OWNER, "\udcff", "", 10) == []
    assert await listed(OWNER, "", "\udcff", 10) == []


async def test_buckets_are_found_by_a_document_that_they_have(metadata: MetadataStore) -> None:
    def fill(transaction: Transaction) -> None:
        for number, name in enumerate(("zeta", "alpha", "beta", "gamma"), start=1):
            transaction.insert_bucket(make_bucket(number, name, owner=AccountId(f"200000000000000{number}")))
            transaction.put_bucket_config(number, "logging" if name != "beta" else "cors", b"document")

    await metadata.transact(fill)

    async def found(marker: str, limit: int) -> list[tuple[str, frozenset[str]]]:
        with_it = await metadata.scan(lambda reading: reading.buckets_with("logging", marker=marker, limit=limit))
        return [(bucket.name, bucket.settings) for bucket in with_it]

    settings = frozenset({"logging"})
    assert await found("", 2) == [("alpha", settings), ("gamma", settings)]
    assert await found("gamma", 2) == [("zeta", settings)]
    await metadata.transact(lambda transaction: transaction.delete_bucket_config(2, "logging"))
    assert await found("", 9) == [("gamma", settings), ("zeta", settings)]


async def test_a_bucket_configuration_is_kept_replaced_and_removed(store: MetadataStore) -> None:
    async def kept(kind: str) -> bytes | None:
        return await store.read(lambda reading: reading.bucket_config(1, kind))

    await store.transact(lambda transaction: transaction.put_bucket_config(1, "cors", b"one"))
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "lifecycle", b"\x00\xff"))
    assert (await kept("cors"), await kept("lifecycle"), await kept("policy")) == (b"one", b"\x00\xff", None)
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "cors", b"two"))
    assert await kept("cors") == b"two"
    await store.transact(lambda transaction: transaction.delete_bucket_config(1, "cors"))
    await store.transact(lambda transaction: transaction.delete_bucket_config(1, "cors"))
    assert (await kept("cors"), await kept("lifecycle")) == (None, b"\x00\xff")


async def test_all_configurations_of_a_bucket_are_told_together(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "cors", b"one"))
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "lifecycle", b"\x00\xff"))
    assert await store.read(lambda reading: reading.bucket_configs(1)) == {"cors": b"one", "lifecycle": b"\x00\xff"}
    assert await store.read(lambda reading: reading.bucket_configs(2)) == {}


def _put_account_config(document: bytes, transaction: Transaction) -> None:
    transaction.put_account_config(OWNER, "publicAccessBlock", document)


async def test_bytes_are_counted_where_that_is_asked_for(store: MetadataStore) -> None:
    async def counted() -> int | None:
        return await store.read(lambda reading: reading.counted_size(1))

    await store.transact(putting(1, make_version(1, "a", size=3)))
    assert await counted() is None
    await store.transact(lambda transaction: transaction.count_size(1))
    assert await counted() == 3
    second = make_version(2, "b", size=4)
    await store.transact(putting(1, second))
    assert await counted() == 7
    await store.transact(lambda transaction: transaction.update_version(replace(second, size=9)))
    assert await counted() == 12

    def remove(transaction: Transaction) -> None:
        transaction.delete_current_version(1, second.key)
        transaction.delete_version(replace(second, size=9))

    await store.transact(remove)
    assert await counted() == 3


async def test_a_configuration_of_an_account_is_kept_replaced_and_removed(store: MetadataStore) -> None:
    async def kept(account: AccountId) -> bytes | None:
        return await store.read(lambda reading: reading.account_config(account, "publicAccessBlock"))

    stranger = AccountId("1000000000000009")
    for document in (b"one", b"two"):
        await store.transact(partial(_put_account_config, document))
        assert (await kept(OWNER), await kept(stranger)) == (document, None)
    for _ in range(2):
        await store.transact(lambda transaction: transaction.delete_account_config(OWNER, "publicAccessBlock"))
        assert await kept(OWNER) is None


async def test_entities_of_ram_are_kept_by_account_kind_and_name(store: MetadataStore) -> None:
    other = AccountId("1000000000000009")

    def put(transaction: Transaction) -> None:
        for account, kind, name in (
            (OWNER, "User", "b"),
            (OWNER, "User", "a"),
            (OWNER, "Role", "a"),
            (other, "User", "c"),
        ):
            transaction.put_ram_entity(account, kind, name, f"{kind} {name}".encode())

    async def listed(after: str, limit: int) -> list[bytes]:
        return list(await store.read(lambda rows: rows.ram_entities(OWNER, "User", after=after, limit=limit)))

    await store.transact(put)
    assert await store.read(lambda rows: rows.ram_entity(OWNER, "Role", "a")) == b"Role a"
    assert await store.read(lambda rows: rows.ram_entity(other, "Role", "a")) is None
    assert (await listed("", 9), await listed("", 1), await listed("a", 9)) == (
        [b"User a", b"User b"],
        [b"User a"],
        [b"User b"],
    )
    await store.transact(lambda transaction: transaction.put_ram_entity(OWNER, "User", "a", b"changed"))
    await store.transact(lambda transaction: transaction.delete_ram_entity(OWNER, "User", "b"))
    await store.transact(lambda transaction: transaction.delete_ram_entity(OWNER, "User", "b"))
    assert await listed("", 9) == [b"changed"]


async def test_a_key_of_ram_is_of_one_user(store: MetadataStore) -> None:
    async def owner() -> tuple[AccountId, str] | None:
        return await store.read(lambda rows: rows.ram_key_owner("LTAI1"))

    assert await owner() is None
    for name in ("ann", "bob"):
        await store.transact(partial(_put_ram_key, name))
        assert await owner() == (OWNER, name)
    for _ in range(2):
        await store.transact(lambda transaction: transaction.delete_ram_key("LTAI1"))
        assert await owner() is None


def _put_ram_key(name: str, transaction: Transaction) -> None:
    transaction.put_ram_key("LTAI1", OWNER, name)


async def test_a_bucket_tells_of_which_kinds_it_has_documents(store: MetadataStore) -> None:
    async def told() -> list[frozenset[str]]:
        found = await store.read(lambda reading: reading.bucket(make_bucket().name))
        listed = await store.scan(lambda reading: reading.buckets(make_bucket().owner, prefix="", marker="", limit=9))
        return [bucket.settings for bucket in (found, *listed) if bucket is not None]

    assert await told() == [frozenset()] * 2
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "cors", b"one"))
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "worm", b"two"))
    assert await told() == [frozenset({"cors", "worm"})] * 2
    seen = replace(make_bucket(), settings=frozenset({"cors", "worm", "lifecycle"}))
    await store.transact(lambda transaction: transaction.update_bucket(seen))
    await store.transact(lambda transaction: transaction.delete_bucket_config(1, "cors"))
    assert await told() == [frozenset({"worm"})] * 2


async def test_a_deleted_bucket_takes_its_configuration_along(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.put_bucket_config(1, "cors", b"one"))
    await store.transact(lambda transaction: transaction.delete_bucket(1))
    assert await store.read(lambda reading: reading.bucket_config(1, "cors")) is None


async def test_a_bucket_with_a_version_left_is_not_empty_and_stays(store: MetadataStore) -> None:
    version = make_version(1)
    assert await store.read(lambda reading: reading.is_bucket_empty(1))
    await store.transact(putting(1, version))
    assert not await store.read(lambda reading: reading.is_bucket_empty(1))
    await store.transact(lambda transaction: transaction.delete_current_version(1, KEY))
    assert not await store.read(lambda reading: reading.is_bucket_empty(1))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.delete_bucket(1))
    await store.transact(lambda transaction: transaction.delete_version(version))
    assert await store.read(lambda reading: reading.is_bucket_empty(1))
    await store.transact(lambda transaction: transaction.delete_bucket(1))


# ----------------------------------------------------------------------------------------------- versions

FIRST_DAY = datetime(1970, 1, 1)  # noqa: DTZ001 - hypothesis takes naive bounds
LAST_DAY = datetime(9999, 12, 31)  # noqa: DTZ001
# Anything that a header can hold: UTF-8, or bytes that are none as lone surrogates.
raw_text = st.text(
    st.characters(codec="utf-8") | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF), max_size=20
)
versions = st.builds(
    ObjectVersion,
    id=st.integers(1, 2**63 - 1),
    key=st.text(min_size=1, max_size=40).map(ObjectKey),
    version_id=st.from_regex(r"[0-9a-zA-Z]{1,64}", fullmatch=True).map(VersionId),
    type=st.sampled_from(ObjectType),
    size=st.integers(0, 2**48),
    etag=st.from_regex(r"[0-9A-F]{32}(-[1-9][0-9]{0,3})?", fullmatch=True).map(ETag),
    content_md5=st.none() | st.binary(min_size=16, max_size=16),
    crc64=st.integers(0, 2**64 - 1),
    storage_class=st.sampled_from(StorageClass),
    acl=st.sampled_from(ObjectAcl),
    last_modified=st.datetimes(FIRST_DAY, LAST_DAY, timezones=st.just(UTC)),
    headers=st.builds(
        StoredHeaders,
        content_type=st.none() | raw_text,
        cache_control=st.none() | raw_text,
        content_disposition=st.none() | raw_text,
        content_encoding=st.none() | raw_text,
        content_language=st.none() | raw_text,
        expires=st.none() | raw_text,
    ),
    metadata=st.lists(st.tuples(raw_text, raw_text), max_size=4).map(tuple),
    is_inline=st.just(True),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(version=versions, body=st.binary(max_size=100))
async def test_a_version_comes_back_as_it_was_put(store: MetadataStore, version: ObjectVersion, body: bytes) -> None:
    await store.transact(lambda transaction: transaction.put_current_version(1, version, body))
    found = await store.read(lambda reading: (reading.current_version(1, version.key), reading.small_body(version.id)))
    assert found == (version, body)
    assert await store.read(lambda reading: reading.current_object(1, version.key)) == (version, body)

    def remove(transaction: Transaction) -> None:
        transaction.delete_current_version(1, version.key)
        transaction.delete_version(version)

    await store.transact(remove)
    gone = await store.read(lambda reading: (reading.current_version(1, version.key), reading.small_body(version.id)))
    assert gone == (None, None)
    assert await store.read(lambda reading: reading.current_object(1, version.key)) is None


async def test_segments_come_back_in_their_order(store: MetadataStore) -> None:
    segments = [make_segment(2, offset=5), make_segment(1), make_segment(2, offset=0, length=2**40)]
    version = make_version(1, segments=segments)

    def commit(transaction: Transaction) -> None:
        transaction.add_blob(make_blob_id(1), 10)
        transaction.add_blob(make_blob_id(2), 2**40)
        put(transaction, 1, version, segments)

    await store.transact(commit)
    assert await store.read(lambda reading: reading.current_version(1, KEY)) == version
    assert await store.read(lambda reading: reading.small_body(1)) is None
    assert await store.read(lambda reading: reading.current_object(1, KEY)) == (version, None)
    found = await store.read(lambda reading: reading.segments(1, start=0, length=2**41))
    assert list(found) == segments


async def test_a_later_version_becomes_current_and_the_earlier_one_stays(store: MetadataStore) -> None:
    earlier, later = make_version(1), make_version(2)
    await store.transact(putting(1, earlier, b"old"))
    await store.transact(putting(1, later, b"new"))
    found = await store.read(
        lambda reading: (reading.current_version(1, KEY), reading.small_body(1), reading.small_body(2))
    )
    assert found == (later, b"old", b"new")
    await store.transact(lambda transaction: transaction.delete_version(earlier))
    await store.transact(lambda transaction: transaction.delete_version(earlier))
    found = await store.read(
        lambda reading: (reading.current_version(1, KEY), reading.small_body(1), reading.small_body(2))
    )
    assert found == (later, None, b"new")


async def test_the_same_key_in_two_buckets_is_two_objects(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.insert_bucket(make_bucket(2, "other")))
    await store.transact(putting(1, make_version(1)))
    await store.transact(putting(2, make_version(2)))
    await store.transact(lambda transaction: transaction.delete_current_version(1, KEY))
    assert await store.read(lambda reading: reading.current_version(1, KEY)) is None
    assert await store.read(lambda reading: reading.current_version(2, KEY)) == make_version(2)


async def test_a_version_that_a_head_names_is_not_deleted(store: MetadataStore) -> None:
    version = make_version(1)
    await store.transact(putting(1, version))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.delete_version(version))
    found = await store.read(lambda reading: (reading.current_version(1, KEY), reading.small_body(1)))
    assert found == (version, b"abc")


async def test_deleting_what_is_not_there_changes_nothing(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.delete_current_version(1, KEY))
    await store.transact(lambda transaction: transaction.delete_version(make_version(1)))
    assert await store.read(lambda reading: reading.is_bucket_empty(1))


async def test_a_version_id_is_never_used_again(store: MetadataStore) -> None:
    await store.transact(putting(1, make_version(1)))
    with pytest.raises(Conflict):
        await store.transact(putting(1, make_version(1, "other")))
    assert await store.read(lambda reading: reading.current_version(1, ObjectKey("other"))) is None


async def test_a_body_without_an_inline_version_is_a_mistake(store: MetadataStore) -> None:
    with pytest.raises(ValueError, match="small body"):
        await store.transact(lambda transaction: transaction.put_current_version(1, make_version(1), ()))
    with pytest.raises(ValueError, match="small body"):
        await store.transact(
            lambda transaction: transaction.put_current_version(1, make_version(1, segments=[make_segment(1)]), b"abc")
        )


# -------------------------------------------------------------------------------------------------- blobs


class Commit:
    """A unit of work that names blobs and makes a version of segments current."""

    def __init__(self, version: ObjectVersion, segments: Sequence[Segment], *blobs: int) -> None:
        self._version = version
        self._segments = segments
        self._blobs = blobs

    def __call__(self, transaction: Transaction) -> None:
        for blob in self._blobs:
            transaction.add_blob(make_blob_id(blob), 10)
        put(transaction, 1, self._version, self._segments)


class Remove:
    """A unit of work that removes an object."""

    def __init__(self, version: ObjectVersion) -> None:
        self._version = version

    def __call__(self, transaction: Transaction) -> None:
        transaction.delete_current_version(1, self._version.key)
        transaction.delete_version(self._version)


async def named_and_condemned(store: MetadataStore, *blobs: int) -> tuple[list[bool], list[str]]:
    return await store.read(
        lambda reading: (
            [reading.is_blob_named(make_blob_id(blob)) for blob in blobs],
            list(reading.condemned(limit=100)),
        )
    )


async def test_a_segment_of_an_unknown_blob_is_refused(store: MetadataStore) -> None:
    with pytest.raises(Conflict):
        await store.transact(putting(1, make_version(1, segments=[make_segment(1)]), [make_segment(1)]))
    assert await store.read(lambda reading: reading.current_version(1, KEY)) is None


async def test_a_blob_is_named_once(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.add_blob(make_blob_id(1), 10))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.add_blob(make_blob_id(1), 10))
    assert await named_and_condemned(store, 1, 2) == ([True, False], [])


async def test_a_deletion_takes_the_row_of_a_blob_and_queues_its_bytes(store: MetadataStore) -> None:
    segments = [make_segment(1), make_segment(2), make_segment(1, offset=4)]
    version = make_version(1, segments=segments)
    await store.transact(Commit(version, segments, 1, 2))
    await store.transact(Remove(version))
    assert await named_and_condemned(store, 1, 2) == ([False, False], [make_blob_id(1), make_blob_id(2)])
    assert list(await store.read(lambda reading: reading.condemned(limit=1))) == [make_blob_id(1)]
    await store.transact(lambda transaction: transaction.forget_condemned([make_blob_id(1), make_blob_id(9)]))
    assert await named_and_condemned(store, 1, 2) == ([False, False], [make_blob_id(2)])


async def test_a_deletion_spares_a_blob_that_another_version_names(store: MetadataStore) -> None:
    whole, part = [make_segment(1), make_segment(2)], [make_segment(2, offset=3)]
    first = make_version(1, "first", segments=whole)
    second = make_version(2, "second", segments=part)
    await store.transact(Commit(first, whole, 1, 2))
    await store.transact(Commit(second, part))
    await store.transact(Remove(first))
    assert await named_and_condemned(store, 1, 2) == ([False, True], [make_blob_id(1)])
    assert await store.read(lambda reading: reading.current_version(1, ObjectKey("second"))) == second
    await store.transact(Remove(second))
    assert await named_and_condemned(store, 1, 2) == ([False, False], [make_blob_id(1), make_blob_id(2)])


async def test_a_condemned_blob_can_not_be_named_by_a_segment(store: MetadataStore) -> None:
    segments = [make_segment(1)]
    version = make_version(1, segments=segments)
    await store.transact(Commit(version, segments, 1))
    await store.transact(Remove(version))
    with pytest.raises(Conflict):
        await store.transact(Commit(make_version(2, "copy", segments=segments), segments))
    assert await named_and_condemned(store, 1) == ([False], [make_blob_id(1)])


# ------------------------------------------------------------------------------------------ units of work


async def test_a_unit_returns_what_it_returns_and_sees_its_own_changes(store: MetadataStore) -> None:
    def work(transaction: Transaction) -> tuple[ObjectVersion | None, ObjectVersion | None]:
        before = transaction.current_version(1, KEY)
        put(transaction, 1, make_version(1))
        return before, transaction.current_version(1, KEY)

    assert await store.transact(work) == (None, make_version(1))
    assert await store.scan(lambda reading: reading.current_version(1, KEY)) == make_version(1)


async def test_a_unit_that_raises_leaves_nothing_behind(store: MetadataStore) -> None:
    await store.transact(putting(1, make_version(1)))

    def work(transaction: Transaction) -> None:
        transaction.add_blob(make_blob_id(1), 10)
        put(transaction, 1, make_version(2, segments=[make_segment(1)]), [make_segment(1)])
        transaction.delete_version(make_version(1))
        transaction.put_bucket_config(1, "cors", b"one")
        transaction.insert_bucket(make_bucket(2, "other"))
        raise Planned

    with pytest.raises(Planned):
        await store.transact(work)
    assert await store.read(lambda reading: reading.current_version(1, KEY)) == make_version(1)
    assert await store.read(lambda reading: reading.small_body(1)) == b"abc"
    assert await store.read(lambda reading: reading.bucket_config(1, "cors")) is None
    assert await store.read(lambda reading: reading.bucket(BucketName("other"))) is None
    assert await named_and_condemned(store, 1) == ([False], [])


async def test_a_unit_that_a_key_refuses_leaves_nothing_behind(store: MetadataStore) -> None:
    def work(transaction: Transaction) -> None:
        put(transaction, 1, make_version(1, "one"))
        put(transaction, 1, make_version(1, "two"))

    with pytest.raises(Conflict):
        await store.transact(work)
    assert await store.read(lambda reading: reading.is_bucket_empty(1))


async def test_units_that_fail_take_no_other_unit_along(store: MetadataStore) -> None:
    def work(number: int) -> Callable[[Transaction], int]:
        def unit(transaction: Transaction) -> int:
            put(transaction, 1, make_version(number, f"key-{number}"))
            if number % 3 == 0:
                raise Planned
            if number % 3 == 1:
                transaction.insert_bucket(make_bucket())
            return number

        return unit

    outcomes = await asyncio.gather(
        *(store.transact(work(number)) for number in range(1, 31)),
        return_exceptions=True,
    )
    for number, outcome in enumerate(outcomes, start=1):
        expected: object = {0: Planned, 1: Conflict, 2: int}[number % 3]
        assert type(outcome) is expected
    page = await store.scan(lambda reading: reading.list_objects(1, prefix="", delimiter="", after="", limit=100))
    assert {entry.key for entry in page.objects} == {f"key-{number}" for number in range(2, 31, 3)}


async def test_a_unit_that_raises_stop_iteration_is_answered(store: MetadataStore) -> None:
    def work(transaction: Transaction) -> None:
        put(transaction, 1, make_version(1))
        next(iter(()))

    with pytest.raises((RuntimeError, StopIteration)):
        await store.transact(work)
    assert await store.read(lambda reading: reading.is_bucket_empty(1))


async def test_a_question_that_raises_passes_its_exception_on(store: MetadataStore) -> None:
    def work(_: object) -> None:
        raise Planned

    with pytest.raises(Planned):
        await store.read(work)
    with pytest.raises(Planned):
        await store.scan(work)
    assert await store.read(lambda reading: reading.bucket(BucketName("bucket"))) == make_bucket()


# ----------------------------------------------------------------------------------- incarnations, the end


async def test_what_was_committed_is_there_after_reopening(store: MetadataStore, reopen: Reopen) -> None:
    segments = [make_segment(1)]
    version = make_version(1, segments=segments)
    await store.transact(Commit(version, segments, 1))
    await store.transact(putting(1, make_version(2, "small")))
    again = await reopen()
    found = await again.read(lambda reading: (reading.current_version(1, KEY), reading.small_body(2)))
    assert found == (version, b"abc")


async def test_each_opening_has_a_larger_number_and_fences_those_before(
    metadata: MetadataStore, reopen: Reopen
) -> None:
    first = metadata.incarnation
    assert list(await metadata.read(lambda reading: reading.unswept_incarnations())) == []
    second = await reopen()
    assert second.incarnation > first
    assert list(await second.read(lambda reading: reading.unswept_incarnations())) == [first]
    third = await reopen()
    assert third.incarnation > second.incarnation
    unswept = await third.read(lambda reading: reading.unswept_incarnations())
    assert list(unswept) == [first, second.incarnation]


async def test_a_swept_incarnation_is_not_swept_again(metadata: MetadataStore, reopen: Reopen) -> None:
    first = metadata.incarnation
    second = await reopen()
    await second.transact(lambda transaction: transaction.mark_swept(first))
    assert list(await second.read(lambda reading: reading.unswept_incarnations())) == []
    third = await reopen()
    assert list(await third.read(lambda reading: reading.unswept_incarnations())) == [second.incarnation]


async def test_an_incarnation_that_lives_can_not_be_swept(metadata: MetadataStore) -> None:
    with pytest.raises(Conflict):
        await metadata.transact(lambda transaction: transaction.mark_swept(metadata.incarnation))
    with pytest.raises(Conflict):
        await metadata.transact(lambda transaction: transaction.mark_swept(metadata.incarnation + 1))


async def test_a_closed_store_refuses_everything_and_closes_again(store: MetadataStore) -> None:
    assert store.is_healthy
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.read(lambda reading: reading.condemned(limit=1))
    with pytest.raises(StoreUnavailable):
        await store.scan(lambda reading: reading.condemned(limit=1))
    with pytest.raises(StoreUnavailable):
        await store.transact(lambda transaction: transaction.delete_bucket(1))
