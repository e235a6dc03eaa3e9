import base64
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.error_document import parse_error, render_error, render_error_header
from ossicle.wire.errors import REGISTRY, InvalidArgument, NoSuchKey, OssError, SignatureDoesNotMatch
from ossicle.wire.http import Headers
from ossicle.wire.text import decode

REQUEST_ID = "657E6F7C4A1B2C3D4E5F6071"
HOST_ID = "examplebucket.oss-cn-hangzhou.aliyuncs.com"
NONE = Headers(())

xml_text = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@st.composite
def errors(draw: st.DrawFn) -> OssError:
    kind = REGISTRY[draw(st.sampled_from(sorted(REGISTRY)))]
    details: dict[str, Any] = {name: draw(st.none() | xml_text) for name in kind.elements}
    ec = draw(st.none() | st.just("0001-00000002"))
    error = kind(draw(st.none() | xml_text), ec=ec, status=draw(st.none() | st.just(499)), **details)
    error.request_id, error.host_id = REQUEST_ID, draw(xml_text)
    return error


@given(errors())
def test_an_error_survives_the_wire(error: OssError) -> None:
    document = render_error(error, request_id=error.request_id, host_id=error.host_id)

    parsed = parse_error(error.status, NONE, document)
    assert parsed == error
    assert type(parsed) is type(error)

    in_a_header = Headers([(b"x-oss-err", render_error_header(document).encode("ascii"))])
    assert parse_error(error.status, in_a_header, b"") == error


@given(errors())
def test_a_strict_parser_reads_it_as_well(error: OssError) -> None:
    root = ET.fromstring(render_error(error, request_id=REQUEST_ID, host_id=HOST_ID))
    assert root.tag == "Error"
    assert [child.tag for child in root][:4] == ["Code", "Message", "RequestId", "HostId"]
    assert (root.findtext("Message") or "") == error.message
    assert {name: root.findtext(name) or "" for name in error.details} == error.details


def test_a_received_error_is_passed_on_as_it_was_said() -> None:
    error = OssError.received(code="Unheard", status=418, message="m", ec=None, details={"What": "w"})
    known = OssError.received(code="NoSuchKey", status=404, message="m", ec=None, details={})
    for each in (error, known):
        document = render_error(each, request_id="", host_id="")
        assert b"<EC>" not in document
        assert parse_error(each.status, NONE, document) == each


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00\x01\x1b", "\ufffd\ufffd\ufffd"),
        (decode(b"\xffa"), "\ufffda"),
        ("\ud800", "\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("\t\n\r", "\t\n\r"),
        ("<&>", "<&>"),
    ],
)
def test_what_xml_cannot_hold_does_not_cost_the_reason(text: str, shown: str) -> None:
    """A canonical request or a key may hold anything; strict parsers have to be able to read why it was refused."""
    error = InvalidArgument("The reason.", argument_name="x-oss-meta-a", argument_value=text)
    document = render_error(error, request_id=REQUEST_ID, host_id=HOST_ID)
    strict = ET.fromstring(document)
    assert strict.findtext("Message") == "The reason."
    assert strict.findtext("ArgumentValue") == shown
    assert parse_error(400, NONE, document).details["ArgumentValue"] == shown


def test_code_and_message_stand_in_the_first_4_kib() -> None:
    error = SignatureDoesNotMatch(canonical_request="x" * 100_000, string_to_sign="y" * 5_000)
    start = render_error(error, request_id=REQUEST_ID, host_id=HOST_ID)[:4096]
    assert b"<Code>SignatureDoesNotMatch</Code>" in start
    assert error.message.encode() in start
    assert REQUEST_ID.encode() in start


def error_header(document: bytes) -> bytes:
    return base64.b64encode(document)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([], b""),
        ([], b"<html><body>Bad gateway</body></html>"),
        ([], b"<html><body>Bad gateway<br></html>"),
        ([], b"not XML"),
        ([], b"\xff\xfe"),
        ([], b'{"Error": {}}'),
        ([], b"<Error>" + b"<a>" * 100),
        ([], b"<Error>" + b" " * 2_000_000 + b"</Error>"),
        ([(b"x-oss-err", b"")], b""),
        ([(b"x-oss-err", b"%%%")], b""),
        ([(b"x-oss-err", b"\xff")], b""),
        ([(b"x-oss-err", b"abc")], b""),
        ([(b"x-oss-err", error_header(b"<a/>"))], b""),
    ],
)
def test_an_answer_without_a_readable_document_is_a_plain_error(
    headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    error = parse_error(502, Headers([(b"x-oss-request-id", REQUEST_ID.encode()), *headers]), body)
    assert type(error) is OssError
    assert (error.code, error.status, error.ec) == ("OssError", 502, None)
    assert error.request_id == REQUEST_ID
    assert "502" in error.message


def test_a_document_from_elsewhere_is_read_for_what_it_has() -> None:
    document = b'<Error xmlns="http://doc.oss.aliyuncs.com"><Code>NoSuchKey</Code><What><Is>this</Is></What></Error>'
    error = parse_error(404, Headers([(b"X-Oss-Request-Id", b"R")]), document)
    assert type(error) is NoSuchKey
    assert (error.message, error.request_id, error.host_id, error.details) == ("", "R", "", {"What": ""})


@given(st.integers(100, 599), st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_comes_is_an_error_and_raises_none(status: int, header: bytes, body: bytes) -> None:
    for text in (body, b"<Error>" + body + b"</Error>"):
        error = parse_error(status, Headers([(b"x-oss-err", header)]), text)
        assert error.status == status
