"""Access logs of buckets, carried out: what was gathered in an hour becomes objects of the bucket that the setting names.

An object of one hour has its own name from the beginning: what was written before the server stopped is not written again.
"""

import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from ossicle.model.objects import NO_TRAITS, Bucket, StoredHeaders
from ossicle.ports import StoreError
from ossicle.ports.log_spool import LogSpool, SpooledHour
from ossicle.services.buckets import Buckets
from ossicle.services.identity import Principal
from ossicle.services.objects import Objects, Upload
from ossicle.wire.api.bucket_logging import LOGGING
from ossicle.wire.errors import FileAlreadyExists, OssError
from ossicle.wire.names import BucketName, ObjectAcl, ObjectKey

_log = logging.getLogger("ossicle.logging")
_HEADERS: Final = StoredHeaders(content_type="text/plain")


def log_key(prefix: str, bucket: BucketName, hour: datetime, unique: str) -> ObjectKey:
    """Return the key of an hour's log."""
    return ObjectKey(f"{prefix}{bucket}{hour:%Y-%m-%d-%H}-00-00-{unique}")


class AccessLogs:
    """Gathers lines, and makes objects of those that wait."""

    def __init__(self, spool: LogSpool, buckets: Buckets, objects: Objects) -> None:
        self._spool = spool
        self._buckets = buckets
        self._objects = objects

    def gather(self, bucket: Bucket, line: bytes, now: datetime) -> None:
        """Take the line of a request, which ends with its LF. Nobody waits for it."""
        self._spool.append(bucket.id, bucket.name, line, now)

    async def run(self, now: datetime) -> None:
        """Write the logs of all hours that are over. One that can't be written now waits for the next time."""
        for hour in await self._spool.finished(now):
            try:
                await self._write(hour)
            except FileAlreadyExists:
                await self._spool.discard(hour)  # the server stopped between writing and forgetting it
            except (OssError, StoreError):
                _log.warning("the access log of %s was not written", hour.bucket, exc_info=True)
            else:
                await self._spool.discard(hour)

    async def _write(self, hour: SpooledHour) -> None:
        """Write an hour's log; if by now there is no bucket for it, or no setting that asks for it, it goes."""
        source = await self._buckets.find(hour.bucket)
        if source is None or source.id != hour.bucket_id:
            return
        status = await self._buckets.setting(source, LOGGING)
        enabled = None if status is None else status.logging_enabled
        if enabled is None:
            return
        target = await self._buckets.find(BucketName(enabled.target_bucket or ""))
        if target is None or target.owner != source.owner:
            _log.warning("the access log of %s has nowhere to go", source.name)
            return
        await self._put(target, log_key(enabled.target_prefix or "", source.name, hour.hour, hour.unique), hour)

    async def _put(self, target: Bucket, key: ObjectKey, hour: SpooledHour) -> None:
        upload = Upload(
            key=key,
            headers=_HEADERS,
            metadata=(),
            acl=ObjectAcl.DEFAULT,
            storage_class=target.storage_class,
            content_md5=None,
            crc64=None,
            is_overwrite_forbidden=True,
            traits=NO_TRAITS,
        )
        await self._objects.put(Principal(account=target.owner), target, upload, _Lines(self._spool, hour))


class _Lines:
    """The lines of an hour as a body."""

    length: int | None = None

    def __init__(self, spool: LogSpool, hour: SpooledHour) -> None:
        self._spool = spool
        self._hour = hour

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._spool.read(self._hour)
