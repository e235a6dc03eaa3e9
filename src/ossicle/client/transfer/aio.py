"""Transfers for asyncio. Files have no asynchronous form, so the transfer itself runs in threads, with connections of its own."""

import asyncio
import os
import threading
from collections.abc import Callable
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
    """Set when the caller's event is, or when the task that awaits the transfer is cancelled."""

    def __init__(self, given: Cancel | None) -> None:
        self._given: Final = given
        self.own: Final = threading.Event()

    def is_set(self) -> bool:
        return self.own.is_set() or (self._given is not None and self._given.is_set())


async def _in_thread(work: Callable[[], T], cancel: _Either) -> T:
    """Await work in a thread. Cancelling this ends the transfer as its `cancel` would, and waits until it has ended."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        cancel.own.set()
        await asyncio.wait([running])
        running.exception()  # the transfer's own word about being cancelled, which nobody awaits any more
        raise


class AsyncUploader:
    """See `Uploader`. Cancelling the task that awaits an upload is the same as setting `cancel`."""

    def __init__(self, client: "Client", options: UploaderOptions) -> None:
        self._cancel = _Either(options.get("cancel"))
        both: UploaderOptions = {**options, "cancel": self._cancel}
        self._uploader = Uploader(client, **both)

    async def upload_file(self, request: PutObjectRequest, filepath: str | os.PathLike[str]) -> UploadResult:
        """See `Uploader.upload_file`."""
        return await _in_thread(lambda: self._uploader.upload_file(request, filepath), self._cancel)

    async def upload_from(self, request: PutObjectRequest, reader: ReadableFile) -> UploadResult:
        """See `Uploader.upload_from`; `reader` is read in a thread."""
        return await _in_thread(lambda: self._uploader.upload_from(request, reader), self._cancel)


class AsyncDownloader:
    """See `Downloader`."""

    def __init__(self, client: "Client", options: DownloaderOptions) -> None:
        self._cancel = _Either(options.get("cancel"))
        both: DownloaderOptions = {**options, "cancel": self._cancel}
        self._downloader = Downloader(client, **both)

    async def download_file(self, request: GetObjectRequest, filepath: str | os.PathLike[str]) -> DownloadResult:
        """See `Downloader.download_file`."""
        return await _in_thread(lambda: self._downloader.download_file(request, filepath), self._cancel)

    async def download_to(self, request: GetObjectRequest, writer: BinaryIO) -> DownloadResult:
        """See `Downloader.download_to`; `writer` is written in a thread."""
        return await _in_thread(lambda: self._downloader.download_to(request, writer), self._cancel)


class AsyncCopier:
    """See `Copier`."""

    def __init__(self, client: "Client", options: CopierOptions) -> None:
        self._cancel = _Either(options.get("cancel"))
        both: CopierOptions = {**options, "cancel": self._cancel}
        self._copier = Copier(client, **both)

    async def copy(self, request: CopyObjectRequest) -> CopyResult:
        """See `Copier.copy`."""
        return await _in_thread(lambda: self._copier.copy(request), self._cancel)
