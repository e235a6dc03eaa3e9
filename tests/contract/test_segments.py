"""What every metadata store promises about ranges of a version, judged by slices of the bytes that it is made of."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ossicle.model.objects import Segment
from ossicle.ports import MetadataStore, Transaction
from tests.support.stored import make_blob_id, make_bucket, make_version, put

BLOBS = {make_blob_id(number): bytes(range(50 * number, 50 * number + 50)) for number in range(4)}
version_ids = count(1)


@pytest.fixture
async def store(metadata: MetadataStore) -> MetadataStore:
    """A store that has bucket 1 and four blobs of fifty bytes."""

    def fill(transaction: Transaction) -> None:
        transaction.insert_bucket(make_bucket())
        for blob, content in BLOBS.items():
            transaction.add_blob(blob, len(content))

    await metadata.transact(fill)
    return metadata


def content_of(segments: Sequence[Segment]) -> bytes:
    return b"".join(BLOBS[item.blob][item.offset : item.offset + item.length] for item in segments)


async def segments_of(store: MetadataStore, version: int, start: int, length: int) -> Sequence[Segment]:
    return await store.read(lambda reading: reading.segments(version, start=start, length=length))


async def put_segments(store: MetadataStore, segments: Sequence[Segment]) -> int:
    version = next(version_ids)
    made = make_version(version, f"key-{version}", segments=segments)
    await store.transact(lambda transaction: put(transaction, 1, made, segments))
    return version


@pytest.mark.parametrize(
    "lengths",
    [(1,), (2,), (1, 1), (1, 2), (2, 1), (3, 1, 2), (1, 1, 1, 1)],
    ids=lambda lengths: "+".join(map(str, lengths)),
)
async def test_every_range_of_a_few_segments(store: MetadataStore, lengths: Sequence[int]) -> None:
    segments = [Segment(blob=make_blob_id(place), offset=place, length=length) for place, length in enumerate(lengths)]
    whole = content_of(segments)
    version = await put_segments(store, segments)
    for start in range(len(whole) + 2):
        for length in range(len(whole) + 3):
            found = await segments_of(store, version, start, length)
            assert content_of(found) == whole[start : start + length]
            assert all(segment.length > 0 for segment in found)


segments = st.builds(Segment, blob=st.sampled_from(sorted(BLOBS)), offset=st.integers(0, 40), length=st.integers(1, 10))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    made=st.lists(segments, min_size=1, max_size=30),
    ranges=st.lists(st.tuples(st.integers(0, 310), st.integers(0, 2**62)), min_size=1, max_size=5),
)
async def test_a_range_holds_the_bytes_of_that_range(
    store: MetadataStore, made: list[Segment], ranges: list[tuple[int, int]]
) -> None:
    whole = content_of(made)
    version = await put_segments(store, made)
    neighbour = await put_segments(store, [Segment(blob=make_blob_id(0), offset=0, length=50)])
    for start, length in ranges:
        found = await segments_of(store, version, start, length)
        assert content_of(found) == whole[start : start + length]
    assert content_of(await segments_of(store, neighbour, 0, 100)) == BLOBS[make_blob_id(0)]


async def test_a_version_that_is_gone_and_a_small_body_have_no_segments(store: MetadataStore) -> None:
    version = next(version_ids)
    assert list(await segments_of(store, version, 0, 10)) == []
    await store.transact(lambda transaction: put(transaction, 1, make_version(version)))
    assert list(await segments_of(store, version, 0, 10)) == []
