"""Inventories, carried out: a list of a bucket's objects, as objects of another bucket, every day or every week.

The manifest is written last: who finds it finds all that it names. What a run left behind that did not come so far has no manifest, and
the next run begins anew.
"""

import asyncio
import logging
import uuid
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from ossicle.model.objects import NO_TRAITS, Bucket, ObjectVersion, StoredHeaders, Traits, VersionMarker
from ossicle.ports import MetadataStore, StoreError
from ossicle.services.body import HeldBody
from ossicle.services.buckets import Buckets
from ossicle.services.identity import Principal
from ossicle.services.inventory_lists import (
    DataFile,
    Lists,
    Page,
    bucket_of,
    checksum,
    folder_of,
    manifest,
    moment_folder,
    target_of,
)
from ossicle.services.objects import Objects, Upload
from ossicle.wire.api.bucket_inventory import (
    INVENTORIES,
    InventoryConfiguration,
    InventoryEncryption,
    KeptInventories,
    KeptInventory,
)
from ossicle.wire.encryption import Encryption
from ossicle.wire.errors import OssError
from ossicle.wire.names import InventoryFrequencyType, ObjectAcl, ObjectKey
from ossicle.wire.sources import IdSource

_log = logging.getLogger("ossicle.inventory")
ROWS_MAX: Final = 1_000_000
"""How many objects one file lists."""
_DAYS: Final = {InventoryFrequencyType.DAILY: 1, InventoryFrequencyType.WEEKLY: 7}
_GZIP: Final = 31
_UUID_BYTES: Final = 16
_NO_HEADERS: Final = StoredHeaders()


class Inventory:
    """Makes the lists that are due."""

    def __init__(
        self,
        metadata: MetadataStore,
        buckets: Buckets,
        objects: Objects,
        ids: IdSource,
        *,
        rows_max: int = ROWS_MAX,
    ) -> None:
        self._metadata = metadata
        self._buckets = buckets
        self._objects = objects
        self._ids = ids
        self._rows_max = rows_max

    async def run(self, now: datetime) -> None:
        """Make every list that is due. One that can't be made does not keep the others from being made, and is tried again."""
        async for bucket in self._buckets.having(INVENTORIES):
            try:
                kept = await self._buckets.setting(bucket, INVENTORIES)
            except (OssError, StoreError):
                _log.warning("the inventories of %s can't be read", bucket.name, exc_info=True)
                continue
            for each in () if kept is None else kept.inventories:
                if is_due(each, now):
                    await self._try(bucket, each.configuration, now)

    async def _try(self, bucket: Bucket, configuration: InventoryConfiguration, now: datetime) -> None:
        try:
            if await self._make(bucket, configuration, now):
                await self._buckets.change_setting(bucket, INVENTORIES, lambda found: _noted(found, configuration, now))
        except (OssError, StoreError):
            _log.warning("the inventory %s of %s was not made", configuration.id, bucket.name, exc_info=True)

    async def _make(self, bucket: Bucket, configuration: InventoryConfiguration, now: datetime) -> bool:
        """Write a list, and say whether it could be: its bucket may be gone, or another account's by now."""
        destination = target_of(configuration)
        target = await self._buckets.find(bucket_of(destination))
        if target is None or target.owner != bucket.owner:
            _log.warning("the inventory %s of %s has nowhere to go", configuration.id, bucket.name)
            return False
        writer = _Writer(self._objects, target, _traits(destination.encryption))
        lists, folder = Lists(configuration, bucket.id, bucket.name), folder_of(configuration, bucket.name)
        files = await self._write_files(lists, writer, f"{folder}data/{uuid.UUID(bytes=self._ids(_UUID_BYTES))}")
        content = manifest(lists.columns, files, source=bucket.name, target=target.name, moment=now)
        place = moment_folder(folder, now)
        await writer.put(f"{place}manifest.checksum", HeldBody(checksum(content)))
        await writer.put(f"{place}manifest.json", HeldBody(content))
        return True

    async def _write_files(self, lists: Lists, writer: "_Writer", name: str) -> list[DataFile]:
        walk = _Walk(self._metadata, lists)
        files: list[DataFile] = []
        while await walk.has_more():
            key = f"{name}{f'-{len(files)}' if files else ''}.csv.gz"
            stored = await writer.put(key, _Lines(walk, self._rows_max))
            files.append(DataFile(key=key, size=stored.size, md5=stored.etag))
        return files


def is_due(kept: KeptInventory, now: datetime) -> bool:
    """Whether a list is to be made: the first one at once, the next ones on another day, or in another week, of UTC."""
    # OSS: at which hour, and on which day of the week, is unverified.
    schedule = kept.configuration.schedule
    if not kept.configuration.is_enabled or schedule is None or schedule.frequency is None:
        return False
    if kept.listed_at is None:
        return True
    last = datetime.fromtimestamp(kept.listed_at, UTC)
    return (now.date() - last.date()).days >= _DAYS[schedule.frequency]


def _noted(
    found: KeptInventories | None, configuration: InventoryConfiguration, now: datetime
) -> KeptInventories | None:
    """Return the inventories with the moment of a list, unless the one that made it was forgotten or replaced meanwhile."""
    if found is None:
        return None
    moment = int(now.timestamp())
    return KeptInventories(
        inventories=tuple(
            replace(each, listed_at=moment) if each.configuration == configuration else each
            for each in found.inventories
        )
    )


def _traits(encryption: InventoryEncryption | None) -> Traits:
    if encryption is None:
        return NO_TRAITS
    if encryption.sse_kms is not None:
        return Traits(encryption=Encryption(algorithm="KMS", key_id=encryption.sse_kms.key_id or None))
    return NO_TRAITS if encryption.sse_oss is None else Traits(encryption=Encryption(algorithm="AES256"))


class _Writer:
    """Writes objects into the bucket where lists go, as its owner."""

    def __init__(self, objects: Objects, target: Bucket, traits: Traits) -> None:
        self._objects = objects
        self._target = target
        self._traits = traits

    async def put(self, key: str, body: "HeldBody | _Lines") -> ObjectVersion:
        upload = Upload(
            key=ObjectKey(key),
            headers=_NO_HEADERS,
            metadata=(),
            acl=ObjectAcl.DEFAULT,
            storage_class=self._target.storage_class,
            content_md5=None,
            crc64=None,
            is_overwrite_forbidden=False,
            traits=self._traits,
        )
        return await self._objects.put(Principal(account=self._target.owner), self._target, upload, body)


class _Walk:
    """All pages of one list, one at a time. What is put or removed meanwhile may be listed or not."""

    def __init__(self, metadata: MetadataStore, lists: Lists) -> None:
        self._metadata = metadata
        self._lists = lists
        self._after: str | VersionMarker | None = None
        self._is_over = False
        self._left: list[str] = []

    async def has_more(self) -> bool:
        """Whether a line is left."""
        while not self._left and not self._is_over:
            page: Page = await self._metadata.scan(lambda rows: self._lists.page(rows, self._after))
            self._left, self._after, self._is_over = list(page.lines), page.after, page.after is None
        return bool(self._left)

    async def take(self, limit: int) -> list[str]:
        """Return some lines, at most `limit`; none at the end."""
        if not await self.has_more():
            return []
        taken, self._left = self._left[:limit], self._left[limit:]
        return taken


class _Lines:
    """The next lines of a list as a body: compressed while they are read, a page at a time."""

    length: int | None = None

    def __init__(self, walk: _Walk, rows_max: int) -> None:
        self._walk = walk
        self._rows_left = rows_max

    async def __aiter__(self) -> AsyncIterator[bytes]:
        packer = zlib.compressobj(wbits=_GZIP)
        while self._rows_left and (lines := await self._walk.take(self._rows_left)):
            self._rows_left -= len(lines)
            yield await asyncio.to_thread(packer.compress, "".join(lines).encode("ascii"))
        yield packer.flush()
