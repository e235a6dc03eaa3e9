"""What the kernel holds of a file, and what it does not: asked without ever waiting for a disk."""

import os
from pathlib import Path

import pytest

from ossicle.stores.cached_files import is_cached, open_cached, read_cached
from tests.support.process_facts import only_on_linux

pytestmark = [only_on_linux, pytest.mark.allow_blocking]

KIB = 1024


@pytest.fixture
def descriptor(tmp_path: Path) -> int:
    """A file of 2 MiB, which is in memory."""
    path = tmp_path / "file"
    with path.open("wb", buffering=0) as file:
        for _ in range(32):  # a large write may make large pages, which are dropped whole or not at all
            file.write(bytes(range(256)) * 256)
    descriptor = open_cached(path)
    if descriptor is None or not is_cached(descriptor, 0, KIB):
        pytest.skip("this kernel or file system can't tell")
    return descriptor


def drop(descriptor: int, offset: int, length: int) -> None:
    """Take a part of a file out of memory."""
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, offset, length, os.POSIX_FADV_DONTNEED)
    if is_cached(descriptor, offset, length):
        pytest.skip("this file system keeps everything in memory")


def test_what_is_in_memory_is_read(descriptor: int) -> None:
    assert read_cached(descriptor, 3, 4) == b"\3\4\5\6"
    assert is_cached(descriptor, 0, 2 * KIB * KIB)
    os.close(descriptor)


def test_what_is_not_in_memory_is_not_waited_for(descriptor: int) -> None:
    drop(descriptor, 0, 2 * KIB * KIB)
    assert read_cached(descriptor, 0, 64 * KIB) is None
    os.close(descriptor)


@pytest.mark.parametrize("offset", [0, 512 * KIB, 1024 * KIB, 1536 * KIB])
def test_a_large_hole_anywhere_is_noticed(descriptor: int, offset: int) -> None:
    drop(descriptor, offset, 512 * KIB)
    assert not is_cached(descriptor, 0, 2 * KIB * KIB)
    os.close(descriptor)


def test_a_file_that_is_shorter_is_not_taken_for_cached(descriptor: int) -> None:
    assert not is_cached(descriptor, 2 * KIB * KIB - 1, 2)
    assert read_cached(descriptor, 2 * KIB * KIB - 1, 2) is None
    os.close(descriptor)


def test_a_file_that_is_missing_is_none(tmp_path: Path) -> None:
    assert open_cached(tmp_path / "missing") is None


def test_a_kernel_that_knows_no_such_call_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setattr("ossicle.stores.cached_files._OPENAT2", 100_000)
    assert open_cached(tmp_path / "file") is None


def test_a_file_system_that_can_not_tell_has_nothing_cached() -> None:
    read_end, write_end = os.pipe()
    try:
        assert not is_cached(read_end, 0, 1)
        assert read_cached(read_end, 0, 1) is None
    finally:
        os.close(read_end)
        os.close(write_end)


def test_a_descriptor_is_not_passed_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    descriptor = open_cached(tmp_path / "file")
    if descriptor is None:
        pytest.skip("this kernel can't tell")
    assert not os.get_inheritable(descriptor)
    os.close(descriptor)
