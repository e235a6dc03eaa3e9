"""The SQL of the verbs. Parameters are numbered in the order of the verb's arguments or of `rows`."""

from typing import Final

BUCKET_COLUMNS: Final = "id, name, owner, created_at, acl, storage_class, redundancy, versioning"
VERSION_COLUMNS: Final = (
    "version.id, version.key, version.version_id, version.type, version.size, version.etag, version.content_md5, "
    "version.crc64, version.storage_class, version.acl, version.last_modified, version.headers, version.metadata, "
    "version.is_inline, version.rank, version.traits"
)

UPLOAD_COLUMNS: Final = "id, key, upload_id, initiated_at, storage_class, acl, headers, metadata, traits"
PART_COLUMNS: Final = "number, size, etag, crc64, last_modified"

_BUCKET_SEEN: Final = f"""
{BUCKET_COLUMNS}, (SELECT group_concat(kind) FROM bucket_config WHERE bucket_config.bucket = bucket.id)
"""
BUCKET: Final = f"SELECT {_BUCKET_SEEN} FROM bucket WHERE name = ?"
# Texts from a query may hold what is no UTF-8: they travel as bytes and compare as bytes, as TEXT does anyway.
BUCKETS: Final = f"""
SELECT {_BUCKET_SEEN} FROM bucket
WHERE owner = ? AND name > CAST(? AS TEXT) AND name >= CAST(? AS TEXT) AND name < CAST(? AS TEXT)
ORDER BY name LIMIT ?
"""
BUCKETS_WITH: Final = f"""
SELECT {_BUCKET_SEEN} FROM bucket
WHERE id IN (SELECT bucket FROM bucket_config WHERE kind = ?) AND name > CAST(? AS TEXT)
ORDER BY name LIMIT ?
"""
BUCKET_CONFIG: Final = "SELECT document FROM bucket_config WHERE bucket = ? AND kind = ?"
BUCKET_CONFIGS: Final = "SELECT kind, document FROM bucket_config WHERE bucket = ?"
ACCOUNT_CONFIG: Final = "SELECT document FROM account_config WHERE account = ? AND kind = ?"
RAM_ENTITY: Final = "SELECT document FROM ram_entity WHERE account = ? AND kind = ? AND name = ?"
RAM_ENTITIES: Final = """
SELECT document FROM ram_entity WHERE account = ? AND kind = ? AND name > ? ORDER BY name LIMIT ?
"""
RAM_KEY_OWNER: Final = "SELECT account, user FROM ram_key WHERE access_key_id = ?"
PUT_RAM_ENTITY: Final = """
INSERT INTO ram_entity (account, kind, name, document) VALUES (?, ?, ?, ?)
ON CONFLICT (account, kind, name) DO UPDATE SET document = excluded.document
"""
DELETE_RAM_ENTITY: Final = "DELETE FROM ram_entity WHERE account = ? AND kind = ? AND name = ?"
PUT_RAM_KEY: Final = """
INSERT INTO ram_key (access_key_id, account, user) VALUES (?, ?, ?)
ON CONFLICT (access_key_id) DO UPDATE SET account = excluded.account, user = excluded.user
"""
DELETE_RAM_KEY: Final = "DELETE FROM ram_key WHERE access_key_id = ?"
ANY_VERSION: Final = "SELECT 1 FROM version WHERE bucket = ? LIMIT 1"
ANY_UPLOAD: Final = "SELECT 1 FROM upload WHERE bucket = ? LIMIT 1"
UPLOAD: Final = f"SELECT {UPLOAD_COLUMNS} FROM upload WHERE upload_id = ? AND bucket = ?"
# A CAST, as in `BUCKETS`, would keep SQLite from seeking by both columns, so that pages of one key's uploads cost ever more.
UPLOADS: Final = f"""
SELECT key, {UPLOAD_COLUMNS} FROM upload
WHERE bucket = ? AND (key, upload_id) > (?, ?) AND key < ?
ORDER BY key, upload_id LIMIT ?
"""
PARTS: Final = f"SELECT {PART_COLUMNS} FROM part WHERE upload = ? AND number > ? ORDER BY number LIMIT ?"
CURRENT_VERSION: Final = f"""
SELECT {VERSION_COLUMNS} FROM head JOIN version ON version.id = head.version WHERE head.bucket = ? AND head.key = ?
"""
CURRENT_OBJECT: Final = f"""
SELECT {VERSION_COLUMNS}, small_body.body FROM head JOIN version ON version.id = head.version
LEFT JOIN small_body ON small_body.version = version.id WHERE head.bucket = ? AND head.key = ?
"""
LATEST_VERSION: Final = f"SELECT {VERSION_COLUMNS} FROM version WHERE bucket = ? AND key = ? ORDER BY rank LIMIT 1"
VERSION_OF_RANK: Final = f"SELECT {VERSION_COLUMNS} FROM version WHERE bucket = ? AND key = ? AND rank = ?"
NULL_VERSION: Final = f"""
SELECT {VERSION_COLUMNS} FROM version WHERE bucket = ? AND key = ? AND version_id = 'null' AND rank < 0
"""
# The segment that holds the first byte is the last one that begins at it or before.
SEGMENTS: Final = """
SELECT blob, offset, length, position FROM segment
WHERE version = ?1 AND position < ?2 + ?3 AND position >= (
    SELECT max(position) FROM segment WHERE version = ?1 AND position <= ?2
)
ORDER BY position
"""
SMALL_BODY: Final = "SELECT body FROM small_body WHERE version = ?"
# CROSS JOIN keeps the heads outside: the walk follows their order and ends with LIMIT, whatever the statistics say.
HEADS: Final = """
SELECT head.key, version.last_modified, version.etag, version.type, version.size, version.storage_class, version.traits
FROM head CROSS JOIN version ON version.id = head.version
WHERE head.bucket = ? AND head.key >= ? AND head.key < ?
ORDER BY head.key LIMIT ?
"""
VERSIONS: Final = """
SELECT key, version_id, rank,
       NOT EXISTS (SELECT 1 FROM version AS newer
                   WHERE newer.bucket = version.bucket AND newer.key = version.key AND newer.rank < version.rank),
       last_modified, etag, type, size, storage_class
FROM version
WHERE bucket = ? AND (key, rank) > (?, ?) AND key < ?
ORDER BY key, rank LIMIT ?
"""
USAGE: Final = """
SELECT storage_class, type, count(*), sum(size) FROM version WHERE bucket = ? GROUP BY storage_class, type
"""
UPLOAD_COUNT: Final = "SELECT count(*) FROM upload WHERE bucket = ?"
PART_COUNT: Final = "SELECT count(*) FROM upload CROSS JOIN part ON part.upload = upload.id WHERE upload.bucket = ?"
BLOB: Final = "SELECT 1 FROM blob WHERE id = ?"
IS_CONDEMNED: Final = "SELECT 1 FROM condemned WHERE blob = ?"
CONDEMNED: Final = "SELECT blob FROM condemned WHERE blob > ? ORDER BY blob LIMIT ?"
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
COUNTED_SIZE: Final = "SELECT size FROM counted_size WHERE bucket = ?"
COUNT_SIZE: Final = """
INSERT INTO counted_size (bucket, size) SELECT ?1, coalesce(sum(size), 0) FROM version WHERE bucket = ?1
ON CONFLICT (bucket) DO UPDATE SET size = excluded.size
"""
FORGET_SIZE: Final = "DELETE FROM counted_size WHERE bucket = ?"
PUT_ACCOUNT_CONFIG: Final = """
INSERT INTO account_config (account, kind, document) VALUES (?, ?, ?)
ON CONFLICT (account, kind) DO UPDATE SET document = excluded.document
"""
DELETE_ACCOUNT_CONFIG: Final = "DELETE FROM account_config WHERE account = ? AND kind = ?"
ADD_BLOB: Final = "INSERT INTO blob (id, size) VALUES (?, ?)"
INSERT_VERSION: Final = """
INSERT INTO version (bucket, id, key, version_id, type, size, etag, content_md5, crc64, storage_class, acl,
                     last_modified, headers, metadata, is_inline, rank, traits)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
UPDATE_VERSION: Final = """
UPDATE version SET type = ?4, size = ?5, etag = ?6, content_md5 = ?7, crc64 = ?8, storage_class = ?9, acl = ?10,
                   last_modified = ?11, headers = ?12, metadata = ?13, traits = ?16
WHERE id = ?1 AND key = ?2 AND version_id = ?3 AND is_inline = ?14 AND rank = ?15
"""
INSERT_SEGMENT: Final = "INSERT INTO segment (version, position, blob, offset, length) VALUES (?, ?, ?, ?, ?)"
INSERT_SMALL_BODY: Final = "INSERT INTO small_body (version, body) VALUES (?, ?)"
PUT_HEAD: Final = """
INSERT INTO head (bucket, key, rank, version) VALUES (?, ?, ?, ?)
ON CONFLICT (bucket, key) DO UPDATE SET rank = excluded.rank, version = excluded.version
"""
DELETE_HEAD: Final = "DELETE FROM head WHERE bucket = ? AND key = ?"
DELETE_SEGMENTS: Final = "DELETE FROM segment WHERE version = ?"
CUT_SEGMENTS: Final = "DELETE FROM segment WHERE version = ? AND position >= ?"
DELETE_SMALL_BODY: Final = "DELETE FROM small_body WHERE version = ?"
DELETE_VERSION: Final = "DELETE FROM version WHERE id = ?"
# The blobs of what goes, as often as they are named: DISTINCT would visit all rows before a reader of a few could stop.
VERSION_BLOBS: Final = "SELECT blob FROM segment WHERE version = ?"
CUT_BLOBS: Final = "SELECT blob FROM segment WHERE version = ? AND position >= ?"

INSERT_UPLOAD: Final = f"INSERT INTO upload (bucket, {UPLOAD_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
PUT_PART: Final = f"INSERT OR REPLACE INTO part (upload, {PART_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"
PART_BLOBS: Final = "SELECT blob FROM part_segment WHERE upload = ? AND number = ?"
DELETE_PART_SEGMENTS: Final = "DELETE FROM part_segment WHERE upload = ? AND number = ?"
INSERT_PART_SEGMENT: Final = """
INSERT INTO part_segment (upload, number, position, blob, offset, length) VALUES (?, ?, ?, ?, ?, ?)
"""
# `numbers` is a JSON array: lists of any length are one statement.
MOVE_PARTS: Final = """
INSERT INTO segment (version, position, blob, offset, length)
SELECT :version, sum(length) OVER (ORDER BY number, position) - length, blob, offset, length
FROM part_segment WHERE upload = :upload AND number IN (SELECT value FROM json_each(:numbers))
"""
UPLOAD_BLOBS: Final = "SELECT blob FROM part_segment WHERE upload = ?"
LEFT_OUT_BLOBS: Final = """
SELECT blob FROM part_segment WHERE upload = ? AND number NOT IN (SELECT value FROM json_each(?))
"""
DELETE_UPLOAD_SEGMENTS: Final = "DELETE FROM part_segment WHERE upload = ?"
DELETE_PARTS: Final = "DELETE FROM part WHERE upload = ?"
DELETE_UPLOAD: Final = "DELETE FROM upload WHERE id = ?"

DELETE_UNNAMED_BLOBS: Final = """
DELETE FROM blob WHERE id IN (SELECT value FROM json_each(?))
AND NOT EXISTS (SELECT 1 FROM segment WHERE segment.blob = blob.id)
AND NOT EXISTS (SELECT 1 FROM part_segment WHERE part_segment.blob = blob.id)
RETURNING id
"""
CONDEMN: Final = "INSERT INTO condemned (blob) VALUES (?)"
FORGET_CONDEMNED: Final = "DELETE FROM condemned WHERE blob = ?"
MARK_SWEPT: Final = "UPDATE incarnation SET swept = 1 WHERE id = ? AND fenced = 1"

NEW_INCARNATION: Final = "INSERT INTO incarnation (started_at, fenced, swept) VALUES (?, 0, 0) RETURNING id"
FENCE_OTHERS: Final = "UPDATE incarnation SET fenced = 1 WHERE id <> ? AND fenced = 0"
FENCE_ALL: Final = "UPDATE incarnation SET fenced = 1 WHERE fenced = 0"
FENCE: Final = "UPDATE incarnation SET fenced = 1 WHERE id = ?"
IS_FENCED: Final = "SELECT fenced FROM incarnation WHERE id = ?"
