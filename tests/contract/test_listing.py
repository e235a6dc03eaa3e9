"""What every metadata store promises about `list_objects`, judged by a model that rolls up all keys."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ossicle.model.objects import ListedObject, ObjectPage
from ossicle.ports import MetadataStore, Transaction
from ossicle.wire.names import ObjectKey
from tests.support.stored import make_bucket, make_version, put

# Neighbours of everything that a bound could get wrong: the least and the greatest code points, those around the
# surrogates, one to four bytes of UTF-8, and delimiters.
ALPHABET = "ab/-\x00\x7f\x80é\ud7ff\ue000\uffff\U00010000\U0010ffff"
texts = st.text(st.sampled_from(ALPHABET), max_size=6)
keys = texts.filter(bool)
delimiters = st.sampled_from(["", "/", "-", "a", "//", "/-", "ab", "\U0010ffff", "é"])


def entries(names: Sequence[str], prefix: str, delimiter: str, after: str) -> list[str]:
    """Every key and common prefix that a listing shows, in order."""
    shown = set()
    for name in names:
        rest = name.removeprefix(prefix)
        if not name.startswith(prefix) or name <= after:
            continue
        if delimiter and delimiter in rest:
            group = prefix + rest[: rest.index(delimiter) + len(delimiter)]
            if group != after:
                shown.add(group)
        else:
            shown.add(name)
    return sorted(shown)


def shown_by(page: ObjectPage) -> list[str]:
    assert [entry.key for entry in page.objects] == sorted(entry.key for entry in page.objects)
    assert list(page.common_prefixes) == sorted(page.common_prefixes)
    return sorted([entry.key for entry in page.objects] + list(page.common_prefixes))


async def page_of(
    store: MetadataStore, bucket: int, prefix: str = "", delimiter: str = "", after: str = "", limit: int = 1000
) -> ObjectPage:
    return await store.scan(
        lambda reading: reading.list_objects(bucket, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
    )


class Fill:
    """A unit of work that makes a bucket with these keys, and a neighbour on either side."""

    serial = 0

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self.bucket = Fill.serial = Fill.serial + 3

    def __call__(self, transaction: Transaction) -> None:
        for number in (self.bucket - 1, self.bucket, self.bucket + 1):
            transaction.insert_bucket(make_bucket(number, f"bucket-{number}"))
            for place, name in enumerate(self._names if number == self.bucket else ["a", "a/b", "\U0010ffff"]):
                put(transaction, number, make_version(number * 1000 + place, name))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(keys, unique=True, max_size=25),
    prefix=texts,
    delimiter=delimiters,
    after=texts,
    limit=st.integers(1, 6),
)
@example(names=["a/b", "a/c", "b"], prefix="", delimiter="/", after="a/b", limit=2)
@example(names=["a/b", "a/c", "b"], prefix="", delimiter="/", after="a/", limit=2)
@example(names=["a/" + "\U0010ffff", "a/" + "\U0010ffff" * 2, "a0"], prefix="", delimiter="/", after="", limit=1)
@example(names=["\U0010ffff", "\U0010ffff/a"], prefix="\U0010ffff", delimiter="/", after="", limit=1)
@example(names=["a", "a\x00", "a\x00\x00"], prefix="", delimiter="", after="a", limit=1)
async def test_pages_put_together_are_the_whole_listing(
    metadata: MetadataStore, names: list[str], prefix: str, delimiter: str, after: str, limit: int
) -> None:
    fill = Fill(names)
    await metadata.transact(fill)
    expected = entries(names, prefix, delimiter, after)
    marker: str | None = after
    seen: list[str] = []
    while marker is not None:
        page = await page_of(metadata, fill.bucket, prefix, delimiter, marker, limit)
        shown = shown_by(page)
        seen += shown
        if page.next_marker is None:
            assert len(shown) <= limit
        else:
            assert len(shown) == limit
            assert page.next_marker == shown[-1]
        assert seen == expected[: len(seen)]
        marker = page.next_marker
    assert seen == expected


@pytest.fixture
async def photos(metadata: MetadataStore) -> MetadataStore:
    """A store whose bucket 1 holds a handful of keys."""

    def fill(transaction: Transaction) -> None:
        transaction.insert_bucket(make_bucket())
        for number, name in enumerate(["fun/movie/1", "fun/movie/2", "fun/test.jpg", "oss.jpg", "sun/1"], start=1):
            put(transaction, 1, make_version(number, name, size=number))

    await metadata.transact(fill)
    return metadata


async def test_a_page_shows_what_was_put(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, prefix="oss")
    version = make_version(4, "oss.jpg", size=4)
    assert page.objects == (
        ListedObject(
            key=ObjectKey("oss.jpg"),
            last_modified=version.last_modified,
            etag=version.etag,
            type=version.type,
            size=4,
            storage_class=version.storage_class,
        ),
    )
    assert (page.common_prefixes, page.next_marker) == ((), None)


async def test_keys_and_common_prefixes_count_alike(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, delimiter="/", limit=2)
    assert ([entry.key for entry in page.objects], page.common_prefixes) == (["oss.jpg"], ("fun/",))
    assert page.next_marker == "oss.jpg"


async def test_a_page_that_ends_with_a_common_prefix_goes_on_behind_it(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, prefix="fun/", delimiter="/", limit=1)
    assert (page.objects, page.common_prefixes, page.next_marker) == ((), ("fun/movie/",), "fun/movie/")
    page = await page_of(photos, 1, prefix="fun/", delimiter="/", after="fun/movie/", limit=1)
    assert ([entry.key for entry in page.objects], page.common_prefixes) == (["fun/test.jpg"], ())
    assert page.next_marker is None


async def test_a_marker_inside_a_group_still_shows_the_group(photos: MetadataStore) -> None:
    assert (await page_of(photos, 1, prefix="fun/", delimiter="/", after="fun/movie/1")).common_prefixes == (
        "fun/movie/",
    )
    assert (await page_of(photos, 1, prefix="fun/", delimiter="/", after="fun/movie/2")).common_prefixes == ()


async def test_a_delimiter_may_be_longer_than_one_character(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, delimiter="/movie/")
    assert page.common_prefixes == ("fun/movie/",)
    assert [entry.key for entry in page.objects] == ["fun/test.jpg", "oss.jpg", "sun/1"]


async def test_text_that_no_key_can_hold_finds_nothing_and_breaks_nothing(photos: MetadataStore) -> None:
    assert shown_by(await page_of(photos, 1, prefix="\udcff")) == []
    assert len(shown_by(await page_of(photos, 1, delimiter="\udcff"))) == 5
    assert shown_by(await page_of(photos, 1, after="\udcff")) == []


async def test_another_bucket_and_a_removed_head_are_not_listed(photos: MetadataStore) -> None:
    assert shown_by(await page_of(photos, 2)) == []
    await photos.transact(lambda transaction: transaction.delete_current_version(1, ObjectKey("oss.jpg")))
    assert "oss.jpg" not in shown_by(await page_of(photos, 1))
