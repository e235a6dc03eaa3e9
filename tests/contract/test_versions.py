"""What every metadata store promises about several versions of one key, delete markers among them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ossicle.model.objects import ObjectVersion, Traits, VersionMarker, VersionPage
from ossicle.ports import Conflict, MetadataStore, Transaction
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectKey, ObjectType, StorageClass, VersionId
from ossicle.wire.version_ids import render_version_id
from tests.support.stored import make_blob_id, make_bucket, make_segment, make_version, put, putting

KEY = ObjectKey("key")


@pytest.fixture
async def store(metadata: MetadataStore) -> MetadataStore:
    """A store that has bucket 1."""
    await metadata.transact(lambda transaction: transaction.insert_bucket(make_bucket()))
    return metadata


def ranked(
    number: int, rank: int, key: str = "key", *, is_null: bool = False, is_marker: bool = False
) -> ObjectVersion:
    version_id = NULL_VERSION if is_null or rank == 0 else render_version_id(rank, number)
    version = replace(make_version(number, key), version_id=version_id, rank=rank)
    return replace(version, type=ObjectType.DELETE_MARKER, is_inline=False, size=0) if is_marker else version


def fill(transaction: Transaction, versions: Sequence[ObjectVersion]) -> None:
    """Store versions from the oldest to the newest."""
    for version in sorted(versions, key=lambda each: -each.rank):
        if version.is_delete_marker:
            transaction.delete_current_version(1, version.key)
            transaction.put_delete_marker(1, version)
        else:
            put(transaction, 1, version)


async def found(store: MetadataStore, version_id: str) -> ObjectVersion | None:
    return await store.read(lambda reading: reading.version(1, KEY, VersionId(version_id)))


def updating(version: ObjectVersion) -> Callable[[Transaction], None]:
    return lambda transaction: transaction.update_version(version)


async def test_the_latest_version_is_the_one_of_least_rank(store: MetadataStore) -> None:
    versions = [ranked(9, 0), ranked(3, -1), ranked(7, -2)]
    await store.transact(lambda transaction: fill(transaction, versions))
    assert await store.read(lambda reading: reading.latest_version(1, KEY)) == versions[2]
    assert await store.read(lambda reading: reading.current_version(1, KEY)) == versions[2]
    assert await store.read(lambda reading: reading.latest_version(1, ObjectKey("other"))) is None


async def test_each_version_is_found_by_its_id(store: MetadataStore) -> None:
    versions = [ranked(9, 0), ranked(3, -1), ranked(7, -2, is_marker=True)]
    await store.transact(lambda transaction: fill(transaction, versions))
    for version in versions:
        assert await found(store, version.version_id) == version
    for other in (render_version_id(-3, 1), render_version_id(-1, 4), "x", ""):
        assert await found(store, other) is None


async def test_the_null_version_is_found_wherever_it_stands(store: MetadataStore) -> None:
    await store.transact(
        lambda transaction: fill(transaction, [ranked(3, -1), ranked(4, -2, is_null=True), ranked(5, -3)])
    )
    assert await store.read(lambda reading: reading.version(1, KEY, NULL_VERSION)) == ranked(4, -2, is_null=True)


async def test_under_a_delete_marker_there_is_no_current_version(store: MetadataStore) -> None:
    marker = ranked(2, -2, is_marker=True)
    await store.transact(lambda transaction: fill(transaction, [ranked(1, -1), marker]))
    assert await store.read(lambda reading: reading.current_version(1, KEY)) is None
    assert await store.read(lambda reading: reading.latest_version(1, KEY)) == marker
    page = await store.scan(lambda reading: reading.list_objects(1, prefix="", delimiter="", after="", limit=9))
    assert page.objects == ()
    assert not await store.read(lambda reading: reading.is_bucket_empty(1))


async def test_a_version_that_stayed_can_become_current_again(store: MetadataStore) -> None:
    first, second = ranked(1, -1), ranked(2, -2)
    await store.transact(lambda transaction: fill(transaction, [first, second]))

    def fall_back(transaction: Transaction) -> None:
        transaction.set_current_version(1, first)
        transaction.delete_version(second)

    await store.transact(fall_back)
    assert await store.read(lambda reading: reading.current_object(1, KEY)) == (first, b"abc")


async def test_a_version_that_is_not_there_does_not_become_current(store: MetadataStore) -> None:
    with pytest.raises(Conflict):
        await store.transact(lambda transaction: transaction.set_current_version(1, ranked(1, -1)))


async def test_a_version_is_updated_in_place(store: MetadataStore) -> None:
    version = ranked(1, -1)
    await store.transact(putting(1, version))
    changed = replace(
        version, acl=ObjectAcl.PUBLIC_READ, traits=Traits(tags=(("a", "b"), ("c", "")), symlink_target="t")
    )
    await store.transact(lambda transaction: transaction.update_version(changed))
    assert await store.read(lambda reading: reading.current_object(1, KEY)) == (changed, b"abc")


async def test_a_version_that_is_gone_is_not_updated(store: MetadataStore) -> None:
    await store.transact(putting(1, ranked(1, -1)))
    for other in (ranked(2, -1), ranked(1, -2)):
        with pytest.raises(Conflict):
            await store.transact(updating(other))


async def test_segments_are_added_behind_those_that_are_there(store: MetadataStore) -> None:
    version = replace(make_version(1, segments=[make_segment(1)]), type=ObjectType.APPENDABLE)

    def begin(transaction: Transaction) -> None:
        transaction.add_blob(make_blob_id(1), 10)
        put(transaction, 1, version, [make_segment(1)])

    def append(transaction: Transaction) -> None:
        transaction.add_blob(make_blob_id(2), 10)
        transaction.append_segments(1, position=10, segments=[make_segment(2)])
        transaction.update_version(replace(version, size=20))

    await store.transact(begin)
    await store.transact(append)
    assert list(await store.read(lambda reading: reading.segments(1, start=8, length=12))) == [
        make_segment(1, offset=8, length=2),
        make_segment(2),
    ]


async def test_segments_are_cut_off_the_end(store: MetadataStore) -> None:
    segments = [make_segment(number) for number in (1, 2, 3)]
    version = replace(make_version(1, segments=segments), type=ObjectType.APPENDABLE)
    shared = replace(make_version(2, "other", segments=segments[1:2]), type=ObjectType.NORMAL)

    def begin(transaction: Transaction) -> None:
        for number in (1, 2, 3, 4):
            transaction.add_blob(make_blob_id(number), 10)
        put(transaction, 1, version, segments)
        put(transaction, 1, shared, segments[1:2])

    def cut(transaction: Transaction) -> None:
        transaction.cut_segments(1, position=10)
        transaction.append_segments(1, position=10, segments=[make_segment(4)])
        transaction.update_version(replace(version, size=20))

    await store.transact(begin)
    await store.transact(cut)
    left = await store.read(lambda reading: reading.segments(1, start=0, length=30))
    assert list(left) == [make_segment(1), make_segment(4)]
    assert list(await store.read(lambda reading: reading.condemned(limit=10))) == [make_blob_id(3)]
    assert await store.read(lambda reading: reading.is_blob_named(make_blob_id(2)))


async def test_deleting_a_delete_marker_takes_nothing_else(store: MetadataStore) -> None:
    marker = ranked(2, -2, is_marker=True)
    await store.transact(lambda transaction: fill(transaction, [ranked(1, -1), marker]))
    await store.transact(lambda transaction: transaction.delete_version(marker))
    assert await store.read(lambda reading: reading.latest_version(1, KEY)) == ranked(1, -1)


# ------------------------------------------------------------------------------------------------ listing

Entry = tuple[str, int]
"""A version's key and rank, or a common prefix and 0."""
ALPHABET = "ab/\x00\U0010ffff"
keys = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=3)
histories = st.dictionaries(keys, st.lists(st.booleans(), min_size=1, max_size=3), max_size=6)
markers = st.none() | st.builds(VersionMarker, key=keys, rank=st.none() | st.integers(-3, 0))


def versions_of(histories: dict[str, list[bool]]) -> list[ObjectVersion]:
    """Return versions of each key, from the oldest on: True for a delete marker."""
    made: list[ObjectVersion] = []
    for key, kinds in histories.items():
        for age, is_marker in enumerate(kinds):
            made.append(ranked(len(made) + 1, -age, key, is_marker=is_marker))
    return made


def expected(
    versions: Sequence[ObjectVersion], prefix: str, delimiter: str, after: VersionMarker | None
) -> list[Entry]:
    shown = set()
    for version in versions:
        key: str = version.key
        if not key.startswith(prefix) or (after is not None and not _is_behind(key, version.rank, after)):
            continue
        head, found, _ = key.removeprefix(prefix).partition(delimiter) if delimiter else ("", "", "")
        group = prefix + head + found
        if not found:
            shown.add((key, version.rank))
        elif after is None or group != after.key:
            shown.add((group, 0))
    return sorted(shown)


def _is_behind(key: str, rank: int, after: VersionMarker) -> bool:
    return key > after.key if after.rank is None else (key, rank) > (after.key, after.rank)


def shown_by(page: VersionPage) -> list[Entry]:
    found: list[Entry] = [(version.key, version.rank) for version in page.versions]
    assert found == sorted(found)
    return sorted(found + [(group, 0) for group in page.common_prefixes])


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    histories=histories,
    prefix=st.text(st.sampled_from(ALPHABET), max_size=2),
    delimiter=st.sampled_from(["", "/", "a"]),
    after=markers,
    limit=st.integers(1, 4),
)
async def test_a_page_shows_what_a_model_shows(
    store: MetadataStore,
    histories: dict[str, list[bool]],
    prefix: str,
    delimiter: str,
    after: VersionMarker | None,
    limit: int,
) -> None:
    versions = versions_of(histories)

    def read_in_undone_work(transaction: Transaction) -> list[VersionPage]:
        fill(transaction, versions)
        pages = [transaction.list_versions(1, prefix=prefix, delimiter=delimiter, after=after, limit=limit)]
        while pages[-1].next_marker is not None:
            pages.append(
                transaction.list_versions(
                    1, prefix=prefix, delimiter=delimiter, after=pages[-1].next_marker, limit=limit
                )
            )
        for version in versions:
            transaction.delete_current_version(1, version.key)
            transaction.delete_version(version)
        return pages

    pages = await store.transact_bulk(read_in_undone_work)
    wanted = expected(versions, prefix, delimiter, after)
    assert [entry for page in pages for entry in shown_by(page)] == wanted
    assert all(len(page.versions) + len(page.common_prefixes) <= limit for page in pages)
    newest = {version.key: version.id for version in sorted(versions, key=lambda each: -each.rank)}
    by_place = {(version.key, version.rank): version for version in versions}
    for entry in (entry for page in pages for entry in page.versions):
        version = by_place[entry.key, entry.rank]
        assert entry.is_latest == (newest[entry.key] == version.id)
        assert (entry.version_id, entry.type, entry.size) == (version.version_id, version.type, version.size)


async def test_what_a_bucket_holds_is_counted(store: MetadataStore) -> None:
    def fill_two(transaction: Transaction) -> None:
        fill(transaction, [ranked(1, 0), ranked(2, -1), ranked(3, -2, is_marker=True), ranked(4, 0, "other")])
        put(transaction, 1, replace(make_version(5, "cold"), storage_class=StorageClass.IA))
        transaction.insert_bucket(make_bucket(2, "bucket-2"))
        put(transaction, 2, make_version(6))

    await store.transact(fill_two)
    usage = await store.scan(lambda reading: reading.usage(1))
    size = make_version(1).size
    assert size > 0
    assert dict(usage.counts) == {StorageClass.STANDARD: 3, StorageClass.IA: 1}
    assert dict(usage.sizes) == {StorageClass.STANDARD: 3 * size, StorageClass.IA: size}
    assert (usage.delete_markers, usage.uploads, usage.parts) == (1, 0, 0)
    assert (await store.scan(lambda reading: reading.usage(3))).counts == {}
