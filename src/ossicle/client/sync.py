"""The synchronous client."""

import io
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack, cast

from ossicle.client.bodies import SentBody
from ossicle.client.config import Config
from ossicle.client.exchange import Exchange, is_success, streams_body
from ossicle.client.failures import ClientError, MalformedAnswer
from ossicle.client.lazy import LazyTransport
from ossicle.client.local_file import replacing
from ossicle.client.operations import Operations
from ossicle.client.presign import PresignResult, presign
from ossicle.client.progress import Progress
from ossicle.client.remote_file import BUFFER_BYTES, Place, RemoteFile
from ossicle.client.retry import RANDOM, Fraction
from ossicle.client.streams import StreamBody, read_document
from ossicle.client.transport import Answer, Transport
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
    from ossicle.client.transfer.copy import Copier
    from ossicle.client.transfer.download import Downloader
    from ossicle.client.transfer.options import CopierOptions, DownloaderOptions, UploaderOptions
    from ossicle.client.transfer.upload import Uploader

In = TypeVar("In")
Out = TypeVar("Out")


class Client(Operations):
    """Speaks to an OSS server: this one, or the real OSS.

    One client may be used from several threads. Each method is an operation of OSS: it takes the operation's request and returns its
    result, raises the `OssError` of the server's code, or a `ClientError` if there was no proper answer. What may pass is tried again,
    see `Config.retry_max_attempts`: a write whose answer was lost may so happen twice.

    Args:
        config: settings; later changes to them have no effect.
        clock: the time that signatures name.
        transport: another way to the server than sockets. It is the caller's to close.
        sleep: waits for the seconds it is given before another attempt.
        fraction: random numbers of at least 0 and below 1, for how long that is.

    Raises:
        ConfigError: the settings name no server or no region.
        CredentialsError: they name nobody to sign as.
    """

    def __init__(
        self,
        config: Config,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        transport: Transport | None = None,
        sleep: Callable[[float], object] = time.sleep,
        fraction: Fraction = RANDOM,
    ) -> None:
        self._exchange = Exchange(config, clock, fraction)
        self._sleep = sleep
        self._own = LazyTransport(replace(config), self._exchange.endpoint.scheme)
        self._transport: Transport = self._own if transport is None else transport

    def presign(
        self, request: RequestBase, *, expires: timedelta | None = None, expiration: datetime | None = None
    ) -> PresignResult:
        """Sign a URL that lets whoever has it make this one request, as often as they like until it expires.

        Nobody is asked: neither that the bucket is there nor that the credentials are good shows before the URL is used.

        Args:
            request: the request to allow. Headers that are signed must be sent exactly so, see `PresignResult.signed_headers`.
            expires: for how long, from one second to seven days (V1 and V2: or longer); 15 minutes if neither this nor `expiration` is given.
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
        body = SentBody.of(request)
        return self._repeated(lambda: self._once(operation, request, body), body)

    def is_object_exist(self, bucket: str, key: str, version_id: str | None = None) -> bool:
        """Whether there is an object of this key.

        Raises:
            NoSuchBucket: there is no such bucket; other refusals likewise.
        """
        try:
            self.get_object_meta(GetObjectMetaRequest(bucket=bucket, key=key, version_id=version_id))
        except NoSuchKey:
            return False
        except OssError as error:
            # A proxy may lose `x-oss-err`, all that tells why a HEAD was refused; the official SDK counts that as absent as well.
            if error.status == 404 and error.code == "OssError":
                return False
            raise
        return True

    def is_bucket_exist(self, bucket: str) -> bool:
        """Whether there is a bucket of this name, whoever owns it.

        Raises:
            OssError: it can't be told.
        """
        try:
            self.get_bucket_info(GetBucketInfoRequest(bucket=bucket))
        except NoSuchBucket:
            return False
        except AccessDenied:
            return True
        return True

    def put_object_from_file(self, request: PutObjectRequest, filepath: str | os.PathLike[str]) -> PutObjectResult:
        """Upload a file as `request` says, whose body is left out."""
        with Path(filepath).open("rb") as file:
            return self.put_object(replace(request, body=file))

    def get_object_to_file(
        self, request: GetObjectRequest, filepath: str | os.PathLike[str]
    ) -> GetObjectResult[StreamBody]:
        """Download an object into a file, which is there whole or not at all. The result has no `body`.

        A transfer that breaks off, or whose bytes are not those of the server, begins again.
        """
        body = SentBody.of(request)
        return self._repeated(lambda: self._fetch(request, Path(filepath), body), body)

    def open_file(
        self, bucket: str, key: str, version_id: str | None = None, request_payer: str | None = None
    ) -> io.BufferedReader:
        """Return an object as a file to read: seekable, buffered, fetched as far as it is read.

        It is the object of now: `PreconditionFailed` is raised when it has been replaced meanwhile.
        """
        request = HeadObjectRequest(bucket=bucket, key=key, version_id=version_id, request_payer=request_payer)
        place = Place(request, self.head_object(request))
        raw = RemoteFile(place, self.get_object, self._exchange.retries.attempts_max)
        return io.BufferedReader(raw, BUFFER_BYTES)

    def uploader(self, **options: Unpack["UploaderOptions"]) -> "Uploader":
        """Return what uploads large files in parallel parts; see `Uploader` for the options."""
        from ossicle.client.transfer.upload import Uploader  # noqa: PLC0415 -- presigning should not load it

        return Uploader(self, **options)

    def downloader(self, **options: Unpack["DownloaderOptions"]) -> "Downloader":
        """Return what downloads large objects in parallel ranges; see `Downloader` for the options."""
        from ossicle.client.transfer.download import Downloader  # noqa: PLC0415

        return Downloader(self, **options)

    def copier(self, **options: Unpack["CopierOptions"]) -> "Copier":
        """Return what copies objects of any size within the server; see `Copier` for the options."""
        from ossicle.client.transfer.copy import Copier  # noqa: PLC0415

        return Copier(self, **options)

    def _fetch(self, request: GetObjectRequest, path: Path, body: SentBody) -> GetObjectResult[StreamBody]:
        result = cast("GetObjectResult[StreamBody]", self._once(GET_OBJECT, request, body))
        if result.body is None:
            raise MalformedAnswer("the answer to GetObject has no body")
        with result.body as stream, replacing(path) as file:
            for piece in stream:
                file.write(piece)
        return replace(result, body=None)

    def _repeated(self, attempt: Callable[[], Out], body: SentBody) -> Out:
        """Return what an attempt returns, the first that does not fail or fails for good."""
        for number in count(1):
            try:
                return attempt()
            except (OssError, ClientError) as failure:
                delay = self._exchange.retries.delay(number, failure)
                if delay is None or not body.can_restart:
                    raise
            self._sleep(delay)
            body.restart()
        raise AssertionError("counting has no end")

    def _once(self, operation: Operation[In, Out], request: In, body: SentBody) -> Out:
        outgoing, document = self._exchange.prepare(operation, request, body_bytes=body.length)
        answer = self._transport.send(outgoing, SentBody(document) if document else body)
        if is_success(answer.status) and streams_body(operation):
            return self._stream(operation, answer, outgoing.target, body.progress)
        received = read_document(answer)
        result = self._exchange.conclude(operation, answer.status, answer.headers, received)
        if hasattr(request, "body"):
            self._exchange.check_upload(request, body.crc64, result)
        return result

    def _stream(self, operation: Operation[In, Out], answer: Answer, target: str, progress: Progress) -> Out:
        try:
            result: Any = self._exchange.conclude(operation, answer.status, answer.headers, b"")
        except BaseException:
            answer.close()
            raise
        expected = self._exchange.expected_crc64(target, answer.status, answer.headers)
        return cast("Out", replace(result, body=StreamBody(answer, expected, progress)))

    def close(self) -> None:
        """Close the connections; the client can be used again and opens new ones."""
        self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
