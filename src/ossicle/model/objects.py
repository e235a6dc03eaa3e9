"""What is stored: buckets, versions of objects, and the segments their bytes are made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from ossicle.wire.encryption import Encryption
from ossicle.wire.names import (
    AccountId,
    BlobId,
    BucketAcl,
    BucketName,
    DataRedundancyType,
    ETag,
    ObjectAcl,
    ObjectKey,
    ObjectRetentionModeType,
    ObjectType,
    StorageClass,
    UploadId,
    VersionId,
    Versioning,
)
from ossicle.wire.records import record


@record
class Bucket:
    """A bucket's row. `id` is the store's own number; names may be used again, ids never are.

    `settings` says of which kinds it has documents, so that what asks for one that is rare need not look. It is read with the row,
    and changed by changing the documents.
    """

    id: int
    name: BucketName
    owner: AccountId
    created_at: datetime
    acl: BucketAcl
    storage_class: StorageClass
    redundancy: DataRedundancyType
    versioning: Versioning | None = None
    blocks_public_access: bool = False
    """No column of the row: whether the bucket or its owner has a public access block, by which public ACLs count for nothing."""
    settings: frozenset[str] = frozenset()


@record
class Segment:
    """A piece of an object's bytes: `length` bytes of `blob` from `offset`."""

    blob: BlobId
    offset: int
    length: int


@record
class StoredHeaders:
    """HTTP headers that an upload set and a download returns; None where the upload had none.

    Values are kept as received: UTF-8, with bytes that are not UTF-8 as lone surrogates (`surrogateescape`).
    """

    content_type: str | None = None
    cache_control: str | None = None
    content_disposition: str | None = None
    content_encoding: str | None = None
    content_language: str | None = None
    expires: str | None = None


@record
class Restoration:
    """A readable copy of an archived object, asked for by RestoreObject: there from `ready_at` to `expires_at`."""

    ready_at: datetime
    expires_at: datetime


@record
class Retention:
    """Until when a version can't be removed; `mode` says whether its owner can change that."""

    mode: ObjectRetentionModeType
    until: datetime


@record
class Traits:
    """What few versions have. `symlink_target` is the header as received; `sealed_at` ended an appendable object's growth.

    `is_held` is a legal hold. `is_sequential` is of uploads only: their parts come in the order of their numbers.
    """

    tags: tuple[tuple[str, str], ...] = ()
    symlink_target: str | None = None
    sealed_at: datetime | None = None
    encryption: Encryption | None = None
    restoration: Restoration | None = None
    retention: Retention | None = None
    is_held: bool = False
    is_sequential: bool = False


NO_TRAITS: Final = Traits()
"""What most versions have: kept as nothing, and compared by identity where it matters."""


@record
class ObjectVersion:
    """One version of one object, or the delete marker that says that it has none any more.

    Its bytes are segments in order, or, when `is_inline`, a small body; the metadata store keeps both beside this row. A delete
    marker has neither. `id` is unique over all buckets and never used again. It says nothing of the order: processes number by
    themselves. That is what `rank` says, among the versions of one key: the newest has the least. It is 0 for a version that was
    made before its bucket had versions, and every later one is at least one less.
    """

    id: int
    key: ObjectKey
    version_id: VersionId
    type: ObjectType
    size: int
    etag: ETag
    content_md5: bytes | None
    crc64: int
    storage_class: StorageClass
    acl: ObjectAcl
    last_modified: datetime
    headers: StoredHeaders
    metadata: tuple[tuple[str, str], ...]
    is_inline: bool
    rank: int = 0
    traits: Traits = NO_TRAITS

    @property
    def is_delete_marker(self) -> bool:
        """Whether this version says that the object is gone."""
        return self.type is ObjectType.DELETE_MARKER


@record
class ListedObject:
    """What a listing shows of an object."""

    key: ObjectKey
    last_modified: datetime
    etag: ETag
    type: ObjectType
    size: int
    storage_class: StorageClass
    restoration: Restoration | None = None


@record
class ObjectPage:
    """One page of a listing, keys and common prefixes in one ascending walk.

    `next_marker` is the last key or common prefix of the page when more follows, else None.
    """

    objects: tuple[ListedObject, ...] = ()
    common_prefixes: tuple[str, ...] = ()
    next_marker: str | None = None


@record
class ListedVersion:
    """What a listing of versions shows of one, or of a delete marker."""

    key: ObjectKey
    version_id: VersionId
    rank: int
    is_latest: bool
    last_modified: datetime
    etag: ETag
    type: ObjectType
    size: int
    storage_class: StorageClass

    @property
    def is_delete_marker(self) -> bool:
        """Whether this version says that the object is gone."""
        return self.type is ObjectType.DELETE_MARKER


RANK_MIN: Final = -(1 << 62)
"""Less than every rank."""


@record
class VersionMarker:
    """Where a listing of versions goes on: behind all of `key`, or behind the one of a `rank`, which need not be there any more.

    A `key` that is a common prefix stands for the whole group.
    """

    key: str
    rank: int | None = None


@record
class VersionPage:
    """One page of versions, by key and newest first, and of common prefixes.

    `next_marker` is the last version or common prefix of the page when more follows, else None.
    """

    versions: tuple[ListedVersion, ...] = ()
    common_prefixes: tuple[str, ...] = ()
    next_marker: VersionMarker | None = None


@record
class MultipartUpload:
    """An object that is being sent in parts, with what its initiation said of it.

    `id` is the store's own number, unique and never used again; `upload_id` is what clients call it by.
    """

    id: int
    key: ObjectKey
    upload_id: UploadId
    initiated_at: datetime
    storage_class: StorageClass
    acl: ObjectAcl
    headers: StoredHeaders
    metadata: tuple[tuple[str, str], ...]
    traits: Traits = NO_TRAITS


@record
class Part:
    """One part of a multipart upload. Its bytes are segments, always: also a part of few bytes is no small body."""

    number: int
    size: int
    etag: ETag
    crc64: int
    last_modified: datetime


@record
class UploadMarker:
    """Where a listing of multipart uploads goes on: behind all uploads of `key`, or behind one when `upload_id` says which.

    A `key` that is a common prefix stands for the whole group.
    """

    key: str
    upload_id: str | None = None


@record
class UploadPage:
    """One page of multipart uploads, ordered by key and then by upload id, and of common prefixes.

    `next_marker` is the last upload or common prefix of the page when more follows, else None.
    """

    uploads: tuple[MultipartUpload, ...] = ()
    common_prefixes: tuple[str, ...] = ()
    next_marker: UploadMarker | None = None


@record
class Usage:
    """What a bucket holds: numbers of versions that are objects and the bytes of them, by storage class, and of all else."""

    counts: Mapping[StorageClass, int]
    sizes: Mapping[StorageClass, int]
    delete_markers: int
    uploads: int
    parts: int
