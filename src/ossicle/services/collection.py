"""Deletes the bytes that nothing names: condemned blobs while running, orphans of dead processes after a crash.

Condemn, then delete: the transaction that drops the last reference also removes the blob's row and queues its bytes. The bytes go
afterwards, unless a reader is about to open them.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from ossicle.ports import BlobStore, MetadataStore, StoreError
from ossicle.wire.names import BlobId

_PAGE: Final = 1000
_log = logging.getLogger("ossicle.collection")


class Collection:
    """Collects in the background. One that fails is tried again at the next occasion, and at the latest after a restart."""

    def __init__(self, metadata: MetadataStore, blobs: BlobStore) -> None:
        self._metadata = metadata
        self._blobs = blobs
        self._pins: Counter[BlobId] = Counter()
        self._spared: set[BlobId] = set()
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def pin(self, blobs: Iterable[BlobId]) -> None:
        """Keep the bytes of blobs until they are opened. Pin in the same step of the event loop that read their names."""
        self._pins.update(blobs)

    def unpin(self, blobs: Iterable[BlobId]) -> None:
        """Take back a pin of each."""
        for blob in blobs:
            self._pins[blob] -= 1
            if not self._pins[blob]:
                del self._pins[blob]
            if blob in self._spared:
                self.wake()

    def wake(self) -> None:
        """Say that something may have been condemned."""
        self._wanted.set()

    def start(self) -> None:
        """Collect in the background from now on: first what earlier processes left behind."""
        self._task = asyncio.create_task(self._run())
        self.wake()

    async def stop(self) -> None:
        """Stop collecting; what is left waits for the next start."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self.delete_condemned()
            except StoreError:
                _log.warning("condemned blobs wait for the next occasion", exc_info=True)

    async def delete_condemned(self) -> None:
        """Delete the bytes of condemned blobs, but for those that are pinned."""
        while True:
            condemned = await self._metadata.scan(lambda rows: rows.condemned(limit=_PAGE))
            free = [blob for blob in condemned if blob not in self._pins]
            self._spared = set(condemned).difference(free)
            if not free:
                return
            for blob in free:
                await self._blobs.delete(blob)
            await self._forget(free)

    async def _forget(self, blobs: list[BlobId]) -> None:
        await self._metadata.transact_bulk(lambda transaction: transaction.forget_condemned(blobs))

    async def sweep(self) -> None:
        """Delete what dead processes staged and never committed: sealed blobs of fenced incarnations that no row names."""
        for incarnation in await self._metadata.scan(lambda rows: rows.unswept_incarnations()):
            async for blob in self._blobs.scan(incarnation):
                if not await self._is_known(blob):
                    await self._blobs.delete(blob)
            await self._mark_swept(incarnation)

    async def _is_known(self, blob: BlobId) -> bool:
        return await self._metadata.read(lambda rows: rows.is_blob_named(blob))

    async def _mark_swept(self, incarnation: int) -> None:
        await self._metadata.transact(lambda transaction: transaction.mark_swept(incarnation))
