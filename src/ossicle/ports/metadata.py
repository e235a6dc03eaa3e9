"""The port for transactional rows.

A unit of work is a synchronous function. It can't await, so the write lock never waits for a client, and it must be safe to run
twice: ids and times are chosen by the caller, outside. Reading and writing have two verbs each: one for a few rows, which may run
on the event loop and so must not hold it up, and one for many, which runs on a thread.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

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
from ossicle.wire.names import AccountId, BlobId, BucketName, ObjectKey, VersionId

R = TypeVar("R")


class Reading(Protocol):
    """Questions, all answered from one snapshot."""

    def bucket(self, name: BucketName) -> Bucket | None:
        """Return the bucket's row."""
        ...

    def buckets(self, owner: AccountId, *, prefix: str, marker: str, limit: int) -> Sequence[Bucket]:
        """Return up to `limit` buckets of `owner` by name, greater than `marker`, beginning with `prefix`."""
        ...

    def buckets_with(self, kind: str, *, marker: str, limit: int) -> Sequence[Bucket]:
        """Return up to `limit` buckets of all accounts that have a document of one kind, by name, greater than `marker`."""
        ...

    def bucket_config(self, bucket_id: int, kind: str) -> bytes | None:
        """Return the stored document of one kind (`cors`, ...)."""
        ...

    def bucket_configs(self, bucket_id: int) -> Mapping[str, bytes]:
        """Return all stored documents of a bucket, by kind."""
        ...

    def counted_size(self, bucket_id: int) -> int | None:
        """Return how many bytes the versions in a bucket have, without visiting them; None where they are not counted."""
        ...

    def account_config(self, account: AccountId, kind: str) -> bytes | None:
        """Return the document of one kind that an account has for all its buckets."""
        ...

    def ram_entity(self, account: AccountId, kind: str, name: str) -> bytes | None:
        """Return what is stored of a user, group, role or policy of an account."""
        ...

    def ram_entities(self, account: AccountId, kind: str, *, after: str, limit: int) -> Sequence[bytes]:
        """Return what is stored of up to `limit` entities of one kind, by name, greater than `after`."""
        ...

    def ram_key_owner(self, access_key_id: str) -> tuple[AccountId, str] | None:
        """Return the account and the name of the user that an access key is of."""
        ...

    def is_bucket_empty(self, bucket_id: int) -> bool:
        """Return whether no version, marker or upload is left in the bucket."""
        ...

    def current_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        """Return the version that the key's head names: the latest one, unless that is a delete marker."""
        ...

    def current_object(self, bucket_id: int, key: ObjectKey) -> tuple[ObjectVersion, bytes | None] | None:
        """Return the version that the key's head names, with its bytes if it is inline: one question instead of two."""
        ...

    def latest_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        """Return the version of least rank, which may be a delete marker."""
        ...

    def version(self, bucket_id: int, key: ObjectKey, version_id: VersionId) -> ObjectVersion | None:
        """Return a version by its id, `null` among them; a delete marker counts."""
        ...

    def small_body(self, version: int) -> bytes | None:
        """Return the bytes of an inline version; None when that version is gone."""
        ...

    def segments(self, version: int, *, start: int, length: int) -> Sequence[Segment]:
        """Return where `length` bytes from `start` of a version are, trimmed to exactly these; fewer if it ends before.

        Segments outside the range are not visited.
        """
        ...

    def upload(self, bucket_id: int, upload_id: str) -> MultipartUpload | None:
        """Return a multipart upload that is neither completed nor aborted."""
        ...

    def parts(self, upload: int, *, after: int, limit: int | None) -> Sequence[Part]:
        """Return up to `limit` parts of an upload by number, greater than `after`; all of them without a limit."""
        ...

    def list_uploads(
        self, bucket_id: int, *, prefix: str, delimiter: str, after: UploadMarker | None, limit: int
    ) -> UploadPage:
        """Return uploads and common prefixes behind `after`; `limit` counts both, and the cost is as for `list_objects`."""
        ...

    def list_objects(self, bucket_id: int, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        """Return keys and common prefixes after `after`; `limit` counts both, an `after` that is a common prefix skips it.

        The cost grows with the entries returned, not with the keys that a common prefix hides.
        """
        ...

    def list_versions(
        self, bucket_id: int, *, prefix: str, delimiter: str, after: VersionMarker | None, limit: int
    ) -> VersionPage:
        """Return versions, delete markers and common prefixes behind `after`; `limit` counts all, the cost is as above."""
        ...

    def usage(self, bucket_id: int) -> Usage:
        """Return how much is in the bucket. Every version, upload and part is visited."""
        ...

    def is_blob_named(self, blob: BlobId) -> bool:
        """Return whether a row for this blob exists."""
        ...

    def is_blob_condemned(self, blob: BlobId) -> bool:
        """Return whether this blob's row is gone and its bytes are still to be deleted."""
        ...

    def condemned(self, *, after: str = "", limit: int) -> Sequence[BlobId]:
        """Return up to `limit` blobs, by their ids behind `after`, whose rows are gone and whose bytes are to be deleted."""
        ...

    def unswept_incarnations(self) -> Sequence[int]:
        """Return fenced incarnations whose orphans have not been collected."""
        ...


class Transaction(Reading, Protocol):
    """Changes, all or none. A raised exception undoes this unit of work and no other.

    Raises:
        Conflict: the incarnation that writes has been fenced, or a foreign key does not hold.
    """

    def insert_bucket(self, bucket: Bucket) -> None:
        """Add a bucket; the caller has seen in this transaction that the name is free."""
        ...

    def update_bucket(self, bucket: Bucket) -> None:
        """Replace the row that has this id."""
        ...

    def delete_bucket(self, bucket_id: int) -> None:
        """Remove an empty bucket and its configuration."""
        ...

    def put_bucket_config(self, bucket_id: int, kind: str, document: bytes) -> None:
        """Store a document, replacing one of the same kind."""
        ...

    def delete_bucket_config(self, bucket_id: int, kind: str) -> None:
        """Remove a document, if there is one."""
        ...

    def count_size(self, bucket_id: int) -> None:
        """Count the bytes of the bucket's versions from here on. All of them are visited."""
        ...

    def put_account_config(self, account: AccountId, kind: str, document: bytes) -> None:
        """Store a document of an account, replacing one of the same kind."""
        ...

    def delete_account_config(self, account: AccountId, kind: str) -> None:
        """Remove a document of an account, if there is one."""
        ...

    def put_ram_entity(self, account: AccountId, kind: str, name: str, document: bytes) -> None:
        """Store an entity of an account, replacing one of the same kind and name."""
        ...

    def delete_ram_entity(self, account: AccountId, kind: str, name: str) -> None:
        """Remove an entity, if there is one."""
        ...

    def put_ram_key(self, access_key_id: str, account: AccountId, user: str) -> None:
        """Say which user an access key is of, whoever had it before."""
        ...

    def delete_ram_key(self, access_key_id: str) -> None:
        """Forget an access key, if there is one."""
        ...

    def add_blob(self, blob: BlobId, size: int) -> None:
        """Name a sealed blob, so that segments may refer to it."""
        ...

    def put_current_version(self, bucket_id: int, version: ObjectVersion, content: bytes | Sequence[Segment]) -> None:
        """Insert the version with its small body or its segments and make it what the key's head names."""
        ...

    def put_delete_marker(self, bucket_id: int, marker: ObjectVersion) -> None:
        """Insert a delete marker. The key's head, if there is one, was removed before."""
        ...

    def set_current_version(self, bucket_id: int, version: ObjectVersion) -> None:
        """Make a version that is there what the key's head names."""
        ...

    def delete_current_version(self, bucket_id: int, key: ObjectKey) -> None:
        """Remove the key's head. The version it named stays until `delete_version`."""
        ...

    def update_version(self, version: ObjectVersion) -> None:
        """Replace the row of this id in all but its key, version id, rank and kind of content."""
        ...

    def append_segments(self, version: int, *, position: int, segments: Sequence[Segment]) -> None:
        """Add segments behind the `position` bytes that a version without a small body has."""
        ...

    def cut_segments(self, version: int, *, position: int) -> None:
        """Remove the segments of a version from `position` on, where one begins; blobs that nothing names are condemned."""
        ...

    def delete_version(self, version: ObjectVersion) -> None:
        """Remove a version that no head names, with its bytes: blobs that nothing names any more are condemned.

        A condemned blob has no row left, and its bytes wait in a queue to be deleted.
        """
        ...

    def insert_upload(self, bucket_id: int, upload: MultipartUpload) -> None:
        """Add a multipart upload without parts."""
        ...

    def put_part(self, upload: int, part: Part, segments: Sequence[Segment]) -> None:
        """Add a part, replacing one of the same number, whose blobs are condemned if nothing else names them."""
        ...

    def complete_upload(
        self, bucket_id: int, upload: MultipartUpload, version: ObjectVersion, numbers: Sequence[int]
    ) -> None:
        """Make the parts of these ascending numbers a version, and that what the key's head names; remove the upload.

        Rows move, no bytes do. The parts left out are dropped like those of an aborted upload.
        """
        ...

    def delete_upload(self, upload: int) -> None:
        """Remove an upload with its parts; blobs that nothing names any more are condemned."""
        ...

    def forget_condemned(self, blobs: Sequence[BlobId]) -> None:
        """Take blobs off the queue: their bytes are gone."""
        ...

    def mark_swept(self, incarnation: int) -> None:
        """Record that no orphan of a fenced incarnation is left."""
        ...


class MetadataStore(Protocol):
    """Rows in a database.

    Opening a store makes a new incarnation; an embedded store, which only one process can hold, fences all others then.
    """

    @property
    def incarnation(self) -> int:
        """The number of this opening of the store; later openings have larger ones."""
        ...

    @property
    def is_healthy(self) -> bool:
        """False once a write to disk has failed for good; nothing can be written until a restart."""
        ...

    async def read(self, work: Callable[[Reading], R]) -> R:
        """Run reads by primary key."""
        ...

    async def scan(self, work: Callable[[Reading], R]) -> R:
        """Run reads that walk a range: listings, and whatever may take more than a fraction of a millisecond."""
        ...

    async def transact(self, work: Callable[[Transaction], R]) -> R:
        """Run changes of a few rows; when this returns they are on disk and seen by every later read.

        What `delete_version` and `put_part` drop may be many rows nevertheless: callers can't know.

        Raises:
            StoreUnavailable: they could not be written.
            Conflict: see `Transaction`.
            Exception: whatever `work` raised.
        """
        ...

    async def transact_bulk(self, work: Callable[[Transaction], R]) -> R:
        """Run changes that walk a range or touch many rows, with the promises of `transact`."""
        ...

    async def close(self) -> None:
        """Finish what was handed in, and let go of the database."""
        ...
