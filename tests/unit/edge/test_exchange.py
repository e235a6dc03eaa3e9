"""Heads that are written here; what they look like on a connection is shown in tests/integration/edge."""

import pytest

from ossicle.edge.exchange import render_head

LENGTH = (b"content-length", b"3")


@pytest.mark.parametrize(
    ("status", "headers", "body_bytes", "head"),
    [
        (200, [LENGTH, (b"etag", b'"\xe9\t"')], 3, b'HTTP/1.1 200 OK\r\ncontent-length: 3\r\netag: "\xe9\t"\r\n'),
        (200, [LENGTH], None, b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n"),
        (204, [], 0, b"HTTP/1.1 204 No Content\r\n"),
        (304, [], None, b"HTTP/1.1 304 Not Modified\r\n"),
    ],
)
def test_a_plain_head(status: int, headers: list[tuple[bytes, bytes]], body_bytes: int | None, head: bytes) -> None:
    assert render_head(status, headers, body_bytes) == head


@pytest.mark.parametrize(
    ("status", "headers", "body_bytes"),
    [
        (200, [LENGTH], 2),
        (200, [LENGTH], 4),
        (200, [], 3),
        (200, [], None),
        (204, [], 1),
        (200, [LENGTH, (b"ETag", b"")], 3),
        (200, [LENGTH, (b"connection", b"close")], 3),
        (200, [LENGTH, (b"transfer-encoding", b"chunked")], 3),
        *[(200, [LENGTH, (b"a", b"b" + bytes([control]) + b"c")], 3) for control in (*range(9), *range(10, 32), 127)],
        (200, [LENGTH, (b"a", b"b\r\nx: y")], 3),
    ],
)
def test_what_is_not_plain_is_left_to_uvicorn(
    status: int, headers: list[tuple[bytes, bytes]], body_bytes: int | None
) -> None:
    assert render_head(status, headers, body_bytes) is None


@pytest.mark.parametrize("name", [b"a b", b"a:b", b"a\r\nb", b"a\0", b'"'])
def test_a_name_that_is_none_is_never_written(name: bytes) -> None:
    with pytest.raises(RuntimeError):
        render_head(200, [LENGTH, (name, b"v")], 3)
