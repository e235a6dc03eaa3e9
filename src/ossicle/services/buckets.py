"""Buckets: made, found, listed, deleted, and their configuration documents.

Rows are cached by name. Every change goes through here and is counted before its caller is told, and what was cached before a
change counts no more, in whichever process of the server: what was acknowledged is what everybody sees.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from ossicle.model.objects import Bucket, Usage
from ossicle.ports import MetadataStore, Reading, Transaction
from ossicle.services.changes import Changes
from ossicle.services.numbering import Numbering
from ossicle.services.retention import judge_versioning
from ossicle.wire.api.bucket_storage_quota import STORAGE_QUOTA, QuotaConfiguration
from ossicle.wire.api.public_access_block import PUBLIC_ACCESS_BLOCK
from ossicle.wire.errors import BucketAlreadyExists, BucketNotEmpty, NoSuchBucket
from ossicle.wire.names import AccountId, BucketAcl, BucketName, DataRedundancyType, StorageClass, Versioning
from ossicle.wire.records import record
from ossicle.wire.setting import AnySetting, Documents, Setting
from ossicle.wire.sources import Clock

D = TypeVar("D")

_CACHED_MAX = 10_000
_PAGE = 1000


@record
class BucketProperties:
    """What PutBucket may ask for; None leaves the default, or what the bucket has."""

    acl: BucketAcl | None = None
    storage_class: StorageClass | None = None
    redundancy: DataRedundancyType | None = None


class Buckets:
    """All buckets of all accounts."""

    def __init__(
        self, metadata: MetadataStore, numbering: Numbering, clock: Clock, changes: Changes | None = None
    ) -> None:
        self._metadata = metadata
        self._numbering = numbering
        self._clock = clock
        self._changes = changes or Changes()
        self._moment = self._changes.moment()
        self._rows: dict[BucketName, Bucket] = {}
        self._documents: dict[int, Documents] = {}

    async def find(self, name: BucketName) -> Bucket | None:
        """Return the bucket's row; None when there is no such bucket."""
        moment = self._now()
        cached = self._rows.get(name)
        if cached is not None:
            return cached
        found = await self._metadata.read(lambda rows: _find(rows, name))
        if found is None:
            return None
        row, documents = found
        if moment is self._moment:
            if len(self._rows) >= _CACHED_MAX:
                self._forget()
            self._rows[name] = row
            self._documents[row.id] = documents
        return row

    def _now(self) -> bytes:
        """Forget what was read before the last change, and return the moment that belongs to what is read from here on."""
        moment = self._changes.moment()
        if moment != self._moment:
            self._moment = moment
            self._forget()
        return self._moment

    def _forget(self) -> None:
        self._rows.clear()
        self._documents.clear()

    async def list(
        self, owner: AccountId, *, prefix: str, marker: str, limit: int, fits: Callable[[Documents], bool]
    ) -> Sequence[tuple[Bucket, Documents]]:
        """Return up to `limit` buckets of an account by name, after `marker`, whose documents fit, and these with them."""
        return await self._metadata.scan(lambda rows: tuple(islice(_fitting(rows, owner, prefix, marker, fits), limit)))

    async def having(self, setting: AnySetting) -> AsyncIterator[Bucket]:
        """Yield the buckets of all accounts that have a document of a kind, by name; what is changed meanwhile may be missing."""
        marker = ""

        def next_page(rows: Reading) -> Sequence[Bucket]:
            return rows.buckets_with(setting.kind, marker=marker, limit=_PAGE)

        while page := await self._metadata.scan(next_page):
            for bucket in page:
                yield bucket
            marker = page[-1].name

    async def put(self, name: BucketName, owner: AccountId, properties: BucketProperties) -> None:
        """Make a bucket; on the caller's own one, set the ACL if one is given.

        Raises:
            BucketAlreadyExists: it is another account's, or differs in what can't be changed.
        """
        fresh = Bucket(
            id=self._numbering.row(),
            name=name,
            owner=owner,
            created_at=self._clock().replace(microsecond=0),
            acl=properties.acl or BucketAcl.PRIVATE,
            storage_class=properties.storage_class or StorageClass.STANDARD,
            redundancy=properties.redundancy or DataRedundancyType.LRS,
        )
        await self._change(lambda transaction: _put(transaction, fresh, properties))

    async def delete(self, bucket: Bucket) -> None:
        """Remove an empty bucket.

        Raises:
            NoSuchBucket: somebody else removed it meanwhile.
            BucketNotEmpty: something is in it.
        """
        await self._change(lambda transaction: _delete(transaction, bucket))

    async def put_versioning(self, bucket: Bucket, versioning: Versioning) -> None:
        """Enable or suspend versions, for every write that is committed from here on.

        Raises:
            NoSuchBucket: somebody removed it meanwhile.
            WORMConfigurationAlreadyExists: objects of the bucket are retained, and it stays as it is.
        """
        moment = self._clock()

        def update(transaction: Transaction) -> None:
            row = current_bucket(transaction, bucket)
            judge_versioning(transaction, row, versioning, moment)
            transaction.update_bucket(replace(row, versioning=versioning))

        await self._change(update)

    async def counted_size(self, bucket: Bucket) -> int | None:
        """Return how many bytes a bucket's versions have, if that is counted, as it is where there is a quota."""
        return await self._metadata.read(lambda rows: rows.counted_size(bucket.id))

    async def usage(self, bucket: Bucket) -> tuple[Usage, datetime]:
        """Return how much is in a bucket, and when that was so. All of it is visited, on a thread: seconds for millions."""
        moment = self._clock()
        return await self._metadata.scan(lambda rows: rows.usage(bucket.id)), moment

    async def documents(self, bucket: Bucket) -> Documents:
        """Return all documents of the bucket, its settings."""
        moment = self._now()
        cached = self._documents.get(bucket.id)
        if cached is not None:
            return cached
        documents = Documents(await self._metadata.read(lambda rows: rows.bucket_configs(bucket.id)))
        if moment is self._moment:
            self._documents[bucket.id] = documents
        return documents

    async def setting(self, bucket: Bucket, setting: Setting[D]) -> D | None:
        """Return a document of the bucket, if it has one of that kind."""
        return (await self.documents(bucket)).get(setting)

    async def put_setting(self, bucket: Bucket, setting: Setting[D], document: D) -> None:
        """Replace a document of the bucket.

        Raises:
            NoSuchBucket: somebody removed it meanwhile.
        """
        raw = setting.render(document)
        await self._change(lambda transaction: _put_config(transaction, bucket, setting.kind, raw))

    async def put_quota(self, bucket: Bucket, quota: QuotaConfiguration) -> None:
        """Replace the quota of the bucket, and count what it holds, which is visited once for that.

        Raises:
            NoSuchBucket: somebody removed it meanwhile.
        """
        raw = STORAGE_QUOTA.render(quota)

        def put(transaction: Transaction) -> None:
            _put_config(transaction, bucket, STORAGE_QUOTA.kind, raw)
            transaction.count_size(bucket.id)

        await self._change(put, is_bulk=True)

    async def change_setting(
        self,
        bucket: Bucket,
        setting: Setting[D],
        change: Callable[[D | None], D | None],
        *,
        judge: Callable[[Reading, Bucket], None] | None = None,
    ) -> None:
        """Make of a document of the bucket another one, in one transaction; None for no document. What `change` raises is told.

        So is what `judge` raises, which is shown the bucket as it is then.

        Raises:
            NoSuchBucket: somebody removed it meanwhile.
        """
        await self._change(lambda transaction: _change_config(transaction, bucket, setting, change, judge))

    async def text(self, bucket: Bucket, kind: str) -> bytes | None:
        """Return what the bucket has of a kind that is no document of elements, byte for byte."""
        return (await self.documents(bucket)).text(kind)

    async def put_text(self, bucket: Bucket, kind: str, text: bytes) -> None:
        """Replace a text of the bucket.

        Raises:
            NoSuchBucket: somebody removed it meanwhile.
        """
        await self._change(lambda transaction: _put_config(transaction, bucket, kind, text))

    async def delete_text(self, bucket: Bucket, kind: str) -> None:
        """Remove a text of the bucket, if it has one of that kind."""
        await self._change(lambda transaction: transaction.delete_bucket_config(bucket.id, kind))

    async def delete_setting(self, bucket: Bucket, setting: AnySetting) -> None:
        """Remove a document of the bucket, if it has one of that kind."""
        await self._change(lambda transaction: transaction.delete_bucket_config(bucket.id, setting.kind))

    async def account_setting(self, account: AccountId, setting: Setting[D]) -> D | None:
        """Return a document that an account has for all its buckets, if it has one of that kind."""
        raw = await self._metadata.read(lambda rows: rows.account_config(account, setting.kind))
        return None if raw is None else setting.parse(raw)

    async def put_account_setting(self, account: AccountId, setting: Setting[D], document: D) -> None:
        """Replace a document of an account."""
        raw = setting.render(document)
        await self._change(lambda transaction: transaction.put_account_config(account, setting.kind, raw))

    async def delete_account_setting(self, account: AccountId, setting: AnySetting) -> None:
        """Remove a document of an account, if it has one of that kind."""
        await self._change(lambda transaction: transaction.delete_account_config(account, setting.kind))

    async def _change(self, work: Callable[[Transaction], None], *, is_bulk: bool = False) -> None:
        transact = self._metadata.transact_bulk if is_bulk else self._metadata.transact
        change = asyncio.ensure_future(transact(work))
        change.add_done_callback(lambda _: self._changes.bump())
        await asyncio.shield(change)  # if the caller goes away, it is counted all the same, and not before it is made


def _fitting(
    rows: Reading, owner: AccountId, prefix: str, marker: str, fits: Callable[[Documents], bool]
) -> Iterator[tuple[Bucket, Documents]]:
    while page := rows.buckets(owner, prefix=prefix, marker=marker, limit=_PAGE):
        for bucket in page:
            documents = Documents(rows.bucket_configs(bucket.id))
            if fits(documents):
                yield bucket, documents
        marker = page[-1].name


def _find(rows: Reading, name: BucketName) -> tuple[Bucket, Documents] | None:
    row = rows.bucket(name)
    if row is None:
        return None
    raw = rows.bucket_configs(row.id) if row.settings else {}
    blocks = raw.get(PUBLIC_ACCESS_BLOCK.kind), rows.account_config(row.owner, PUBLIC_ACCESS_BLOCK.kind)
    if any(block is not None and PUBLIC_ACCESS_BLOCK.parse(block).block_public_access for block in blocks):
        row = replace(row, blocks_public_access=True)
    return row, Documents(raw)


def _put(transaction: Transaction, fresh: Bucket, properties: BucketProperties) -> None:
    existing = transaction.bucket(fresh.name)
    if existing is None:
        transaction.insert_bucket(fresh)
        return
    _judge_own(existing, fresh.owner, properties)
    if properties.acl is not None:
        # OSS: that the ACL stays as it is when the request names none is unverified.
        transaction.update_bucket(replace(existing, acl=properties.acl))


def _judge_own(existing: Bucket, owner: AccountId, properties: BucketProperties) -> None:
    if existing.owner != owner:
        raise BucketAlreadyExists(bucket_name=existing.name)
    if properties.storage_class not in (None, existing.storage_class):
        raise BucketAlreadyExists("Bucket already exists can't modify storage type.", bucket_name=existing.name)
    if properties.redundancy not in (None, existing.redundancy):
        raise BucketAlreadyExists("Bucket already exists can't modify data redundancy type.", bucket_name=existing.name)


def current_bucket(transaction: Transaction, bucket: Bucket) -> Bucket:
    """Return the row of a bucket as the transaction sees it, and with the public access block that it was found with.

    Raises:
        NoSuchBucket: it was removed meanwhile.
    """
    row = transaction.bucket(bucket.name)
    if row is None or row.id != bucket.id:
        raise NoSuchBucket(bucket_name=bucket.name)
    return replace(row, blocks_public_access=True) if bucket.blocks_public_access else row


def _delete(transaction: Transaction, bucket: Bucket) -> None:
    row = current_bucket(transaction, bucket)
    if not transaction.is_bucket_empty(row.id):
        raise BucketNotEmpty(bucket_name=row.name)
    transaction.delete_bucket(row.id)


def _put_config(transaction: Transaction, bucket: Bucket, kind: str, document: bytes) -> None:
    transaction.put_bucket_config(current_bucket(transaction, bucket).id, kind, document)


def _change_config(
    transaction: Transaction,
    bucket: Bucket,
    setting: Setting[D],
    change: Callable[[D | None], D | None],
    judge: Callable[[Reading, Bucket], None] | None,
) -> None:
    row = current_bucket(transaction, bucket)
    if judge is not None:
        judge(transaction, row)
    raw = transaction.bucket_config(row.id, setting.kind)
    document = change(None if raw is None else setting.parse(raw))
    if document is None:
        transaction.delete_bucket_config(row.id, setting.kind)
    else:
        transaction.put_bucket_config(row.id, setting.kind, setting.render(document))
