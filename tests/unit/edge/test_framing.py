"""The table of heads: what passes, as what, and what is refused, with which code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.edge.framing import Framing, Refused, host_of, judge_head

HOST = (b"host", b"b.example")
LENGTH = (b"content-length", b"5")
CHUNKED = (b"transfer-encoding", b"chunked")
LIMIT = 64 * 1024


def judge(
    method: bytes, target: bytes, *headers: tuple[bytes, bytes], version: str = "1.1", limit: int = LIMIT
) -> Framing:
    return judge_head(method, target, headers, version, limit)


@pytest.mark.parametrize(
    ("method", "headers", "content_length"),
    [
        (b"GET", [HOST], 0),
        (b"DELETE", [HOST], 0),
        (b"GET", [HOST, LENGTH], 5),
        (b"PUT", [HOST, LENGTH], 5),
        (b"POST", [HOST, (b"content-length", b"0")], 0),
        (b"PUT", [HOST, CHUNKED], None),
        (b"PUT", [HOST, (b"transfer-encoding", b"Chunked")], None),
    ],
)
def test_body_ends_where_the_headers_say(
    method: bytes, headers: list[tuple[bytes, bytes]], content_length: int | None
) -> None:
    assert judge(method, b"/k", *headers) == Framing(target=b"/k", content_length=content_length)


@pytest.mark.parametrize(
    ("target", "origin_form"),
    [
        (b"/", b"/"),
        (b"//a//../b", b"//a//../b"),
        (b"/%2F%zz?a=b?c&", b"/%2F%zz?a=b?c&"),
        (b"/http://c.example/", b"/http://c.example/"),
        (b'/"<>\\^`{|}', b'/"<>\\^`{|}'),
        (b"http://b.example/k?q", b"/k?q"),
        (b"HTTPS://B.EXAMPLE/k", b"/k"),
        (b"http://b.example", b"/"),
        (b"http://b.example?q", b"/?q"),
    ],
)
def test_target_in_origin_form(target: bytes, origin_form: bytes) -> None:
    assert judge(b"GET", target, HOST).target == origin_form


@pytest.mark.parametrize(
    "target",
    [
        b"",
        b"*",
        b"k",
        b"?q",
        b"/k#f",
        b"/k?q#f",
        b"/\xc3\xa9",
        b"/a b",
        b"/a\x00",
        b"/a\n",
        b"/a\x7f",
        b"b.example:80",
        b"http://c.example/k",
        b"http://b.example:8880/k",
        b"http://user@b.example/k",
        b"http:///k",
        b"http:/k",
        b"ftp://b.example/k",
        b"/" + b"a" * 65535,
    ],
)
def test_target_that_names_no_path_here(target: bytes) -> None:
    with pytest.raises(Refused) as refused:
        judge(b"GET", target, HOST, limit=2 * LIMIT)
    assert (refused.value.code, refused.value.status) == ("InvalidArgument", 400)


@pytest.mark.parametrize(
    ("method", "headers", "version", "status", "code"),
    [
        (b"GET", [], "1.1", 400, "InvalidArgument"),
        (b"GET", [(b"host", b"")], "1.1", 400, "InvalidArgument"),
        (b"GET", [HOST, HOST], "1.1", 400, "InvalidArgument"),
        (b"GET", [HOST, HOST], "1.0", 400, "InvalidArgument"),
        (b"GET", [HOST], "2.0", 400, "InvalidArgument"),
        (b"GET", [HOST], "0.9", 400, "InvalidArgument"),
        (b"PUT", [HOST, CHUNKED], "1.0", 400, "InvalidArgument"),
        (b"PUT", [HOST, CHUNKED, CHUNKED], "1.1", 400, "NotImplemented"),
        (b"PUT", [HOST, (b"transfer-encoding", b"gzip, chunked")], "1.1", 400, "NotImplemented"),
        (b"PUT", [HOST, (b"transfer-encoding", b"identity")], "1.1", 400, "NotImplemented"),
        (b"GET", [HOST, (b"transfer-encoding", b"xchunked")], "1.1", 400, "NotImplemented"),
        (b"PUT", [HOST], "1.1", 411, "MissingContentLength"),
        (b"POST", [HOST], "1.1", 411, "MissingContentLength"),
        (b"PUT", [HOST], "1.0", 411, "MissingContentLength"),
        (b"CONNECT", [HOST], "1.1", 405, "MethodNotAllowed"),
    ],
)
def test_head_that_is_refused(
    method: bytes, headers: list[tuple[bytes, bytes]], version: str, status: int, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        judge(method, b"/k", *headers, version=version)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_http_1_0_needs_no_host() -> None:
    assert judge(b"GET", b"/k", version="1.0").target == b"/k"


def test_head_is_measured_as_it_was_sent() -> None:
    fitting = len(b"/k") + len(b"host: b.example\r\n")
    assert judge(b"GET", b"/k", HOST, limit=fitting).target == b"/k"
    with pytest.raises(Refused):
        judge(b"GET", b"/k", HOST, limit=fitting - 1)


@pytest.mark.parametrize(
    ("headers", "host"), [([], b""), ([HOST], b"b.example"), ([HOST, HOST], b""), ([LENGTH, HOST], b"b.example")]
)
def test_host_is_the_only_one(headers: list[tuple[bytes, bytes]], host: bytes) -> None:
    assert host_of(headers) == host


@given(
    method=st.sampled_from([b"GET", b"PUT", b"OPTIONS", b"CONNECT"]),
    target=st.binary(max_size=40) | st.binary(max_size=20).map(b"http://b.example".__add__),
    host=st.sampled_from([b"b.example", b""]) | st.binary(max_size=8),
)
def test_whatever_passes_is_a_path_in_printable_ascii(method: bytes, target: bytes, host: bytes) -> None:
    refused: Refused | None = None
    try:
        passed = judge(method, target, (b"host", host), LENGTH).target
    except Refused as error:
        refused, passed = error, b"/"
    assert passed.startswith(b"/")
    assert all(0x21 <= byte <= 0x7E and byte != ord("#") for byte in passed)
    if refused is None:
        assert target.endswith((passed, passed[1:]))
    else:
        assert refused.code != "BadRequest"  # SDKs would send it again
        assert refused.status < 500
