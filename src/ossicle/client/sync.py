"""The synchronous client."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from ossicle.client.bodies import SentBody
from ossicle.client.config import Config
from ossicle.client.exchange import Exchange, is_success, streams_body
from ossicle.client.lazy import LazyTransport
from ossicle.client.presign import PresignRequest, PresignResult, presign
from ossicle.client.streams import StreamBody, read_document
from ossicle.client.transport import Answer, Transport
from ossicle.wire.api import bucket, bucket_cors, multipart, object_basic, service
from ossicle.wire.operation import Operation
from ossicle.wire.sources import Clock

In = TypeVar("In")
Out = TypeVar("Out")


class Client:
    """Speaks to an OSS server: this one, or the real OSS.

    One client may be used from several threads. Each method is an operation of OSS: it takes the operation's request and returns its
    result, raises the `OssError` of the server's code, or a `ClientError` if there was no proper answer. Nothing is tried again.

    Args:
        config: settings; later changes to them have no effect.
        clock: the time that signatures name.
        transport: another way to the server than sockets. It is the caller's to close.

    Raises:
        ConfigError: the settings name no server or no region.
        CredentialsError: they name nobody to sign as.
    """

    def __init__(
        self, config: Config, *, clock: Clock = lambda: datetime.now(UTC), transport: Transport | None = None
    ) -> None:
        self._exchange = Exchange(config, clock)
        self._own = LazyTransport(replace(config), self._exchange.endpoint.scheme)
        self._transport: Transport = self._own if transport is None else transport

    def presign(
        self, request: PresignRequest, *, expires: timedelta | None = None, expiration: datetime | None = None
    ) -> PresignResult:
        """Sign a URL that lets whoever has it make this one request, as often as they like until it expires.

        Nobody is asked: neither that the bucket is there nor that the credentials are good shows before the URL is used.

        Args:
            request: the request to allow. Headers that are signed must be sent exactly so, see `PresignResult.signed_headers`.
            expires: for how long, from one second to seven days; 15 minutes if neither this nor `expiration` is given.
            expiration: until when, aware.

        Raises:
            ParameterError: the time is out of its range, or the names in the request can't be used.
            CredentialsError: nobody to sign as.
            TypeError: a URL can't be signed for this kind of request.
        """
        return presign(self._exchange, request, expires=expires, expiration=expiration)

    def invoke(self, operation: Operation[In, Out], request: In) -> Out:
        """Carry out an operation by its value in `ossicle.wire.api`; the methods below are this by name.

        Raises:
            OssError: the server refused; the class is that of the code.
            ClientError: there was no proper answer.
        """
        body = SentBody(getattr(request, "body", None))
        outgoing, document = self._exchange.prepare(operation, request, body_bytes=body.length)
        answer = self._transport.send(outgoing, SentBody(document) if document else body)
        if is_success(answer.status) and streams_body(operation):
            return self._stream(operation, answer, outgoing.target)
        received = read_document(answer)
        result = self._exchange.conclude(operation, answer.status, answer.headers, received)
        if hasattr(request, "body"):
            self._exchange.check_upload(body.crc64, result)
        return result

    def _stream(self, operation: Operation[In, Out], answer: Answer, target: str) -> Out:
        try:
            result: Any = self._exchange.conclude(operation, answer.status, answer.headers, b"")
        except BaseException:
            answer.close()
            raise
        expected = self._exchange.expected_crc64(target, answer.status, answer.headers)
        return cast("Out", replace(result, body=StreamBody(answer, expected)))

    def close(self) -> None:
        """Close the connections; the client can be used again and opens new ones."""
        self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The operations, each as its request's docstring says.

    def list_buckets(self, request: service.ListBucketsRequest) -> service.ListBucketsResult:
        return self.invoke(service.LIST_BUCKETS, request)

    def put_bucket(self, request: bucket.PutBucketRequest) -> bucket.PutBucketResult:
        return self.invoke(bucket.PUT_BUCKET, request)

    def delete_bucket(self, request: bucket.DeleteBucketRequest) -> bucket.DeleteBucketResult:
        return self.invoke(bucket.DELETE_BUCKET, request)

    def head_bucket(self, request: bucket.HeadBucketRequest) -> bucket.HeadBucketResult:
        return self.invoke(bucket.HEAD_BUCKET, request)

    def get_bucket_info(self, request: bucket.GetBucketInfoRequest) -> bucket.GetBucketInfoResult:
        return self.invoke(bucket.GET_BUCKET_INFO, request)

    def get_bucket_location(self, request: bucket.GetBucketLocationRequest) -> bucket.GetBucketLocationResult:
        return self.invoke(bucket.GET_BUCKET_LOCATION, request)

    def list_objects_v2(self, request: bucket.ListObjectsV2Request) -> bucket.ListObjectsV2Result:
        return self.invoke(bucket.LIST_OBJECTS_V2, request)

    def put_bucket_cors(self, request: bucket_cors.PutBucketCorsRequest) -> bucket_cors.PutBucketCorsResult:
        return self.invoke(bucket_cors.PUT_BUCKET_CORS, request)

    def get_bucket_cors(self, request: bucket_cors.GetBucketCorsRequest) -> bucket_cors.GetBucketCorsResult:
        return self.invoke(bucket_cors.GET_BUCKET_CORS, request)

    def delete_bucket_cors(self, request: bucket_cors.DeleteBucketCorsRequest) -> bucket_cors.DeleteBucketCorsResult:
        return self.invoke(bucket_cors.DELETE_BUCKET_CORS, request)

    def put_object(self, request: object_basic.PutObjectRequest) -> object_basic.PutObjectResult:
        return self.invoke(object_basic.PUT_OBJECT, request)

    def get_object(self, request: object_basic.GetObjectRequest) -> object_basic.GetObjectResult[StreamBody]:
        result = self.invoke(object_basic.GET_OBJECT, request)
        return cast("object_basic.GetObjectResult[StreamBody]", result)

    def head_object(self, request: object_basic.HeadObjectRequest) -> object_basic.HeadObjectResult:
        return self.invoke(object_basic.HEAD_OBJECT, request)

    def delete_object(self, request: object_basic.DeleteObjectRequest) -> object_basic.DeleteObjectResult:
        return self.invoke(object_basic.DELETE_OBJECT, request)

    def initiate_multipart_upload(
        self, request: multipart.InitiateMultipartUploadRequest
    ) -> multipart.InitiateMultipartUploadResult:
        return self.invoke(multipart.INITIATE_MULTIPART_UPLOAD, request)

    def upload_part(self, request: multipart.UploadPartRequest) -> multipart.UploadPartResult:
        return self.invoke(multipart.UPLOAD_PART, request)

    def complete_multipart_upload(
        self, request: multipart.CompleteMultipartUploadRequest
    ) -> multipart.CompleteMultipartUploadResult:
        return self.invoke(multipart.COMPLETE_MULTIPART_UPLOAD, request)

    def abort_multipart_upload(
        self, request: multipart.AbortMultipartUploadRequest
    ) -> multipart.AbortMultipartUploadResult:
        return self.invoke(multipart.ABORT_MULTIPART_UPLOAD, request)
