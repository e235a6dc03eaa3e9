"""Bytes on their way from a client to a store: hashed, bounded, and either small enough for a row or staged as a blob."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import AsyncExitStack, aclosing
from types import TracebackType
from typing import Final, Self, TypeVar

from ossicle.model.objects import Segment
from ossicle.ports import BlobStore, Conflict, StagedBlob
from ossicle.services.body import Body
from ossicle.services.numbering import Numbering
from ossicle.wire.digest import Digest
from ossicle.wire.errors import EntityTooLarge, OssError
from ossicle.wire.names import BlobId
from ossicle.wire.records import record

R = TypeVar("R")

BATCH_BYTES: Final = 1024 * 1024


@record
class IntakeLimits:
    """Sizes in bytes: what goes into a row, and what one PUT may carry."""

    small_body_bytes: int
    object_bytes_max: int


class Intake:
    """One body, taken in whole. Used as a context: what was not sealed when it ends is gone.

    At any time it holds two batches at most, one being written by a thread while the other one arrives.
    """

    def __init__(self, blobs: BlobStore, numbering: Numbering, limits: IntakeLimits, *, bytes_before: int = 0) -> None:
        """Take nothing yet. `bytes_before` are what the body is added to, and count like it."""
        self._blobs = blobs
        self._numbering = numbering
        self._limits = limits
        self._bytes_before = bytes_before
        self._stack = AsyncExitStack()
        self._staged: StagedBlob | None = None
        self._blob: BlobId | None = None
        self._joined_bytes = 0
        self.digest = Digest()
        self.small_body: bytes | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The bytes as segments; none for a small body."""
        return () if self._blob is None else (self._segment(self._blob),)

    def _segment(self, blob: BlobId) -> Segment:
        return Segment(blob=blob, offset=0, length=self._joined_bytes + self.digest.size)

    def judge_length(self, length: int | None) -> None:
        """Refuse an announced length that is too large.

        Raises:
            EntityTooLarge: it is beyond the limit of one PUT.
        """
        total = self._bytes_before + (length or 0)
        if total > self._limits.object_bytes_max:
            raise EntityTooLarge(proposed_size=str(total), max_size_allowed=str(self._limits.object_bytes_max))

    async def take(self, body: Body) -> None:
        """Read the body to its end.

        Raises:
            EntityTooLarge: it is beyond the limit of one PUT.
            IncompleteBody: the connection ended first.
            StoreUnavailable: there is no space for it.
        """
        self.judge_length(body.length)
        async with aclosing(self._batches(body)) as batches:
            first: list[bytes] = await anext(batches, [])
            if sum(map(len, first)) <= self._limits.small_body_bytes:
                self.small_body = b"".join(first)
                self.digest.update(self.small_body)
                return
            self._blob = self._numbering.blob()
            self._staged = await self._stack.enter_async_context(self._blobs.stage(self._blob, self.digest))
            await self._write(self._staged, first, batches)

    async def stage_small_body(self, before: bytes) -> None:
        """Make the small body a blob together with bytes that go before it; `digest` stays the body's alone.

        Raises:
            StoreUnavailable: there is no space for it.
        """
        pieces = [piece for piece in (before, self.small_body) if piece]
        self._blob, self.small_body, self._joined_bytes = self._numbering.blob(), None, len(before)
        self._staged = await self._stack.enter_async_context(self._blobs.stage(self._blob, Digest()))
        await self._staged.write(pieces)

    async def seal(self) -> None:
        """Make the staged bytes durable; a small body becomes so with its row."""
        if self._staged is not None:
            await self._staged.seal()

    async def commit(self, change: Awaitable[R]) -> R:
        """Wait for the transaction that names the sealed blob; when it is refused, delete the blob: nothing ever will name it.

        Raises:
            StoreUnavailable: the row may be there after all, and the blob stays for the sweep to judge.
            OssError, Conflict: as `change` raised them.
        """
        try:
            return await change
        except (OssError, Conflict):
            if self._blob is not None:
                await self._blobs.delete(self._blob)
            raise

    async def _batches(self, body: Body) -> AsyncGenerator[list[bytes], None]:
        """Yield lists of chunks of about 1 MiB; one batch alone when the body fits a row, however large rows may be."""
        full_bytes = max(BATCH_BYTES, self._limits.small_body_bytes + 1)
        batch: list[bytes] = []
        batch_bytes = total_bytes = 0
        async for chunk in body:
            batch.append(chunk)
            batch_bytes += len(chunk)
            total_bytes += len(chunk)
            if self._bytes_before + total_bytes > self._limits.object_bytes_max:
                self.judge_length(total_bytes)
            if batch_bytes >= full_bytes:
                yield batch
                batch, batch_bytes = [], 0
        if batch:
            yield batch

    async def _write(self, staged: StagedBlob, batch: list[bytes], batches: AsyncIterator[list[bytes]]) -> None:
        while batch:
            writing = asyncio.ensure_future(staged.write(batch))
            try:
                batch = await anext(batches, [])
            finally:
                await writing
