"""V2: its header, its additional headers, its resource."""

import pytest

from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import InvalidArgument, SignatureDoesNotMatch
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import parse_claim, v2, verify_signature
from ossicle.wire.text import encode, percent_encode
from tests.support.signing_vectors import dated_claim

KEY = Credentials(access_key_id="made-up-id", access_key_secret="made-up-secret")
DATE = "Sun, 17 Dec 2023 03:56:28 GMT"
RESOURCE = Resource(bucket="examplebucket", key=b"k")


def by_header(authorization: str, *headers: tuple[str, str], query: str = "") -> Request:
    sent = [("Date", DATE), *headers, ("Authorization", authorization)]
    return Request(
        method="GET",
        path=b"/k",
        query=Query(encode(query)),
        headers=Headers((encode(name), encode(value)) for name, value in sent),
        host=b"host",
    )


def is_accepted(request: Request) -> bool:
    try:
        verify_signature(request, RESOURCE, dated_claim(request), KEY)
    except SignatureDoesNotMatch:
        return False
    return True


@pytest.mark.parametrize(
    ("resource", "query", "canonical"),
    [
        (Resource(), "", "%2F"),
        (Resource(), "prefix=a", "%2F?prefix=a"),
        (Resource(bucket="b"), "acl=", "%2Fb%2F?acl"),
        (Resource(bucket="b", key=b"d/k"), "prefix=a/b+c&x-oss-signature=s", "%2Fb%2Fd%2Fk?prefix=a%2Fb%20c"),
        (Resource(bucket="b", key=b"\xff ~"), "", "%2Fb%2F%FF%20~"),
    ],
)
def test_the_resource_is_encoded_slashes_too(resource: Resource, query: str, canonical: str) -> None:
    assert v2.canonical_resource(resource, Query(encode(query)).pairs) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AccessKeyId:a",
        "Signature:s",
        "AccessKeyId:,Signature:s",
        "AccessKeyId:a,Signature:",
        "AccessKeyId:a,Signature:s,Signature:s",
        "AccessKeyId:a,Signature:s,Other:o",
        "AccessKeyId=a,Signature=s",
        "AccessKeyId:a,Signature:s,",
        "AccessKeyId:a,AdditionalHeaders:,Signature:s",
        "AccessKeyId:a,AdditionalHeaders:host;,Signature:s",
        "a:s",
    ],
)
def test_a_malformed_header(text: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        parse_claim(by_header(f"OSS2 {text}"))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "text",
    [
        "AccessKeyId:made-up-id,AdditionalHeaders:range;host,Signature:c2ln=",
        "Signature:c2ln=, AdditionalHeaders:range;host, AccessKeyId:made-up-id",
    ],
)
def test_the_fields_come_in_any_order_and_with_spaces(text: str) -> None:
    claim = dated_claim(by_header(f"OSS2 {text}"))
    assert (claim.access_key_id, claim.signature) == ("made-up-id", "c2ln=")
    assert claim.additional_headers == ("range", "host")


@pytest.mark.parametrize(
    ("listed", "lines", "names"),
    [
        ("range", "range:bytes=0-1\n", "range"),
        ("Range;host;range", "host:examplebucket\nrange:bytes=0-1\n", "host;range"),
        ("range;content-type", "content-type:text/plain\nrange:bytes=0-1\n", "content-type;range"),
    ],
)
def test_additional_headers(listed: str, lines: str, names: str) -> None:
    headers = [("Range", "bytes=0-1"), ("Host", "examplebucket"), ("Content-Type", "text/plain")]
    text = f"GET\n\ntext/plain\n{DATE}\n{lines}{names}\n%2Fexamplebucket%2Fk"
    made = v2.signature(KEY.access_key_secret, text)
    authorization = f"OSS2 AccessKeyId:made-up-id,AdditionalHeaders:{listed},Signature:{made}"
    assert is_accepted(by_header(authorization, *headers))
    assert not is_accepted(by_header(authorization, *(("Range", "bytes=0-2"), *headers[1:])))
    assert not is_accepted(by_header(authorization.replace(f"AdditionalHeaders:{listed},", ""), *headers))


def test_an_additional_header_that_is_absent() -> None:
    sent = by_header("OSS2 AccessKeyId:made-up-id,AdditionalHeaders:range,Signature:c2ln")
    with pytest.raises(
        InvalidArgument, match="The header range is listed as an additional header but is not"
    ) as refusal:
        verify_signature(sent, RESOURCE, dated_claim(sent), KEY)
    assert refusal.value.status == 400


@pytest.mark.parametrize("name", ["x-oss-security-token", "security-token"])
def test_either_name_of_the_token_in_a_url(name: str) -> None:
    given = [f"{name}=t%2B", "x-oss-access-key-id=made-up-id", "x-oss-expires=1702788988"]
    query = "&".join(sorted([*given, "x-oss-signature-version=OSS2"]))
    made = v2.signature(KEY.access_key_secret, f"GET\n\n\n1702788988\n\n%2Fexamplebucket%2Fk?{query}")
    wire = encode(f"{query}&x-oss-signature={percent_encode(encode(made))}")
    sent = Request(method="GET", path=b"/k", query=Query(wire), headers=Headers(()), host=b"host")
    assert dated_claim(sent).security_token == "t+"
    assert is_accepted(sent)


def test_every_parameter_is_signed() -> None:
    made = v2.signature(KEY.access_key_secret, f"GET\n\n\n{DATE}\n\n%2Fexamplebucket%2Fk?prefix=a")
    authorization = f"OSS2 AccessKeyId:made-up-id,Signature:{made}"
    assert is_accepted(by_header(authorization, query="prefix=a"))
    for query in ("prefix=b", "", "prefix=a&other", "prefix=a&prefix=b"):
        assert not is_accepted(by_header(authorization, query=query))
