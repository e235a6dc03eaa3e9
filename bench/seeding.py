"""Servers that have many objects already when they start: a million uploads would take the time that a million rows do not.

Ossicle's are written into its database through its own store, before it starts. SeaweedFS's come out of a file as its shell's
`fs.meta.save` writes them, which `fs.meta.load` reads: entries with their few bytes inside.
"""

import asyncio
import contextlib
import hashlib
import http.client
import struct
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from bench.servers import HOST, Ossicle, SeaweedFS, ServerFailed
from bench.target import BUCKET
from ossicle.model.objects import Bucket, ObjectVersion, StoredHeaders
from ossicle.ports import Transaction
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.digest import Digest, render_etag
from ossicle.wire.names import (
    NULL_VERSION,
    AccountId,
    BucketAcl,
    BucketName,
    DataRedundancyType,
    ObjectAcl,
    ObjectKey,
    ObjectType,
    StorageClass,
)

FOLDERS: Final = 100
_BODY: Final = b"body"
_ROWS_AT_A_TIME: Final = 5_000
_ROOT_ACCOUNT: Final = AccountId("1000000000000001")
_MADE_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
_LOAD_SECONDS: Final = 3600.0
_LOOK_SECONDS: Final = 0.5
_LAST: Final = 100
"""More keys than can be under way at once."""


def folder(number: int) -> str:
    """Return the name of one of the folders."""
    return f"folder-{number:03}/"


def key_of(number: int, keys: int) -> str:
    """Return one of `keys` keys in folders of equal size; they sort by number."""
    return f"{folder(number * FOLDERS // keys)}object-{number:012}"


class FilledOssicle(Ossicle):
    """The server on a bucket that has `keys` keys already.

    `seeded_bytes` is what the database and its log took for them, before the server started.
    """

    def __init__(self, directory: Path, keys: int, command: str = "", *, label: str = "Ossicle") -> None:
        super().__init__(directory / label, command)
        self.name = label
        self._keys = keys
        self.seeded_bytes = 0

    def _prepare(self) -> None:
        data = self._directory / "data"
        data.mkdir()
        asyncio.run(_fill(data, self._keys))
        self.seeded_bytes = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())


class FilledSeaweedFS(SeaweedFS):
    """SeaweedFS on a bucket with the same keys."""

    def __init__(self, directory: Path, keys: int) -> None:
        super().__init__(directory)
        self._keys = keys

    def __enter__(self) -> Self:
        super().__enter__()
        try:
            self._load()
        except BaseException:
            self._end()
            raise
        return self

    def _load(self) -> None:
        self._ask("DELETE", f"/{BUCKET}/ready")  # what showed that it was ready is not one of the keys
        entries = self._directory / "entries"
        with entries.open("wb") as file:
            for number in range(self._keys):
                file.write(_entry(key_of(number, self._keys)))
        with (self._directory / "shell").open("wb") as log:
            shell = subprocess.Popen(
                self.shell(), stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, text=True
            )
        try:
            self._load_with(shell, f"fs.meta.load -v=false -concurrency=16 {entries}\n")
        finally:
            shell.kill()
            shell.communicate()
        entries.unlink()

    def _load_with(self, shell: "subprocess.Popen[str]", line: str) -> None:
        """Send the line and wait until the last keys are there: the shell says that it is done, and may end, before they are."""
        if shell.stdin is None:
            raise ServerFailed("the shell of SeaweedFS has no input")
        shell.stdin.write(line)
        shell.stdin.flush()
        after = quote(key_of(self._keys - _LAST - 1, self._keys), safe="")
        until = time.monotonic() + _LOAD_SECONDS
        while self._ask("GET", f"/{BUCKET}/?list-type=2&start-after={after}").count(b"<Contents>") < _LAST:
            if shell.poll() is not None or time.monotonic() > until:
                raise ServerFailed(f"fs.meta.load did not take {self._keys} entries: {self._end_of_shell()}")
            time.sleep(_LOOK_SECONDS)

    def _end_of_shell(self) -> str:
        return (self._directory / "shell").read_text(encoding="utf-8", errors="replace")[-1000:]

    def _ask(self, method: str, path: str) -> bytes:
        connection = http.client.HTTPConnection(HOST, self.target.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path)
            return connection.getresponse().read()


def _entry(key: str) -> bytes:
    """Return one record of such a file: a length, and a `FullEntry` of its protocol buffers."""
    place, _, name = key.rpartition("/")
    moment = int(_MADE_AT.timestamp())
    attributes = _number(1, len(_BODY)) + _number(2, moment) + _number(3, 0o644) + _number(6, moment)
    attributes += _bytes(14, hashlib.md5(_BODY, usedforsecurity=False).digest())
    entry = _bytes(1, name.encode()) + _bytes(4, attributes) + _bytes(9, _BODY)
    full = _bytes(1, f"/buckets/{BUCKET}/{place}".encode()) + _bytes(2, entry)
    return struct.pack(">I", len(full)) + full


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


async def _fill(data: Path, keys: int) -> None:
    store = await SqliteMetadataStore.open(data, lambda: datetime.now(UTC), durable=False)
    try:
        await store.transact(_insert_bucket)
        for numbers in _batches(keys):
            await store.transact(partial(_insert_objects, numbers=numbers, keys=keys))
    finally:
        await store.close()


def _batches(keys: int) -> Iterator[range]:
    """Return the numbers in batches that each reach over all of them: written in order, pages would be fuller than they ever are."""
    count = max(1, keys // _ROWS_AT_A_TIME)
    return (range(first, keys, count) for first in range(count))


def _insert_bucket(transaction: Transaction) -> None:
    transaction.insert_bucket(
        Bucket(
            id=1,
            name=BucketName(BUCKET),
            owner=_ROOT_ACCOUNT,
            created_at=datetime.now(UTC),
            acl=BucketAcl.PRIVATE,
            storage_class=StorageClass.STANDARD,
            redundancy=DataRedundancyType.LRS,
        )
    )


def _insert_objects(transaction: Transaction, numbers: range, keys: int) -> None:
    digest = Digest()
    digest.update(_BODY)
    for number in numbers:
        version = ObjectVersion(
            id=number + 1,
            key=ObjectKey(key_of(number, keys)),
            version_id=NULL_VERSION,
            type=ObjectType.NORMAL,
            size=digest.size,
            etag=render_etag(digest.md5),
            content_md5=digest.md5,
            crc64=digest.crc64,
            storage_class=StorageClass.STANDARD,
            acl=ObjectAcl.DEFAULT,
            last_modified=_MADE_AT,
            headers=StoredHeaders(),
            metadata=(),
            is_inline=True,
        )
        transaction.put_current_version(1, version, _BODY)
