"""Which parts make an object, and what is known of it without reading it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.model.objects import MultipartUpload, Part, StoredHeaders
from ossicle.services.joining import PART_BYTES_MIN, ListedPart, join, select
from ossicle.wire.digest import crc64, render_etag
from ossicle.wire.errors import EntityTooSmall, InvalidPart, InvalidPartOrder
from ossicle.wire.names import ETag, ObjectAcl, ObjectKey, ObjectType, StorageClass, UploadId
from tests.support.stored import NOON

ID = UploadId("A" * 32)
UPLOAD = MultipartUpload(
    id=1,
    key=ObjectKey("key"),
    upload_id=ID,
    initiated_at=NOON,
    storage_class=StorageClass.IA,
    acl=ObjectAcl.PRIVATE,
    headers=StoredHeaders(content_type="text/plain"),
    metadata=(("a", "b"),),
)


def part(number: int, *, size: int = PART_BYTES_MIN, etag: str | None = None, crc: int = 0) -> Part:
    return Part(number=number, size=size, etag=ETag(etag or f"{number:032X}"), crc64=crc, last_modified=NOON)


def listed(*numbers: int) -> list[ListedPart]:
    return [ListedPart(number=number, etag=f"{number:032X}") for number in numbers]


STORED = [part(number) for number in (1, 2, 5)]


@pytest.mark.parametrize("numbers", [(1,), (5,), (1, 5), (1, 2, 5)])
def test_the_listed_ones_are_chosen(numbers: tuple[int, ...]) -> None:
    assert [chosen.number for chosen in select(STORED, listed(*numbers), ID)] == list(numbers)


def test_without_a_list_all_are() -> None:
    assert select(STORED, None, ID) == STORED


@pytest.mark.parametrize("numbers", [(2, 1), (1, 1), (1, 5, 2), (9, 8)])
def test_numbers_ascend(numbers: tuple[int, ...]) -> None:
    with pytest.raises(InvalidPartOrder):
        select(STORED, listed(*numbers), ID)


@pytest.mark.parametrize("stored", [STORED, []])
def test_what_is_not_there(stored: Sequence[Part]) -> None:
    with pytest.raises(InvalidPart) as caught:
        select(stored, listed(3), ID)
    assert caught.value.details == {"UploadId": ID, "PartNumber": "3"}
    with pytest.raises(InvalidPart):
        select([], None, ID)


@pytest.mark.parametrize("etag", ["", '"', "0" * 32, f"{1:032X}x", f"'{1:032X}'"])
def test_another_etag_is_another_part(etag: str) -> None:
    with pytest.raises(InvalidPart):
        select(STORED, [ListedPart(number=1, etag=etag)], ID)


@pytest.mark.parametrize("is_listed", [True, False])
def test_the_last_part_alone_may_be_small(*, is_listed: bool) -> None:
    stored = [part(1, size=PART_BYTES_MIN), part(2, size=PART_BYTES_MIN - 1), part(3, size=1)]
    numbers = listed(1, 2, 3) if is_listed else None
    with pytest.raises(EntityTooSmall) as caught:
        select(stored, numbers, ID)
    assert caught.value.details == {"PartNumber": "2", "ProposedSize": "102399", "MinSizeAllowed": "102400"}
    assert select(stored, listed(1, 3), ID) == [stored[0], stored[2]]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=8))
def test_the_checksum_is_that_of_the_joined_bytes(bodies: list[bytes]) -> None:
    parts = [part(number, size=len(body), crc=crc64(body)) for number, body in enumerate(bodies, 1)]
    moment = NOON + timedelta(hours=1)
    version = join(UPLOAD, parts, number=7, acl=ObjectAcl.PUBLIC_READ, moment=moment)
    assert (version.crc64, version.size) == (crc64(b"".join(bodies)), sum(map(len, bodies)))
    assert (version.id, version.acl, version.last_modified) == (7, ObjectAcl.PUBLIC_READ, moment)
    assert (version.type, version.content_md5, version.is_inline) == (ObjectType.MULTIPART, None, False)
    assert (version.key, version.storage_class) == (UPLOAD.key, UPLOAD.storage_class)
    assert (version.headers, version.metadata) == (UPLOAD.headers, UPLOAD.metadata)


def test_the_etag_of_the_documented_example() -> None:
    etags = ("3349DC700140D7F86A078484278075A9", "8EFDA8BE206636A695359836FE0A0E0A", "8C315065167132444177411FDA149B92")
    parts = [part(number, etag=etag) for number, etag in zip((1, 5, 8), etags, strict=True)]
    version = join(UPLOAD, parts, number=1, acl=ObjectAcl.DEFAULT, moment=NOON)
    assert version.etag == "B864DB6A936D376F9F8D3ED3BBE540DD-3"


def test_an_object_of_one_part_has_not_the_part_s_etag() -> None:
    etag = render_etag(bytes(16))
    version = join(UPLOAD, [part(1, etag=etag)], number=1, acl=ObjectAcl.DEFAULT, moment=NOON)
    assert version.etag != etag
    assert version.etag.endswith("-1")
