"""What a page of a listing costs as the bucket grows: it should be the entries returned, not the keys that are there.

The keys are written into the database before the server starts, through its store: a million uploads would take the time that a
million rows do not.
"""

import asyncio
import http.client
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import ossicle
from bench.machine import cpu_seconds
from bench.servers import HOST, KEYS, Ossicle
from bench.target import BUCKET
from ossicle.client.exchange import Exchange
from ossicle.model.objects import Bucket, ObjectVersion, StoredHeaders
from ossicle.ports import Transaction
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.api.bucket import LIST_OBJECTS_V2
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
KEYS_MIN: Final = 100 * FOLDERS
"""A page of a hundred keys fits one folder then."""
_ROWS_AT_A_TIME: Final = 5_000
_ROOT_ACCOUNT: Final = AccountId("1000000000000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One kind of page on a bucket of `keys` keys: medians of wall time and of the server's processor time, in milliseconds."""

    title: str
    keys: int
    entries: int
    milliseconds: float
    server_cpu_ms: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    title: str
    entries: int
    request: ossicle.ListObjectsV2Request


class FilledOssicle(Ossicle):
    """The server on a bucket that has `keys` keys already, in folders of equal size."""

    def __init__(self, directory: Path, keys: int) -> None:
        super().__init__(directory)
        self._keys = keys

    def _prepare(self) -> None:
        data = self._directory / "data"
        data.mkdir()
        asyncio.run(_fill(data, self._keys))


def measure_listings(directory: Path, counts: Sequence[int], *, repeats: int, say: Callable[[str], None]) -> list[Page]:
    """Fill a bucket with each number of keys in turn and ask for pages of it, `repeats` times each."""
    pages = []
    for keys in counts:
        say(f"writing {keys:,} keys ...")
        with FilledOssicle(directory, keys) as peer:
            pages += [_measure(peer, keys, question, repeats) for question in _questions()]
    return pages


def render_listings(pages: Sequence[Page]) -> str:
    """Return a Markdown table: kinds of pages down, numbers of keys across."""
    counts = list(dict.fromkeys(page.keys for page in pages))
    lines = [["page", *(f"{keys:,} keys" for keys in counts)], ["---", *["---:"] * len(counts)]]
    for title in dict.fromkeys(page.title for page in pages):
        cells = [_cell(next(page for page in pages if (page.title, page.keys) == (title, keys))) for keys in counts]
        lines.append([title, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(page: Page) -> str:
    cpu = "" if page.server_cpu_ms is None else f" (CPU {page.server_cpu_ms:.1f})"
    return f"{page.milliseconds:.1f} ms{cpu}"


def _questions() -> list[_Question]:
    folder = _folder(FOLDERS // 2)
    ask = partial(ossicle.ListObjectsV2Request, bucket=BUCKET, max_keys=1000)
    return [
        _Question(title="1,000 keys from the start", entries=1000, request=ask()),
        _Question(title="1,000 keys from the middle", entries=1000, request=ask(start_after=folder)),
        _Question(title="100 keys of one folder", entries=100, request=ask(prefix=folder, max_keys=100)),
        _Question(title=f"delimiter: {FOLDERS} folders", entries=FOLDERS, request=ask(delimiter="/")),
        _Question(
            title="delimiter: 10 folders from the middle",
            entries=10,
            request=ask(delimiter="/", start_after=folder, max_keys=10),
        ),
    ]


def _measure(peer: Ossicle, keys: int, question: _Question, repeats: int) -> Page:
    target = peer.target
    provider = ossicle.credentials.StaticCredentialsProvider(KEYS.access_key_id, KEYS.access_key_secret)
    endpoint = f"http://{HOST}:{target.port}"
    config = ossicle.Config(region=KEYS.region, endpoint=endpoint, credentials_provider=provider)
    exchange = Exchange(config, lambda: datetime.now(UTC))
    connection = http.client.HTTPConnection(target.host, target.port, timeout=60)
    seconds = []
    try:
        _ask(connection, exchange, question)
        before = cpu_seconds(target.pid)
        for _ in range(repeats):
            began = time.perf_counter()
            _ask(connection, exchange, question)
            seconds.append(time.perf_counter() - began)
        after = cpu_seconds(target.pid)
    finally:
        connection.close()
    used = None if before is None or after is None else (after - before) / repeats * 1000
    return Page(
        title=question.title,
        keys=keys,
        entries=question.entries,
        milliseconds=statistics.median(seconds) * 1000,
        server_cpu_ms=used,
    )


def _ask(connection: http.client.HTTPConnection, exchange: Exchange, question: _Question) -> None:
    outgoing, _ = exchange.prepare(LIST_OBJECTS_V2, question.request)
    connection.putrequest(outgoing.method, outgoing.target, skip_host=True, skip_accept_encoding=True)
    for name, value in outgoing.headers:
        connection.putheader(name.decode(), value.decode())
    connection.endheaders()
    answer = connection.getresponse()
    document = answer.read()
    if answer.status != 200 or f"<KeyCount>{question.entries}</KeyCount>".encode() not in document:
        raise AssertionError(f"status {answer.status}, not {question.entries} entries: {document[:1000]!r}")


def _folder(number: int) -> str:
    return f"folder-{number:03}/"


async def _fill(data: Path, keys: int) -> None:
    store = await SqliteMetadataStore.open(data, lambda: datetime.now(UTC), durable=False)
    try:
        await store.transact(_insert_bucket)
        for start in range(0, keys, _ROWS_AT_A_TIME):
            numbers = range(start, min(start + _ROWS_AT_A_TIME, keys))
            await store.transact(partial(_insert_objects, numbers=numbers, keys=keys))
    finally:
        await store.close()


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
    digest.update(b"body")
    for number in numbers:
        version = ObjectVersion(
            id=number + 1,
            key=ObjectKey(f"{_folder(number * FOLDERS // keys)}object-{number:012}"),
            version_id=NULL_VERSION,
            type=ObjectType.NORMAL,
            size=digest.size,
            etag=render_etag(digest.md5),
            content_md5=digest.md5,
            crc64=digest.crc64,
            storage_class=StorageClass.STANDARD,
            acl=ObjectAcl.DEFAULT,
            last_modified=datetime(2026, 1, 1, tzinfo=UTC),
            headers=StoredHeaders(),
            metadata=(),
            is_inline=True,
        )
        transaction.put_current_version(1, version, b"body")
