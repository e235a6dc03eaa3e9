"""The verbs of the port on one connection: `SqliteReading` for questions, `SqliteTransaction` for changes too."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ossicle.model.objects import (
    Bucket,
    MultipartUpload,
    ObjectPage,
    ObjectVersion,
    Part,
    Segment,
    UploadMarker,
    UploadPage,
    Usage,
    VersionMarker,
    VersionPage,
)
from ossicle.ports import Conflict
from ossicle.stores import listing
from ossicle.stores.segments import judge_content, placed, trim
from ossicle.stores.sqlite import rows, statements
from ossicle.stores.usage import usage_of
from ossicle.wire.names import NULL_VERSION, AccountId, BlobId, BucketName, ObjectKey, VersionId
from ossicle.wire.version_ids import parse_rank

_ALL: Final = -1
"""What LIMIT takes for no limit."""
BRIEF_ROWS_MAX: Final = 32
"""Segments that a unit of work may drop on the event loop: some 1 ms."""


class SqliteReading:
    """Questions to one connection, which its owner has put inside a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def _first(self, statement: str, *values: object) -> rows.Row | None:
        row: rows.Row | None = self._execute(statement, values).fetchone()
        return row

    def bucket(self, name: BucketName) -> Bucket | None:
        row = self._first(statements.BUCKET, name)
        return None if row is None else rows.bucket_of(row)

    def buckets(self, owner: AccountId, *, prefix: str, marker: str, limit: int) -> Sequence[Bucket]:
        first = listing.encode(prefix)
        found = self._execute(
            statements.BUCKETS, (owner, listing.encode(marker), first, first + listing.AFTER_ALL, limit)
        )
        return tuple(rows.bucket_of(row) for row in found)

    def buckets_with(self, kind: str, *, marker: str, limit: int) -> Sequence[Bucket]:
        found = self._execute(statements.BUCKETS_WITH, (kind, listing.encode(marker), limit))
        return tuple(rows.bucket_of(row) for row in found)

    def bucket_config(self, bucket_id: int, kind: str) -> bytes | None:
        row = self._first(statements.BUCKET_CONFIG, bucket_id, kind)
        return None if row is None else row[0]

    def bucket_configs(self, bucket_id: int) -> Mapping[str, bytes]:
        return dict(self._execute(statements.BUCKET_CONFIGS, (bucket_id,)).fetchall())

    def counted_size(self, bucket_id: int) -> int | None:
        row = self._first(statements.COUNTED_SIZE, bucket_id)
        return None if row is None else row[0]

    def account_config(self, account: AccountId, kind: str) -> bytes | None:
        row = self._first(statements.ACCOUNT_CONFIG, account, kind)
        return None if row is None else row[0]

    def ram_entity(self, account: AccountId, kind: str, name: str) -> bytes | None:
        row = self._first(statements.RAM_ENTITY, account, kind, name)
        return None if row is None else row[0]

    def ram_entities(self, account: AccountId, kind: str, *, after: str, limit: int) -> Sequence[bytes]:
        return tuple(row for (row,) in self._execute(statements.RAM_ENTITIES, (account, kind, after, limit)))

    def ram_key_owner(self, access_key_id: str) -> tuple[AccountId, str] | None:
        row = self._first(statements.RAM_KEY_OWNER, access_key_id)
        return None if row is None else (AccountId(row[0]), row[1])

    def is_bucket_empty(self, bucket_id: int) -> bool:
        return (
            self._first(statements.ANY_VERSION, bucket_id) is None
            and self._first(statements.ANY_UPLOAD, bucket_id) is None
        )

    def current_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        row = self._execute(statements.CURRENT_VERSION, (bucket_id, key.encode())).fetchone()
        return None if row is None else rows.version_of(row)

    def current_object(self, bucket_id: int, key: ObjectKey) -> tuple[ObjectVersion, bytes | None] | None:
        row = self._execute(statements.CURRENT_OBJECT, (bucket_id, key.encode())).fetchone()
        return None if row is None else (rows.version_of(row[:-1]), row[-1])

    def latest_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        return self._version(statements.LATEST_VERSION, bucket_id, rows.to_key(key))

    def version(self, bucket_id: int, key: ObjectKey, version_id: VersionId) -> ObjectVersion | None:
        if version_id == NULL_VERSION:
            place = bucket_id, rows.to_key(key)
            return self._version(statements.VERSION_OF_RANK, *place, 0) or self._version(
                statements.NULL_VERSION, *place
            )
        rank = parse_rank(version_id)
        if rank is None:
            return None
        found = self._version(statements.VERSION_OF_RANK, bucket_id, rows.to_key(key), rank)
        return found if found is not None and found.version_id == version_id else None

    def _version(self, statement: str, *values: object) -> ObjectVersion | None:
        row = self._first(statement, *values)
        return None if row is None else rows.version_of(row)

    def small_body(self, version: int) -> bytes | None:
        row = self._first(statements.SMALL_BODY, version)
        return None if row is None else row[0]

    def segments(self, version: int, *, start: int, length: int) -> Sequence[Segment]:
        found = self._execute(statements.SEGMENTS, (version, start, length))
        return trim(map(rows.placed_of, found), start=start, length=length)

    def upload(self, bucket_id: int, upload_id: str) -> MultipartUpload | None:
        row = self._first(statements.UPLOAD, rows.to_upload_id(listing.encode(upload_id)), bucket_id)
        return None if row is None else rows.upload_of(row)

    def parts(self, upload: int, *, after: int, limit: int | None) -> Sequence[Part]:
        found = self._execute(statements.PARTS, (upload, after, _ALL if limit is None else limit))
        return tuple(rows.part_of(row) for row in found)

    def list_uploads(
        self, bucket_id: int, *, prefix: str, delimiter: str, after: UploadMarker | None, limit: int
    ) -> UploadPage:
        def seek(place: listing.UploadPlace, end: bytes, count: int) -> Iterable[rows.Row]:
            key, upload_id = place
            return self._execute(statements.UPLOADS, (bucket_id, key, rows.to_upload_id(upload_id), end, count))

        return listing.list_upload_page(
            seek, lambda row: rows.upload_of(row[1:]), prefix=prefix, delimiter=delimiter, after=after, limit=limit
        )

    def list_objects(self, bucket_id: int, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        def seek(start: bytes, end: bytes, count: int) -> Iterable[tuple[bytes, *tuple[object, ...]]]:
            return self._execute(statements.HEADS, (bucket_id, start, end, count))

        return listing.list_page(seek, rows.listed_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit)

    def list_versions(
        self, bucket_id: int, *, prefix: str, delimiter: str, after: VersionMarker | None, limit: int
    ) -> VersionPage:
        def seek(place: listing.VersionPlace, end: bytes, count: int) -> Iterable[rows.Row]:
            return self._execute(statements.VERSIONS, (bucket_id, *place, end, count))

        return listing.list_version_page(
            seek, rows.listed_version_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit
        )

    def usage(self, bucket_id: int) -> Usage:
        (uploads,) = self._execute(statements.UPLOAD_COUNT, (bucket_id,)).fetchone()
        (parts,) = self._execute(statements.PART_COUNT, (bucket_id,)).fetchone()
        groups = self._execute(statements.USAGE, (bucket_id,))
        return usage_of(map(rows.group_of, groups), uploads=uploads, parts=parts)

    def is_blob_named(self, blob: BlobId) -> bool:
        return self._first(statements.BLOB, blob) is not None

    def is_blob_condemned(self, blob: BlobId) -> bool:
        return self._first(statements.IS_CONDEMNED, blob) is not None

    def condemned(self, *, after: str = "", limit: int) -> Sequence[BlobId]:
        return tuple(BlobId(blob) for (blob,) in self._execute(statements.CONDEMNED, (after, limit)))

    def unswept_incarnations(self) -> Sequence[int]:
        return tuple(number for (number,) in self._execute(statements.UNSWEPT))


class SqliteTransaction(SqliteReading):
    """Changes on the writer's connection, inside the savepoint of one unit of work."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._execute_many = connection.executemany

    def insert_bucket(self, bucket: Bucket) -> None:
        self._execute(statements.INSERT_BUCKET, rows.bucket_row(bucket))

    def update_bucket(self, bucket: Bucket) -> None:
        if self._execute(statements.UPDATE_BUCKET, rows.bucket_row(bucket)).rowcount == 0:
            raise Conflict(f"bucket {bucket.id} is gone")

    def delete_bucket(self, bucket_id: int) -> None:
        self._execute(statements.DELETE_BUCKET_CONFIGS, (bucket_id,))
        self._execute(statements.FORGET_SIZE, (bucket_id,))
        if self._execute(statements.DELETE_BUCKET, (bucket_id,)).rowcount == 0:
            raise Conflict(f"bucket {bucket_id} is gone")

    def put_bucket_config(self, bucket_id: int, kind: str, document: bytes) -> None:
        self._execute(statements.PUT_BUCKET_CONFIG, (bucket_id, kind, document))

    def delete_bucket_config(self, bucket_id: int, kind: str) -> None:
        self._execute(statements.DELETE_BUCKET_CONFIG, (bucket_id, kind))

    def count_size(self, bucket_id: int) -> None:
        self._execute(statements.COUNT_SIZE, (bucket_id,))

    def put_account_config(self, account: AccountId, kind: str, document: bytes) -> None:
        self._execute(statements.PUT_ACCOUNT_CONFIG, (account, kind, document))

    def delete_account_config(self, account: AccountId, kind: str) -> None:
        self._execute(statements.DELETE_ACCOUNT_CONFIG, (account, kind))

    def put_ram_entity(self, account: AccountId, kind: str, name: str, document: bytes) -> None:
        self._execute(statements.PUT_RAM_ENTITY, (account, kind, name, document))

    def delete_ram_entity(self, account: AccountId, kind: str, name: str) -> None:
        self._execute(statements.DELETE_RAM_ENTITY, (account, kind, name))

    def put_ram_key(self, access_key_id: str, account: AccountId, user: str) -> None:
        self._execute(statements.PUT_RAM_KEY, (access_key_id, account, user))

    def delete_ram_key(self, access_key_id: str) -> None:
        self._execute(statements.DELETE_RAM_KEY, (access_key_id,))

    def add_blob(self, blob: BlobId, size: int) -> None:
        self._execute(statements.ADD_BLOB, (blob, size))

    def put_current_version(self, bucket_id: int, version: ObjectVersion, content: bytes | Sequence[Segment]) -> None:
        judge_content(version, content)
        self._insert_version(bucket_id, version)
        if isinstance(content, bytes):
            self._execute(statements.INSERT_SMALL_BODY, (version.id, content))
        else:
            self._insert_segments(version.id, 0, content)

    def _insert_version(self, bucket_id: int, version: ObjectVersion) -> None:
        row = rows.version_row(version)
        self._execute(statements.INSERT_VERSION, (bucket_id, *row))
        self._execute(statements.PUT_HEAD, (bucket_id, row[1], version.rank, version.id))

    def put_delete_marker(self, bucket_id: int, marker: ObjectVersion) -> None:
        self._execute(statements.INSERT_VERSION, (bucket_id, *rows.version_row(marker)))

    def set_current_version(self, bucket_id: int, version: ObjectVersion) -> None:
        self._execute(statements.PUT_HEAD, (bucket_id, rows.to_key(version.key), version.rank, version.id))

    def delete_current_version(self, bucket_id: int, key: ObjectKey) -> None:
        self._execute(statements.DELETE_HEAD, (bucket_id, rows.to_key(key)))

    def update_version(self, version: ObjectVersion) -> None:
        if self._execute(statements.UPDATE_VERSION, rows.version_row(version)).rowcount == 0:
            raise Conflict(f"version {version.id} is gone")

    def append_segments(self, version: int, *, position: int, segments: Sequence[Segment]) -> None:
        self._insert_segments(version, position, segments)

    def cut_segments(self, version: int, *, position: int) -> None:
        blobs = self._blobs(statements.CUT_BLOBS, version, position)
        self._execute(statements.CUT_SEGMENTS, (version, position))
        self._condemn(blobs)

    def _insert_segments(self, version: int, start: int, segments: Sequence[Segment]) -> None:
        self._execute_many(
            statements.INSERT_SEGMENT,
            [(version, start + at, item.blob, item.offset, item.length) for at, item in placed(segments)],
        )

    def delete_version(self, version: ObjectVersion) -> None:
        if version.is_inline:
            self._execute(statements.DELETE_SMALL_BODY, (version.id,))
        else:
            blobs = self._blobs(statements.VERSION_BLOBS, version.id)
            self._execute(statements.DELETE_SEGMENTS, (version.id,))
            self._condemn(blobs)
        self._execute(statements.DELETE_VERSION, (version.id,))

    def insert_upload(self, bucket_id: int, upload: MultipartUpload) -> None:
        self._execute(statements.INSERT_UPLOAD, (bucket_id, *rows.upload_row(upload)))

    def put_part(self, upload: int, part: Part, segments: Sequence[Segment]) -> None:
        replaced = self._blobs(statements.PART_BLOBS, upload, part.number)
        self._execute(statements.DELETE_PART_SEGMENTS, (upload, part.number))
        self._execute(statements.PUT_PART, (upload, *rows.part_row(part)))
        self._execute_many(
            statements.INSERT_PART_SEGMENT,
            [
                (upload, part.number, position, item.blob, item.offset, item.length)
                for position, item in placed(segments)
            ],
        )
        self._condemn(replaced)

    def complete_upload(
        self, bucket_id: int, upload: MultipartUpload, version: ObjectVersion, numbers: Sequence[int]
    ) -> None:
        chosen = json.dumps(list(numbers))
        self._insert_version(bucket_id, version)
        self._execute(statements.MOVE_PARTS, {"version": version.id, "upload": upload.id, "numbers": chosen})
        left_out = self._blobs(statements.LEFT_OUT_BLOBS, upload.id, chosen)
        self._delete_upload(upload.id)
        self._condemn(left_out)

    def delete_upload(self, upload: int) -> None:
        blobs = self._blobs(statements.UPLOAD_BLOBS, upload)
        self._delete_upload(upload)
        self._condemn(blobs)

    def _delete_upload(self, upload: int) -> None:
        self._execute(statements.DELETE_UPLOAD_SEGMENTS, (upload,))
        self._execute(statements.DELETE_PARTS, (upload,))
        self._execute(statements.DELETE_UPLOAD, (upload,))

    def _blobs(self, statement: str, *values: object) -> list[str]:
        return _each_once(self._execute(statement, values))

    def _condemn(self, blobs: Sequence[str]) -> None:
        """Remove the rows of those blobs that nothing names any more, and queue their bytes for deletion."""
        if blobs:
            unnamed = self._execute(statements.DELETE_UNNAMED_BLOBS, (json.dumps(blobs),)).fetchall()
            self._execute_many(statements.CONDEMN, unnamed)

    def forget_condemned(self, blobs: Sequence[BlobId]) -> None:
        self._execute_many(statements.FORGET_CONDEMNED, [(blob,) for blob in blobs])

    def mark_swept(self, incarnation: int) -> None:
        if self._execute(statements.MARK_SWEPT, (incarnation,)).rowcount == 0:
            raise Conflict(f"incarnation {incarnation} is not fenced")


class BriefTransaction(SqliteTransaction):
    """Changes made on the event loop. A unit of more rows than a PUT has meets its end here, and is run again elsewhere.

    Nothing in a PUT tells of how many segments the object is that it displaces: an object of ten thousand parts takes a second.
    """

    def _blobs(self, statement: str, *values: object) -> list[str]:
        found = self._execute(statement, values).fetchmany(BRIEF_ROWS_MAX + 1)
        if len(found) > BRIEF_ROWS_MAX:
            raise TooManyRows
        return _each_once(found)


class TooManyRows(Exception):
    """A unit of work on the event loop would hold it up."""


def _each_once(found: Iterable[rows.Row]) -> list[str]:
    return list(dict.fromkeys(blob for (blob,) in found))
