"""What every metadata store promises about multipart uploads and their parts, but for listings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from ossicle.model.objects import MultipartUpload, ObjectVersion, Part, Segment
from ossicle.ports import Conflict, MetadataStore, Transaction
from ossicle.wire.names import BlobId, ObjectKey
from tests.contract.conftest import Reopen
from tests.support.stored import (
    make_blob_id,
    make_bucket,
    make_part,
    make_segment,
    make_upload,
    make_version,
    put,
    putting,
)

KEY = ObjectKey("key")
UPLOAD = make_upload(1)
EVERYTHING = 2**40


@pytest.fixture
async def store(metadata: MetadataStore) -> MetadataStore:
    """A store that has buckets 1 and 2, and upload 1 in the first."""

    def fill(transaction: Transaction) -> None:
        transaction.insert_bucket(make_bucket())
        transaction.insert_bucket(make_bucket(2, "other"))
        transaction.insert_upload(1, UPLOAD)

    await metadata.transact(fill)
    return metadata


class Send:
    """A unit of work that puts a part whose bytes are these new blobs, of ten bytes each."""

    def __init__(self, number: int, *blobs: int, upload: int = 1) -> None:
        self._upload = upload
        self._number = number
        self._blobs = blobs

    def __call__(self, transaction: Transaction) -> None:
        for blob in self._blobs:
            transaction.add_blob(make_blob_id(blob), 10)
        part = make_part(self._number, 10 * len(self._blobs))
        transaction.put_part(self._upload, part, [make_segment(blob) for blob in self._blobs])


class Complete:
    """A unit of work that makes an object of parts, as the service does it: what it displaces goes."""

    def __init__(self, version: ObjectVersion, *numbers: int) -> None:
        self._version = version
        self._numbers = numbers

    def __call__(self, transaction: Transaction) -> None:
        displaced = transaction.current_version(1, self._version.key)
        transaction.complete_upload(1, UPLOAD, self._version, self._numbers)
        if displaced is not None:
            transaction.delete_version(displaced)


def joined(number: int, *blobs: int) -> ObjectVersion:
    """The version that parts of these blobs make."""
    return replace(make_version(number, size=10 * len(blobs)), is_inline=False)


async def send(store: MetadataStore, *parts: Send) -> None:
    for part in parts:
        await store.transact(part)


async def parts_of(store: MetadataStore, upload: int = 1) -> list[Part]:
    return list(await store.read(lambda reading: reading.parts(upload, after=0, limit=None)))


async def segments_of(store: MetadataStore, version: int) -> list[Segment]:
    return list(await store.read(lambda reading: reading.segments(version, start=0, length=EVERYTHING)))


async def condemned(store: MetadataStore) -> list[BlobId]:
    return list(await store.read(lambda reading: reading.condemned(limit=100)))


async def named(store: MetadataStore, blobs: Iterable[int]) -> list[int]:
    return await store.read(
        lambda reading: [blob for blob in blobs if reading.is_blob_named(make_blob_id(blob))],
    )


def ids(*blobs: int) -> list[BlobId]:
    return [make_blob_id(blob) for blob in blobs]


# ---------------------------------------------------------------------------------------------- uploads


async def test_an_upload_comes_back_as_it_was_put(store: MetadataStore, reopen: Reopen) -> None:
    async def found(store: MetadataStore, bucket: int, upload_id: str) -> MultipartUpload | None:
        return await store.read(lambda reading: reading.upload(bucket, upload_id))

    assert await found(store, 1, UPLOAD.upload_id) == UPLOAD
    assert await found(store, 2, UPLOAD.upload_id) is None
    for stranger in ["", UPLOAD.upload_id.lower() + "x", UPLOAD.upload_id[:-1], "\udcff", "\x00"]:
        assert await found(store, 1, stranger) is None
    assert await found(await reopen(), 1, UPLOAD.upload_id) == UPLOAD


async def test_a_key_may_have_several_uploads(store: MetadataStore) -> None:
    second = make_upload(2)
    await store.transact(lambda transaction: transaction.insert_upload(1, second))
    found = await store.read(
        lambda reading: [reading.upload(1, upload.upload_id) for upload in (UPLOAD, second)],
    )
    assert found == [UPLOAD, second]


@pytest.mark.parametrize(
    "second",
    [make_upload(1, upload_id="A"), make_upload(2, "other", upload_id=UPLOAD.upload_id)],
    ids=["id", "upload id"],
)
async def test_an_upload_whose_ids_exist_is_refused(store: MetadataStore, second: MultipartUpload) -> None:
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.insert_upload(2, second))
    assert await store.read(lambda reading: reading.upload(1, UPLOAD.upload_id)) == UPLOAD
    assert await store.read(lambda reading: reading.is_bucket_empty(2))


async def test_an_upload_into_a_bucket_that_is_gone_is_a_conflict(store: MetadataStore) -> None:
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.insert_upload(3, make_upload(2)))


async def test_a_bucket_with_an_upload_is_not_empty_and_stays(store: MetadataStore) -> None:
    assert not await store.read(lambda reading: reading.is_bucket_empty(1))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.delete_bucket(1))
    await store.transact(lambda transaction: transaction.delete_upload(1))
    assert await store.read(lambda reading: reading.is_bucket_empty(1))
    await store.transact(lambda transaction: transaction.delete_bucket(1))


async def test_a_deleted_upload_goes_with_its_parts_and_their_blobs(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.insert_upload(1, make_upload(2)))
    await send(store, Send(1, 1), Send(2, 2, 3), Send(1, 4, upload=2))
    await store.transact(lambda transaction: transaction.delete_upload(1))
    assert await store.read(lambda reading: reading.upload(1, UPLOAD.upload_id)) is None
    assert (await parts_of(store), await parts_of(store, 2)) == ([], [make_part(1)])
    assert (await named(store, range(6)), await condemned(store)) == ([4], ids(1, 2, 3))
    await store.transact(lambda transaction: transaction.delete_upload(1))
    assert await condemned(store) == ids(1, 2, 3)


# ------------------------------------------------------------------------------------------------ parts


async def test_parts_come_by_number_whatever_the_order_they_were_sent_in(store: MetadataStore) -> None:
    numbers = [3, 10_000, 1, 2, 17]
    await send(store, *(Send(number, number) for number in numbers))
    assert [part.number for part in await parts_of(store)] == sorted(numbers)
    assert await parts_of(store) == [make_part(number) for number in sorted(numbers)]


@pytest.mark.parametrize(
    ("after", "limit", "expected"),
    [
        (0, 1, [1]),
        (0, 4, [1, 2, 4]),
        (1, 2, [2, 4]),
        (2, None, [4]),
        (3, None, [4]),
        (4, None, []),
        (10_000, 5, []),
    ],
)
async def test_parts_are_paged(store: MetadataStore, after: int, limit: int | None, expected: Sequence[int]) -> None:
    await send(store, Send(4, 4), Send(1, 1), Send(2, 2))
    found = await store.read(lambda reading: reading.parts(1, after=after, limit=limit))
    assert [part.number for part in found] == expected


async def test_a_part_that_is_sent_again_replaces_the_one_before(store: MetadataStore) -> None:
    await send(store, Send(1, 1), Send(2, 2, 3), Send(2, 4))
    assert await parts_of(store) == [make_part(1), make_part(2)]
    assert (await named(store, range(6)), await condemned(store)) == ([1, 4], ids(2, 3))
    await store.transact(Complete(joined(1, 1, 4), 1, 2))
    assert await segments_of(store, 1) == [make_segment(1), make_segment(4)]


async def test_a_part_of_no_bytes_has_no_segments(store: MetadataStore) -> None:
    await send(store, Send(1, 1), Send(2))
    assert await parts_of(store) == [make_part(1), make_part(2, 0)]
    await store.transact(Complete(joined(1, 1), 1, 2))
    assert await segments_of(store, 1) == [make_segment(1)]


async def test_a_part_of_an_upload_that_is_gone_is_a_conflict(store: MetadataStore) -> None:
    await store.transact(lambda transaction: transaction.delete_upload(1))
    with pytest.raises(Conflict):
        await store.transact(Send(1, 1))
    assert (await parts_of(store), await named(store, [1])) == ([], [])


async def test_a_part_of_an_unknown_blob_is_refused(store: MetadataStore) -> None:
    await store.transact(Send(1, 1))
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.put_part(1, make_part(1, 7), [make_segment(9)]))
    assert (await parts_of(store), await condemned(store)) == ([make_part(1)], [])


# ------------------------------------------------------------------------------------------- completion


async def test_a_completion_makes_the_parts_a_version_and_ends_the_upload(store: MetadataStore, reopen: Reopen) -> None:
    await send(store, Send(7, 3), Send(1, 1), Send(3, 2, 4))
    version = joined(5, 1, 2, 4, 3)
    await store.transact(Complete(version, 1, 3, 7))
    opened = await reopen()
    assert await opened.read(lambda reading: reading.current_version(1, KEY)) == version
    assert await segments_of(opened, 5) == [make_segment(blob) for blob in (1, 2, 4, 3)]
    assert await opened.read(lambda reading: reading.upload(1, UPLOAD.upload_id)) is None
    assert await parts_of(opened) == []
    assert (await named(opened, range(6)), await condemned(opened)) == ([1, 2, 3, 4], [])


async def test_a_completion_reads_back_in_ranges(store: MetadataStore) -> None:
    await send(store, Send(2, 2, 3), Send(1, 1))
    await store.transact(Complete(joined(5, 1, 2, 3), 1, 2))
    found = await store.read(lambda reading: reading.segments(5, start=8, length=14))
    assert list(found) == [make_segment(1, offset=8, length=2), make_segment(2), make_segment(3, length=2)]


async def test_parts_that_a_completion_leaves_out_are_dropped(store: MetadataStore) -> None:
    await send(store, Send(1, 1), Send(2, 2), Send(3, 3, 4), Send(4, 5))
    await store.transact(Complete(joined(1, 2, 5), 2, 4))
    assert await segments_of(store, 1) == [make_segment(2), make_segment(5)]
    assert (await named(store, range(7)), await condemned(store)) == ([2, 5], ids(1, 3, 4))
    assert await parts_of(store) == []


async def test_a_part_left_out_keeps_the_blob_that_it_shares_with_a_chosen_one(store: MetadataStore) -> None:
    await store.transact(Send(1, 1))
    await store.transact(lambda transaction: transaction.put_part(1, make_part(2), [make_segment(1)]))
    await store.transact(Complete(joined(1, 1), 2))
    assert (await named(store, [1]), await condemned(store)) == ([1], [])


async def test_a_completion_displaces_the_version_that_was_there(store: MetadataStore) -> None:
    def commit(transaction: Transaction) -> None:
        transaction.add_blob(make_blob_id(9), 10)
        put(transaction, 1, make_version(1, segments=[make_segment(9)]), [make_segment(9)])

    await store.transact(commit)
    await send(store, Send(1, 1), Send(2, 2))
    await store.transact(Complete(joined(2, 1, 2), 1, 2))
    assert await store.read(lambda reading: reading.current_version(1, KEY)) == joined(2, 1, 2)
    assert (await segments_of(store, 1), await condemned(store)) == ([], ids(9))


async def test_a_completion_displaces_a_small_body(store: MetadataStore) -> None:
    await store.transact(putting(1, make_version(1)))
    await store.transact(Send(1, 1))
    await store.transact(Complete(joined(2, 1), 1))
    assert await store.read(lambda reading: reading.current_version(1, KEY)) == joined(2, 1)
    assert await store.read(lambda reading: reading.small_body(1)) is None


async def test_a_completion_that_is_refused_changes_nothing(store: MetadataStore) -> None:
    await store.transact(putting(1, make_version(1, "elsewhere")))
    await send(store, Send(1, 1), Send(2, 2))
    with pytest.raises(Conflict):  # the number of the version is taken
        await store.transact(Complete(joined(1, 1), 1))
    assert await store.read(lambda reading: reading.upload(1, UPLOAD.upload_id)) == UPLOAD
    assert await parts_of(store) == [make_part(1), make_part(2)]
    assert (await named(store, range(4)), await condemned(store)) == ([1, 2], [])
    await store.transact(Complete(joined(2, 1, 2), 1, 2))
    assert await segments_of(store, 2) == [make_segment(1), make_segment(2)]


async def test_ten_thousand_parts_make_one_version(store: MetadataStore) -> None:
    numbers = range(1, 10_001)

    def commit(transaction: Transaction) -> None:
        for blob in numbers:
            transaction.add_blob(make_blob_id(blob), 10)
        # The store that copies its tables for each unit of work would take minutes for as many units.
        for number in numbers:
            transaction.put_part(1, make_part(number), [make_segment(number)])

    await store.transact(commit)
    await store.transact(Complete(joined(1, *numbers), *numbers))
    assert await segments_of(store, 1) == [make_segment(number) for number in numbers]
    found = await store.read(lambda reading: reading.segments(1, start=77_777, length=5))
    assert list(found) == [make_segment(7778, offset=7, length=3), make_segment(7779, length=2)]
    assert await condemned(store) == []


# ----------------------------------------------------------------------------------------- shared blobs


async def test_a_blob_is_condemned_when_neither_version_nor_part_names_it(store: MetadataStore) -> None:
    shared = [make_segment(1, offset=2, length=3)]
    await store.transact(Send(1, 1))

    def copy(transaction: Transaction) -> None:
        put(transaction, 1, make_version(1, "copy", segments=shared), shared)
        transaction.put_part(1, make_part(2, 3), shared)

    def remove(transaction: Transaction) -> None:
        transaction.delete_current_version(1, ObjectKey("copy"))
        transaction.delete_version(make_version(1, "copy", segments=shared))

    await store.transact(copy)
    await store.transact(Send(1, 2))  # replaces the part that brought the blob
    assert (await named(store, [1, 2]), await condemned(store)) == ([1, 2], [])
    await store.transact(remove)
    assert (await named(store, [1, 2]), await condemned(store)) == ([1, 2], [])
    await store.transact(lambda transaction: transaction.delete_upload(1))
    assert (await named(store, [1, 2]), await condemned(store)) == ([], ids(1, 2))


async def test_deleting_an_upload_spares_a_blob_that_a_version_names(store: MetadataStore) -> None:
    await store.transact(Send(1, 1, 2))
    segments = [make_segment(2, offset=5, length=5)]
    await store.transact(putting(1, make_version(1, "copy", segments=segments), segments))
    await store.transact(lambda transaction: transaction.delete_upload(1))
    assert (await named(store, [1, 2]), await condemned(store)) == ([2], ids(1))
    assert await segments_of(store, 1) == segments


async def test_a_part_replaced_by_another_range_of_the_same_blob_keeps_it(store: MetadataStore) -> None:
    await store.transact(Send(1, 1))
    narrower = [make_segment(1, offset=1, length=2)]
    await store.transact(lambda transaction: transaction.put_part(1, make_part(1, 2), narrower))
    assert (await named(store, [1]), await condemned(store)) == ([1], [])
    await store.transact(Complete(joined(1, 1), 1))
    assert await segments_of(store, 1) == narrower
