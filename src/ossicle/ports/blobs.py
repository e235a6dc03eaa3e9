"""The port for immutable bytes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId


class StagedBlob(Protocol):
    """Bytes on their way in, visible to nobody. Leaving the context without `seal` discards them."""

    async def write(self, batch: Sequence[bytes]) -> None:
        """Append the chunks of `batch` and feed them to the digest, in one pass, off the event loop.

        Raises:
            StoreUnavailable: no space, or the store is gone.
        """
        ...

    async def seal(self) -> None:
        """Make the blob durable: when this returns, its bytes and its name survive a power cut.

        Raises:
            StoreUnavailable: it could not be made so.
        """
        ...


class BlobReader(Protocol):
    """An open blob. It can be read to its end even if the blob is deleted meanwhile."""

    async def read(self, offset: int, length: int) -> bytes:
        """Return exactly `length` bytes from `offset`.

        Raises:
            Corrupt: the blob is shorter than that.
            StoreUnavailable: it can't be read.
        """
        ...

    def descriptor(self, offset: int, length: int) -> int | None:
        """Return a descriptor from which these bytes can be sent without waiting for a disk, or None: they have to be read.

        It is open as long as the reader is, and its offsets are the blob's.
        """
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


class BlobStore(Protocol):
    """Bytes under random ids."""

    @property
    def is_healthy(self) -> bool:
        """False once a sync to disk has failed; nothing can be sealed until a restart."""
        ...

    def stage(self, blob: BlobId, digest: Digest) -> AbstractAsyncContextManager[StagedBlob]:
        """Begin a blob whose bytes also go into `digest`."""
        ...

    async def open(self, blob: BlobId) -> BlobReader:
        """Open a sealed blob.

        Raises:
            Corrupt: it is not there, though a row named it.
        """
        ...

    async def delete(self, blob: BlobId) -> None:
        """Remove a blob; one that is gone already is no error."""
        ...

    def scan(self, incarnation: int) -> AsyncIterator[BlobId]:
        """Walk the sealed blobs that an incarnation staged."""
        ...

    async def close(self) -> None:
        """Let go of threads and files."""
        ...
