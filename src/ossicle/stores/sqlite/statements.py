"""The SQL of the verbs. Parameters are numbered in the order of the verb's arguments or of `rows`."""

from typing import Final

BUCKET_COLUMNS: Final = "id, name, owner, created_at, acl, storage_class, redundancy, versioning"
VERSION_COLUMNS: Final = (
    "version.id, version.key, version.version_id, version.type, version.size, version.etag, version.content_md5, "
    "version.crc64, version.storage_class, version.acl, version.last_modified, version.headers, version.metadata, "
    "version.is_inline"
)

BUCKET: Final = f"SELECT {BUCKET_COLUMNS} FROM bucket WHERE name = ?"
# Texts from a query may hold what is no UTF-8: they travel as bytes and compare as bytes, as TEXT does anyway.
BUCKETS: Final = f"""
SELECT {BUCKET_COLUMNS} FROM bucket
WHERE owner = ? AND name > CAST(? AS TEXT) AND name >= CAST(? AS TEXT) AND name < CAST(? AS TEXT)
ORDER BY name LIMIT ?
"""
BUCKET_CONFIG: Final = "SELECT document FROM bucket_config WHERE bucket = ? AND kind = ?"
ANY_VERSION: Final = "SELECT 1 FROM version WHERE bucket = ? LIMIT 1"
CURRENT_VERSION: Final = f"""
SELECT {VERSION_COLUMNS} FROM head JOIN version ON version.id = head.version WHERE head.bucket = ? AND head.key = ?
"""
SEGMENTS: Final = "SELECT blob, offset, length FROM segment WHERE version = ? ORDER BY ordinal"
SMALL_BODY: Final = "SELECT body FROM small_body WHERE version = ?"
# CROSS JOIN keeps the heads outside: the walk follows their order and ends with LIMIT, whatever the statistics say.
HEADS: Final = """
SELECT head.key, version.last_modified, version.etag, version.type, version.size, version.storage_class
FROM head CROSS JOIN version ON version.id = head.version
WHERE head.bucket = ? AND head.key >= ? AND head.key < ?
ORDER BY head.key LIMIT ?
"""
BLOB: Final = "SELECT 1 FROM blob WHERE id = ?"
CONDEMNED: Final = "SELECT blob FROM condemned ORDER BY blob LIMIT ?"
UNSWEPT: Final = "SELECT id FROM incarnation WHERE fenced = 1 AND swept = 0 ORDER BY id"

INSERT_BUCKET: Final = f"INSERT INTO bucket ({BUCKET_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
UPDATE_BUCKET: Final = """
UPDATE bucket SET name = ?2, owner = ?3, created_at = ?4, acl = ?5, storage_class = ?6, redundancy = ?7, versioning = ?8
WHERE id = ?1
"""
DELETE_BUCKET: Final = "DELETE FROM bucket WHERE id = ?"
DELETE_BUCKET_CONFIGS: Final = "DELETE FROM bucket_config WHERE bucket = ?"
PUT_BUCKET_CONFIG: Final = """
INSERT INTO bucket_config (bucket, kind, document) VALUES (?, ?, ?)
ON CONFLICT (bucket, kind) DO UPDATE SET document = excluded.document
"""
DELETE_BUCKET_CONFIG: Final = "DELETE FROM bucket_config WHERE bucket = ? AND kind = ?"
ADD_BLOB: Final = "INSERT INTO blob (id, size) VALUES (?, ?)"
INSERT_VERSION: Final = """
INSERT INTO version (bucket, id, key, version_id, type, size, etag, content_md5, crc64, storage_class, acl,
                     last_modified, headers, metadata, is_inline)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_SEGMENT: Final = "INSERT INTO segment (version, ordinal, blob, offset, length) VALUES (?, ?, ?, ?, ?)"
INSERT_SMALL_BODY: Final = "INSERT INTO small_body (version, body) VALUES (?, ?)"
PUT_HEAD: Final = """
INSERT INTO head (bucket, key, version) VALUES (?, ?, ?)
ON CONFLICT (bucket, key) DO UPDATE SET version = excluded.version
"""
DELETE_HEAD: Final = "DELETE FROM head WHERE bucket = ? AND key = ?"
DELETE_SEGMENTS: Final = "DELETE FROM segment WHERE version = ?"
DELETE_SMALL_BODY: Final = "DELETE FROM small_body WHERE version = ?"
DELETE_VERSION: Final = "DELETE FROM version WHERE id = ?"
DELETE_UNNAMED_BLOB: Final = """
DELETE FROM blob WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM segment WHERE segment.blob = ?1)
"""
CONDEMN: Final = "INSERT INTO condemned (blob) VALUES (?)"
FORGET_CONDEMNED: Final = "DELETE FROM condemned WHERE blob = ?"
MARK_SWEPT: Final = "UPDATE incarnation SET swept = 1 WHERE id = ? AND fenced = 1"

NEW_INCARNATION: Final = "INSERT INTO incarnation (started_at, fenced, swept) VALUES (?, 0, 0) RETURNING id"
FENCE_OTHERS: Final = "UPDATE incarnation SET fenced = 1 WHERE id <> ? AND fenced = 0"
FENCE: Final = "UPDATE incarnation SET fenced = 1 WHERE id = ?"
IS_FENCED: Final = "SELECT fenced FROM incarnation WHERE id = ?"
