"""Lines added to a file that several processes add to: whole ones, whatever happens to the disk or to one of the processes."""

import errno
import fcntl
import os
import stat
import time
from pathlib import Path
from typing import Final

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK
_LOCK_SECONDS: Final = 2.0
"""How long others may write. They need microseconds, so who takes longer has stopped, or is not one of us."""
_RETRY_SECONDS: Final = 0.001
_END: Final = b"\n"


def append_lines(path: Path, lines: bytes | bytearray, *, file_bytes_max: int | None = None) -> None:
    """Add lines, each with its LF, to a file, which gets mode 0600 where there is none: all of them or, if that fails, none.

    It is opened anew each time, so that it may be renamed at any moment.

    Raises:
        OSError: they can't be written, or the file would be larger than `file_bytes_max`, or it is none.
    """
    descriptor = os.open(path, _FLAGS, 0o600)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        _lock(descriptor)
        before = os.fstat(descriptor).st_size
        if file_bytes_max is not None and before + len(lines) > file_bytes_max:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        if lines:
            _write_whole(descriptor, lines, before)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _write_whole(descriptor: int, lines: bytes | bytearray, before: int) -> None:
    # Who was killed while it wrote has left half a line, which must not spoil the next one.
    if before and os.pread(descriptor, 1, before - 1) != _END:
        lines = _END + lines
    if os.write(descriptor, lines) < len(lines):
        os.ftruncate(descriptor, before)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
