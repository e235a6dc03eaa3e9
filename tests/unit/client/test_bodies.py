"""What may be a body, how long it is, and what is counted while it goes out."""

import io
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.client.bodies import PIECE_BYTES, SentBody, measure
from ossicle.client.failures import ParameterError
from ossicle.wire.digest import crc64


class OnlyReads:
    """A file that can't say how long it is."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)

    def read(self, size: int) -> bytes:
        return self._file.read(size)


def pieces(*parts: bytes) -> Iterator[bytes]:
    yield from parts


@pytest.mark.parametrize(
    ("source", "content", "length"),
    [
        (None, b"", 0),
        (b"", b"", 0),
        (b"abc", b"abc", 3),
        (bytearray(b"abc"), b"abc", 3),
        (memoryview(b"abcdef")[::2], b"ace", 3),
        ("ü", b"\xc3\xbc", 2),
        ([b"a", b"", b"bc"], b"abc", None),
        (pieces(b"a", b"bc"), b"abc", None),
        (io.BytesIO(b"abc"), b"abc", 3),
        (OnlyReads(b"abc"), b"abc", None),
    ],
)
def test_kinds_of_bodies(source: object, content: bytes, length: int | None) -> None:
    body = SentBody(source)
    assert body.length == length
    assert b"".join(body) == content
    assert (body.sent_bytes, body.crc64) == (len(content), crc64(content))


def test_a_file_is_sent_from_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        file.seek(4)
        body = SentBody(file)
        assert body.length == 6
        assert b"".join(body) == b"456789"


def test_a_file_that_grows_is_sent_as_long_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123")
    with path.open("rb") as file:
        body = SentBody(file)
        with path.open("ab") as more:
            more.write(b"4567")
        assert b"".join(body) == b"0123"


def test_a_file_that_shrinks_is_a_failure_and_no_short_upload(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb", buffering=0) as file:
        body = SentBody(file)
        os.truncate(path, 4)
        with pytest.raises(ParameterError, match="ended 6 bytes before the 10"):
            list(body)


def test_a_pipe_has_no_length() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"abc")
    os.close(writer)
    with open(reader, "rb") as file:
        body = SentBody(file)
        assert body.length is None
        assert b"".join(body) == b"abc"


def test_pieces_are_bounded_whatever_the_size() -> None:
    sizes = [len(piece) for piece in SentBody(bytes(3 * PIECE_BYTES + 1))]
    assert sizes == [PIECE_BYTES] * 3 + [1]


def test_progress_is_told_as_it_goes() -> None:
    told: list[tuple[int, int, int | None]] = []
    list(SentBody([b"a", b"bcd"], lambda *told_now: told.append(told_now)))
    assert told == [(1, 1, None), (3, 4, None)]


def test_a_body_that_can_be_sent_again_is_the_same_again(tmp_path: Path) -> None:
    file = io.BytesIO(b"--abc")
    file.seek(2)
    for source in (b"abc", "abc", file):
        told: list[tuple[int, int, int | None]] = []
        body = SentBody(source, lambda *told_now: told.append(told_now))  # noqa: B023 -- called before the next turn
        for _ in range(2):
            assert body.can_restart
            body.restart()
            assert b"".join(body) == b"abc"
            assert (body.sent_bytes, body.crc64) == (3, crc64(b"abc"))
        assert told == [(3, 3, 3)]


@pytest.mark.parametrize("source", [[b"a"], pieces(b"a"), OnlyReads(b"abc")])
def test_a_body_that_is_gone_once_it_was_sent(source: object) -> None:
    assert not SentBody(source).can_restart


async def endless() -> AsyncIterator[bytes]:
    yield b"a"


@pytest.mark.parametrize("source", [5, object(), 1.5])
def test_something_else_is_no_body(source: object) -> None:
    with pytest.raises(TypeError, match="a body is bytes"):
        measure(source)


@pytest.mark.parametrize("source", [io.StringIO("text"), ["text"], [1]])
def test_text_is_refused_where_bytes_are_needed(source: object) -> None:
    with pytest.raises(TypeError, match="must give bytes"):
        list(SentBody(source))


def test_an_asynchronous_body_needs_the_asynchronous_client() -> None:
    with pytest.raises(TypeError, match="AsyncClient"):
        list(SentBody(endless()))


@given(st.lists(st.binary(max_size=50), max_size=8))
def test_any_cut_gives_the_same_sum(parts: list[bytes]) -> None:
    cut, whole = SentBody(parts), SentBody(b"".join(parts))
    assert b"".join(cut) == b"".join(whole)
    assert (cut.crc64, cut.sent_bytes) == (whole.crc64, whole.sent_bytes)
