"""What is read of an object: one version, the part of it that is wanted, and where that part's bytes are, from one snapshot."""

from collections.abc import Callable, Sequence
from typing import Final

from ossicle.model.objects import Bucket, ObjectVersion, Segment
from ossicle.ports import Corrupt, Reading
from ossicle.services.access import authorize_object
from ossicle.services.finding import find_readable, missing
from ossicle.services.identity import Principal
from ossicle.services.links import Seen, follow
from ossicle.services.streams import ObjectStream
from ossicle.wire.names import ObjectKey, ObjectType, VersionId
from ossicle.wire.operation import Access
from ossicle.wire.ranges import ByteRange
from ossicle.wire.records import record

WHOLE_BYTES: Final = 64 * 1024
"""Up to here bytes are read before the answer begins, and leave with its head: a stream costs more than they do."""

Choose = Callable[[ObjectVersion], ByteRange | None]
"""Which bytes of the version that was found are wanted; None for none. What it raises is what the caller is told."""
ChooseOfSeen = Callable[[Seen], ByteRange | None]
Found = tuple[Seen, ByteRange | None, bytes | Sequence[Segment]]


@record
class Opened:
    """An object found for reading: its version, the part that was chosen, and that part's bytes."""

    version: ObjectVersion
    part: ByteRange | None
    content: bytes | ObjectStream

    async def body(self) -> bytes | ObjectStream:
        """Return the content as it is best sent: what is short as bytes, its stream read and closed.

        Raises:
            Corrupt, StoreUnavailable: as the store did.
        """
        if isinstance(self.content, bytes) or self.part is None or self.part.length > WHOLE_BYTES:
            return self.content
        return await self.content.whole()


def find_content(
    rows: Reading,
    principal: Principal,
    bucket: Bucket,
    key: ObjectKey,
    version_id: VersionId | None,
    choose: ChooseOfSeen,
) -> Found:
    """Return the version of this id, the current one for None, with what `choose` wants of it.

    Raises:
        AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed: see `find_version`.
        InvalidTargetType, SymlinkTargetNotExist: see `follow`.
        Corrupt: see `content_of`.
    """
    if version_id is not None:
        version, body = find_readable(rows, principal, bucket, key, version_id), None
        if version.is_inline:
            body = rows.small_body(version.id)
    else:
        version, body = _current(rows, principal, bucket, key)
    seen = Seen(version=version, holder=version)
    if version.type is ObjectType.SYMLINK:
        seen, body = follow(rows, principal, bucket, version)
    part = choose(seen)
    if part is None:
        return seen, None, b""
    holder = seen.holder
    return seen, part, _part_of(holder, body, part) if holder.is_inline else _segments_of(rows, holder, part)


def _current(rows: Reading, principal: Principal, bucket: Bucket, key: ObjectKey) -> tuple[ObjectVersion, bytes | None]:
    version, body = rows.current_object(bucket.id, key) or (None, None)
    authorize_object(rows, principal, bucket, key, version, Access.READ)
    if version is None:
        raise missing(rows, bucket, key, None)
    return version, body


def content_of(rows: Reading, version: ObjectVersion, part: ByteRange) -> bytes | Sequence[Segment]:
    """Return the bytes of a part of a version, or where they are.

    Raises:
        Corrupt: the rows are not those of a version of this size.
    """
    if version.is_inline:
        return _part_of(version, rows.small_body(version.id), part)
    return _segments_of(rows, version, part)


def _part_of(version: ObjectVersion, body: bytes | None, part: ByteRange) -> bytes:
    if body is None or len(body) != version.size:
        raise Corrupt(f"version {version.id} has no body of {version.size} bytes")
    return body[part.start : part.start + part.length]


def _segments_of(rows: Reading, version: ObjectVersion, part: ByteRange) -> bytes | Sequence[Segment]:
    segments = rows.segments(version.id, start=part.start, length=part.length)
    if sum(segment.length for segment in segments) != part.length:
        raise Corrupt(f"version {version.id} has not the {part.length} bytes from {part.start}")
    return segments or b""
