"""What has arrived of a transfer: parts with their checksums, and bytes for whoever watches. Does no I/O; takes calls from threads."""

import threading
from typing import Final, Protocol

from ossicle.client.transfer.failures import TransferCancelled
from ossicle.client.transfer.plan import Piece
from ossicle.wire.api.multipart import CompleteMultipartUpload, UploadPart
from ossicle.wire.binding import ProgressFn
from ossicle.wire.digest import combine_crc64, render_multipart_etag


class Cancel(Protocol):
    """Anything that can say that a transfer is no longer wanted, such as a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether it is so."""
        ...


class Meter:
    """Counts bytes, tells `progress_fn`, and ends every thread of a transfer that has been cancelled or has failed.

    Each byte is told once. Those that an earlier run has moved come first, as one step.
    """

    def __init__(self, total: int | None, progress_fn: ProgressFn | None, cancel: Cancel | None) -> None:
        self._total = total
        self._tell = progress_fn
        self._cancel = cancel
        self._so_far = 0
        self._lock = threading.Lock()
        self._has_failed = False

    def advance(self, count: int) -> None:
        """Take in `count` bytes, and go on.

        Raises:
            TransferCancelled: see `check`.
        """
        self.check()
        self.finish(count)

    def finish(self, count: int) -> None:
        """Take in `count` bytes that nobody can cancel any more."""
        if count:
            with self._lock:
                self._so_far += count
                if self._tell is not None:
                    self._tell(count, self._so_far, self._total)

    def tell(self, increment: int, _so_far: int, _total: int | None) -> None:
        """`advance` as the `progress_fn` of a single request."""
        self.advance(increment)

    def stop(self) -> None:
        """Let the other threads end: this one has failed."""
        self._has_failed = True

    def check(self) -> None:
        """Return if the transfer goes on.

        Raises:
            TransferCancelled: the caller has cancelled it, or another part of it has failed.
        """
        if self._has_failed or (self._cancel is not None and self._cancel.is_set()):
            raise TransferCancelled("the transfer was cancelled")


class Ledger:
    """The parts of one object: which of them are there, and what the whole must come to."""

    def __init__(self) -> None:
        self._done: Final[dict[int, tuple[Piece, str, int | None]]] = {}
        self._lock = threading.Lock()

    def enter(self, piece: Piece, *, etag: str, crc64: int | None) -> None:
        """Note that a part has arrived."""
        with self._lock:
            self._done[piece.number] = (piece, etag, crc64)

    def has(self, piece: Piece) -> bool:
        """Whether this part has arrived."""
        return piece.number in self._done

    @property
    def crc64(self) -> int | None:
        """CRC-64 of the parts one behind the other; None if that of one is not known."""
        whole = 0
        for _, (piece, _, crc64) in self._in_order():
            if crc64 is None:
                return None
            whole = combine_crc64(whole, crc64, piece.length)
        return whole

    def _in_order(self) -> list[tuple[int, tuple[Piece, str, int | None]]]:
        return sorted(self._done.items(), key=lambda item: item[0])

    @property
    def etag(self) -> str:
        """ETag of the object that the parts make, unquoted."""
        return render_multipart_etag(etag.strip('"').upper() for _, (_, etag, _) in self._in_order())

    @property
    def document(self) -> CompleteMultipartUpload:
        """What CompleteMultipartUpload says."""
        parts = (UploadPart(part_number=number, etag=etag) for number, (_, etag, _) in self._in_order())
        return CompleteMultipartUpload(parts=tuple(parts))
