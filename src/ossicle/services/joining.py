"""How parts make an object: which of them, whether they fit together, and what is known of the whole without reading it.

Source: https://help.aliyun.com/zh/oss/developer-reference/completemultipartupload
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from ossicle.model.objects import MultipartUpload, ObjectVersion, Part
from ossicle.wire.digest import combine_crc64, render_multipart_etag
from ossicle.wire.errors import EntityTooSmall, InvalidPart, InvalidPartOrder
from ossicle.wire.names import NULL_VERSION, ObjectAcl, ObjectType
from ossicle.wire.records import record

PART_BYTES_MIN: Final = 102_400
"""Of every part but the last."""


@record
class ListedPart:
    """A part as a completion names it; the ETag with or without quotes, in either case."""

    number: int
    etag: str


def select(stored: Sequence[Part], listed: Sequence[ListedPart] | None, upload_id: str) -> Sequence[Part]:
    """Return the parts that are to be joined: the listed ones, or all that are stored for None.

    Raises:
        InvalidPartOrder: the numbers listed do not ascend.
        InvalidPart: one is not stored, or has another ETag; or there is none at all.
        EntityTooSmall: one that is not the last has less than 100 KiB.
    """
    chosen = stored if listed is None else _match(stored, listed, upload_id)
    if not chosen:
        # OSS: what `x-oss-complete-all` without any part is answered is unverified.
        raise InvalidPart(upload_id=upload_id)
    for part in chosen[:-1]:
        if part.size < PART_BYTES_MIN:
            raise EntityTooSmall(
                part_number=str(part.number), proposed_size=str(part.size), min_size_allowed=str(PART_BYTES_MIN)
            )
    return chosen


def _match(stored: Sequence[Part], listed: Sequence[ListedPart], upload_id: str) -> list[Part]:
    for before, after in pairwise(listed):
        if after.number <= before.number:
            raise InvalidPartOrder(upload_id=upload_id, part_number=str(after.number))
    by_number = {part.number: part for part in stored}
    chosen = []
    for asked in listed:
        part = by_number.get(asked.number)
        if part is None or part.etag != asked.etag.strip().strip('"').upper():
            raise InvalidPart(upload_id=upload_id, part_number=str(asked.number))
        chosen.append(part)
    return chosen


def join(
    upload: MultipartUpload, parts: Sequence[Part], *, number: int, acl: ObjectAcl, moment: datetime
) -> ObjectVersion:
    """Return the version that these parts make."""
    crc64 = 0
    for part in parts:
        crc64 = combine_crc64(crc64, part.crc64, part.size)
    return ObjectVersion(
        id=number,
        key=upload.key,
        version_id=NULL_VERSION,
        type=ObjectType.MULTIPART,
        size=sum(part.size for part in parts),
        etag=render_multipart_etag(part.etag for part in parts),
        content_md5=None,
        crc64=crc64,
        storage_class=upload.storage_class,
        acl=acl,
        last_modified=moment,
        headers=upload.headers,
        metadata=upload.metadata,
        is_inline=False,
        traits=replace(upload.traits, is_sequential=False),
    )
