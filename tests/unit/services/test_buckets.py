"""Buckets and their cache: what was acknowledged is what everybody sees."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from ossicle.ports import Conflict, Reading, StoreUnavailable, Transaction
from ossicle.services.buckets import BucketProperties, Buckets
from ossicle.services.changes import Changes
from ossicle.services.numbering import Numbering
from ossicle.stores.memory import MemoryMetadataStore
from ossicle.wire.api.bucket_cors import CORS, CORSConfiguration, CORSRule
from ossicle.wire.api.bucket_request_payment import REQUEST_PAYMENT, RequestPaymentConfiguration
from ossicle.wire.errors import BucketAlreadyExists, BucketNotEmpty, NoSuchBucket
from ossicle.wire.names import AccountId, BucketAcl, BucketName, DataRedundancyType, Payer, StorageClass
from tests.support.failing import Failing
from tests.support.inprocess import CountedIds, FrozenClock
from tests.support.stored import OWNER, make_version, put

R = TypeVar("R")

OTHER = AccountId("1000000000000002")
NAME = BucketName("bucket")
PLAIN = BucketProperties()
RULES = CORSConfiguration(cors_rules=(CORSRule(allowed_origins=("*",), allowed_methods=("GET",)),), response_vary=False)
PAYMENT = RequestPaymentConfiguration(payer=Payer.REQUESTER)


class CountingStore(MemoryMetadataStore):
    """Counts the reads."""

    reads = 0

    async def read(self, work: Callable[[Reading], R]) -> R:
        self.reads += 1
        return await super().read(work)


class Desk:
    """The service and what is behind it."""

    def __init__(self) -> None:
        self.store = CountingStore()
        self.clock = FrozenClock()
        self.buckets = Buckets(self.store, Numbering(self.store.incarnation, CountedIds()), self.clock)

    async def acl(self) -> BucketAcl:
        row = await self.buckets.find(NAME)
        assert row is not None
        return row.acl


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.buckets.put(NAME, OWNER, PLAIN)
    return desk


async def test_a_new_bucket_has_the_defaults_and_the_time_to_the_second(desk: Desk) -> None:
    row = await desk.buckets.find(NAME)
    assert row is not None
    assert (row.owner, row.acl, row.storage_class, row.redundancy, row.versioning) == (
        OWNER,
        BucketAcl.PRIVATE,
        StorageClass.STANDARD,
        DataRedundancyType.LRS,
        None,
    )
    assert row.created_at == desk.clock.now.replace(microsecond=0)


async def test_a_row_is_read_once_and_a_name_that_is_free_each_time(desk: Desk) -> None:
    for _ in range(3):
        assert await desk.buckets.find(NAME) is not None
    assert desk.store.reads == 1
    for _ in range(2):
        assert await desk.buckets.find(BucketName("missing")) is None
    assert desk.store.reads == 3


async def test_a_change_is_seen_at_once(desk: Desk) -> None:
    before = await desk.buckets.find(NAME)
    assert before is not None
    await desk.buckets.put(NAME, OWNER, BucketProperties(acl=BucketAcl.PUBLIC_READ))
    after = await desk.buckets.find(NAME)
    assert after is not None
    assert (after.id, after.acl) == (before.id, BucketAcl.PUBLIC_READ)
    await desk.buckets.delete(after)
    assert await desk.buckets.find(NAME) is None
    await desk.buckets.put(NAME, OTHER, PLAIN)
    again = await desk.buckets.find(NAME)
    assert again is not None
    assert again.owner == OTHER
    assert again.id > before.id, "names are used again, ids are not"


async def test_another_s_change_is_refused_and_nothing_changes(desk: Desk) -> None:
    for properties in (PLAIN, BucketProperties(acl=BucketAcl.PUBLIC_READ)):
        with pytest.raises(BucketAlreadyExists):
            await desk.buckets.put(NAME, OTHER, properties)
    for properties in (
        BucketProperties(storage_class=StorageClass.IA),
        BucketProperties(redundancy=DataRedundancyType.ZRS, acl=BucketAcl.PUBLIC_READ),
    ):
        with pytest.raises(BucketAlreadyExists, match="can't modify"):
            await desk.buckets.put(NAME, OWNER, properties)
    row = await desk.buckets.find(NAME)
    assert row is not None
    assert (row.owner, row.acl) == (OWNER, BucketAcl.PRIVATE)


async def test_what_a_bucket_has_may_be_asked_for_again(desk: Desk) -> None:
    same = BucketProperties(storage_class=StorageClass.STANDARD, redundancy=DataRedundancyType.LRS)
    await desk.buckets.put(NAME, OWNER, same)


async def test_a_bucket_that_holds_something_stays(desk: Desk) -> None:
    row = await desk.buckets.find(NAME)
    assert row is not None
    await desk.store.transact(lambda transaction: put(transaction, row.id, make_version(1)))
    with pytest.raises(BucketNotEmpty):
        await desk.buckets.delete(row)
    assert await desk.buckets.find(NAME) == row


async def test_a_row_of_a_bucket_that_was_made_anew_deletes_nothing(desk: Desk) -> None:
    old = await desk.buckets.find(NAME)
    assert old is not None
    await desk.buckets.delete(old)
    await desk.buckets.put(NAME, OWNER, PLAIN)
    with pytest.raises(NoSuchBucket):
        await desk.buckets.delete(old)
    with pytest.raises(NoSuchBucket):
        await desk.buckets.put_setting(old, CORS, RULES)
    assert await desk.buckets.find(NAME) is not None


async def test_a_list_is_by_name_and_bounded() -> None:
    buckets = Desk().buckets
    for name in ("c1", "a1", "b1"):
        await buckets.put(BucketName(name), OWNER, PLAIN)
    await buckets.put(BucketName("b2"), OTHER, PLAIN)
    found = await buckets.list(OWNER, prefix="", marker="a1", limit=1, fits=lambda _: True)
    assert [row.name for row, _ in found] == ["b1"]


async def test_a_list_goes_on_until_enough_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ossicle.services.buckets._PAGE", 2)
    buckets = Desk().buckets
    for number in range(7):
        await buckets.put(BucketName(f"b{number}"), OWNER, PLAIN)
        row = await buckets.find(BucketName(f"b{number}"))
        assert row is not None
        if number % 3 == 0:
            await buckets.put_setting(row, CORS, RULES)
    for limit, names in ((2, ["b0", "b3"]), (9, ["b0", "b3", "b6"])):
        found = await buckets.list(OWNER, prefix="b", marker="", limit=limit, fits=bool)
        assert [row.name for row, _ in found] == names
        assert all(documents.get(CORS) == RULES for _, documents in found)


async def test_a_change_that_fails_leaves_no_stale_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.buckets.find(NAME)
    with monkeypatch.context() as broken:
        broken.setattr(desk.store, "transact", Failing.unavailable())
        with pytest.raises(StoreUnavailable):
            await desk.buckets.put(NAME, OWNER, BucketProperties(acl=BucketAcl.PUBLIC_READ))
    reads = desk.store.reads
    row = await desk.buckets.find(NAME)
    assert desk.store.reads == reads + 1
    assert row is not None
    assert row.acl is BucketAcl.PRIVATE


async def test_a_caller_who_is_cancelled_leaves_no_stale_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, may_commit, transact = asyncio.Event(), asyncio.Event(), desk.store.transact

    async def later(work: Callable[[Transaction], None]) -> None:
        waiting.set()
        await may_commit.wait()
        await transact(work)

    monkeypatch.setattr(desk.store, "transact", later)
    task = asyncio.create_task(desk.buckets.put(NAME, OWNER, BucketProperties(acl=BucketAcl.PUBLIC_READ)))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await desk.acl() is BucketAcl.PRIVATE
    may_commit.set()
    while await desk.acl() is not BucketAcl.PUBLIC_READ:  # noqa: ASYNC110 -- what is tested has no event to offer
        await asyncio.sleep(0)


async def test_a_change_of_another_process_is_seen_at_once(desk: Desk) -> None:
    counts = memoryview(bytearray(16)).cast("Q")
    here, there = (
        Buckets(desk.store, Numbering(process + 2, CountedIds()), desk.clock, Changes(counts, process))
        for process in range(2)
    )
    before = await there.find(NAME)
    assert before is not None
    assert await there.setting(before, CORS) is None
    await here.put(NAME, OWNER, BucketProperties(acl=BucketAcl.PUBLIC_READ))
    await here.put_setting(before, CORS, RULES)
    after = await there.find(NAME)
    assert after is not None
    assert (after.acl, await there.setting(after, CORS)) == (BucketAcl.PUBLIC_READ, RULES)
    await here.delete(after)
    assert await there.find(NAME) is None


async def test_a_row_that_was_read_while_it_changed_is_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    may_read, reading, read = asyncio.Event(), asyncio.Event(), desk.store.read

    async def read_then_wait(work: Callable[[Reading], R]) -> R:
        result = await read(work)
        reading.set()
        await may_read.wait()
        return result

    await desk.buckets.put(NAME, OWNER, BucketProperties(acl=BucketAcl.PUBLIC_READ))
    with monkeypatch.context() as slow:
        slow.setattr(desk.store, "read", read_then_wait)
        stale = asyncio.create_task(desk.buckets.find(NAME))
        await reading.wait()
    await desk.buckets.put(NAME, OWNER, BucketProperties(acl=BucketAcl.PRIVATE))
    assert await desk.buckets.find(BucketName("another")) is None, "whoever looks takes note of the moment"
    may_read.set()
    row = await stale
    assert row is not None
    assert row.acl is BucketAcl.PUBLIC_READ
    assert await desk.acl() is BucketAcl.PRIVATE


async def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ossicle.services.buckets._CACHED_MAX", 3)
    desk = Desk()
    names = [BucketName(f"bucket-{number}") for number in range(10)]
    for name in names:
        await desk.buckets.put(name, OWNER, PLAIN)
    for name in names:
        assert await desk.buckets.find(name) is not None
        assert len(desk.buckets._rows) <= 3


# ------------------------------------------------------------------------------------------------------- CORS


async def test_rules_are_read_once_and_their_absence_too(desk: Desk) -> None:
    row = await desk.buckets.find(NAME)
    assert row is not None
    reads = desk.store.reads
    for _ in range(3):
        assert await desk.buckets.setting(row, CORS) is None
    await desk.buckets.put_setting(row, CORS, RULES)
    for _ in range(3):
        assert await desk.buckets.setting(row, CORS) == RULES
    # Those of a bucket that was found are there with it.
    assert desk.store.reads == reads + 1
    await desk.buckets.delete_setting(row, CORS)
    assert await desk.buckets.setting(row, CORS) is None


@pytest.mark.parametrize("failing", [Failing.unavailable(), Failing.conflict()], ids=["unavailable", "conflict"])
async def test_after_a_failure_the_rules_are_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, failing: Failing
) -> None:
    row = await desk.buckets.find(NAME)
    assert row is not None
    await desk.buckets.put_setting(row, CORS, RULES)
    assert await desk.buckets.setting(row, CORS) == RULES
    reads = desk.store.reads
    with monkeypatch.context() as broken:
        broken.setattr(desk.store, "transact", failing)
        with pytest.raises((StoreUnavailable, Conflict)):
            await desk.buckets.delete_setting(row, CORS)
    assert await desk.buckets.setting(row, CORS) == RULES
    assert desk.store.reads == reads + 1


async def test_time_is_an_argument() -> None:
    desk = Desk()
    desk.clock.now += timedelta(days=400)
    await desk.buckets.put(NAME, OWNER, PLAIN)
    row = await desk.buckets.find(NAME)
    assert row is not None
    assert row.created_at == desk.clock.now.replace(microsecond=0)


async def test_who_pays_is_read_once_and_told_anew_after_a_change(desk: Desk) -> None:
    row = await desk.buckets.find(NAME)
    assert row is not None
    desk.store.reads = 0
    for _ in range(3):
        assert await desk.buckets.setting(row, REQUEST_PAYMENT) is None
    assert desk.store.reads == 0
    await desk.buckets.put_setting(row, REQUEST_PAYMENT, PAYMENT)
    assert await desk.buckets.setting(row, REQUEST_PAYMENT) == PAYMENT


async def test_a_document_is_changed_in_one_transaction(desk: Desk) -> None:
    row = await desk.buckets.find(NAME)
    assert row is not None

    def one_rule_more(rules: CORSConfiguration | None) -> CORSConfiguration:
        return replace(RULES, cors_rules=(*(rules.cors_rules if rules else ()), *RULES.cors_rules))

    await asyncio.gather(*(desk.buckets.change_setting(row, CORS, one_rule_more) for _ in range(5)))
    changed = await desk.buckets.setting(row, CORS)
    assert changed is not None
    assert len(changed.cors_rules) == 5

    def refused(_: CORSConfiguration | None) -> CORSConfiguration:
        raise BucketNotEmpty(bucket_name=NAME)

    with pytest.raises(BucketNotEmpty):
        await desk.buckets.change_setting(row, CORS, refused)
    assert await desk.buckets.setting(row, CORS) == changed
    await desk.buckets.change_setting(row, CORS, lambda _: None)
    assert await desk.buckets.setting(row, CORS) is None
    await desk.buckets.delete(row)
    with pytest.raises(NoSuchBucket):
        await desk.buckets.change_setting(row, CORS, one_rule_more)
