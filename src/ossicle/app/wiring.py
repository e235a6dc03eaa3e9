"""Builds a server from its settings: stores into services, services into the edge. The one module that names stores."""

import asyncio
import logging
import os
import secrets
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from ossicle.app.accounts import Account, AccountError, read_or_make_root_key
from ossicle.app.callback_key import CallbackKey
from ossicle.app.master_key import read_or_make_master_key
from ossicle.app.settings import ServerSettings, root_account
from ossicle.app.shared import Share, SharedMemory
from ossicle.edge.admin import Admin
from ossicle.edge.asgi import Edge, EdgeServices, EdgeSettings
from ossicle.edge.audit import AuditLog, render_loss
from ossicle.edge.metrics import Metrics
from ossicle.edge.proxies import Proxies
from ossicle.edge.reserved import ReservedPaths
from ossicle.edge.rpc import Rpc
from ossicle.edge.target import AddressBook
from ossicle.operations import Services
from ossicle.operations.admin import Services as AdminServices
from ossicle.ports import StoreError
from ossicle.services.access import Gate
from ossicle.services.access_logs import AccessLogs
from ossicle.services.buckets import BucketProperties, Buckets
from ossicle.services.callback_addresses import AddressRule
from ossicle.services.callbacks import Callbacks
from ossicle.services.collection import Collection
from ossicle.services.explaining import Explainer
from ossicle.services.ground import Ground
from ossicle.services.identity import AccessKey, Identity
from ossicle.services.intake import IntakeLimits
from ossicle.services.inventory import Inventory
from ossicle.services.lifecycles import Lifecycles
from ossicle.services.numbering import Numbering
from ossicle.services.ram import Ram
from ossicle.services.schedule import Job, Schedule, next_midnight, next_minute
from ossicle.services.sealing import Seal
from ossicle.services.sts import Sts
from ossicle.stores.audit_file import AuditFile
from ossicle.stores.filesystem import FilesystemBlobStore
from ossicle.stores.log_spool import FileLogSpool
from ossicle.stores.sqlite import Joint, SqliteMetadataStore, claim_directory
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import BucketAlreadyExists
from ossicle.wire.names import BucketName

_log = logging.getLogger("ossicle")
FIRST_JOBS_AFTER: Final = timedelta(minutes=1)
SWEEP_SECONDS: Final = 2.0
"""How long the start waits for the collection of orphans; on a large store it goes on afterwards."""


def system_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What one of several processes does besides answering. `dead` are incarnations of processes that it comes after."""

    makes_buckets: bool
    collects: bool
    sweeps: bool
    dead: tuple[int, ...] = ()


_ALONE: Final = Role(makes_buckets=True, collects=True, sweeps=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """What knows who calls and what they may do, and where that is managed."""

    identity: Identity
    gate: Gate
    admin: Admin
    rpc: Rpc

    @classmethod
    def on(cls, settings: ServerSettings, root: Account, metadata: SqliteMetadataStore) -> Self:
        """Return those of one store."""
        seal = Seal(lambda: _master_key(settings), secrets.token_bytes)
        gate, identity = Gate(metadata), Identity(map(_access_key, (root, *settings.accounts)), metadata, seal)
        services = AdminServices(
            ram=Ram.on(metadata, seal, system_clock, secrets.token_bytes),
            explainer=Explainer(metadata, gate),
            clock=system_clock,
            region=settings.region,
        )
        sts = Sts(metadata, seal, system_clock, secrets.token_bytes, seconds_min=settings.sts_min_seconds)
        return cls(identity=identity, gate=gate, admin=Admin(identity, services), rpc=Rpc(identity, services, sts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The audit log: what makes its lines, and what takes them."""

    log: AuditLog
    file: AuditFile

    @classmethod
    def of(cls, settings: ServerSettings, metrics: Metrics) -> Self | None:
        """Return it, if there is to be one."""
        if settings.audit_log is None:
            return None
        file = AuditFile(settings.audit_log, render_loss, metrics.lose_audit_lines)
        return cls(log=AuditLog(file.write, has_reads=settings.audit_reads), file=file)


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
    lifecycles: Lifecycles
    schedule: Schedule
    role: Role
    log_spool: FileLogSpool
    audit: Audit | None
    sweeping: asyncio.Task[None] | None = None
    is_serving: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether it serves, and both stores can be written."""
        return self.is_serving and self.metadata.is_healthy and self.blobs.is_healthy

    @classmethod
    async def open(cls, settings: ServerSettings, share: Share | None = None, role: Role | None = None) -> Self:
        """Open the stores and build everything on them; with a share, beside others in a folder that was claimed for all of them.

        Raises:
            StoreUnavailable: another process has the data folder, or it can't be written.
            AccountError: the owner's key file can't be used.
        """
        joint = None if share is None or role is None else Joint(health=share.metadata_health, dead=role.dead)
        is_durable, health = settings.durability == "full", None if share is None else share.blobs_health
        metadata = await SqliteMetadataStore.open(settings.data_dir, system_clock, durable=is_durable, joint=joint)
        try:
            if share is not None:
                share.note_incarnation(metadata.incarnation)
            blobs = await FilesystemBlobStore.open_root(settings.data_dir, durable=is_durable, health=health)
            root = owner_of(settings)
        except BaseException:
            await metadata.close()
            raise
        return cls._build(settings, metadata, blobs, root, share or SharedMemory(1).share(0), role or _ALONE)

    @classmethod
    def _build(
        cls,
        settings: ServerSettings,
        metadata: SqliteMetadataStore,
        blobs: FilesystemBlobStore,
        root: Account,
        share: Share,
        role: Role,
    ) -> Self:
        numbering = Numbering(metadata.incarnation, secrets.token_bytes)
        buckets = Buckets(metadata, numbering, system_clock, share.bucket_changes)
        ground = _ground(settings, metadata, blobs, numbering, share)
        callback_key = CallbackKey(settings.data_dir)
        metrics = Metrics(share.counters, share.slot)
        audit, callbacks = Audit.of(settings, metrics), Callbacks(callback_key, AddressRule(settings.callback_allow))
        log_spool = FileLogSpool(settings.data_dir / "access-logs", f"{metadata.incarnation:x}")
        operations = Services.on(ground, buckets=buckets, callbacks=callbacks)
        access_logs, lifecycles = AccessLogs(log_spool, buckets, operations.objects), Lifecycles(ground, buckets)
        inventory = Inventory(metadata, buckets, operations.objects, secrets.token_bytes)
        identities = Identities.on(settings, root, metadata)
        services = EdgeServices(
            identity=identities.identity,
            gate=identities.gate,
            operations=operations,
            metrics=metrics,
            reserved=ReservedPaths(metrics, lambda: installation.is_ready, callback_key.public_key),
            admin=identities.admin,
            rpc=identities.rpc,
            clock=system_clock,
            ids=secrets.token_bytes,
            access_logs=access_logs,
            audit=None if audit is None else audit.log,
        )
        installation = cls(
            settings=settings,
            root=root,
            edge=Edge(_edge_settings(settings), services),
            metrics=metrics,
            metadata=metadata,
            blobs=blobs,
            collection=ground.collection,
            buckets=buckets,
            lifecycles=lifecycles,
            schedule=Schedule(system_clock, _jobs(lifecycles, inventory, access_logs)),
            role=role,
            log_spool=log_spool,
            audit=audit,
        )
        return installation

    async def start(self) -> None:
        """Make the configured buckets and collect what a crash left behind.

        Raises:
            AccountError: a bucket is another account's.
            StoreUnavailable: the audit log can't be written.
        """
        if self.audit is not None:
            await self.audit.file.prepare()
        for name in self.settings.bucket if self.role.makes_buckets else ():
            await self._make_bucket(BucketName(name))
        for incarnation in self.role.dead:
            await self.blobs.discard_staged(incarnation)
        if self.role.collects:
            self.collection.start()
            self.schedule.start()
        if self.role.sweeps:
            self.sweeping = asyncio.create_task(self._sweep())
            if self.role.makes_buckets:  # a successor is missed by those who wait for it
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
            stack.push_async_callback(self.log_spool.close)
            if self.audit is not None:
                stack.push_async_callback(self.audit.file.close)
            stack.push_async_callback(self.schedule.stop)
            if self.sweeping is not None:
                self.sweeping.cancel()
                with suppress(asyncio.CancelledError):
                    await self.sweeping


def _ground(
    settings: ServerSettings,
    metadata: SqliteMetadataStore,
    blobs: FilesystemBlobStore,
    numbering: Numbering,
    share: Share,
) -> Ground:
    return Ground(
        metadata=metadata,
        blobs=blobs,
        numbering=numbering,
        collection=Collection(metadata, blobs, share.pins, share.condemned),
        clock=system_clock,
        limits=IntakeLimits(small_body_bytes=settings.small_body_bytes, object_bytes_max=settings.object_bytes_max),
    )


def _jobs(lifecycles: Lifecycles, inventory: Inventory, access_logs: AccessLogs) -> list[Job]:
    """Return what is done by the clock. What was due while the server was down is done at its start, or soon after it."""
    now = system_clock()
    return [
        Job(name="access logs", run=access_logs.run, after=next_minute, due=now),
        Job(name="inventory", run=inventory.run, after=next_minute, due=now),
        Job(name="lifecycle", run=lifecycles.scheduled, after=next_midnight, due=now + FIRST_JOBS_AFTER),
    ]


def claim(settings: ServerSettings) -> int:
    """Take the data folder for this process and those that it forks; return the descriptor that holds it.

    Raises:
        StoreUnavailable: another process has it, or it can't be written.
        Corrupt: the database is damaged.
    """
    is_durable = settings.durability == "full"
    lock = claim_directory(settings.data_dir, durable=is_durable)
    try:
        FilesystemBlobStore.prepare(settings.data_dir, durable=is_durable)
    except BaseException:
        os.close(lock)
        raise
    return lock


def owner_of(settings: ServerSettings) -> Account:
    """Return the owner's key, from the settings or the data folder, where it is made at the first start.

    Raises:
        AccountError: the key's file can't be used.
    """
    if settings.root_access_key_id is not None and settings.root_access_key_secret is not None:
        return Account(
            id=root_account(settings),
            access_key_id=settings.root_access_key_id,
            access_key_secret=settings.root_access_key_secret,
        )
    return read_or_make_root_key(settings.data_dir, root_account(settings), secrets.token_bytes)


def _master_key(settings: ServerSettings) -> bytes:
    return settings.master_key or read_or_make_master_key(settings.data_dir, secrets.token_bytes)


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
        explains=settings.explain,
    )
