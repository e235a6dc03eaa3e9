"""The asynchronous client."""

from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from ossicle.client.bodies_async import AsyncSentBody
from ossicle.client.config import Config
from ossicle.client.exchange import Exchange, is_success, streams_body
from ossicle.client.lazy import LazyAsyncTransport
from ossicle.client.presign import PresignRequest, PresignResult, presign
from ossicle.client.streams import AsyncStreamBody, read_document_async
from ossicle.client.transport import AsyncAnswer, AsyncTransport
from ossicle.wire.api import bucket, bucket_cors, multipart, object_basic, service
from ossicle.wire.operation import Operation
from ossicle.wire.sources import Clock

In = TypeVar("In")
Out = TypeVar("Out")


class AwaitablePresignResult(PresignResult):
    """A result that is there already. Code written for the official SDK awaits it, so it can be awaited."""

    __slots__ = ()

    def __await__(self) -> Generator[None, None, Self]:
        async def itself() -> Self:
            return self

        return itself().__await__()


class AsyncClient:
    """`Client` for asyncio: the same methods, awaited, and a body that may be an asynchronous iterable too.

    Files given as a body are read in a thread. Use it in one event loop; the arguments are those of `Client`.
    """

    def __init__(
        self, config: Config, *, clock: Clock = lambda: datetime.now(UTC), transport: AsyncTransport | None = None
    ) -> None:
        self._exchange = Exchange(config, clock)
        self._own = LazyAsyncTransport(replace(config), self._exchange.endpoint.scheme)
        self._transport: AsyncTransport = self._own if transport is None else transport

    def presign(
        self, request: PresignRequest, *, expires: timedelta | None = None, expiration: datetime | None = None
    ) -> AwaitablePresignResult:
        """See `Client.presign`; it needs no await, and takes one."""
        made = presign(self._exchange, request, expires=expires, expiration=expiration)
        return AwaitablePresignResult(
            method=made.method, url=made.url, expiration=made.expiration, signed_headers=made.signed_headers
        )

    async def invoke(self, operation: Operation[In, Out], request: In) -> Out:
        """See `Client.invoke`."""
        body = AsyncSentBody(getattr(request, "body", None))
        outgoing, document = self._exchange.prepare(operation, request, body_bytes=body.length)
        answer = await self._transport.send(outgoing, AsyncSentBody(document) if document else body)
        if is_success(answer.status) and streams_body(operation):
            return await self._stream(operation, answer, outgoing.target)
        received = await read_document_async(answer)
        result = self._exchange.conclude(operation, answer.status, answer.headers, received)
        if hasattr(request, "body"):
            self._exchange.check_upload(body.crc64, result)
        return result

    async def _stream(self, operation: Operation[In, Out], answer: AsyncAnswer, target: str) -> Out:
        try:
            result: Any = self._exchange.conclude(operation, answer.status, answer.headers, b"")
        except BaseException:
            await answer.close()
            raise
        expected = self._exchange.expected_crc64(target, answer.status, answer.headers)
        return cast("Out", replace(result, body=AsyncStreamBody(answer, expected)))

    async def close(self) -> None:
        """Close the connections; the client can be used again and opens new ones."""
        await self._own.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # The operations, each as its request's docstring says.

    async def list_buckets(self, request: service.ListBucketsRequest) -> service.ListBucketsResult:
        return await self.invoke(service.LIST_BUCKETS, request)

    async def put_bucket(self, request: bucket.PutBucketRequest) -> bucket.PutBucketResult:
        return await self.invoke(bucket.PUT_BUCKET, request)

    async def delete_bucket(self, request: bucket.DeleteBucketRequest) -> bucket.DeleteBucketResult:
        return await self.invoke(bucket.DELETE_BUCKET, request)

    async def head_bucket(self, request: bucket.HeadBucketRequest) -> bucket.HeadBucketResult:
        return await self.invoke(bucket.HEAD_BUCKET, request)

    async def get_bucket_info(self, request: bucket.GetBucketInfoRequest) -> bucket.GetBucketInfoResult:
        return await self.invoke(bucket.GET_BUCKET_INFO, request)

    async def get_bucket_location(self, request: bucket.GetBucketLocationRequest) -> bucket.GetBucketLocationResult:
        return await self.invoke(bucket.GET_BUCKET_LOCATION, request)

    async def list_objects_v2(self, request: bucket.ListObjectsV2Request) -> bucket.ListObjectsV2Result:
        return await self.invoke(bucket.LIST_OBJECTS_V2, request)

    async def put_bucket_cors(self, request: bucket_cors.PutBucketCorsRequest) -> bucket_cors.PutBucketCorsResult:
        return await self.invoke(bucket_cors.PUT_BUCKET_CORS, request)

    async def get_bucket_cors(self, request: bucket_cors.GetBucketCorsRequest) -> bucket_cors.GetBucketCorsResult:
        return await self.invoke(bucket_cors.GET_BUCKET_CORS, request)

    async def delete_bucket_cors(
        self, request: bucket_cors.DeleteBucketCorsRequest
    ) -> bucket_cors.DeleteBucketCorsResult:
        return await self.invoke(bucket_cors.DELETE_BUCKET_CORS, request)

    async def put_object(self, request: object_basic.PutObjectRequest) -> object_basic.PutObjectResult:
        return await self.invoke(object_basic.PUT_OBJECT, request)

    async def get_object(self, request: object_basic.GetObjectRequest) -> object_basic.GetObjectResult[AsyncStreamBody]:
        result = await self.invoke(object_basic.GET_OBJECT, request)
        return cast("object_basic.GetObjectResult[AsyncStreamBody]", result)

    async def head_object(self, request: object_basic.HeadObjectRequest) -> object_basic.HeadObjectResult:
        return await self.invoke(object_basic.HEAD_OBJECT, request)

    async def delete_object(self, request: object_basic.DeleteObjectRequest) -> object_basic.DeleteObjectResult:
        return await self.invoke(object_basic.DELETE_OBJECT, request)

    async def initiate_multipart_upload(
        self, request: multipart.InitiateMultipartUploadRequest
    ) -> multipart.InitiateMultipartUploadResult:
        return await self.invoke(multipart.INITIATE_MULTIPART_UPLOAD, request)

    async def upload_part(self, request: multipart.UploadPartRequest) -> multipart.UploadPartResult:
        return await self.invoke(multipart.UPLOAD_PART, request)

    async def complete_multipart_upload(
        self, request: multipart.CompleteMultipartUploadRequest
    ) -> multipart.CompleteMultipartUploadResult:
        return await self.invoke(multipart.COMPLETE_MULTIPART_UPLOAD, request)

    async def abort_multipart_upload(
        self, request: multipart.AbortMultipartUploadRequest
    ) -> multipart.AbortMultipartUploadResult:
        return await self.invoke(multipart.ABORT_MULTIPART_UPLOAD, request)
