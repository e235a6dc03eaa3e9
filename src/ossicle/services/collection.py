"""Deletes the bytes that nothing names: condemned blobs while running, orphans of dead processes after a crash.

Condemn, then delete: the transaction that drops the last reference also removes the blob's row and queues its bytes. The bytes go
afterwards, unless a reader is about to open them. One process of a server deletes, whichever condemned.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from ossicle.ports import BlobStore, MetadataStore, StoreError
from ossicle.services.changes import Changes
from ossicle.services.pins import Pins
from ossicle.wire.names import BlobId

LOOK_SECONDS: Final = 1.0
"""How long what another process condemned, or a reader had pinned, may wait for this one to look again."""
_PAGE: Final = 1000
_log = logging.getLogger("ossicle.collection")


class Collection:
    """Collects in the background. One that fails is tried again at the next occasion, and at the latest after a restart."""

    def __init__(
        self,
        metadata: MetadataStore,
        blobs: BlobStore,
        pins: Pins | None = None,
        condemned: Changes | None = None,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self.pins = pins or Pins()
        self._metadata = metadata
        self._blobs = blobs
        self._condemned = condemned or Changes()
        self._look_seconds = look_seconds
        self._has_spared = False
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Say that something may have been condemned."""
        self._condemned.bump()
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
        seen = b""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_seconds):
                    await self._wanted.wait()
            self._wanted.clear()
            now = self._condemned.moment()
            if now != seen or self._has_spared:
                seen = now
                try:
                    await self.delete_condemned()
                except StoreError:
                    _log.warning("condemned blobs wait for the next occasion", exc_info=True)

    async def delete_condemned(self) -> None:
        """Delete the bytes of condemned blobs, but for those that may be pinned."""
        after, self._has_spared = "", False
        while condemned := await self._page_behind(after):
            # Only now: a pin that is not there yet belongs to a reader who is going to see that the blob is condemned.
            free = [blob for blob in condemned if not self.pins.may_hold(blob)]
            self._has_spared |= len(free) < len(condemned)
            for blob in free:
                await self._blobs.delete(blob)
            if free:
                await self._forget(free)
            after = condemned[-1]

    async def _page_behind(self, after: str) -> Sequence[BlobId]:
        return await self._metadata.scan(lambda rows: rows.condemned(after=after, limit=_PAGE))

    async def _forget(self, blobs: list[BlobId]) -> None:
        await self._metadata.transact_bulk(lambda transaction: transaction.forget_condemned(blobs))

    async def sweep(self) -> None:
        """Delete what dead processes staged and never committed: sealed blobs of fenced incarnations that no row names.

        Condemned ones are left to `delete_condemned`: other processes may be reading them.
        """
        for incarnation in await self._metadata.scan(lambda rows: rows.unswept_incarnations()):
            async for blob in self._blobs.scan(incarnation):
                if not await self._is_known(blob):
                    await self._blobs.delete(blob)
            await self._mark_swept(incarnation)

    async def _is_known(self, blob: BlobId) -> bool:
        return await self._metadata.read(lambda rows: rows.is_blob_named(blob) or rows.is_blob_condemned(blob))

    async def _mark_swept(self, incarnation: int) -> None:
        await self._metadata.transact(lambda transaction: transaction.mark_swept(incarnation))
