"""The blob store on a file system: one file per blob, under its id and nothing else.

A blob is written to `staging/`, synced, and renamed to `blobs/<incarnation>/<2 hex>/<id>`, whose directory is synced then.
Every job runs on a thread of this store; a job that its caller has given up still runs to its end, under a lock that
the discard waits for, so that no descriptor is closed or used again under it.
"""

import asyncio
import contextlib
import errno
import fcntl
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

from ossicle.ports import BlobReader, Corrupt, StagedBlob, StoreUnavailable
from ossicle.stores import blob_ids, staging
from ossicle.stores.cached_files import is_cached, open_cached, read_cached
from ossicle.stores.health import Health
from ossicle.wire.digest import Digest
from ossicle.wire.names import BlobId

P = ParamSpec("P")
R = TypeVar("R")

THREADS: Final = 16
CHUNKS_PER_CALL: Final = 1024
"""IOV_MAX of Linux, macOS and the BSDs."""
SHORT_READ_BYTES: Final = 64 * 1024
"""Up to here bytes that are in memory are copied on the event loop, in a tenth of the time that a thread takes to answer."""
_MODE: Final = 0o600
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _path_of(blobs: Path, blob: BlobId) -> Path:
    incarnation, random = blob_ids.split(blob)
    return _incarnation_path(blobs, incarnation) / random[:2] / blob


def _incarnation_path(blobs: Path, incarnation: int) -> Path:
    return blobs / f"{incarnation:x}"


@contextlib.contextmanager
def _failures(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise StoreUnavailable(f"no space left for {doing}: {error.strerror}") from error
        raise StoreUnavailable(f"{doing} failed: {error.strerror}") from error


class _Disk:
    """The directories and the threads, shared by everything that is open."""

    def __init__(self, root: Path, *, durable: bool, threads: int, health: Health) -> None:
        self.staging = root / "staging"
        self.blobs = root / "blobs"
        self._durable = durable
        self._pool = ThreadPoolExecutor(threads, "ossicle-blobs")
        self._known: set[Path] = set()
        self._making = threading.Lock()
        self._lost: OSError | None = None
        self.health = health

    async def run(self, job: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run `job` on a thread, to its end even if the caller is cancelled meanwhile."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[R] = loop.create_future()

        def deliver(done: Future[R]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_settle, answer, done)

        try:
            future = self._pool.submit(job, *args, **kwargs)
        except RuntimeError as error:
            raise StoreUnavailable("the blob store is closed") from error
        future.add_done_callback(deliver)
        return await answer

    def prepare(self) -> None:
        """Make the directories and empty the staging area, where only a crash leaves files."""
        with _failures("preparing the blob store"):
            self.make_directory(self.blobs)
            self.make_directory(self.staging)
            staging.empty(self.staging)

    def make_directory(self, directory: Path) -> None:
        """Make a directory, with what is missing above it, and sync the one that holds it: once per process."""
        if directory in self._known:
            return
        with self._making:
            self._make_directory(directory)

    def _make_directory(self, directory: Path) -> None:
        if directory in self._known:
            return
        if directory.parent != directory and not directory.parent.is_dir():
            self._make_directory(directory.parent)
        with contextlib.suppress(FileExistsError):
            os.mkdir(directory, 0o700)
        self.sync_directory(directory.parent)
        self._known.add(directory)

    def sync_directory(self, directory: Path) -> None:
        """Make the entries of a directory durable."""
        if self._durable:
            descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                self._sync(os.fsync, descriptor)
            finally:
                os.close(descriptor)

    def sync_file(self, descriptor: int) -> None:
        """Make the bytes of a file durable."""
        if self._durable:
            self._sync(_sync_bytes, descriptor)

    def _sync(self, sync: Callable[[int], None], descriptor: int) -> None:
        # Never tried again: after one failure the kernel may have dropped the bytes, and report the next sync as good.
        if self.health.is_lost:
            reason = self._lost or "a sync failed in another process"
            raise StoreUnavailable(f"sealing has stopped until a restart: {reason}")
        try:
            sync(descriptor)
        except OSError as error:
            if error.errno not in _NO_SPACE:
                self._lost = error
                self.health.lose()
            raise

    def shut(self) -> None:
        """End the threads, after the jobs that they were given."""
        self._pool.shutdown()


def _settle(answer: asyncio.Future[R], done: Future[R]) -> None:
    if answer.done():
        return  # the caller was cancelled
    error = done.exception()
    if error is None:
        answer.set_result(done.result())
    else:
        answer.set_exception(error)


def _sync_bytes(descriptor: int) -> None:
    if sys.platform == "darwin":  # where fsync stops at the drive's own cache
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fdatasync(descriptor)


def _write_all(descriptor: int, batch: Sequence[bytes]) -> None:
    waiting = [memoryview(chunk) for chunk in batch if chunk]
    waiting.reverse()  # the next one last, where taking it off costs nothing
    while waiting:
        written = os.writev(descriptor, waiting[: -CHUNKS_PER_CALL - 1 : -1])
        while waiting and written >= len(waiting[-1]):
            written -= len(waiting.pop())
        if written:
            waiting[-1] = waiting[-1][written:]


class _Staged:
    """A blob on its way in. The file is made with its first bytes, to save a hop."""

    def __init__(self, disk: _Disk, blob: BlobId, digest: Digest) -> None:
        self._disk = disk
        self._digest = digest
        self._staging = disk.staging / blob
        self._final = _path_of(disk.blobs, blob)
        self._turn = threading.Lock()
        self._descriptor: int | None = None
        self._lies_at: Path | None = None
        self._is_over = False
        self._is_sealed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_sealed:
            await self._disk.run(self._discard)

    async def write(self, batch: Sequence[bytes]) -> None:
        await self._disk.run(self._write, batch)

    async def seal(self) -> None:
        await self._disk.run(self._seal)
        self._is_sealed = True  # only now: a seal whose caller has gone is discarded with the rest

    def _write(self, batch: Sequence[bytes]) -> None:
        with self._turn, _failures("writing a blob"):
            descriptor = self._open()
            for chunk in batch:
                self._digest.update(chunk)
            _write_all(descriptor, batch)

    def _open(self) -> int:
        if self._is_over:
            raise StoreUnavailable("the blob has been discarded or sealed")
        if self._descriptor is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._descriptor = os.open(self._staging, flags, _MODE)
            self._lies_at = self._staging
        return self._descriptor

    def _seal(self) -> None:
        with self._turn, _failures("sealing a blob"):
            descriptor = self._open()
            self._is_over = True
            self._disk.sync_file(descriptor)
            self._close()
            self._disk.make_directory(self._final.parent)
            os.rename(self._staging, self._final)
            self._lies_at = self._final
            self._disk.sync_directory(self._final.parent)

    def _discard(self) -> None:
        # A failure here leaves a file that nothing names: emptied with the staging area, or swept as an orphan.
        with self._turn:
            self._is_over = True
            with contextlib.suppress(OSError):
                self._close()
            with contextlib.suppress(OSError):
                if self._lies_at is not None:
                    os.unlink(self._lies_at)

    def _close(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


class _FileReader:
    """A blob's open file: its bytes stay until it is closed, whoever unlinks it."""

    def __init__(self, disk: _Disk, blob: BlobId, descriptor: int) -> None:
        self._disk = disk
        self._blob = blob
        self._descriptor: int | None = descriptor
        self._turn = threading.Lock()

    async def read(self, offset: int, length: int) -> bytes:
        if length <= SHORT_READ_BYTES and self._descriptor is not None:
            data = read_cached(self._descriptor, offset, length)
            if data is not None:
                return data
        return await self._disk.run(self._read, offset, length)

    def descriptor(self, offset: int, length: int) -> int | None:
        if self._descriptor is None or not is_cached(self._descriptor, offset, length):
            return None
        return self._descriptor

    async def close(self) -> None:
        if not self._close_now():
            await self._disk.run(self._close)

    def _close_now(self) -> bool:
        """Close the file here, unless that might wait: for a read that was given up, or for the bytes of an unlinked file to be freed."""
        if self._descriptor is not None and not os.fstat(self._descriptor).st_nlink:
            return False
        if not self._turn.acquire(blocking=False):
            return False
        try:
            self._release()
        finally:
            self._turn.release()
        return True

    def _read(self, offset: int, length: int) -> bytes:
        with self._turn, _failures("reading a blob"):
            if self._descriptor is None:
                raise StoreUnavailable("the blob has been closed")
            pieces: list[bytes] = []
            have = 0
            while have < length:  # a read may be cut short, at 2 GiB for one
                piece = os.pread(self._descriptor, length - have, offset + have)
                if not piece:
                    raise Corrupt(
                        f"blob {self._blob} ends at {offset + have}, bytes up to {offset + length} were asked for"
                    )
                pieces.append(piece)
                have += len(piece)
            return b"".join(pieces)  # which copies nothing when there is one

    def _close(self) -> None:
        with self._turn:
            self._release()

    def _release(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


class FilesystemBlobStore:
    """Blobs under `<root>/blobs`. The caller holds whatever lock keeps other servers out of `root`."""

    def __init__(self, disk: _Disk) -> None:
        """Use `open_root`."""
        self._disk = disk

    @staticmethod
    def prepare(root: Path, durable: bool = True) -> None:
        """Make what is missing, and throw away what was staged and never sealed, for all processes that are to open it."""
        disk = _Disk(root, durable=durable, threads=1, health=Health())
        disk.prepare()
        disk.shut()

    @classmethod
    async def open_root(
        cls, root: Path, durable: bool = True, threads: int = THREADS, health: Health | None = None
    ) -> Self:
        """Open the store, making what is missing, and throw away what was staged and never sealed.

        With `health`, which processes share, open it beside them where it was prepared for all. `durable=False` syncs nothing.
        `threads` bounds the files that are written and read at one time.

        Raises:
            StoreUnavailable: the directories can't be made.
        """
        disk = _Disk(root, durable=durable, threads=threads, health=health or Health())
        try:
            if health is None:
                await disk.run(disk.prepare)
        except BaseException:
            await asyncio.to_thread(disk.shut)
            raise
        return cls(disk)

    @property
    def is_healthy(self) -> bool:
        """False once a sync has failed; nothing is sealed until a restart."""
        return not self._disk.health.is_lost

    async def discard_staged(self, incarnation: int) -> None:
        """Throw away what a process staged that is gone."""
        with _failures("emptying the staging area"):
            await self._disk.run(staging.empty, self._disk.staging, incarnation)

    def stage(self, blob: BlobId, digest: Digest) -> AbstractAsyncContextManager[StagedBlob]:
        return _Staged(self._disk, blob, digest)

    async def open(self, blob: BlobId) -> BlobReader:
        path = _path_of(self._disk.blobs, blob)
        descriptor = open_cached(path)
        if descriptor is None:
            descriptor = await self._disk.run(_open_for_reading, path)
        return _FileReader(self._disk, blob, descriptor)

    async def delete(self, blob: BlobId) -> None:
        await self._disk.run(_delete, _path_of(self._disk.blobs, blob))

    async def scan(self, incarnation: int) -> AsyncIterator[BlobId]:
        top = _incarnation_path(self._disk.blobs, incarnation)
        for fan in await self._disk.run(_names, top):
            for name in await self._disk.run(_names, top / fan):
                if blob_ids.is_blob_id(name):
                    yield BlobId(name)

    async def close(self) -> None:
        await asyncio.to_thread(self._disk.shut)


def _open_for_reading(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise Corrupt(f"blob {path.name} is missing") from error
    except OSError as error:
        raise StoreUnavailable(f"opening a blob failed: {error.strerror}") from error


def _delete(path: Path) -> None:
    # Not synced: a blob that a power cut brings back takes space and harms nobody.
    with _failures("deleting a blob"), contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _names(directory: Path) -> list[str]:
    with _failures("listing blobs"):
        try:
            return sorted(os.listdir(directory))
        except FileNotFoundError:
            return []
