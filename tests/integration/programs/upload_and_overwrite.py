"""Uploads, overwrites and removes through the real stores, telling on standard output what it begins and what is stored.

Arguments: data directory; optionally the name of a fault: a sync that this run leaves out, so that its absence can be found.
Lines: `begin KEY NUMBER` and `stored KEY NUMBER`; NUMBER 0 stands for a removal.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from ossicle.model.objects import ObjectVersion, Segment
from ossicle.ports import Transaction
from ossicle.stores import filesystem
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore, checkpoint
from ossicle.wire.digest import Digest
from ossicle.wire.names import ObjectKey
from tests.support.stored import make_blob_id, make_bucket, make_segment, make_version, noon, put

LARGE_BYTES = 3000


def body_of(key: str, number: int, length: int) -> bytes:
    """Return the bytes of one upload, of which every stretch tells where it belongs."""
    return (f"{key}:{number};".encode() * length)[:length]


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Uploader:
    """The steps of a service, on the real stores."""

    def __init__(self, metadata: SqliteMetadataStore, blobs: FilesystemBlobStore, first_number: int) -> None:
        self._metadata = metadata
        self._blobs = blobs
        self._number = first_number

    async def small(self, key: str) -> None:
        number = self._next()
        say("begin", key, number)
        await self._commit(make_version(number, key, size=50), body_of(key, number, 50))
        say("stored", key, number)

    async def large(self, key: str) -> None:
        number = self._next()
        say("begin", key, number)
        blob = make_blob_id(number << 120, self._metadata.incarnation)
        async with self._blobs.stage(blob, Digest()) as staged:
            await staged.write([body_of(key, number, LARGE_BYTES)])
            await staged.seal()
        segment = make_segment(number << 120, length=LARGE_BYTES, incarnation=self._metadata.incarnation)
        await self._commit(make_version(number, key, segments=[segment]), [segment])
        say("stored", key, number)

    async def remove(self, key: str) -> None:
        def commit(transaction: Transaction) -> None:
            old = transaction.current_version(1, ObjectKey(key))
            if old is not None:
                transaction.delete_current_version(1, old.key)
                transaction.delete_version(old)

        say("begin", key, 0)
        await self._metadata.transact(commit)
        say("stored", key, 0)

    async def sweep(self) -> None:
        condemned = await self._metadata.read(lambda reading: reading.condemned(limit=100))
        for blob in condemned:
            await self._blobs.delete(blob)
        await self._metadata.transact(lambda transaction: transaction.forget_condemned(condemned))

    def _next(self) -> int:
        self._number += 1
        return self._number

    async def _commit(self, version: ObjectVersion, content: bytes | list[Segment]) -> None:
        def commit(transaction: Transaction) -> None:
            old = transaction.current_version(1, version.key)
            for segment in content if isinstance(content, list) else ():
                transaction.add_blob(segment.blob, segment.length)
            put(transaction, 1, version, content)
            if old is not None:
                transaction.delete_version(old)

        await self._metadata.transact(commit)


async def session(data_dir: Path, *, is_first: bool) -> None:
    metadata = await SqliteMetadataStore.open(data_dir, noon, durable=FAULT != "relaxed")
    blobs = await FilesystemBlobStore.open_root(data_dir)
    if is_first:
        await metadata.transact(lambda transaction: transaction.insert_bucket(make_bucket()))
    uploader = Uploader(metadata, blobs, first_number=0 if is_first else 50)
    await uploader.large("large")
    await uploader.small("small")
    await asyncio.gather(uploader.large("one"), uploader.small("two"), uploader.large("three"), uploader.small("four"))
    await uploader.large("large")
    await uploader.small("small")
    await uploader.remove("one")
    await uploader.sweep()
    await asyncio.gather(uploader.remove("two"), uploader.small("large"), uploader.large("small"))
    await blobs.close()
    await metadata.close()


def nothing(*_: object) -> None:
    """Stands in for a sync."""


FAULTS: dict[str, Callable[[], None]] = {
    "": nothing,
    "relaxed": nothing,
    "no sync of files": lambda: setattr(filesystem, "_sync_bytes", nothing),
    "no sync of directories": lambda: setattr(os, "fsync", nothing),
}
FAULT = sys.argv[2] if len(sys.argv) > 2 else ""


async def main(data_dir: Path) -> None:
    checkpoint.CHECKPOINT_ROWS = 8  # type: ignore[misc]  # so that a short run meets checkpoints
    FAULTS[FAULT]()
    await session(data_dir, is_first=True)
    await session(data_dir, is_first=False)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
