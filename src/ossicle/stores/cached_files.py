"""Files as far as the kernel holds them in memory: opened and read without waiting for a disk, and so on the event loop.

Only Linux can be asked for that. Elsewhere, and where a file system does not know how, nothing is held: callers then take
the way over a thread, which they need for cold files anyhow.
"""

import ctypes
import os
import sys
from pathlib import Path
from typing import Final

_OPENAT2: Final = 437
"""The number of the system call, the same on all architectures; the C library has no function for it."""
_AT_FDCWD: Final = -100
_RESOLVE_CACHED: Final = 0x20
_PROBE_BYTES: Final = 256 * 1024
"""The kernel reads ahead by this order of magnitude, and gives up old pages in the order in which they came."""


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


_HOW: Final = _OpenHow(os.O_RDONLY | os.O_CLOEXEC, 0, _RESOLVE_CACHED)


def open_cached(path: Path) -> int | None:
    """Open a file for reading if no part of its path has to be looked up on a disk, or return None.

    Source: openat2(2), RESOLVE_CACHED, since Linux 5.12.
    """
    if sys.platform != "linux":
        return None
    descriptor: int = _syscall(_OPENAT2, _AT_FDCWD, os.fsencode(path), ctypes.byref(_HOW), ctypes.sizeof(_HOW))
    return None if descriptor < 0 else descriptor


def read_cached(descriptor: int, offset: int, length: int) -> bytes | None:
    """Return `length` bytes if all of them are in memory, else None.

    Source: preadv2(2), RWF_NOWAIT, since Linux 4.14.
    """
    if sys.platform != "linux":
        return None
    buffer = bytearray(length)
    try:
        count = os.preadv(descriptor, [buffer], offset, os.RWF_NOWAIT)
    except OSError:
        return None
    return bytes(buffer) if count == length else None


def is_cached(descriptor: int, offset: int, length: int) -> bool:
    """Whether the file reaches so far and is in memory there, as far as samples tell: one in 256 KiB, and the last byte."""
    if sys.platform != "linux":
        return False
    last = offset + length - 1
    byte = bytearray(1)
    try:
        return all(
            os.preadv(descriptor, [byte], place, os.RWF_NOWAIT) for place in (last, *range(offset, last, _PROBE_BYTES))
        )
    except OSError:
        return False


if sys.platform == "linux":
    _syscall = ctypes.CDLL(None).syscall
    _syscall.restype = ctypes.c_long
