"""Builds a server from its settings: stores into services, services into the edge. The one module that names stores."""

import asyncio
import logging
import secrets
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from ossicle.app.accounts import Account, AccountError, read_or_make_root_key
from ossicle.app.settings import ServerSettings, root_account
from ossicle.edge.asgi import Edge, EdgeServices, EdgeSettings
from ossicle.edge.metrics import Metrics
from ossicle.edge.proxies import Proxies
from ossicle.edge.reserved import ReservedPaths
from ossicle.edge.target import AddressBook
from ossicle.ports import StoreError
from ossicle.services.buckets import BucketProperties, Buckets
from ossicle.services.collection import Collection
from ossicle.services.copies import Copies
from ossicle.services.identity import AccessKey, Identity
from ossicle.services.intake import IntakeLimits
from ossicle.services.numbering import Numbering
from ossicle.services.objects import Objects
from ossicle.services.uploads import Uploads
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.sqlite import SqliteMetadataStore
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import BucketAlreadyExists
from ossicle.wire.names import BucketName

_log = logging.getLogger("ossicle")
SWEEP_SECONDS: Final = 2.0
"""How long the start waits for the collection of orphans; on a large store it goes on afterwards."""


def system_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


@dataclass(slots=True, kw_only=True)
class Installation:
    """A server put together: its application, its owner, and what must be closed in the end."""

    settings: ServerSettings
    root: Account
    edge: Edge
    metrics: Metrics
    metadata: SqliteMetadataStore
    blobs: FilesystemBlobStore
    collection: Collection
    buckets: Buckets
    sweeping: asyncio.Task[None] | None = None
    is_serving: bool = False

    @classmethod
    async def open(cls, settings: ServerSettings) -> Self:
        """Open the stores and build everything on them.

        Raises:
            StoreUnavailable: another process has the data folder, or it can't be written.
            AccountError: the owner's key file can't be used.
        """
        is_durable = settings.durability == "full"
        metadata = await SqliteMetadataStore.open(settings.data_dir, system_clock, durable=is_durable)
        try:
            blobs = await FilesystemBlobStore.open_root(settings.data_dir, durable=is_durable)
            root = _root(settings)
        except BaseException:
            await metadata.close()
            raise
        return cls._build(settings, metadata, blobs, root)

    @classmethod
    def _build(
        cls, settings: ServerSettings, metadata: SqliteMetadataStore, blobs: FilesystemBlobStore, root: Account
    ) -> Self:
        numbering = Numbering(metadata.incarnation, secrets.token_bytes)
        collection = Collection(metadata, blobs)
        buckets = Buckets(metadata, numbering, system_clock)
        limits = IntakeLimits(small_body_bytes=settings.small_body_bytes, object_bytes_max=settings.object_bytes_max)
        objects = Objects(metadata, blobs, numbering, collection, system_clock, limits)
        uploads = Uploads(metadata, blobs, numbering, collection, system_clock, limits)
        metrics = Metrics()
        services = EdgeServices(
            identity=Identity(_access_key(account) for account in (root, *settings.accounts)),
            buckets=buckets,
            objects=objects,
            uploads=uploads,
            copies=Copies(metadata, numbering, collection, system_clock, limits, objects=objects, uploads=uploads),
            metrics=metrics,
            reserved=ReservedPaths(
                metrics, lambda: installation.is_serving and metadata.is_healthy and blobs.is_healthy
            ),
            clock=system_clock,
            ids=secrets.token_bytes,
        )
        installation = cls(
            settings=settings,
            root=root,
            edge=Edge(_edge_settings(settings), services),
            metrics=metrics,
            metadata=metadata,
            blobs=blobs,
            collection=collection,
            buckets=buckets,
        )
        return installation

    async def start(self) -> None:
        """Make the configured buckets and collect what a crash left behind.

        Raises:
            AccountError: a bucket is another account's.
        """
        for name in self.settings.bucket:
            await self._make_bucket(BucketName(name))
        self.collection.start()
        self.sweeping = asyncio.create_task(self._sweep())
        await asyncio.wait([self.sweeping], timeout=SWEEP_SECONDS)

    async def _make_bucket(self, name: BucketName) -> None:
        try:
            await self.buckets.put(name, self.root.id, BucketProperties())
        except BucketAlreadyExists as error:
            raise AccountError(f"the bucket {name} belongs to another account") from error

    async def _sweep(self) -> None:
        try:
            await self.collection.sweep()
        except StoreError:
            _log.warning("what a crash left behind waits for the next start", exc_info=True)

    async def close(self) -> None:
        """Stop the background work and close the stores, the one that holds the lock last, whatever fails on the way."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.metadata.close)
            stack.push_async_callback(self.blobs.close)
            stack.push_async_callback(self.collection.stop)
            if self.sweeping is not None:
                self.sweeping.cancel()
                with suppress(asyncio.CancelledError):
                    await self.sweeping


def _root(settings: ServerSettings) -> Account:
    if settings.root_access_key_id is not None and settings.root_access_key_secret is not None:
        return Account(
            id=root_account(settings),
            access_key_id=settings.root_access_key_id,
            access_key_secret=settings.root_access_key_secret,
        )
    return read_or_make_root_key(settings.data_dir, root_account(settings), secrets.token_bytes)


def _access_key(account: Account) -> AccessKey:
    credentials = Credentials(access_key_id=account.access_key_id, access_key_secret=account.access_key_secret)
    return AccessKey(account=account.id, credentials=credentials)


def _edge_settings(settings: ServerSettings) -> EdgeSettings:
    return EdgeSettings(
        region=settings.region,
        addresses=AddressBook.of(settings.domain, settings.cname),
        proxies=Proxies(settings.trusted_proxy),
        advertise_endpoint=settings.advertise_endpoint,
        advertise_internal_endpoint=settings.advertise_internal_endpoint,
    )
