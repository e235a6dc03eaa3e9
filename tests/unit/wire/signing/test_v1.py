"""V1: which parameters are signed, what is read off its header, and the readings that only some signers have."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ossicle.wire.api import OPERATIONS
from ossicle.wire.credentials import Credentials
from ossicle.wire.errors import InvalidArgument, SignatureDoesNotMatch
from ossicle.wire.http import Headers, Query, Request, Resource
from ossicle.wire.signing import parse_claim, v1, verify_signature
from ossicle.wire.text import encode
from tests.support.signing_vectors import dated_claim, document

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


def signature_of(resource: str, headers: str = "") -> str:
    return v1.signature(KEY.access_key_secret, f"GET\n\n\n{DATE}\n{headers}{resource}")


def is_accepted(request: Request, resource: Resource = RESOURCE) -> bool:
    try:
        verify_signature(request, resource, dated_claim(request), KEY)
    except SignatureDoesNotMatch:
        return False
    return True


def test_the_example_of_the_documentation() -> None:
    headers = [
        (b"Content-MD5", b"ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM="),
        (b"Content-Type", b"text/html"),
        (b"X-OSS-Meta-Author", b"foo@bar.com"),
        (b"X-OSS-Magic", b"abracadabra"),
    ]
    canonical = v1.canonical_resource(Resource(bucket="oss-example", key=b"nelson"), [])
    text = v1.string_to_sign("PUT", Headers(headers), "Thu, 17 Nov 2005 18:49:58 GMT", canonical)
    assert v1.signature("OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV", text) == "26NBxoKdsyly4EDv6inkoDft/yA="


def test_the_signature_of_a_form_s_policy_is_made_by_the_same_function() -> None:
    (vector,) = (vector for vector in document()["post_policy_vectors"] if vector["id"] == "post-v1")
    assert v1.signature(vector["access_key_secret"], vector["string_to_sign"]) == vector["signature"]


# ---------------------------------------------------------------------------------------------------- resource


@pytest.mark.parametrize(
    ("resource", "query", "canonical"),
    [
        (Resource(), "", "/"),
        (Resource(), "regionList&prefix=a", "/?regionList"),
        (Resource(bucket="b"), "", "/b/"),
        (Resource(bucket="b"), "acl=", "/b/?acl"),
        (Resource(bucket="b"), "list-type=2&prefix=a&continuation-token=x%2By", "/b/?continuation-token=x+y"),
        (Resource(bucket="b", key=b"k"), "uploadId=U&partNumber=1", "/b/k?partNumber=1&uploadId=U"),
        (Resource(bucket="b", key=b"k"), "versionId=a+b%2f", "/b/k?versionId=a b/"),
        (Resource(bucket="b", key=b"k"), "ACL&Acl&acl", "/b/k?acl"),
        (Resource(bucket="b", key=b"k"), "acl=2&acl=1&acl", "/b/k?acl&acl=1&acl=2"),
        (Resource(bucket="b", key=b"k"), "a%63l", "/b/k?acl"),
        (Resource(bucket="b", key=b"k"), "x-oss-never-heard-of=1&X-Oss-Other=1", "/b/k?x-oss-never-heard-of=1"),
        (Resource(bucket="b", key=b"k"), "OSSAccessKeyId=a&Expires=1&Signature=s", "/b/k"),
        (Resource(bucket="b", key="ü/ +%41//../".encode()), "", "/b/ü/ +%41//../"),
        (Resource(bucket="b", key=b"\xff"), "", "/b/\udcff"),
    ],
)
def test_the_resource_is_decoded_and_holds_the_sub_resources(resource: Resource, query: str, canonical: str) -> None:
    assert v1.canonical_resource(resource, Query(encode(query)).pairs) == canonical


PLAIN = [
    "prefix",
    "delimiter",
    "marker",
    "max-keys",
    "encoding-type",
    "list-type",
    "start-after",
    "fetch-owner",
    "key-marker",
    "version-id-marker",
    "upload-id-marker",
    "max-uploads",
    "part-number-marker",
    "max-parts",
]


@pytest.mark.parametrize("name", [*PLAIN, "non-resource", "Acl", "OSSAccessKeyId", "Expires", "Signature", ""])
def test_what_is_no_sub_resource(name: str) -> None:
    assert not v1.is_sub_resource(name)


def test_nothing_that_tells_operations_apart_is_left_unsigned() -> None:
    """Else the holder of a URL for one operation could make it one for another."""
    selectors = {name for operation in OPERATIONS for name, _ in operation.selector_pairs}
    # Tells one listing from another, of the same bucket with the same right.
    assert {name for name in selectors if not v1.is_sub_resource(name)} == {"list-type"}


# ---------------------------------------------------------------------------------------------------- readings


@pytest.mark.parametrize(
    ("query", "readings"),
    [
        ("x-oss-process=a&acl", ["/examplebucket/k?acl&x-oss-process=a", "/examplebucket/k?acl"]),
        ("accessmonitor", ["/examplebucket/k?accessmonitor", "/examplebucket/k"]),
        ("regions=a", ["/examplebucket/k?regions=a", "/examplebucket/k"]),
        (
            "retention&x-oss-a=1",
            [
                "/examplebucket/k?retention&x-oss-a=1",
                "/examplebucket/k?retention",
                "/examplebucket/k?x-oss-a=1",
                "/examplebucket/k",
            ],
        ),
    ],
)
def test_a_header_may_leave_out_what_some_signers_do(query: str, readings: list[str]) -> None:
    for reading in readings:
        assert is_accepted(by_header(f"OSS made-up-id:{signature_of(reading)}", query=query))
    assert not is_accepted(by_header(f"OSS made-up-id:{signature_of('/examplebucket/k?other')}", query=query))


@pytest.mark.parametrize("query", ["acl", "acl&x-oss-process=a", "uploads", "security-token=a", "response-expires=a"])
def test_a_header_leaves_out_nothing_that_all_agree_on(query: str) -> None:
    assert not is_accepted(by_header(f"OSS made-up-id:{signature_of('/examplebucket/k')}", query=query))


@pytest.mark.parametrize("query", ["x-oss-process=a", "accessmonitor", "retention", "regions", "x-oss-traffic-limit=1"])
def test_a_url_leaves_out_nothing(query: str) -> None:
    for reading, accepted in (("/examplebucket/k", False), (f"/examplebucket/k?{query}", True)):
        made = v1.signature(KEY.access_key_secret, f"GET\n\n\n1702788988\n{reading}")
        wire = f"OSSAccessKeyId=made-up-id&Expires=1702788988&Signature={encode(made).hex('%')}&{query}"
        wire = wire.replace("Signature=", "Signature=%")
        sent = Request(method="GET", path=b"/k", query=Query(encode(wire)), headers=Headers(()), host=b"host")
        assert is_accepted(sent) == accepted


# ------------------------------------------------------------------------------------------------------ header


@pytest.mark.parametrize(
    "text", [":", "made-up-id", "made-up-id:", ":c2ln", "made-up-id:c2ln:x", "made-up-id c2ln", "made-up-id;c2ln"]
)
def test_a_malformed_header(text: str) -> None:
    with pytest.raises(InvalidArgument, match="Expected: OSS AccessKeyId:Signature") as refusal:
        parse_claim(by_header(f"OSS {text}"))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "authorization", ["OSS", "OSS ", "oss made-up-id:c2ln", "OSS\tmade-up-id:c2ln", "OSS1 made-up-id:c2ln"]
)
def test_what_is_not_its_scheme(authorization: str) -> None:
    with pytest.raises(InvalidArgument, match="must begin with OSS4-HMAC-SHA256, OSS2 or OSS, and a space"):
        parse_claim(by_header(authorization))


def test_the_form_is_judged_before_the_date() -> None:
    sent = by_header("OSS made-up-id")
    with pytest.raises(InvalidArgument):
        parse_claim(replace(sent, headers=Headers([(b"authorization", b"OSS made-up-id")])))


@pytest.mark.parametrize("between", [" ", "   "])
def test_spaces_before_the_key_id_mean_nothing(between: str) -> None:
    claim = dated_claim(by_header(f"OSS{between}made-up-id:c2ln="))
    assert (claim.access_key_id, claim.signature) == ("made-up-id", "c2ln=")
    assert claim.signed_at == datetime(2023, 12, 17, 3, 56, 28, tzinfo=UTC)


def test_headers_of_oss_are_sorted_trimmed_and_joined() -> None:
    text = "x-oss-acl:\nx-oss-meta-a:1,2\nx-oss-meta-b:inner  space\n"
    headers = [("X-OSS-Meta-B", " inner  space\t"), ("x-oss-meta-a", "1"), ("x-oss-acl", ""), ("x-oss-meta-a", "2")]
    assert is_accepted(by_header(f"OSS made-up-id:{signature_of('/examplebucket/k', text)}", *headers))
