"""What every metadata store promises about `list_uploads`, judged by a model that rolls up all uploads."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ossicle.model.objects import MultipartUpload, UploadMarker, UploadPage
from ossicle.ports import MetadataStore, Transaction
from tests.support.stored import make_bucket, make_upload

# As for objects: the neighbours of everything that a bound could get wrong.
ALPHABET = "ab/-\x00\x7f\x80é\ud7ff\ue000\uffff\U00010000\U0010ffff"
texts = st.text(st.sampled_from(ALPHABET), max_size=4)
keys = texts.filter(bool)
delimiters = st.sampled_from(["", "/", "-", "a", "//", "/-", "\U0010ffff"])
upload_ids = st.text("0AZaz", min_size=1, max_size=2)
markers = st.none() | st.builds(UploadMarker, key=keys, upload_id=st.none() | upload_ids)

Entry = tuple[str, str]
"""An upload's key and id, or a common prefix and nothing."""


def entries(uploads: Sequence[Entry], prefix: str, delimiter: str, after: UploadMarker | None) -> list[Entry]:
    """Everything that a listing shows, in order."""
    shown = set()
    for key, upload_id in uploads:
        if not key.startswith(prefix) or (after is not None and not _is_behind(key, upload_id, after)):
            continue
        head, found, _ = key.removeprefix(prefix).partition(delimiter) if delimiter else ("", "", "")
        group = prefix + head + found
        if not found:
            shown.add((key, upload_id))
        elif after is None or group != after.key:
            shown.add((group, ""))
    return sorted(shown)


def _is_behind(key: str, upload_id: str, after: UploadMarker) -> bool:
    if after.upload_id is None:
        return key > after.key
    return (key, upload_id) > (after.key, after.upload_id)


def shown_by(page: UploadPage) -> list[Entry]:
    uploads = [(str(upload.key), str(upload.upload_id)) for upload in page.uploads]
    assert uploads == sorted(uploads)
    assert list(page.common_prefixes) == sorted(page.common_prefixes)
    return sorted(uploads + [(group, "") for group in page.common_prefixes])


async def page_of(
    store: MetadataStore,
    bucket: int,
    prefix: str = "",
    delimiter: str = "",
    after: UploadMarker | None = None,
    limit: int = 1000,
) -> UploadPage:
    return await store.scan(
        lambda reading: reading.list_uploads(bucket, prefix=prefix, delimiter=delimiter, after=after, limit=limit)
    )


class Fill:
    """A unit of work that makes a bucket with these uploads, and a neighbour on either side.

    Upload ids are unique over all buckets, so each is put behind the drawn one, where it does not change the order.
    """

    serial = 0

    def __init__(self, uploads: Sequence[Entry]) -> None:
        self.bucket = Fill.serial = Fill.serial + 3
        self.uploads = [(key, f"{upload_id}.{self.bucket}.{place}") for place, (key, upload_id) in enumerate(uploads)]

    def __call__(self, transaction: Transaction) -> None:
        for number in (self.bucket - 1, self.bucket, self.bucket + 1):
            transaction.insert_bucket(make_bucket(number, f"bucket-{number}"))
            others = [(key, f"{number}.{place}") for place, key in enumerate(["a", "a/b", "\U0010ffff"])]
            for place, (key, upload_id) in enumerate(self.uploads if number == self.bucket else others):
                transaction.insert_upload(number, make_upload(number * 1000 + place, key, upload_id))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    uploads=st.lists(st.tuples(keys, upload_ids), max_size=20),
    prefix=texts,
    delimiter=delimiters,
    after=markers,
    limit=st.integers(1, 6),
)
@example(uploads=[("a", "B"), ("a", "A"), ("a", "C")], prefix="", delimiter="", after=None, limit=1)
@example(uploads=[("a", "A"), ("a", "B")], prefix="", delimiter="", after=UploadMarker(key="a"), limit=1)
@example(uploads=[("a", "A"), ("a", "C")], prefix="", delimiter="", after=UploadMarker(key="a", upload_id="B"), limit=1)
@example(
    uploads=[("a/", "A"), ("a/", "C"), ("a/b", "A"), ("b", "A")],
    prefix="",
    delimiter="/",
    after=UploadMarker(key="a/", upload_id="B"),
    limit=1,
)
@example(
    uploads=[("a/", "A"), ("a/", "C"), ("a/b", "A")],
    prefix="a/",
    delimiter="/",
    after=UploadMarker(key="a/", upload_id="B"),
    limit=1,
)
@example(
    uploads=[("a/b", "A"), ("a/b", "C"), ("b", "A")],
    prefix="",
    delimiter="/",
    after=UploadMarker(key="a/b", upload_id="B"),
    limit=1,
)
@example(uploads=[("a/b", "A")], prefix="a/", delimiter="", after=UploadMarker(key="a", upload_id="z"), limit=1)
async def test_pages_put_together_are_the_whole_listing(
    metadata: MetadataStore, uploads: list[Entry], prefix: str, delimiter: str, after: UploadMarker | None, limit: int
) -> None:
    fill = Fill(uploads)
    await metadata.transact(fill)
    expected = entries(fill.uploads, prefix, delimiter, after)
    seen: list[Entry] = []
    while True:
        page = await page_of(metadata, fill.bucket, prefix, delimiter, after, limit)
        shown = shown_by(page)
        seen += shown
        assert seen == expected[: len(seen)]
        if page.next_marker is None:
            assert len(shown) <= limit
            break
        assert len(shown) == limit
        assert (page.next_marker.key, page.next_marker.upload_id or "") == shown[-1]
        after = page.next_marker
    assert seen == expected


@pytest.fixture
async def photos(metadata: MetadataStore) -> MetadataStore:
    """A store whose bucket 1 holds a handful of uploads."""

    def fill(transaction: Transaction) -> None:
        transaction.insert_bucket(make_bucket())
        for number, (key, upload_id) in enumerate(
            [("fun/1", "D"), ("fun/2", "C"), ("oss.jpg", "B"), ("oss.jpg", "A"), ("sun", "E")], start=1
        ):
            transaction.insert_upload(1, make_upload(number, key, upload_id))

    await metadata.transact(fill)
    return metadata


def ids(uploads: Sequence[MultipartUpload]) -> list[str]:
    return [upload.upload_id for upload in uploads]


async def test_a_page_shows_whole_uploads(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, prefix="oss")
    assert page == UploadPage(uploads=(make_upload(4, "oss.jpg", "A"), make_upload(3, "oss.jpg", "B")))


async def test_a_page_may_end_between_two_uploads_of_one_key(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, delimiter="/", limit=2)
    assert (ids(page.uploads), page.common_prefixes) == (["A"], ("fun/",))
    assert page.next_marker == UploadMarker(key="oss.jpg", upload_id="A")
    page = await page_of(photos, 1, delimiter="/", after=page.next_marker, limit=2)
    assert (ids(page.uploads), page.common_prefixes, page.next_marker) == (["B", "E"], (), None)


async def test_a_page_that_ends_with_a_common_prefix_goes_on_behind_it(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, delimiter="/", limit=1)
    assert (page.uploads, page.common_prefixes, page.next_marker) == ((), ("fun/",), UploadMarker(key="fun/"))
    page = await page_of(photos, 1, delimiter="/", after=page.next_marker, limit=1)
    assert ids(page.uploads) == ["A"]


async def test_a_key_marker_alone_skips_all_uploads_of_the_key(photos: MetadataStore) -> None:
    assert ids((await page_of(photos, 1, after=UploadMarker(key="oss.jpg"))).uploads) == ["E"]


async def test_an_upload_id_marker_that_is_no_text_is_behind_all(photos: MetadataStore) -> None:
    page = await page_of(photos, 1, after=UploadMarker(key="oss.jpg", upload_id="\udcff"))
    assert ids(page.uploads) == ["E"]


async def test_what_is_over_is_not_listed(photos: MetadataStore) -> None:
    await photos.transact(lambda transaction: transaction.delete_upload(3))
    assert ids((await page_of(photos, 1)).uploads) == ["D", "C", "A", "E"]
