"""Uploads into the real stores until the disk is full, then says what it was told.

Arguments: data directory; bytes that a file may grow beyond the database's present size, or 0 for no such limit.
Prints one JSON object: keys of acknowledged objects, texts of refusals, whether the stores still call themselves healthy.
"""

import asyncio
import json
import resource
import signal
import sys
from pathlib import Path

from ossicle.ports import StoreUnavailable, Transaction
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.digest import Digest
from tests.support.stored import make_blob_id, make_bucket, make_segment, make_version, noon, put, putting

ATTEMPTS = 200
SMALL_BYTES = 8 * 1024
LARGE_BYTES = 512 * 1024


class Uploader:
    def __init__(self, metadata: SqliteMetadataStore, blobs: FilesystemBlobStore) -> None:
        self._metadata = metadata
        self._blobs = blobs

    async def small(self, number: int) -> str:
        version = make_version(number, f"small-{number}")
        await self._metadata.transact(putting(1, version, bytes(SMALL_BYTES)))
        return version.key

    async def large(self, number: int) -> str:
        blob = make_blob_id(number, self._metadata.incarnation)
        segment = make_segment(number, length=LARGE_BYTES, incarnation=self._metadata.incarnation)
        version = make_version(number, f"large-{number}", segments=[segment])
        async with self._blobs.stage(blob, Digest()) as staged:
            await staged.write([bytes(LARGE_BYTES)])
            await staged.seal()

        def commit(transaction: Transaction) -> None:
            transaction.add_blob(blob, LARGE_BYTES)
            put(transaction, 1, version, [segment])

        await self._metadata.transact(commit)
        return version.key


def limit_file_size(data_dir: Path, growth: int) -> None:
    # Without a handler the signal ends the process; ignored, the write fails with EFBIG.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limit = (data_dir / "metadata.sqlite3-wal").stat().st_size + growth
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


async def main(data_dir: Path, growth: int) -> dict[str, object]:
    metadata = await SqliteMetadataStore.open(data_dir, noon)
    blobs = await FilesystemBlobStore.open_root(data_dir)
    await metadata.transact(lambda transaction: transaction.insert_bucket(make_bucket()))
    if growth:
        limit_file_size(data_dir, growth)
    uploader = Uploader(metadata, blobs)
    acknowledged: list[str] = []
    refused: list[str] = []
    for number in range(1, ATTEMPTS + 1):
        upload = uploader.large if number % 4 == 0 else uploader.small
        try:
            acknowledged.append(await upload(number))
        except StoreUnavailable as error:
            refused.append(str(error))
    result = {
        "acknowledged": acknowledged,
        "refused": refused,
        "is_metadata_healthy": metadata.is_healthy,
        "is_blobs_healthy": blobs.is_healthy,
    }
    await blobs.close()
    await metadata.close()
    return result


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))))
