"""The asynchronous client."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, cast

from ossicle.client.bodies_async import AsyncSentBody
from ossicle.client.config import Config
from ossicle.client.exchange import Exchange, is_success, streams_body
from ossicle.client.failures import ClientError, MalformedAnswer
from ossicle.client.lazy import LazyAsyncTransport
from ossicle.client.local_file_async import replacing_async
from ossicle.client.operations import AsyncOperations
from ossicle.client.presign import PresignResult, presign
from ossicle.client.progress import Progress
from ossicle.client.remote_file import AsyncRemoteFile, Place
from ossicle.client.retry import RANDOM, Fraction
from ossicle.client.streams import AsyncStreamBody, read_document_async
from ossicle.client.transport import AsyncAnswer, AsyncTransport
from ossicle.wire.api.bucket import GetBucketInfoRequest
from ossicle.wire.api.object_basic import (
    GET_OBJECT,
    GetObjectMetaRequest,
    GetObjectRequest,
    GetObjectResult,
    HeadObjectRequest,
    PutObjectRequest,
    PutObjectResult,
)
from ossicle.wire.binding import RequestBase
from ossicle.wire.errors import AccessDenied, NoSuchBucket, NoSuchKey, OssError
from ossicle.wire.operation import Operation
from ossicle.wire.sources import Clock

if TYPE_CHECKING:
    from ossicle.client.sync import Client
    from ossicle.client.transfer.aio import AsyncCopier, AsyncDownloader, AsyncUploader
    from ossicle.client.transfer.options import CopierOptions, DownloaderOptions, UploaderOptions

In = TypeVar("In")
Out = TypeVar("Out")


class AwaitablePresignResult(PresignResult):
    """A result that is there already. Code written for the official SDK awaits it, so it can be awaited."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, Self]:
        async def itself() -> Self:
            return self

        return itself().__await__()


class AsyncClient(AsyncOperations):
    """`Client` for asyncio: the same methods, awaited, and a body that may be an asynchronous iterable too.

    Files given as a body are read in a thread. Use it in one event loop; the arguments are those of `Client`.
    """

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        transport: AsyncTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        fraction: Fraction = RANDOM,
    ) -> None:
        self._exchange = Exchange(config, clock, fraction)
        self._config = replace(config)
        self._blocking: Client | None = None
        self._sleep = sleep
        self._own = LazyAsyncTransport(replace(config), self._exchange.endpoint.scheme)
        self._transport: AsyncTransport = self._own if transport is None else transport

    def presign(
        self, request: RequestBase, *, expires: timedelta | None = None, expiration: datetime | None = None
    ) -> AwaitablePresignResult:
        """See `Client.presign`; it needs no await, and takes one."""
        made = presign(self._exchange, request, expires=expires, expiration=expiration)
        return AwaitablePresignResult(
            method=made.method, url=made.url, expiration=made.expiration, signed_headers=made.signed_headers
        )

    async def invoke(self, operation: Operation[In, Out], request: In) -> Out:
        """See `Client.invoke`."""
        body = AsyncSentBody.of(request)
        return await self._repeated(lambda: self._once(operation, request, body), body)

    async def is_object_exist(self, bucket: str, key: str, version_id: str | None = None) -> bool:
        """See `Client.is_object_exist`."""
        try:
            await self.get_object_meta(GetObjectMetaRequest(bucket=bucket, key=key, version_id=version_id))
        except NoSuchKey:
            return False
        except OssError as error:
            # A proxy may lose `x-oss-err`, all that tells why a HEAD was refused; the official SDK counts that as absent as well.
            if error.status == 404 and error.code == "OssError":
                return False
            raise
        return True

    async def is_bucket_exist(self, bucket: str) -> bool:
        """See `Client.is_bucket_exist`."""
        try:
            await self.get_bucket_info(GetBucketInfoRequest(bucket=bucket))
        except NoSuchBucket:
            return False
        except AccessDenied:
            return True
        return True

    def uploader(self, **options: Unpack["UploaderOptions"]) -> "AsyncUploader":
        """See `Client.uploader`; the methods of what it returns are awaited."""
        from ossicle.client.transfer.aio import AsyncUploader  # noqa: PLC0415 -- presigning should not load it

        return AsyncUploader(self._in_threads(), options)

    def downloader(self, **options: Unpack["DownloaderOptions"]) -> "AsyncDownloader":
        """See `Client.downloader`."""
        from ossicle.client.transfer.aio import AsyncDownloader  # noqa: PLC0415

        return AsyncDownloader(self._in_threads(), options)

    def copier(self, **options: Unpack["CopierOptions"]) -> "AsyncCopier":
        """See `Client.copier`."""
        from ossicle.client.transfer.aio import AsyncCopier  # noqa: PLC0415

        return AsyncCopier(self._in_threads(), options)

    def _in_threads(self) -> "Client":
        """Return the client that transfers use: it has the same settings, and connections of its own."""
        from ossicle.client.sync import Client  # noqa: PLC0415

        if self._blocking is None:
            self._blocking = Client(self._config, clock=self._exchange.clock)
        return self._blocking

    async def put_object_from_file(
        self, request: PutObjectRequest, filepath: str | os.PathLike[str]
    ) -> PutObjectResult:
        """See `Client.put_object_from_file`."""
        file = await asyncio.to_thread(Path(filepath).open, "rb")
        try:
            return await self.put_object(replace(request, body=file))
        finally:
            await asyncio.to_thread(file.close)

    async def get_object_to_file(
        self, request: GetObjectRequest, filepath: str | os.PathLike[str]
    ) -> GetObjectResult[AsyncStreamBody]:
        """See `Client.get_object_to_file`."""
        body = AsyncSentBody.of(request)
        return await self._repeated(lambda: self._fetch(request, Path(filepath), body), body)

    async def open_file(
        self, bucket: str, key: str, version_id: str | None = None, request_payer: str | None = None
    ) -> AsyncRemoteFile:
        """Return an object as a file to read, see `Client.open_file`."""
        request = HeadObjectRequest(bucket=bucket, key=key, version_id=version_id, request_payer=request_payer)
        place = Place(request, await self.head_object(request))
        return AsyncRemoteFile(place, self.get_object, self._exchange.retries.attempts_max)

    async def _fetch(
        self, request: GetObjectRequest, path: Path, body: AsyncSentBody
    ) -> GetObjectResult[AsyncStreamBody]:
        result = cast("GetObjectResult[AsyncStreamBody]", await self._once(GET_OBJECT, request, body))
        if result.body is None:
            raise MalformedAnswer("the answer to GetObject has no body")
        async with result.body as stream, replacing_async(path) as file:
            async for piece in stream:
                await asyncio.to_thread(file.write, piece)
        return replace(result, body=None)

    async def _repeated(self, attempt: Callable[[], Awaitable[Out]], body: AsyncSentBody) -> Out:
        """Return what an attempt returns, the first that does not fail or fails for good."""
        for number in count(1):
            try:
                return await attempt()
            except (OssError, ClientError) as failure:
                delay = self._exchange.retries.delay(number, failure)
                if delay is None or not body.can_restart:
                    raise
            await self._sleep(delay)
            body.restart()
        raise AssertionError("counting has no end")

    async def _once(self, operation: Operation[In, Out], request: In, body: AsyncSentBody) -> Out:
        outgoing, document = self._exchange.prepare(operation, request, body_bytes=body.length)
        answer = await self._transport.send(outgoing, AsyncSentBody(document) if document else body)
        if is_success(answer.status) and streams_body(operation):
            return await self._stream(operation, answer, outgoing.target, body.progress)
        received = await read_document_async(answer)
        result = self._exchange.conclude(operation, answer.status, answer.headers, received)
        if hasattr(request, "body"):
            self._exchange.check_upload(request, body.crc64, result)
        return result

    async def _stream(self, operation: Operation[In, Out], answer: AsyncAnswer, target: str, progress: Progress) -> Out:
        try:
            result: Any = self._exchange.conclude(operation, answer.status, answer.headers, b"")
        except BaseException:
            await answer.close()
            raise
        expected = self._exchange.expected_crc64(target, answer.status, answer.headers)
        return cast("Out", replace(result, body=AsyncStreamBody(answer, expected, progress)))

    async def close(self) -> None:
        """Close the connections; the client can be used again and opens new ones."""
        await self._own.close()
        if self._blocking is not None:
            await asyncio.to_thread(self._blocking.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
