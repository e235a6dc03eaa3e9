"""The port for lines that wait to become objects: those of the access logs of buckets."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Protocol

from ossicle.wire.names import BucketName
from ossicle.wire.records import record


@record
class SpooledHour:
    """The lines that one process gathered for one bucket in one hour. `unique` tells them from all others, and stays the same."""

    bucket_id: int
    bucket: BucketName
    hour: datetime
    unique: str


class LogSpool(Protocol):
    """Keeps lines by bucket and hour. All processes of a server share one; each adds to what is its own.

    Raises:
        StoreUnavailable: lines can't be read or forgotten.
    """

    def append(self, bucket_id: int, bucket: BucketName, line: bytes, now: datetime) -> None:
        """Take a line, which ends with its LF. Nobody waits: it is kept soon, and may be lost when the process is killed."""
        ...

    async def close(self) -> None:
        """Keep what was taken."""
        ...

    async def finished(self, now: datetime) -> Sequence[SpooledHour]:
        """Return what nothing is added to any more, the oldest first."""
        ...

    def read(self, hour: SpooledHour) -> AsyncIterator[bytes]:
        """Yield the lines, some at a time."""
        ...

    async def discard(self, hour: SpooledHour) -> None:
        """Forget the lines."""
        ...
