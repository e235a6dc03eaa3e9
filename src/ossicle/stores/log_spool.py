"""Lines that wait to become objects, as files: one for each process, bucket and hour.

A file is added to by one process, during its hour. When that is over for a while it gets a name that no process adds to, and is read.
"""

import asyncio
import logging
import os
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ossicle.ports import StoreUnavailable
from ossicle.ports.log_spool import SpooledHour
from ossicle.stores.appending import append_lines
from ossicle.wire.names import BucketName

FLUSH_SECONDS: Final = 1.0
"""How long a line may wait in memory: what is lost when the process is killed."""
WAITING_BYTES_MAX: Final = 4 * 1024 * 1024
FILE_BYTES_MAX: Final = 256 * 1024 * 1024
"""How much one process gathers for one bucket in one hour; what comes after that is lost, and counted."""
_GRACE: Final = timedelta(minutes=1)
_READ_BYTES: Final = 256 * 1024
_UNIQUE_BYTES: Final = 8
_HOUR: Final = "%Y%m%d%H"
_FINISHED: Final = ".done"
_log = logging.getLogger("ossicle.logging")

_Place = tuple[str, str, int]
"""Hour, bucket and the bucket's id."""


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the disk can't do as stores do."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(f"access logs: {error.strerror}") from error


class FileLogSpool:
    """Keeps lines in a folder, which is made when the first line comes. `process` is a name that no other process has."""

    def __init__(self, folder: Path, process: str, *, file_bytes_max: int = FILE_BYTES_MAX) -> None:
        self._folder = folder
        self._process = process
        self._file_bytes_max = file_bytes_max
        self._waiting: dict[_Place, bytearray] = {}
        self._waiting_bytes = 0
        self._lost = 0
        self._flushing: asyncio.Task[None] | None = None

    def append(self, bucket_id: int, bucket: BucketName, line: bytes, now: datetime) -> None:
        """Take a line; see `LogSpool`."""
        if self._waiting_bytes > WAITING_BYTES_MAX:
            self._lost += 1
            return
        self._waiting.setdefault((now.strftime(_HOUR), bucket, bucket_id), bytearray()).extend(line)
        self._waiting_bytes += len(line)
        if self._flushing is None:
            self._flushing = asyncio.create_task(self._flush_soon())

    async def close(self) -> None:
        """Write what was taken into its files; see `LogSpool`."""
        if self._flushing is not None:
            self._flushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._flushing
        await self._flush()

    async def _flush_soon(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(FLUSH_SECONDS)
                await self._flush()
        finally:
            self._flushing = None

    async def _flush(self) -> None:
        waiting, self._waiting, self._waiting_bytes = self._waiting, {}, 0
        lost, self._lost = self._lost, 0
        lost += await asyncio.to_thread(self._write_all, waiting)
        if lost:
            _log.warning("%d lines of access logs were lost", lost)

    def _write_all(self, waiting: dict[_Place, bytearray]) -> int:
        """Write lines into their files, and return how many could not be written."""
        return sum(lines.count(b"\n") for place, lines in waiting.items() if not self._write(place, lines))

    def _write(self, place: _Place, lines: bytearray) -> bool:
        hour, bucket, bucket_id = place
        path = self._folder / f"{hour}.{bucket}.{bucket_id}.{self._process}"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            append_lines(path, lines, file_bytes_max=self._file_bytes_max)
        except OSError:
            return False
        return True

    async def finished(self, now: datetime) -> Sequence[SpooledHour]:
        """Return the hours that are over; see `LogSpool`."""
        with _told():
            return await asyncio.to_thread(self._finished, now)

    def _finished(self, now: datetime) -> Sequence[SpooledHour]:
        try:
            names = sorted(os.listdir(self._folder))
        except FileNotFoundError:
            return ()
        over = (now - timedelta(hours=1) - _GRACE).strftime(_HOUR)
        hours = [self._take(name) for name in names if name.partition(".")[0] <= over]
        return [hour for hour in hours if hour is not None]

    def _take(self, name: str) -> SpooledHour | None:
        if not name.endswith(_FINISHED):
            # Its own name from here on: what a late process still adds goes to another file, and becomes another object.
            done = ".".join((*name.split(".")[:3], secrets.token_hex(_UNIQUE_BYTES))) + _FINISHED
            os.rename(self._folder / name, self._folder / done)
            name = done
        try:
            hour, bucket, bucket_id, unique = name.removesuffix(_FINISHED).split(".")
            moment = datetime.strptime(hour, _HOUR).replace(tzinfo=UTC)
            return SpooledHour(bucket_id=int(bucket_id), bucket=BucketName(bucket), hour=moment, unique=unique)
        except ValueError:  # nothing of ours
            return None

    async def read(self, hour: SpooledHour) -> AsyncIterator[bytes]:
        """Yield the lines; see `LogSpool`."""
        offset = 0
        while chunk := await self._chunk(hour, offset):
            yield chunk
            offset += len(chunk)

    async def discard(self, hour: SpooledHour) -> None:
        """Forget the lines."""
        with _told():
            await asyncio.to_thread(self._path(hour).unlink, missing_ok=True)

    async def _chunk(self, hour: SpooledHour, offset: int) -> bytes:
        def read() -> bytes:
            with self._path(hour).open("rb") as file:
                file.seek(offset)
                return file.read(_READ_BYTES)

        with _told():
            return await asyncio.to_thread(read)

    def _path(self, hour: SpooledHour) -> Path:
        return self._folder / f"{hour.hour.strftime(_HOUR)}.{hour.bucket}.{hour.bucket_id}.{hour.unique}{_FINISHED}"
