"""Parts of files as files of their own."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.client.bodies import SentBody
from ossicle.client.failures import ParameterError
from ossicle.client.transfer.slices import FileSlice, crc64_of
from ossicle.wire.digest import crc64

CONTENT = os.urandom(1000)
MOVES = st.lists(st.tuples(st.integers(0, 200), st.integers(-1, 200)), max_size=8)


@given(st.integers(0, 1000), st.integers(0, 300), MOVES)
def test_a_slice_reads_as_a_file_of_its_bytes(
    tmp_path_factory: pytest.TempPathFactory, start: int, length: int, moves: list[tuple[int, int]]
) -> None:
    length = min(length, len(CONTENT) - start)
    path = tmp_path_factory.getbasetemp() / "sliced"
    path.write_bytes(CONTENT)
    with path.open("rb") as file, io.BytesIO(CONTENT[start : start + length]) as model:
        part = FileSlice(file.fileno(), start, length)
        for offset, size in moves:
            assert part.seek(min(offset, length)) == model.seek(min(offset, length))
            assert part.read(size) == model.read(size)
            assert part.tell() == model.tell()
        assert part.seek(0, io.SEEK_END) == length
        assert part.seek(0, io.SEEK_CUR) == length
        assert file.tell() == 0


def test_a_slice_is_a_body_that_can_be_sent_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    with (tmp_path / "file").open("rb") as file:
        body = SentBody(FileSlice(file.fileno(), 100, 300))
        assert (body.length, body.can_restart, b"".join(body)) == (300, True, CONTENT[100:400])
        body.restart()
        assert b"".join(body) == CONTENT[100:400]


def test_a_file_that_has_become_shorter_breaks_the_body_off(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    with (tmp_path / "file").open("r+b") as file:
        body = SentBody(FileSlice(file.fileno(), 100, 900))
        file.truncate(500)
        with pytest.raises(ParameterError, match="500 bytes before"):
            b"".join(body)


def test_the_sum_of_a_part_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT * 2000)
    with (tmp_path / "file").open("rb") as file:
        assert crc64_of(file.fileno(), 5, 1_500_000) == crc64((CONTENT * 2000)[5:1_500_005])
        assert crc64_of(file.fileno(), 5, 0) == 0
        assert crc64_of(file.fileno(), 1_999_999, 2) is None
