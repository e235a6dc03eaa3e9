"""The verbs of the port on one connection: `SqliteReading` for questions, `SqliteTransaction` for changes too."""

import sqlite3
from collections.abc import Iterable, Sequence

from ossicle.model.objects import Bucket, ObjectPage, ObjectVersion, Segment
from ossicle.ports import Conflict
from ossicle.stores import listing
from ossicle.stores.sqlite import rows, statements
from ossicle.wire.names import AccountId, BlobId, BucketName, ObjectKey


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

    def bucket_config(self, bucket_id: int, kind: str) -> bytes | None:
        row = self._first(statements.BUCKET_CONFIG, bucket_id, kind)
        return None if row is None else row[0]

    def is_bucket_empty(self, bucket_id: int) -> bool:
        return self._first(statements.ANY_VERSION, bucket_id) is None

    def current_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        row = self._first(statements.CURRENT_VERSION, bucket_id, rows.to_key(key))
        if row is None:
            return None
        is_inline = row[-1]
        return rows.version_of(row, () if is_inline else self._execute(statements.SEGMENTS, (row[0],)))

    def small_body(self, version: int) -> bytes | None:
        row = self._first(statements.SMALL_BODY, version)
        return None if row is None else row[0]

    def list_objects(self, bucket_id: int, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        def seek(start: bytes, end: bytes, count: int) -> Iterable[tuple[bytes, *tuple[object, ...]]]:
            return self._execute(statements.HEADS, (bucket_id, start, end, count))

        return listing.list_page(seek, rows.listed_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit)

    def is_blob_named(self, blob: BlobId) -> bool:
        return self._first(statements.BLOB, blob) is not None

    def condemned(self, *, limit: int) -> Sequence[BlobId]:
        return tuple(BlobId(blob) for (blob,) in self._execute(statements.CONDEMNED, (limit,)))

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
        if self._execute(statements.DELETE_BUCKET, (bucket_id,)).rowcount == 0:
            raise Conflict(f"bucket {bucket_id} is gone")

    def put_bucket_config(self, bucket_id: int, kind: str, document: bytes) -> None:
        self._execute(statements.PUT_BUCKET_CONFIG, (bucket_id, kind, document))

    def delete_bucket_config(self, bucket_id: int, kind: str) -> None:
        self._execute(statements.DELETE_BUCKET_CONFIG, (bucket_id, kind))

    def add_blob(self, blob: BlobId, size: int) -> None:
        self._execute(statements.ADD_BLOB, (blob, size))

    def put_current_version(self, bucket_id: int, version: ObjectVersion, small_body: bytes | None) -> None:
        if version.is_inline != (small_body is not None) or (version.is_inline and version.segments):
            raise ValueError("a version has either a small body or segments, and says which")
        row = rows.version_row(version)
        self._execute(statements.INSERT_VERSION, (bucket_id, *row))
        if small_body is not None:
            self._execute(statements.INSERT_SMALL_BODY, (version.id, small_body))
        for ordinal, segment in enumerate(version.segments):
            self._execute(
                statements.INSERT_SEGMENT, (version.id, ordinal, segment.blob, segment.offset, segment.length)
            )
        self._execute(statements.PUT_HEAD, (bucket_id, row[1], version.id))

    def delete_current_version(self, bucket_id: int, key: ObjectKey) -> None:
        self._execute(statements.DELETE_HEAD, (bucket_id, rows.to_key(key)))

    def delete_version(self, version: ObjectVersion) -> None:
        children = statements.DELETE_SMALL_BODY if version.is_inline else statements.DELETE_SEGMENTS
        self._execute(children, (version.id,))
        self._execute(statements.DELETE_VERSION, (version.id,))

    def condemn(self, segments: Sequence[Segment]) -> None:
        for blob in dict.fromkeys(segment.blob for segment in segments):
            if self._execute(statements.DELETE_UNNAMED_BLOB, (blob,)).rowcount:
                self._execute(statements.CONDEMN, (blob,))

    def forget_condemned(self, blobs: Sequence[BlobId]) -> None:
        self._execute_many(statements.FORGET_CONDEMNED, [(blob,) for blob in blobs])

    def mark_swept(self, incarnation: int) -> None:
        if self._execute(statements.MARK_SWEPT, (incarnation,)).rowcount == 0:
            raise Conflict(f"incarnation {incarnation} is not fenced")
