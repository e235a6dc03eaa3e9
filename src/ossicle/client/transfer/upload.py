"""Uploads a file or a stream, in one piece or in parallel parts."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ossicle.client.bodies import ReadableFile, checked_piece
from ossicle.client.transfer.failures import SourceChanged, TransferCancelled, UploadError, told_as
from ossicle.client.transfer.journal import Journal, journal_path
from ossicle.client.transfer.ledger import Cancel, Ledger, Meter
from ossicle.client.transfer.multipart import Multipart, carried_over, result_of
from ossicle.client.transfer.plan import PARALLEL, PART_BYTES, Piece, cut, growing, judge_options
from ossicle.client.transfer.results import UploadResult
from ossicle.client.transfer.slices import FileSlice, crc64_of
from ossicle.client.transfer.threads import run_all
from ossicle.wire.api.multipart import InitiateMultipartUploadRequest, ListPartsRequest, UploadPartRequest
from ossicle.wire.api.object_basic import PutObjectRequest
from ossicle.wire.errors import NoSuchUpload

if TYPE_CHECKING:
    from ossicle.client.sync import Client

_STREAM: Final = "the stream"
_Part = tuple[Piece, bytes | bytearray]


class Uploader:
    """Uploads what is larger than a part in parallel parts, the rest in one piece.

    Args:
        client: sends the requests; it may be used for others meanwhile.
        part_size: bytes of a part, at least 100 KiB; larger ones are taken where there would be more than 10,000.
        parallel_num: parts that are under way at a time.
        leave_parts_on_error: don't abort the multipart upload when it fails.
        enable_checkpoint: note the upload in a file, so that the next one of the same file to the same object goes on with it.
        checkpoint_dir: where that file lies; the working directory if not given.
        cancel: ends the transfer as soon as it is set.

    Raises:
        ParameterError: parts too small, or nobody to send them.
    """

    def __init__(
        self,
        client: "Client",
        *,
        part_size: int = PART_BYTES,
        parallel_num: int = PARALLEL,
        leave_parts_on_error: bool = False,
        enable_checkpoint: bool = False,
        checkpoint_dir: str | os.PathLike[str] | None = None,
        cancel: Cancel | None = None,
    ) -> None:
        judge_options(part_size, parallel_num)
        self._client: Final = client
        self._part_size: Final = part_size
        self._threads: Final = parallel_num
        self._leaves_parts: Final = leave_parts_on_error
        self._has_checkpoint: Final = enable_checkpoint
        self._directory: Final = checkpoint_dir
        self._cancel: Final = cancel

    def upload_file(self, request: PutObjectRequest, filepath: str | os.PathLike[str]) -> UploadResult:
        """Upload a file as `request` says, whose body is left out. A pipe or a device is read to its end, see `upload_from`.

        Raises:
            UploadError: it failed; `unwrap` tells why. Without a checkpoint nothing is left on the server.
            TransferCancelled: `cancel` was set.
        """
        path = os.path.abspath(filepath)
        with told_as(partial(UploadError, path)), open(path, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return self._upload_stream(request, file, path)
            facts = _facts(file.fileno(), request, path)
            meter = Meter(facts["size"], request.progress_fn, self._cancel)
            meter.check()
            if facts["size"] <= self._part_size:
                body = FileSlice(file.fileno(), 0, facts["size"], lambda: _judge_same(file.fileno(), request, facts))
                return self._put(request, body, meter)
            return self._upload_parts(request, file.fileno(), path, facts, meter)

    def upload_from(self, request: PutObjectRequest, reader: ReadableFile) -> UploadResult:
        """Upload what `reader` gives until its end; it may be a pipe. `parallel_num` + 1 parts are in memory at most.

        Raises:
            UploadError, TransferCancelled: see `upload_file`; nothing of it can be resumed.
        """
        with told_as(partial(UploadError, _STREAM)):
            return self._upload_stream(request, reader, _STREAM)

    def _put(self, request: PutObjectRequest, body: object, meter: Meter) -> UploadResult:
        return result_of(self._client.put_object(replace(request, body=body, progress_fn=meter.tell)))

    # Files

    def _upload_parts(
        self, request: PutObjectRequest, descriptor: int, path: str, facts: dict[str, Any], meter: Meter
    ) -> UploadResult:
        pieces = cut(facts["size"], self._part_size)
        facts = {**facts, "part_size": pieces[0].length, "request": _digest(request)}
        upload, ledger, journal = self._begin(request, descriptor, pieces, facts, meter)

        def send(piece: Piece) -> None:
            body = FileSlice(descriptor, piece.start, piece.length)
            self._send(request, upload, piece, body, ledger, meter)

        try:
            meter.advance(sum(piece.length for piece in pieces if ledger.has(piece)))
            missing = (piece for piece in pieces if not ledger.has(piece))
            run_all(send, missing, threads=self._threads, meter=meter)
            _judge_same(descriptor, request, facts)
            result = upload.complete(request, ledger)
        except BaseException as error:
            self._fail(upload, journal, error, path)
        if journal is not None:
            journal.remove()
        return result

    def _begin(
        self,
        request: PutObjectRequest,
        descriptor: int,
        pieces: tuple[Piece, ...],
        facts: dict[str, Any],
        meter: Meter,
    ) -> tuple[Multipart, Ledger, Journal | None]:
        """Return the upload to go on with, what it has, and its checkpoint."""
        if not self._has_checkpoint:
            return self._initiate(request), Ledger(), None
        place = journal_path(self._directory, "upload", facts["path"], facts["target"])
        found = Journal.read(place)
        if found is not None:
            upload_id, payer = str(found.facts.get("upload_id")), request.request_payer
            upload = Multipart(self._client, request.bucket, request.key, upload_id, request_payer=payer)
            if found.fits(facts):
                ledger = self._arrived(upload, descriptor, pieces, meter)
                if ledger is not None:
                    return upload, ledger, found
            else:
                upload.abort()  # of the file as it was before
        upload = self._initiate(request)
        try:
            return upload, Ledger(), Journal.begin(place, {**facts, "upload_id": upload.upload_id})
        except BaseException:
            upload.abort()  # nobody would ever find it again
            raise

    def _initiate(self, request: PutObjectRequest) -> Multipart:
        return Multipart.initiate(self._client, carried_over(request, InitiateMultipartUploadRequest))

    def _arrived(self, upload: Multipart, descriptor: int, pieces: tuple[Piece, ...], meter: Meter) -> Ledger | None:
        """Return the parts that are there and are those of the file; None if the upload is over."""
        by_number = {piece.number: piece for piece in pieces}
        ledger = Ledger()
        request = ListPartsRequest(
            bucket=upload.bucket, key=upload.key, upload_id=upload.upload_id, request_payer=upload.request_payer
        )
        try:
            for page in self._client.list_parts_paginator().iter_page(request):
                for part in page.parts:
                    meter.check()
                    piece = by_number.get(part.part_number or 0)
                    if piece is None or part.size != piece.length or part.etag is None:
                        continue
                    own = crc64_of(descriptor, piece.start, piece.length)
                    if own is not None and part.hash_crc64 == str(own):
                        ledger.enter(piece, etag=part.etag, crc64=own)
        except NoSuchUpload:
            return None
        return ledger

    def _fail(self, upload: Multipart, journal: Journal | None, error: BaseException, path: str) -> NoReturn:
        """Leave the parts to be resumed, and say so, or leave nothing."""
        is_resumable = journal is not None and not isinstance(error, SourceChanged | NoSuchUpload)
        if is_resumable or (self._leaves_parts and not isinstance(error, TransferCancelled)):
            with told_as(partial(UploadError, path, upload_id=upload.upload_id)):
                raise error
        upload.abort()
        if journal is not None:
            journal.remove()
        raise error

    # Streams

    def _upload_stream(self, request: PutObjectRequest, reader: ReadableFile, path: str) -> UploadResult:
        meter = Meter(None, request.progress_fn, self._cancel)
        meter.check()
        parts = _parts_of(reader, self._part_size)
        first = list(islice(parts, 1))
        if not first or first[0][0].length < self._part_size:
            return self._put(request, first[0][1] if first else b"", meter)
        upload, ledger = self._initiate(request), Ledger()

        def send(part: _Part) -> None:
            self._send(request, upload, part[0], part[1], ledger, meter)

        try:
            run_all(send, _emptied(first, parts), threads=self._threads, meter=meter)
            return upload.complete(request, ledger)
        except BaseException as error:
            self._fail(upload, None, error, path)

    def _send(
        self,
        request: PutObjectRequest,
        upload: Multipart,
        piece: Piece,
        body: FileSlice | bytes | bytearray,
        ledger: Ledger,
        meter: Meter,
    ) -> None:
        meter.check()
        result = self._client.upload_part(
            UploadPartRequest(
                bucket=upload.bucket,
                key=upload.key,
                upload_id=upload.upload_id,
                part_number=piece.number,
                traffic_limit=request.traffic_limit,
                request_payer=request.request_payer,
                body=body,
                progress_fn=meter.tell,
            )
        )
        # The client has compared it with what it sent.
        told = result.hash_crc64
        ledger.enter(piece, etag=result.etag or "", crc64=None if told is None else int(told))


def _facts(descriptor: int, request: PutObjectRequest, path: str) -> dict[str, Any]:
    """Return what must be the same for a checkpoint to be of use."""
    found = os.fstat(descriptor)
    return {
        "path": path,
        "target": f"oss://{request.bucket}/{request.key}",
        "size": found.st_size,
        "mtime_ns": found.st_mtime_ns,
    }


def _digest(request: PutObjectRequest) -> str:
    """Return what tells apart requests that ask for different objects: an upload that is gone on with keeps its headers."""
    text = repr(carried_over(request, InitiateMultipartUploadRequest))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _judge_same(descriptor: int, request: PutObjectRequest, before: dict[str, Any]) -> None:
    """Refuse a file that is not the one of the beginning: what was sent of it may be a mix of both."""
    now = _facts(descriptor, request, before["path"])
    if any(before[name] != value for name, value in now.items()):
        raise SourceChanged(f"{before['path']} was changed while it was sent")


def _read(reader: ReadableFile, size: int) -> bytes | bytearray:
    """Return `size` bytes, fewer only at the end."""
    first = checked_piece(reader.read(size))
    if len(first) == size or not first:
        return first
    whole = bytearray(first)
    while len(whole) < size and (piece := checked_piece(reader.read(size - len(whole)))):
        whole += piece
    return whole


def _parts_of(reader: ReadableFile, part_size: int) -> Iterator[_Part]:
    start = 0
    for number, size in enumerate(growing(part_size), start=1):
        body = _read(reader, size)
        if body:
            yield Piece(number=number, start=start, length=len(body)), body
        start += len(body)
        if len(body) < size:
            return


def _emptied(first: list[_Part], rest: Iterator[_Part]) -> Iterator[_Part]:
    """Yield all parts; none is held by a list until the end."""
    yield first.pop()
    yield from rest
