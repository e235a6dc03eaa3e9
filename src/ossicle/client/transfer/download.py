"""Downloads an object into a file, in parallel ranges."""

import contextlib
import errno
import fcntl
import os
import secrets
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ossicle.client.exchange import compare_crc64
from ossicle.client.failures import (
    ConnectionFailed,
    InconsistentError,
    MalformedAnswer,
    ParameterError,
)
from ossicle.client.local_file import judge_target, keep_mode, name_beside
from ossicle.client.transfer.failures import DownloadError, SourceChanged, told_as
from ossicle.client.transfer.journal import Journal, journal_path
from ossicle.client.transfer.ledger import Cancel, Ledger, Meter
from ossicle.client.transfer.multipart import carried_over
from ossicle.client.transfer.plan import PARALLEL, PART_BYTES, Piece, cut, judge_options
from ossicle.client.transfer.results import DownloadResult
from ossicle.client.transfer.slices import crc64_of
from ossicle.client.transfer.threads import run_all
from ossicle.wire.api.object_basic import GetObjectRequest, HeadObjectRequest
from ossicle.wire.digest import crc64
from ossicle.wire.errors import NoSuchKey, PreconditionFailed

if TYPE_CHECKING:
    from ossicle.client.sync import Client

_STALLS_MAX: Final = 3
"""How often in a row a connection may break off without a byte: every request has its own attempts besides."""


_HOPELESS: Final = (SourceChanged, InconsistentError, NoSuchKey)
"""After these, what has arrived is of no use to the next run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Object:
    """What is downloaded: this very one, whatever is written to its key meanwhile."""

    size: int
    etag: str
    crc64: str | None
    request_id: str


class Downloader:
    """Downloads an object in parallel ranges.

    Args:
        client: sends the requests; it may be used for others meanwhile.
        part_size: bytes of a range, at least 100 KiB.
        parallel_num: ranges that are under way at a time.
        use_temp_file: write beside the target and move the file there when it is whole. Otherwise a failure leaves a part behind.
        enable_checkpoint: note in a file what has arrived, so that the next download of the same object to the same place goes on.
        checkpoint_dir: where that file lies; the working directory if not given.
        verify_data: compare the CRC-64 of the file with that of the server.
        cancel: ends the transfer as soon as it is set.

    Raises:
        ParameterError: ranges too small, or nobody to fetch them.
    """

    def __init__(
        self,
        client: "Client",
        *,
        part_size: int = PART_BYTES,
        parallel_num: int = PARALLEL,
        use_temp_file: bool = True,
        enable_checkpoint: bool = False,
        checkpoint_dir: str | os.PathLike[str] | None = None,
        verify_data: bool = True,
        cancel: Cancel | None = None,
    ) -> None:
        judge_options(part_size, parallel_num)
        self._client: Final = client
        self._part_size: Final = part_size
        self._threads: Final = parallel_num
        self._uses_temp_file: Final = use_temp_file
        self._has_checkpoint: Final = enable_checkpoint
        self._directory: Final = checkpoint_dir
        self._verifies: Final = verify_data
        self._cancel: Final = cancel

    def download_file(self, request: GetObjectRequest, filepath: str | os.PathLike[str]) -> DownloadResult:
        """Download an object to a file, which has all of it or is as it was before. A symbolic link is replaced, not followed.

        Raises:
            DownloadError: it failed; `unwrap` tells why.
            TransferCancelled: `cancel` was set.
        """
        path = Path(os.path.abspath(filepath))
        with told_as(partial(DownloadError, str(path))):
            judge_target(path)
            found = self._find(request)
            meter = Meter(found.size, request.progress_fn, self._cancel)
            meter.check()
            pieces = cut(found.size, self._part_size)
            facts: dict[str, Any] = {
                "source": f"oss://{request.bucket}/{request.key}?versionId={request.version_id or ''}",
                "path": str(path),
                "etag": found.etag,
                "size": found.size,
                "part_size": pieces[0].length if pieces else 0,
            }
            beside = self._beside(path, facts["source"])
            with _opened(beside) as file:
                if beside != path:
                    keep_mode(file.fileno(), path)
                journal: Journal | None = None
                try:
                    journal = self._journal(facts)
                    self._fill(request, found, pieces, file, journal, meter)
                    os.replace(beside, path)
                except BaseException as error:
                    self._end(beside, path, journal, error)
                    raise
                if journal is not None:
                    journal.remove()
            return DownloadResult(written=found.size)

    def download_to(self, request: GetObjectRequest, writer: BinaryIO) -> DownloadResult:
        """Download an object to a stream, which may be a pipe: in order, and so one range at a time.

        Raises:
            DownloadError, TransferCancelled: see `download_file`; what was written stays written.
        """
        with told_as(partial(DownloadError, "the stream")):
            found = self._find(request)
            meter = Meter(found.size, request.progress_fn, self._cancel)
            meter.check()
            whole, piece = 0, Piece(number=1, start=0, length=found.size)
            with contextlib.closing(self._chunks(request, found, piece, meter)) as chunks:
                for chunk in chunks:
                    _write_out(writer, chunk)
                    whole = crc64(chunk, whole)
            self._judge(whole, found)
            return DownloadResult(written=found.size)

    def _find(self, request: GetObjectRequest) -> _Object:
        if request.range_header is not None:
            raise ParameterError("a download is of the whole object; get_object takes a range")
        head = self._client.head_object(carried_over(request, HeadObjectRequest))
        if head.content_length is None or head.etag is None:
            raise MalformedAnswer("the answer to HeadObject has no Content-Length or no ETag; is there another server?")
        return _Object(size=head.content_length, etag=head.etag, crc64=head.hash_crc64, request_id=head.request_id)

    def _journal(self, facts: dict[str, Any]) -> Journal | None:
        if not self._has_checkpoint:
            return None
        place = journal_path(self._directory, "download", facts["source"], facts["path"])
        found = Journal.read(place)
        return found if found is not None and found.fits(facts) else Journal.begin(place, facts)

    def _beside(self, path: Path, source: str) -> Path:
        """Return where the bytes go: a name that the next run finds again, if there is a checkpoint."""
        if not self._uses_temp_file:
            return path
        tail = journal_path(None, "download", source, str(path)).stem if self._has_checkpoint else secrets.token_hex(8)
        return name_beside(path, tail[:16])

    def _fill(
        self,
        request: GetObjectRequest,
        found: _Object,
        pieces: tuple[Piece, ...],
        file: FileIO,
        journal: Journal | None,
        meter: Meter,
    ) -> None:
        descriptor = file.fileno()
        ledger = Ledger() if journal is None else _arrived(journal, descriptor, pieces, meter)
        os.ftruncate(descriptor, found.size)
        meter.advance(sum(piece.length for piece in pieces if ledger.has(piece)))

        def fetch(piece: Piece) -> None:
            own, offset = 0, piece.start
            with contextlib.closing(self._chunks(request, found, piece, meter)) as chunks:
                for chunk in chunks:
                    # The file is asked each time: once it is closed, its number may be that of another one.
                    _write(file.fileno(), chunk, offset)
                    own, offset = crc64(chunk, own), offset + len(chunk)
            ledger.enter(piece, etag=found.etag, crc64=own)
            if journal is not None:
                journal.add([piece.number, own])

        missing = (piece for piece in pieces if not ledger.has(piece))
        run_all(fetch, missing, threads=self._threads, meter=meter)
        self._judge(ledger.crc64, found)
        os.fsync(descriptor)

    def _chunks(
        self, request: GetObjectRequest, found: _Object, piece: Piece, meter: Meter
    ) -> Generator[bytes, None, None]:
        """Yield the bytes of a piece; a connection that breaks off is opened again from where it was."""
        rest, stalls = piece, 0
        while rest.length:
            meter.check()
            before = rest
            try:
                with contextlib.closing(self._ask(request, found, rest)) as chunks:
                    for chunk in chunks:
                        rest = rest.behind(len(chunk))
                        yield chunk
                        meter.advance(len(chunk))
            except PreconditionFailed as error:
                raise SourceChanged("the object was replaced while it was downloaded") from error
            except ConnectionFailed:
                stalls = 0 if rest is not before else stalls + 1
                if stalls == _STALLS_MAX:
                    raise

    def _ask(self, request: GetObjectRequest, found: _Object, piece: Piece) -> Generator[bytes, None, None]:
        """Yield what one request brings, which is not more than the piece and ends with it."""
        asked = replace(
            request, range_header=piece.range_header, range_behavior="standard", if_match=found.etag, progress_fn=None
        )
        body = self._client.get_object(asked).body
        if body is None:
            raise MalformedAnswer("the answer to GetObject has no body")
        left = piece.length
        with body:
            for chunk in body:
                left -= len(chunk)
                if left < 0:
                    break
                yield chunk
        if left:
            raise MalformedAnswer("the answer is not the range that was asked for")

    def _judge(self, own: int | None, found: _Object) -> None:
        if self._verifies and own is not None:
            compare_crc64(own, found.crc64, found.request_id)

    def _end(self, beside: Path, path: Path, journal: Journal | None, error: BaseException) -> None:
        """Leave what has arrived to be resumed, or nothing; what stood at the target is not touched."""
        if journal is not None and not isinstance(error, _HOPELESS):
            return
        if journal is not None:
            journal.remove()
        if beside != path:
            with contextlib.suppress(FileNotFoundError):
                beside.unlink()


@contextmanager
def _opened(path: Path) -> Iterator[FileIO]:
    """Open a file to fill, for this download alone: two would mix their bytes, and each would find its own sum right."""
    with FileIO(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = os.path.samestat(os.fstat(file.fileno()), os.stat(path))
        except (BlockingIOError, FileNotFoundError):
            is_ours = False
        if not is_ours:
            raise BlockingIOError(errno.EWOULDBLOCK, "another download of the same is under way", str(path))
        yield file


def _arrived(journal: Journal, descriptor: int, pieces: tuple[Piece, ...], meter: Meter) -> Ledger:
    """Return the pieces that an earlier run has noted and that are on disk as it noted them."""
    by_number = {piece.number: piece for piece in pieces}
    ledger = Ledger()
    for line in journal.lines:
        meter.check()
        match line:
            case [int(number), int(noted)] if number in by_number:
                piece = by_number[number]
                if crc64_of(descriptor, piece.start, piece.length) == noted:
                    ledger.enter(piece, etag="", crc64=noted)
    return ledger


def _write(descriptor: int, chunk: bytes, offset: int) -> None:
    view = memoryview(chunk)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def _write_out(writer: BinaryIO, chunk: bytes) -> None:
    """Write all of it: a stream without buffer may take a part, and says how much."""
    view = memoryview(chunk)
    while view:
        written: int | None = writer.write(view)
        view = view[len(view) if written is None else written :]
