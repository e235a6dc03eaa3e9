"""The walk, over a list that counts what is visited. The contract suite judges the pages themselves."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from ossicle.model.objects import ListedObject, MultipartUpload, ObjectPage, UploadMarker
from ossicle.stores import listing
from ossicle.wire.names import ETag, ObjectKey, ObjectType, StorageClass
from tests.support.stored import make_upload

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


class Keys:
    """Sorted keys that count how often they were sought and how many were looked at."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = sorted(keys)
        self.seeks = 0
        self.visits = 0

    def __call__(self, start: bytes, end: bytes, count: int) -> Iterator[tuple[bytes]]:
        self.seeks += 1
        for key in [key for key in self._keys if start <= key < end][:count]:
            self.visits += 1
            yield (key,)


def listed_of(row: tuple[bytes]) -> ListedObject:
    key = ObjectKey(row[0].decode())
    return ListedObject(
        key=key,
        last_modified=MOMENT,
        etag=ETag(""),
        type=ObjectType.NORMAL,
        size=0,
        storage_class=StorageClass.STANDARD,
    )


def walk(keys: Keys, *, prefix: str = "", delimiter: str = "", after: str = "", limit: int = 1000) -> ObjectPage:
    return listing.list_page(keys, listed_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit)


def test_without_a_delimiter_one_seek_finds_the_page() -> None:
    keys = Keys([b"%03d" % number for number in range(100)])
    page = walk(keys, limit=10)
    assert [item.key for item in page.objects] == [f"{number:03}" for number in range(10)]
    assert page.next_marker == "009"
    assert (keys.seeks, keys.visits) == (1, 11)


@pytest.mark.parametrize("hidden", [1, 500])
def test_what_a_common_prefix_hides_is_not_visited(hidden: int) -> None:
    keys = Keys([b"%02d/%03d" % (group, number) for group in range(30) for number in range(hidden)])
    page = walk(keys, delimiter="/", limit=20)
    assert page.common_prefixes == tuple(f"{group:02}/" for group in range(20))
    assert page.next_marker == "19/"
    assert (keys.seeks, keys.visits) == (21, 21)


def test_a_page_that_is_just_full_has_no_next_marker() -> None:
    assert walk(Keys([b"a", b"b"]), limit=2).next_marker is None
    assert walk(Keys([b"a/1", b"a/2"]), delimiter="/", limit=1).next_marker is None


def test_a_prefix_is_itself_a_key_of_the_listing() -> None:
    page = walk(Keys([b"a", b"a/", b"a/b", b"b"]), prefix="a/")
    assert [item.key for item in page.objects] == ["a/", "a/b"]


def test_text_compares_as_its_code_points_do() -> None:
    ordered = ["", "\x00", "a", "\x7f", "\x80", "\ud7ff", "\ud800", "\udfff", "\ue000", "\uffff", "\U0010ffff"]
    assert [listing.encode(text) for text in ordered] == sorted(listing.encode(text) for text in ordered)
    assert listing.encode("\U0010ffff" * 9) < listing.AFTER_ALL


class Uploads:
    """Sorted uploads that count how often they were sought and how many were looked at."""

    def __init__(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        self._rows = sorted(rows)
        self.seeks = 0
        self.visits = 0

    def __call__(self, place: listing.UploadPlace, end: bytes, count: int) -> Iterator[tuple[bytes, bytes]]:
        self.seeks += 1
        for row in [row for row in self._rows if row > place and row[0] < end][:count]:
            self.visits += 1
            yield row


def upload_of(row: tuple[bytes, bytes]) -> MultipartUpload:
    return make_upload(1, row[0].decode(), row[1].decode())


def test_uploads_of_one_key_are_walked_in_one_seek_also_from_among_them() -> None:
    uploads = Uploads([(b"key", b"%03d" % number) for number in range(100)])
    after = UploadMarker(key="key", upload_id="041")
    page = listing.list_upload_page(uploads, upload_of, prefix="k", delimiter="/", after=after, limit=3)
    assert [upload.upload_id for upload in page.uploads] == ["042", "043", "044"]
    assert page.next_marker == UploadMarker(key="key", upload_id="044")
    assert (uploads.seeks, uploads.visits) == (1, 4)


@pytest.mark.parametrize("hidden", [1, 500])
def test_uploads_that_a_common_prefix_hides_are_not_visited(hidden: int) -> None:
    uploads = Uploads([(b"%02d/key" % group, b"%03d" % number) for group in range(9) for number in range(hidden)])
    page = listing.list_upload_page(uploads, upload_of, prefix="", delimiter="/", after=None, limit=5)
    assert page.common_prefixes == tuple(f"{group:02}/" for group in range(5))
    assert page.next_marker == UploadMarker(key="04/")
    assert (uploads.seeks, uploads.visits) == (6, 6)
