"""Uploads one object after the other through the real stores and says on standard output how far it is.

Arguments: data directory; `full` or `relaxed`.
"""

import asyncio
import os
import sys
from pathlib import Path

from ossicle.ports import Transaction
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.digest import Digest
from tests.support.stored import make_blob_id, make_bucket, make_segment, make_version, noon, put, putting

UPLOADS = 3


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


async def upload(metadata: SqliteMetadataStore, blobs: FilesystemBlobStore, number: int) -> None:
    blob = make_blob_id(number << 120, metadata.incarnation)
    async with blobs.stage(blob, Digest()) as staged:
        await staged.write([b"a" * 70_000, b"b" * 70_000])
        await staged.seal()
    segment = make_segment(number << 120, length=140_000, incarnation=metadata.incarnation)

    def commit(transaction: Transaction) -> None:
        transaction.add_blob(blob, 140_000)
        put(transaction, 1, make_version(number, f"large-{number}", segments=[segment]), [segment])

    await metadata.transact(commit)


async def main(data_dir: Path, durable: bool) -> None:
    metadata = await SqliteMetadataStore.open(data_dir, noon, durable=durable)
    blobs = await FilesystemBlobStore.open_root(data_dir, durable=durable)
    await metadata.transact(lambda transaction: transaction.insert_bucket(make_bucket()))
    say("ready")
    for number in range(1, UPLOADS + 1):
        await upload(metadata, blobs, number)
        say(f"stored large-{number}")
    for number in range(1, UPLOADS + 1):
        await metadata.transact(putting(1, make_version(100 + number, f"small-{number}"), b"c" * 4096))
        say(f"stored small-{number}")
    await asyncio.gather(
        *(
            metadata.transact(putting(1, make_version(200 + number, f"shared-{number}"), b"d" * 4096))
            for number in range(40)
        )
    )
    say("stored shared")
    await blobs.close()
    await metadata.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] == "full"))
