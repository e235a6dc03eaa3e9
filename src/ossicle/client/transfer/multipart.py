"""What uploads and copies have in common: the multipart upload around their parts."""

import contextlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ossicle.client.exchange import compare_crc64
from ossicle.client.failures import ClientError, MalformedAnswer
from ossicle.client.transfer.ledger import Ledger
from ossicle.client.transfer.results import UploadResult
from ossicle.wire.api.multipart import (
    AbortMultipartUploadRequest,
    CompleteMultipartUploadRequest,
    InitiateMultipartUploadRequest,
)
from ossicle.wire.api.object_basic import HeadObjectRequest
from ossicle.wire.binding import RequestBase, ResultBase
from ossicle.wire.errors import NoSuchUpload, OssError

if TYPE_CHECKING:
    from ossicle.client.sync import Client

R = TypeVar("R", bound=RequestBase)
# The first are about one message, the last are given with the completion.
_OF_ONE_REQUEST: Final = frozenset(("content_length", "content_md5", "hash_crc64", "progress_fn", "body"))


def carried_over(request: object, kind: type[R], **given: Any) -> R:
    """Return a request of another kind with those fields that both have, and `given` instead of what it had."""
    names = {item.name for item in fields(kind)} - _OF_ONE_REQUEST - given.keys()
    return kind(**{name: getattr(request, name) for name in names if hasattr(request, name)}, **given)


class Multipart:
    """One multipart upload, from its initiation to its end."""

    def __init__(
        self, client: "Client", bucket: str, key: str, upload_id: str, *, request_payer: str | None = None
    ) -> None:
        self._client = client
        self.bucket: Final = bucket
        self.key: Final = key
        self.upload_id: Final = upload_id
        self.request_payer: Final = request_payer

    @classmethod
    def initiate(cls, client: "Client", request: InitiateMultipartUploadRequest) -> "Multipart":
        """Begin an upload."""
        upload_id = client.initiate_multipart_upload(request).upload_id
        if upload_id is None:
            raise MalformedAnswer("the answer to InitiateMultipartUpload names no upload")
        return cls(client, request.bucket, request.key, upload_id, request_payer=request.request_payer)

    def abort(self) -> None:
        """Drop what was sent. A server that can't be reached now keeps the parts; the first failure is the one to tell."""
        request = AbortMultipartUploadRequest(
            bucket=self.bucket, key=self.key, upload_id=self.upload_id, request_payer=self.request_payer
        )
        with contextlib.suppress(OssError, ClientError):
            self._client.abort_multipart_upload(request)

    def complete(self, request: object, ledger: Ledger) -> UploadResult:
        """Join the parts, with the headers of the request that asked for all this.

        Raises:
            InconsistentError: the object is not what was sent. It is there all the same.
        """
        asked = carried_over(
            request,
            CompleteMultipartUploadRequest,
            bucket=self.bucket,
            key=self.key,
            upload_id=self.upload_id,
            headers={},
            parameters={},
            complete_multipart_upload=ledger.document,
        )
        try:
            result = self._result(self._client.complete_multipart_upload(asked))
        except NoSuchUpload:
            # The answer to an earlier attempt may have been lost: then the object is there, and is this very one.
            found = self._completed_before(ledger)
            if found is None:
                raise
            result = found
        own = ledger.crc64
        if own is not None:
            compare_crc64(own, result.hash_crc64, result.request_id)
        return result

    def _completed_before(self, ledger: Ledger) -> UploadResult | None:
        try:
            asked = HeadObjectRequest(bucket=self.bucket, key=self.key, request_payer=self.request_payer)
            found = self._client.head_object(asked)
        except (OssError, ClientError):
            return None
        return self._result(found) if (found.etag or "").strip('"').upper() == ledger.etag else None

    def _result(self, answer: ResultBase) -> UploadResult:
        return result_of(answer, self.upload_id)


def result_of(answer: ResultBase, upload_id: str | None = None) -> UploadResult:
    """Return what an answer tells of the object."""
    return UploadResult(
        upload_id=upload_id,
        etag=getattr(answer, "etag", None),
        hash_crc64=getattr(answer, "hash_crc64", None),
        version_id=getattr(answer, "version_id", None),
        status_code=answer.status_code or 0,
        request_id=answer.request_id,
    )
