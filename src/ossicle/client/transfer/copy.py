"""Copies an object on the server: whole, or in parallel parts where it is too large for that."""

from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from ossicle.client.exchange import compare_crc64
from ossicle.client.failures import MalformedAnswer
from ossicle.client.transfer.failures import CopyError, TransferCancelled, told_as
from ossicle.client.transfer.ledger import Cancel, Ledger, Meter
from ossicle.client.transfer.multipart import Multipart, carried_over, result_of
from ossicle.client.transfer.plan import PARALLEL, Piece, cut, judge_options
from ossicle.client.transfer.results import CopyResult, UploadResult
from ossicle.client.transfer.threads import run_all
from ossicle.wire.api.multipart import InitiateMultipartUploadRequest, UploadPartCopyRequest
from ossicle.wire.api.object_basic import HeadObjectRequest, HeadObjectResult
from ossicle.wire.api.object_copy import CopyObjectRequest

if TYPE_CHECKING:
    from ossicle.client.sync import Client

MIB: Final = 1024 * 1024
PART_BYTES: Final = 64 * MIB
THRESHOLD_BYTES: Final = 200 * MIB
"""From here on the copy goes in parts: one request for all would take the server of the real OSS too long to answer."""


class Copier:
    """Copies objects within a server; no byte of them comes here.

    Args:
        client: sends the requests.
        part_size: bytes of a part of a large object.
        parallel_num: parts that are copied at a time.
        leave_parts_on_error: don't abort the multipart upload when it fails.
        cancel: ends the transfer as soon as it is set.

    Raises:
        ParameterError: parts too small, or nobody to copy them.
    """

    def __init__(
        self,
        client: "Client",
        *,
        part_size: int = PART_BYTES,
        parallel_num: int = PARALLEL,
        leave_parts_on_error: bool = False,
        cancel: Cancel | None = None,
    ) -> None:
        judge_options(part_size, parallel_num)
        self._client: Final = client
        self._part_size: Final = part_size
        self._threads: Final = parallel_num
        self._leaves_parts: Final = leave_parts_on_error
        self._cancel: Final = cancel

    def copy(self, request: CopyObjectRequest) -> CopyResult:
        """Copy an object as `request` says. With the directive `REPLACE` headers and metadata are those of the request.

        Raises:
            CopyError: it failed; `unwrap` tells why.
            TransferCancelled: `cancel` was set.
        """
        bucket = request.source_bucket or request.bucket
        with told_as(partial(CopyError, _shown(request))):
            # The conditions of the request are about its source.
            asked = carried_over(
                request,
                HeadObjectRequest,
                bucket=bucket,
                key=request.source_key,
                version_id=request.source_version_id,
                headers={},
                parameters={},
            )
            source = self._client.head_object(asked)
            size = source.content_length
            if size is None:
                raise MalformedAnswer("the answer to HeadObject has no Content-Length; is there another server?")
            meter = Meter(size, request.progress_fn, self._cancel)
            meter.check()
            if size < THRESHOLD_BYTES:
                result = result_of(self._client.copy_object(request))
                meter.finish(size)
            else:
                result = self._copy_parts(request, source, size, meter)
        return CopyResult(**{name: getattr(result, name) for name in UploadResult.__slots__})

    def _copy_parts(
        self, request: CopyObjectRequest, source: HeadObjectResult, size: int, meter: Meter
    ) -> UploadResult:
        replaces = (request.metadata_directive or "").upper() == "REPLACE"
        described = request if replaces else source
        initiation = carried_over(
            described,
            InitiateMultipartUploadRequest,
            bucket=request.bucket,
            key=request.key,
            headers=request.headers,
            parameters={},
            storage_class=request.storage_class,
            forbid_overwrite=request.forbid_overwrite,
            object_worm_mode=request.object_worm_mode,
            object_worm_retain_until_date=request.object_worm_retain_until_date,
            object_worm_legal_hold=request.object_worm_legal_hold,
            request_payer=request.request_payer,
        )
        upload, ledger = Multipart.initiate(self._client, initiation), Ledger()

        def copy(piece: Piece) -> None:
            meter.check()
            result = self._client.upload_part_copy(
                UploadPartCopyRequest(
                    bucket=request.bucket,
                    key=request.key,
                    source_bucket=request.source_bucket,
                    source_key=request.source_key,
                    source_version_id=request.source_version_id,
                    if_match=source.etag,
                    part_number=piece.number,
                    upload_id=upload.upload_id,
                    source_range=piece.range_header,
                    traffic_limit=request.traffic_limit,
                    request_payer=request.request_payer,
                )
            )
            ledger.enter(piece, etag=result.etag or "", crc64=None)
            meter.finish(piece.length)

        try:
            run_all(copy, cut(size, self._part_size), threads=self._threads, meter=meter)
            result = upload.complete(request, ledger)
        except BaseException as error:
            self._fail(upload, error, _shown(request))
        if source.hash_crc64 is not None:
            compare_crc64(int(source.hash_crc64), result.hash_crc64, result.request_id)
        return result

    def _fail(self, upload: Multipart, error: BaseException, source: str) -> NoReturn:
        """Leave the parts where that was asked for, and say so, or leave nothing."""
        if self._leaves_parts and not isinstance(error, TransferCancelled):
            with told_as(partial(CopyError, source, upload_id=upload.upload_id)):
                raise error
        upload.abort()
        raise error


def _shown(request: CopyObjectRequest) -> str:
    return f"oss://{request.source_bucket or request.bucket}/{request.source_key}"
