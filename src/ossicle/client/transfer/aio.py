"""Transfers for asyncio. Files have no asynchronous form, so the transfer itself runs in threads, with connections of its own."""

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from ossicle.client.bodies import ReadableFile
from ossicle.client.transfer.copy import Copier
from ossicle.client.transfer.download import Downloader
from ossicle.client.transfer.ledger import Cancel
from ossicle.client.transfer.options import CopierOptions, DownloaderOptions, UploaderOptions
from ossicle.client.transfer.results import CopyResult, DownloadResult, UploadResult
from ossicle.client.transfer.upload import Uploader
from ossicle.wire.api.object_basic import GetObjectRequest, PutObjectRequest
from ossicle.wire.api.object_copy import CopyObjectRequest

if TYPE_CHECKING:
    from ossicle.client.sync import Client

T = TypeVar("T")


class _Either:
    """Set when the caller's event is, or when the task that awaits this one transfer is cancelled."""

    def __init__(self, given: Cancel | None) -> None:
        self._given: Final = given
        self.own: Final = threading.Event()

    def is_set(self) -> bool:
        return self.own.is_set() or (self._given is not None and self._given.is_set())


async def _in_thread(work: Callable[[Cancel], T], given: Cancel | None) -> T:
    """Await work in a thread. Cancelling this ends the transfer as its `cancel` would, and waits until it has ended."""
    cancel = _Either(given)
    # A thread of its own: in those that all share, a few long transfers would keep everything else waiting.
    pool = ThreadPoolExecutor(1, "ossicle-transfer")
    running = asyncio.get_running_loop().run_in_executor(pool, work, cancel)
    pool.shutdown(wait=False)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        cancel.own.set()
        # What the transfer says about being cancelled is for nobody, also where waiting for it is cancelled too.
        running.add_done_callback(lambda ended: ended.exception())
        await asyncio.wait([running])
        raise


class AsyncUploader:
    """See `Uploader`. Cancelling the task that awaits an upload ends that one upload as its `cancel` would."""

    def __init__(self, client: "Client", options: UploaderOptions) -> None:
        Uploader(client, **options)  # refuses bad options now
        self._client: Final = client
        self._options: Final = options

    def _made(self, cancel: Cancel) -> Uploader:
        options: UploaderOptions = {**self._options, "cancel": cancel}
        return Uploader(self._client, **options)

    async def upload_file(self, request: PutObjectRequest, filepath: str | os.PathLike[str]) -> UploadResult:
        """See `Uploader.upload_file`."""
        given = self._options.get("cancel")
        return await _in_thread(lambda cancel: self._made(cancel).upload_file(request, filepath), given)

    async def upload_from(self, request: PutObjectRequest, reader: ReadableFile) -> UploadResult:
        """See `Uploader.upload_from`; `reader` is read in a thread."""
        given = self._options.get("cancel")
        return await _in_thread(lambda cancel: self._made(cancel).upload_from(request, reader), given)


class AsyncDownloader:
    """See `Downloader`, and `AsyncUploader` for what cancelling does."""

    def __init__(self, client: "Client", options: DownloaderOptions) -> None:
        Downloader(client, **options)
        self._client: Final = client
        self._options: Final = options

    def _made(self, cancel: Cancel) -> Downloader:
        options: DownloaderOptions = {**self._options, "cancel": cancel}
        return Downloader(self._client, **options)

    async def download_file(self, request: GetObjectRequest, filepath: str | os.PathLike[str]) -> DownloadResult:
        """See `Downloader.download_file`."""
        given = self._options.get("cancel")
        return await _in_thread(lambda cancel: self._made(cancel).download_file(request, filepath), given)

    async def download_to(self, request: GetObjectRequest, writer: BinaryIO) -> DownloadResult:
        """See `Downloader.download_to`; `writer` is written in a thread."""
        given = self._options.get("cancel")
        return await _in_thread(lambda cancel: self._made(cancel).download_to(request, writer), given)


class AsyncCopier:
    """See `Copier`, and `AsyncUploader` for what cancelling does."""

    def __init__(self, client: "Client", options: CopierOptions) -> None:
        Copier(client, **options)
        self._client: Final = client
        self._options: Final = options

    async def copy(self, request: CopyObjectRequest) -> CopyResult:
        """See `Copier.copy`."""

        def work(cancel: Cancel) -> CopyResult:
            options: CopierOptions = {**self._options, "cancel": cancel}
            return Copier(self._client, **options).copy(request)

        return await _in_thread(work, self._options.get("cancel"))
