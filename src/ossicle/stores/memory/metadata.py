"""The port for rows in memory, for tests that need its promises and no disk.

A unit of work changes a copy of the tables, which replaces them when it ends well: all or nothing, and a snapshot is the
tables that were there. Only the tables are copied, never what is in them, so this is fast enough for thousands of rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ossicle.model.objects import (
    Bucket,
    ListedObject,
    ListedVersion,
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
from ossicle.ports import Conflict, Reading, StoreUnavailable, Transaction
from ossicle.stores import listing
from ossicle.stores.memory.listed import listed, listed_version
from ossicle.stores.memory.ram import RamReading, RamTransaction
from ossicle.stores.memory.tables import Incarnation, Tables
from ossicle.stores.segments import judge_content, placed, trim
from ossicle.stores.usage import usage_of
from ossicle.wire.names import AccountId, BlobId, BucketName, ObjectKey, VersionId

R = TypeVar("R")


class _MemoryReading(RamReading):
    def bucket(self, name: BucketName) -> Bucket | None:
        found = next((bucket for bucket in self._tables.buckets.values() if bucket.name == name), None)
        return None if found is None else self._with_settings(found)

    def _with_settings(self, bucket: Bucket) -> Bucket:
        kinds = frozenset(kind for holder, kind in self._tables.configs if holder == bucket.id)
        return replace(bucket, settings=kinds)

    def buckets(self, owner: AccountId, *, prefix: str, marker: str, limit: int) -> Sequence[Bucket]:
        found = (bucket for bucket in self._tables.buckets.values() if bucket.owner == owner)
        named = (bucket for bucket in found if bucket.name.startswith(prefix) and bucket.name > marker)
        return [self._with_settings(bucket) for bucket in sorted(named, key=lambda bucket: bucket.name)[:limit]]

    def buckets_with(self, kind: str, *, marker: str, limit: int) -> Sequence[Bucket]:
        found = (bucket for bucket in self._tables.buckets.values() if (bucket.id, kind) in self._tables.configs)
        named = sorted((bucket for bucket in found if bucket.name > marker), key=lambda bucket: bucket.name)
        return [self._with_settings(bucket) for bucket in named[:limit]]

    def bucket_config(self, bucket_id: int, kind: str) -> bytes | None:
        return self._tables.configs.get((bucket_id, kind))

    def bucket_configs(self, bucket_id: int) -> Mapping[str, bytes]:
        return {kind: document for (holder, kind), document in self._tables.configs.items() if holder == bucket_id}

    def counted_size(self, bucket_id: int) -> int | None:
        return sum(self.usage(bucket_id).sizes.values()) if bucket_id in self._tables.counting else None

    def account_config(self, account: AccountId, kind: str) -> bytes | None:
        return self._tables.account_configs.get((account, kind))

    def is_bucket_empty(self, bucket_id: int) -> bool:
        held = (*self._tables.versions.values(), *self._tables.uploads.values())
        return all(holder != bucket_id for holder, _ in held)

    def current_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        number = self._tables.heads.get((bucket_id, key.encode()))
        return None if number is None else self._tables.versions[number][1]

    def current_object(self, bucket_id: int, key: ObjectKey) -> tuple[ObjectVersion, bytes | None] | None:
        version = self.current_version(bucket_id, key)
        return None if version is None else (version, self.small_body(version.id))

    def latest_version(self, bucket_id: int, key: ObjectKey) -> ObjectVersion | None:
        return min(self._versions(bucket_id, key), key=lambda version: version.rank, default=None)

    def version(self, bucket_id: int, key: ObjectKey, version_id: VersionId) -> ObjectVersion | None:
        return next((item for item in self._versions(bucket_id, key) if item.version_id == version_id), None)

    def _versions(self, bucket_id: int, key: ObjectKey) -> Iterator[ObjectVersion]:
        held = self._tables.versions.values()
        return (version for holder, version in held if holder == bucket_id and version.key == key)

    def small_body(self, version: int) -> bytes | None:
        content = self._tables.contents.get(version)
        return content if isinstance(content, bytes) else None

    def segments(self, version: int, *, start: int, length: int) -> Sequence[Segment]:
        content = self._tables.contents.get(version, ())
        return () if isinstance(content, bytes) else trim(placed(content), start=start, length=length)

    def upload(self, bucket_id: int, upload_id: str) -> MultipartUpload | None:
        uploads = self._tables.uploads.values()
        return next((item for holder, item in uploads if (holder, item.upload_id) == (bucket_id, upload_id)), None)

    def parts(self, upload: int, *, after: int, limit: int | None) -> Sequence[Part]:
        found = (part for (holder, _), (part, _) in self._tables.parts.items() if holder == upload)
        return sorted((part for part in found if part.number > after), key=lambda part: part.number)[:limit]

    def list_uploads(
        self, bucket_id: int, *, prefix: str, delimiter: str, after: UploadMarker | None, limit: int
    ) -> UploadPage:
        held = (upload for holder, upload in self._tables.uploads.values() if holder == bucket_id)
        rows = sorted((upload.key.encode(), upload.upload_id.encode(), upload.id) for upload in held)

        def seek(place: listing.UploadPlace, end: bytes, _count: int) -> Iterator[tuple[bytes, bytes, int]]:
            return (row for row in rows if row[:2] > place and row[0] < end)

        def upload_of(row: tuple[bytes, bytes, int]) -> MultipartUpload:
            return self._tables.uploads[row[2]][1]

        return listing.list_upload_page(seek, upload_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit)

    def list_objects(self, bucket_id: int, *, prefix: str, delimiter: str, after: str, limit: int) -> ObjectPage:
        keys = sorted(key for holder, key in self._tables.heads if holder == bucket_id)

        def seek(start: bytes, end: bytes, _count: int) -> Iterator[tuple[bytes]]:
            return ((key,) for key in keys if start <= key < end)

        def listed_of(row: tuple[bytes]) -> ListedObject:
            return listed(self._tables.versions[self._tables.heads[bucket_id, row[0]]][1])

        return listing.list_page(seek, listed_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit)

    def list_versions(
        self, bucket_id: int, *, prefix: str, delimiter: str, after: VersionMarker | None, limit: int
    ) -> VersionPage:
        held = (version for holder, version in self._tables.versions.values() if holder == bucket_id)
        rows = sorted((version.key.encode(), version.rank, version.id) for version in held)
        latest = {key: number for key, _, number in reversed(rows)}

        def seek(place: listing.VersionPlace, end: bytes, _count: int) -> Iterator[tuple[bytes, int, int]]:
            return (row for row in rows if row[:2] > place and row[0] < end)

        def version_of(row: tuple[bytes, int, int]) -> ListedVersion:
            key, _, number = row
            return listed_version(self._tables.versions[number][1], is_latest=latest[key] == number)

        return listing.list_version_page(seek, version_of, prefix=prefix, delimiter=delimiter, after=after, limit=limit)

    def usage(self, bucket_id: int) -> Usage:
        uploads = [number for number, (holder, _) in self._tables.uploads.items() if holder == bucket_id]
        parts = sum(holder in uploads for holder, _ in self._tables.parts)
        held = (version for holder, version in self._tables.versions.values() if holder == bucket_id)
        groups = ((version.storage_class, version.type, 1, version.size) for version in held)
        return usage_of(groups, uploads=len(uploads), parts=parts)

    def is_blob_named(self, blob: BlobId) -> bool:
        return blob in self._tables.blobs

    def is_blob_condemned(self, blob: BlobId) -> bool:
        return blob in self._tables.condemned

    def condemned(self, *, after: str = "", limit: int) -> Sequence[BlobId]:
        return sorted(blob for blob in self._tables.condemned if blob > after)[:limit]

    def unswept_incarnations(self) -> Sequence[int]:
        found = self._tables.incarnations.items()
        return sorted(number for number, incarnation in found if incarnation.is_fenced and not incarnation.is_swept)


class _MemoryTransaction(_MemoryReading, RamTransaction):
    def insert_bucket(self, bucket: Bucket) -> None:
        _refuse_if(bucket.id in self._tables.buckets, f"bucket {bucket.id} exists")
        _refuse_if(self.bucket(bucket.name) is not None, f"the name {bucket.name} is taken")
        self._tables.buckets[bucket.id] = bucket

    def update_bucket(self, bucket: Bucket) -> None:
        self._require_bucket(bucket.id)
        namesake = self.bucket(bucket.name)
        _refuse_if(namesake is not None and namesake.id != bucket.id, f"the name {bucket.name} is taken")
        self._tables.buckets[bucket.id] = bucket

    def delete_bucket(self, bucket_id: int) -> None:
        self._require_bucket(bucket_id)
        _refuse_if(not self.is_bucket_empty(bucket_id), f"bucket {bucket_id} is not empty")
        for holder, kind in tuple(self._tables.configs):
            if holder == bucket_id:
                del self._tables.configs[holder, kind]
        del self._tables.buckets[bucket_id]
        self._tables.counting.pop(bucket_id, None)

    def put_bucket_config(self, bucket_id: int, kind: str, document: bytes) -> None:
        self._require_bucket(bucket_id)
        self._tables.configs[bucket_id, kind] = document

    def delete_bucket_config(self, bucket_id: int, kind: str) -> None:
        self._tables.configs.pop((bucket_id, kind), None)

    def count_size(self, bucket_id: int) -> None:
        self._tables.counting[bucket_id] = None

    def put_account_config(self, account: AccountId, kind: str, document: bytes) -> None:
        self._tables.account_configs[account, kind] = document

    def delete_account_config(self, account: AccountId, kind: str) -> None:
        self._tables.account_configs.pop((account, kind), None)

    def add_blob(self, blob: BlobId, size: int) -> None:
        _refuse_if(blob in self._tables.blobs, f"blob {blob} is named already")
        self._tables.blobs[blob] = size

    def put_current_version(self, bucket_id: int, version: ObjectVersion, content: bytes | Sequence[Segment]) -> None:
        judge_content(version, content)
        if not isinstance(content, bytes):
            self._require_blobs(content)
        self._insert_version(bucket_id, version)
        self._tables.contents[version.id] = content if isinstance(content, bytes) else tuple(content)
        self._tables.heads[bucket_id, version.key.encode()] = version.id

    def put_delete_marker(self, bucket_id: int, marker: ObjectVersion) -> None:
        self._insert_version(bucket_id, marker)

    def _insert_version(self, bucket_id: int, version: ObjectVersion) -> None:
        self._require_bucket(bucket_id)
        _refuse_if(version.id in self._tables.versions, f"version {version.id} exists")
        self._tables.versions[version.id] = (bucket_id, version)

    def set_current_version(self, bucket_id: int, version: ObjectVersion) -> None:
        _refuse_if(version.id not in self._tables.versions, f"version {version.id} is gone")
        self._tables.heads[bucket_id, version.key.encode()] = version.id

    def update_version(self, version: ObjectVersion) -> None:
        holder, found = self._tables.versions.get(version.id, (0, None))
        kept = ("key", "version_id", "rank", "is_inline")
        same = found is not None and all(getattr(found, name) == getattr(version, name) for name in kept)
        _refuse_if(not same, f"version {version.id} is gone")
        self._tables.versions[version.id] = (holder, version)

    def append_segments(self, version: int, *, position: int, segments: Sequence[Segment]) -> None:
        content = self._tables.contents.get(version, ())
        if isinstance(content, bytes) or sum(segment.length for segment in content) != position:
            raise Conflict(f"version {version} does not end at {position}")
        self._require_blobs(segments)
        self._tables.contents[version] = (*content, *segments)

    def cut_segments(self, version: int, *, position: int) -> None:
        content = [item for item in self._tables.contents.get(version, ()) if isinstance(item, Segment)]
        kept = tuple(segment for at, segment in placed(content) if at < position)
        self._tables.contents[version] = kept
        self._condemn(content[len(kept) :])

    def delete_current_version(self, bucket_id: int, key: ObjectKey) -> None:
        self._tables.heads.pop((bucket_id, key.encode()), None)

    def delete_version(self, version: ObjectVersion) -> None:
        _refuse_if(version.id in self._tables.heads.values(), f"a head names version {version.id}")
        self._tables.versions.pop(version.id, None)
        content = self._tables.contents.pop(version.id, ())
        if not isinstance(content, bytes):
            self._condemn(content)

    def insert_upload(self, bucket_id: int, upload: MultipartUpload) -> None:
        self._require_bucket(bucket_id)
        namesakes = (item.upload_id for _, item in self._tables.uploads.values())
        _refuse_if(upload.id in self._tables.uploads, f"upload {upload.id} exists")
        _refuse_if(upload.upload_id in namesakes, f"the upload id {upload.upload_id} is taken")
        self._tables.uploads[upload.id] = (bucket_id, upload)

    def put_part(self, upload: int, part: Part, segments: Sequence[Segment]) -> None:
        _refuse_if(upload not in self._tables.uploads, f"upload {upload} is gone")
        self._require_blobs(segments)
        _, replaced = self._tables.parts.get((upload, part.number), (part, ()))
        self._tables.parts[upload, part.number] = (part, tuple(segments))
        self._condemn(replaced)

    def complete_upload(
        self, bucket_id: int, upload: MultipartUpload, version: ObjectVersion, numbers: Sequence[int]
    ) -> None:
        found = (self._tables.parts[upload.id, number][1] for number in numbers)
        self.put_current_version(bucket_id, version, [segment for segments in found for segment in segments])
        self.delete_upload(upload.id)

    def delete_upload(self, upload: int) -> None:
        numbers = [number for holder, number in self._tables.parts if holder == upload]
        dropped = [segment for number in numbers for segment in self._tables.parts.pop((upload, number))[1]]
        self._tables.uploads.pop(upload, None)
        self._condemn(dropped)

    def _condemn(self, segments: Sequence[Segment]) -> None:
        if not segments:
            return
        contents = (content for content in self._tables.contents.values() if not isinstance(content, bytes))
        held = (*contents, *(kept for _, kept in self._tables.parts.values()))
        named = {segment.blob for kept in held for segment in kept}
        for segment in segments:
            if segment.blob not in named and self._tables.blobs.pop(segment.blob, None) is not None:
                self._tables.condemned[segment.blob] = None

    def forget_condemned(self, blobs: Sequence[BlobId]) -> None:
        for blob in blobs:
            self._tables.condemned.pop(blob, None)

    def mark_swept(self, incarnation: int) -> None:
        found = self._tables.incarnations.get(incarnation)
        _refuse_if(found is None or not found.is_fenced, f"incarnation {incarnation} is not fenced")
        self._tables.incarnations[incarnation] = Incarnation(is_fenced=True, is_swept=True)

    def _require_blobs(self, segments: Sequence[Segment]) -> None:
        missing = [segment.blob for segment in segments if segment.blob not in self._tables.blobs]
        _refuse_if(bool(missing), f"no such blobs: {missing}")

    def _require_bucket(self, bucket_id: int) -> None:
        _refuse_if(bucket_id not in self._tables.buckets, f"bucket {bucket_id} is gone")


def _refuse_if(reason: bool, text: str) -> None:
    if reason:
        raise Conflict(text)


class _Shelf:
    """What outlives one opening of the store."""

    def __init__(self) -> None:
        self.tables = Tables()


class MemoryMetadataStore:
    """Rows in dictionaries; units of work run where they are handed in."""

    def __init__(self, shelf: _Shelf | None = None) -> None:
        """Begin empty. `reopened` passes the shelf."""
        self._shelf = _Shelf() if shelf is None else shelf
        tables = self._shelf.tables = self._shelf.tables.copy()
        for number, incarnation in tables.incarnations.items():
            tables.incarnations[number] = Incarnation(is_fenced=True, is_swept=incarnation.is_swept)
        self._incarnation = max(tables.incarnations, default=0) + 1
        tables.incarnations[self._incarnation] = Incarnation()
        self._is_closed = False

    def reopened(self) -> "MemoryMetadataStore":
        """Return what a restart would find: the same rows under a new incarnation, which fences this one."""
        return MemoryMetadataStore(self._shelf)

    @property
    def incarnation(self) -> int:
        return self._incarnation

    @property
    def is_healthy(self) -> bool:
        return True

    async def read(self, work: Callable[[Reading], R]) -> R:
        self._refuse_if_closed()
        return work(_MemoryReading(self._shelf.tables))

    async def scan(self, work: Callable[[Reading], R]) -> R:
        return await self.read(work)

    async def transact(self, work: Callable[[Transaction], R]) -> R:
        self._refuse_if_closed()
        _refuse_if(self._shelf.tables.incarnations[self._incarnation].is_fenced, "the incarnation has been fenced")
        draft = self._shelf.tables.copy()
        result = work(_MemoryTransaction(draft))
        self._shelf.tables = draft
        return result

    async def transact_bulk(self, work: Callable[[Transaction], R]) -> R:
        return await self.transact(work)

    async def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            draft = self._shelf.tables.copy()
            draft.incarnations[self._incarnation] = Incarnation(is_fenced=True)
            self._shelf.tables = draft

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("the metadata store is closed")
