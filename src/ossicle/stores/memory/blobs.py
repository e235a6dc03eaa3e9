"""The port for bytes in memory, for tests that need its promises and no disk."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from ossicle.ports import BlobReader, Corrupt, StagedBlob, StoreUnavailable
from ossicle.stores import blob_ids
from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId


class _MemoryStaged:
    def __init__(self, blobs: dict[BlobId, bytes], blob: BlobId, digest: Digest) -> None:
        self._blobs = blobs
        self._blob = blob
        self._digest = digest
        self._bytes = bytearray()
        self._is_over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over = True

    async def write(self, batch: Sequence[bytes]) -> None:
        self._refuse_if_over()
        for chunk in batch:
            self._digest.update(chunk)
            self._bytes += chunk

    async def seal(self) -> None:
        self._refuse_if_over()
        self._is_over = True
        self._blobs[self._blob] = bytes(self._bytes)

    def _refuse_if_over(self) -> None:
        if self._is_over:
            raise StoreUnavailable("the blob has been discarded or sealed")


class _MemoryReader:
    def __init__(self, blob: BlobId, data: bytes) -> None:
        self._blob = blob
        self._data: bytes | None = data

    async def read(self, offset: int, length: int) -> bytes:
        if self._data is None:
            raise StoreUnavailable("the blob has been closed")
        piece = self._data[offset : offset + length]
        if len(piece) < length:
            raise Corrupt(f"blob {self._blob} ends at {len(self._data)}")
        return piece

    def descriptor(self, offset: int, length: int) -> int | None:
        return None

    async def close(self) -> None:
        self._data = None


class MemoryBlobStore:
    """Bytes in a dictionary."""

    def __init__(self) -> None:
        self._blobs: dict[BlobId, bytes] = {}

    @property
    def is_healthy(self) -> bool:
        return True

    def stage(self, blob: BlobId, digest: Digest) -> AbstractAsyncContextManager[StagedBlob]:
        blob_ids.split(blob)
        return _MemoryStaged(self._blobs, blob, digest)

    async def open(self, blob: BlobId) -> BlobReader:
        blob_ids.split(blob)
        data = self._blobs.get(blob)
        if data is None:
            raise Corrupt(f"blob {blob} is missing")
        return _MemoryReader(blob, data)

    async def delete(self, blob: BlobId) -> None:
        blob_ids.split(blob)
        self._blobs.pop(blob, None)

    async def scan(self, incarnation: int) -> AsyncIterator[BlobId]:
        for blob in sorted(self._blobs):
            if blob_ids.split(blob)[0] == incarnation:
                yield blob

    async def close(self) -> None:
        return
