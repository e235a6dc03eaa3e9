"""Uploading through a URL that somebody else signed: the request line as it is given, no header too many, and what a refusal says."""

import pytest

from ossicle.client.bodies import SentBody
from ossicle.client.failures import InconsistentError, ParameterError
from ossicle.client.upload import explain_mismatch, parse_url, upload
from ossicle.wire.digest import crc64
from ossicle.wire.errors import OssError, SignatureDoesNotMatch
from tests.support.clients import AnsweringTransport, Prepared

URL = "http://demo.localhost:8880/a/../b%2Fc?x-oss-date=1&x-oss-signature=abc"
CONTENT = b"some bytes"
CRC = str(crc64(CONTENT))
STORED = {"ETag": '"E"', "x-oss-hash-crc64ecma": CRC, "x-oss-request-id": "RID"}


def test_what_is_sent_and_what_comes_back() -> None:
    transport = AnsweringTransport(Prepared(headers=STORED))
    headers = {"Content-Type": "text/plain", "x-oss-meta-a": "値"}
    result = upload(URL, SentBody(CONTENT), headers=headers, transport=transport)
    assert (result.etag, result.hash_crc64, result.size, result.request_id) == ('"E"', CRC, 10, "RID")
    sent = transport.received[0]
    assert (sent.outgoing.method, sent.outgoing.target) == ("PUT", "/a/../b%2Fc?x-oss-date=1&x-oss-signature=abc")
    assert sent.body == CONTENT
    names = {name.decode().lower(): value.decode() for name, value in sent.outgoing.headers}
    agent = names.pop("user-agent")
    assert agent.startswith("ossicle/")
    assert names == {
        "host": "demo.localhost:8880",
        "content-length": "10",
        "content-type": "text/plain",
        "x-oss-meta-a": "値",
    }


def test_what_has_no_length_goes_in_chunks() -> None:
    transport = AnsweringTransport(Prepared(headers=STORED))
    upload(URL, SentBody(iter([CONTENT])), headers={}, transport=transport)
    assert transport.received[0].header("Transfer-Encoding") == "chunked"
    assert transport.received[0].header("Content-Length") is None


def test_a_length_that_was_signed_is_sent_instead_of_chunks() -> None:
    transport = AnsweringTransport(Prepared(headers=STORED))
    upload(URL, SentBody(iter([CONTENT])), headers={"content-length": "10"}, transport=transport)
    assert transport.received[0].header("Transfer-Encoding") is None
    assert transport.received[0].header("Content-Length") == "10"


def test_a_length_that_is_not_the_bodys_is_refused() -> None:
    with pytest.raises(ParameterError, match="content_length is 9, but the body has 10 bytes"):
        upload(URL, SentBody(CONTENT), headers={"Content-Length": "9"}, transport=AnsweringTransport())


@pytest.mark.parametrize(
    "headers", [{"Transfer-Encoding": "gzip"}, {"Transfer-Encoding": "chunked", "Content-Length": "10"}]
)
def test_a_coding_that_is_not_the_bodys_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ParameterError, match="transfer-encoding is chunked and goes without content-length"):
        upload(URL, SentBody(CONTENT), headers=headers, transport=AnsweringTransport())


def test_a_body_with_a_length_goes_in_chunks_if_that_was_asked_for() -> None:
    transport = AnsweringTransport(Prepared(headers=STORED))
    upload(URL, SentBody(CONTENT), headers={"Transfer-Encoding": "chunked"}, transport=transport)
    assert transport.received[0].header("Content-Length") is None


@pytest.mark.parametrize("value", ["a\nb", "a\x01b", "a\x7f", "\ud800"])
def test_a_header_that_would_not_arrive_as_it_is_is_refused(value: str) -> None:
    transport = AnsweringTransport()
    with pytest.raises(ParameterError, match="x-oss-meta-a"):
        upload(URL, SentBody(CONTENT), headers={"x-oss-meta-a": value}, transport=transport)
    assert transport.received == []


def test_another_checksum_than_ours_is_a_failure() -> None:
    transport = AnsweringTransport(Prepared(headers={**STORED, "x-oss-hash-crc64ecma": "1"}))
    with pytest.raises(InconsistentError, match=CRC):
        upload(URL, SentBody(CONTENT), headers={}, transport=transport)


def test_a_refusal_is_raised() -> None:
    document = b"<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message></Error>"
    with pytest.raises(SignatureDoesNotMatch):
        upload(URL, SentBody(CONTENT), headers={}, transport=AnsweringTransport(Prepared(403, pieces=(document,))))


@pytest.mark.parametrize(
    ("url", "authority", "host", "port", "target"),
    [
        ("http://h/a?b", "h", "h", 80, "/a?b"),
        ("https://h:8443/a", "h:8443", "h", 8443, "/a"),
        ("https://[::1]/a", "[::1]", "::1", 443, "/a"),
        ("  http://h/a#fragment\n", "h", "h", 80, "/a"),
        ("http://h//a/./../b?c=%2F", "h", "h", 80, "//a/./../b?c=%2F"),
    ],
)
def test_a_url_is_taken_as_it_is(url: str, authority: str, host: str, port: int, target: str) -> None:
    address, found = parse_url(url)
    assert (address.authority, address.host, address.port, found) == (authority, host, port, target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "demo/a",
        "ftp://h/a",
        "http://h",
        "http://h/a b",
        "http://h/ä",
        "http://h:0/a",
        "http://u:p@h/a?x-oss-signature=secret",
        "-",
    ],
)
def test_something_else_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        parse_url(url)
    assert "secret" not in str(refusal.value)


def mismatch(*lines: str) -> OssError:
    canonical = "\n".join(["PUT", "/demo/a", "x-oss-date=1", *lines, "", "", "UNSIGNED-PAYLOAD"])
    return SignatureDoesNotMatch(canonical_request=canonical)


@pytest.mark.parametrize(
    ("lines", "sent", "told"),
    [
        ((), {}, "no header that counts was sent"),
        ((), {"X-Other": "1"}, "no header that counts was sent"),
        (
            ("content-type:text/plain",),
            {"Content-Type": "text/plain"},
            "counted these headers: content-type: text/plain. ",
        ),
        (
            ("content-type:text/plain",),
            {"Content-Type": "text/html"},
            "content-type was sent as 'text/html' and arrived as 'text/plain'",
        ),
        (("content-type:text/plain", "x-oss-meta-a:1"), {"Content-Type": "text/plain"}, "x-oss-meta-a was added"),
    ],
)
def test_a_mismatch_is_explained(lines: tuple[str, ...], sent: dict[str, str], told: str) -> None:
    assert told in explain_mismatch(mismatch(*lines), URL, sent)


def test_a_mismatch_without_details_is_explained_as_far_as_it_goes() -> None:
    assert "no header that counts" in explain_mismatch(SignatureDoesNotMatch(), URL, {})


@pytest.mark.parametrize(
    ("method", "query", "told"),
    [
        ("POST", "x-oss-date=1", "the method PUT arrived as POST"),
        ("PUT", "utm=2&x-oss-date=1", "these query parameters did not arrive as sent: utm"),
        ("PUT", "", "these query parameters did not arrive as sent: x-oss-date"),
        ("PUT", "x-oss-date=2", "these query parameters did not arrive as sent: x-oss-date"),
    ],
)
def test_a_request_line_that_was_changed_is_named(method: str, query: str, told: str) -> None:
    canonical = f"{method}\n/demo/a\n{query}\n\n\nUNSIGNED-PAYLOAD"
    hint = explain_mismatch(SignatureDoesNotMatch(canonical_request=canonical), URL, {})
    assert hint == f"something between here and the server changed the request: {told}"


def test_a_url_of_another_kind_shows_by_its_parameters() -> None:
    canonical = "PUT\n/demo/a\nuploads&x-oss-date=1\n\n\nUNSIGNED-PAYLOAD"
    hint = explain_mismatch(SignatureDoesNotMatch(canonical_request=canonical), URL + "&uploads", {})
    assert hint.endswith("The URL must have been signed for PUT and with its parameters uploads")


V1_URL = "http://demo.localhost:8880/b?OSSAccessKeyId=k&Expires=9&Signature=abc&uploads"


@pytest.mark.parametrize(
    ("text", "sent", "told"),
    [
        ("PUT\n\n\n9\n/demo/b?uploads", {}, "no header that counts was sent"),
        ("PUT\n\ntext/plain\n9\n/demo/b", {"Content-Type": "text/plain"}, "these headers: content-type: text/plain. "),
        ("PUT\n\ntext/plain\n9\n/demo/b", {"Content-Type": "text/html"}, "was sent as 'text/html'"),
        ("PUT\nabc=\n\n9\nx-oss-meta-a:1\n/demo/b", {"Content-MD5": "abc="}, "x-oss-meta-a was added"),
        ("POST\n\n\n9\n/demo/b", {}, "the method PUT arrived as POST"),
        ("PUT\n\n\n9\n/demo/b?uploads", {}, "signed for PUT and with its parameters uploads"),
        ("PUT\n\n\n9\nx-oss-meta-a:1\n\n%2Fdemo%2Fb", {"x-oss-meta-a": "1"}, "these headers: x-oss-meta-a: 1. "),
    ],
)
def test_a_mismatch_of_an_older_signature_is_explained_too(text: str, sent: dict[str, str], told: str) -> None:
    assert told in explain_mismatch(SignatureDoesNotMatch(string_to_sign=text), V1_URL, sent)
