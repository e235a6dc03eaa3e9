"""The tables, as a row of migrations: format N is what the first N of them make.

A migration that has been released is never edited; a change is a new one at the end.
"""

import sqlite3
from typing import Final

from ossicle.ports import StoreUnavailable

_FIRST: Final = (
    """CREATE TABLE incarnation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at INTEGER NOT NULL,
        fenced INTEGER NOT NULL,
        swept INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE bucket (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        acl TEXT NOT NULL,
        storage_class TEXT NOT NULL,
        redundancy TEXT NOT NULL,
        versioning TEXT
    ) STRICT""",
    # ListBuckets walks one owner's buckets by name. Buckets are made rarely, so the index costs nothing that is felt.
    "CREATE INDEX bucket_by_owner ON bucket (owner, name)",
    """CREATE TABLE bucket_config (
        bucket INTEGER NOT NULL REFERENCES bucket (id),
        kind TEXT NOT NULL,
        document BLOB NOT NULL,
        PRIMARY KEY (bucket, kind)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE blob (
        id TEXT PRIMARY KEY,
        size INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    # Times are microseconds since 1970; crc64 is the unsigned value read as a signed one, which is all SQLite has;
    # headers and metadata are ASCII JSON, because their text may hold lone surrogates.
    """CREATE TABLE version (
        id INTEGER PRIMARY KEY,
        bucket INTEGER NOT NULL REFERENCES bucket (id),
        key BLOB NOT NULL,
        version_id TEXT NOT NULL,
        type TEXT NOT NULL,
        size INTEGER NOT NULL,
        etag TEXT NOT NULL,
        content_md5 BLOB,
        crc64 INTEGER NOT NULL,
        storage_class TEXT NOT NULL,
        acl TEXT NOT NULL,
        last_modified INTEGER NOT NULL,
        headers TEXT NOT NULL,
        metadata TEXT NOT NULL,
        is_inline INTEGER NOT NULL
    ) STRICT""",
    # The parent of head's foreign key, and what tells whether a bucket is empty. With it head needs no index of its own
    # by version: SQLite finds the child row of a deleted version by head's primary key.
    "CREATE UNIQUE INDEX version_by_key ON version (bucket, key, id)",
    """CREATE TABLE segment (
        version INTEGER NOT NULL REFERENCES version (id),
        ordinal INTEGER NOT NULL,
        blob TEXT NOT NULL REFERENCES blob (id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        PRIMARY KEY (version, ordinal)
    ) STRICT, WITHOUT ROWID""",
    # Whether anything still names a blob: asked for each blob that is condemned, and by the foreign key.
    "CREATE INDEX segment_by_blob ON segment (blob)",
    # A table of its own, so that a walk over versions does not drag bodies through the cache.
    """CREATE TABLE small_body (
        version INTEGER PRIMARY KEY REFERENCES version (id),
        body BLOB NOT NULL
    ) STRICT""",
    # The listing index and the lock of a key. It repeats no column of version: a page of 1,000 keys would gain a
    # fifth, and every write would pay with a wider row.
    """CREATE TABLE head (
        bucket INTEGER NOT NULL REFERENCES bucket (id),
        key BLOB NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (bucket, key),
        FOREIGN KEY (bucket, key, version) REFERENCES version (bucket, key, id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE condemned (blob TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
)

_SECOND: Final = (
    # A segment is found by where its bytes begin in the version, so that a range of a version of ten thousand segments
    # reads the few that it needs.
    """CREATE TABLE placed_segment (
        version INTEGER NOT NULL REFERENCES version (id),
        position INTEGER NOT NULL,
        blob TEXT NOT NULL REFERENCES blob (id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        PRIMARY KEY (version, position)
    ) STRICT, WITHOUT ROWID""",
    """INSERT INTO placed_segment (version, position, blob, offset, length)
       SELECT version, sum(length) OVER (PARTITION BY version ORDER BY ordinal) - length, blob, offset, length
       FROM segment WHERE length > 0""",
    "DROP TABLE segment",
    "ALTER TABLE placed_segment RENAME TO segment",
    "CREATE INDEX segment_by_blob ON segment (blob)",
    """CREATE TABLE upload (
        id INTEGER PRIMARY KEY,
        bucket INTEGER NOT NULL REFERENCES bucket (id),
        key BLOB NOT NULL,
        upload_id TEXT NOT NULL UNIQUE,
        initiated_at INTEGER NOT NULL,
        storage_class TEXT NOT NULL,
        acl TEXT NOT NULL,
        headers TEXT NOT NULL,
        metadata TEXT NOT NULL
    ) STRICT""",
    # The order of ListMultipartUploads, and whether a bucket has uploads.
    "CREATE UNIQUE INDEX upload_by_key ON upload (bucket, key, upload_id)",
    """CREATE TABLE part (
        upload INTEGER NOT NULL REFERENCES upload (id),
        number INTEGER NOT NULL,
        size INTEGER NOT NULL,
        etag TEXT NOT NULL,
        crc64 INTEGER NOT NULL,
        last_modified INTEGER NOT NULL,
        PRIMARY KEY (upload, number)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE part_segment (
        upload INTEGER NOT NULL,
        number INTEGER NOT NULL,
        position INTEGER NOT NULL,
        blob TEXT NOT NULL REFERENCES blob (id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        PRIMARY KEY (upload, number, position),
        FOREIGN KEY (upload, number) REFERENCES part (upload, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX part_segment_by_blob ON part_segment (blob)",
)

_THIRD: Final = (
    "ALTER TABLE version ADD COLUMN rank INTEGER NOT NULL DEFAULT 0",
    # ASCII JSON, or NULL for what most versions have: nothing.
    "ALTER TABLE version ADD COLUMN traits TEXT",
    "ALTER TABLE upload ADD COLUMN traits TEXT",
    # The order of ListObjectVersions, besides what the index before it was for.
    "CREATE UNIQUE INDEX version_by_rank ON version (bucket, key, rank, id)",
    # A version id tells its rank; `null` does not, once there are others.
    # Not unique: a version that replaces the `null` one is there before that goes, for it may have its bytes.
    "CREATE INDEX null_version ON version (bucket, key) WHERE version_id = 'null' AND rank < 0",
    """CREATE TABLE ranked_head (
        bucket INTEGER NOT NULL REFERENCES bucket (id),
        key BLOB NOT NULL,
        rank INTEGER NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (bucket, key),
        FOREIGN KEY (bucket, key, rank, version) REFERENCES version (bucket, key, rank, id)
    ) STRICT, WITHOUT ROWID""",
    "INSERT INTO ranked_head (bucket, key, rank, version) SELECT bucket, key, 0, version FROM head",
    "DROP TABLE head",
    "ALTER TABLE ranked_head RENAME TO head",
    "DROP INDEX version_by_key",
)

_FOURTH: Final = (
    # What an account says for all its buckets.
    """CREATE TABLE account_config (
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        document BLOB NOT NULL,
        PRIMARY KEY (account, kind)
    ) STRICT, WITHOUT ROWID""",
)

_FIFTH: Final = (
    # How many bytes the versions of a bucket have, for those buckets that count them; the others pay one look for each version.
    """CREATE TABLE counted_size (
        bucket INTEGER PRIMARY KEY REFERENCES bucket (id),
        size INTEGER NOT NULL
    ) STRICT""",
    """INSERT INTO counted_size (bucket, size)
       SELECT bucket, (SELECT coalesce(sum(size), 0) FROM version WHERE version.bucket = bucket_config.bucket)
       FROM bucket_config WHERE kind = 'quota'""",
    """CREATE TRIGGER count_new_version AFTER INSERT ON version BEGIN
           UPDATE counted_size SET size = size + NEW.size WHERE bucket = NEW.bucket;
       END""",
    """CREATE TRIGGER count_gone_version AFTER DELETE ON version BEGIN
           UPDATE counted_size SET size = size - OLD.size WHERE bucket = OLD.bucket;
       END""",
    """CREATE TRIGGER count_grown_version AFTER UPDATE OF size ON version BEGIN
           UPDATE counted_size SET size = size + NEW.size - OLD.size WHERE bucket = NEW.bucket;
       END""",
)

_SIXTH: Final = (
    # Users, groups, roles and policies: few, and read whole.
    """CREATE TABLE ram_entity (
        account TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        document BLOB NOT NULL,
        PRIMARY KEY (account, kind, name)
    ) STRICT, WITHOUT ROWID""",
    # Whose a key is: asked by every request that it signs.
    """CREATE TABLE ram_key (
        access_key_id TEXT PRIMARY KEY,
        account TEXT NOT NULL,
        user TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)

MIGRATIONS: Final = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH, _SIXTH)


def read_format(connection: sqlite3.Connection) -> int:
    """Return the format number of a database, 0 for an empty one."""
    connection.execute("CREATE TABLE IF NOT EXISTS format (number INTEGER NOT NULL) STRICT")
    row = connection.execute("SELECT number FROM format").fetchone()
    return 0 if row is None else int(row[0])


def migrate(connection: sqlite3.Connection, migrations: tuple[tuple[str, ...], ...] = MIGRATIONS) -> None:
    """Bring a database to the newest format, each step whole or not at all.

    Raises:
        StoreUnavailable: a later release wrote it.
    """
    present = read_format(connection)
    if present > len(migrations):
        raise StoreUnavailable(
            f"the database has format {present}, but this release of Ossicle knows formats up to {len(migrations)} only: "
            "run the release that wrote it, or a later one"
        )
    for number, statements in enumerate(migrations[present:], start=present + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                connection.execute(statement)
            connection.execute("DELETE FROM format")
            connection.execute("INSERT INTO format (number) VALUES (?)", (number,))
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
