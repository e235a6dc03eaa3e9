"""Buffers of a megabyte come from memory that the process has already."""

import platform
import subprocess
import sys

import pytest

COUNT_FAULTS = """
import resource, sys
from ossicle.app.allocator import keep_large_buffers

if sys.argv[1] == "kept":
    assert keep_large_buffers()
bytes(bytearray(1 << 20))
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    bytes(bytearray(1 << 20))
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(mode: str) -> int:
    done = subprocess.run([sys.executable, "-c", COUNT_FAULTS, mode], check=True, capture_output=True, text=True)
    return int(done.stdout)


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only glibc has this setting: run the tests on Linux with glibc"
)
def test_a_kept_buffer_is_not_mapped_again() -> None:
    # Two buffers of 256 pages each time: thousands of page faults without the setting, a handful with it.
    assert faults("kept") < 600
    assert faults("plain") > 10_000
