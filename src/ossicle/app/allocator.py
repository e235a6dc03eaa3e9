"""Tells the C library to keep the memory of large buffers.

Bodies travel in buffers of a megabyte. glibc maps each one anew and gives it back when it is freed: the kernel then clears 256 pages for
every megabyte that goes through the server, which was a third of the processor time of a large download.
"""

import ctypes
import sys
from typing import Final

_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_MAPPED_BYTES: Final = 8 * 1024 * 1024
"""Buffers from this size on are mapped by themselves, as before: nothing on the data path is as large."""
_KEPT_BYTES: Final = 64 * 1024 * 1024
"""Free memory at the end of the heap that is kept for the next buffers."""


def keep_large_buffers() -> bool:
    """Make buffers of some megabytes cheap to take and to give back; False where the C library has no such setting."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return mallopt is not None and all(
        mallopt(parameter, count) == 1
        for parameter, count in ((_M_MMAP_THRESHOLD, _MAPPED_BYTES), (_M_TRIM_THRESHOLD, _KEPT_BYTES))
    )
