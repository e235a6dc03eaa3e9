import pytest

from ossicle.wire.explain import explain_place
from ossicle.wire.http import Resource
from ossicle.wire.signing import Version, parse_claim
from tests.support.hand_signed import hand_signed
from tests.support.mistakes import KEY, header_signed, path_of, presigned

every_version = pytest.mark.parametrize("version", Version)


@every_version
@pytest.mark.parametrize(
    ("signed", "sent", "cause"),
    [
        ("a b.txt", "/demo/a%2520b.txt", "key-encoded-twice"),
        ("文/x.txt", "/demo/%25E6%2596%2587/x.txt", "key-encoded-twice"),
        ("a%20b.txt", "/demo/a%20b.txt", "key-signed-encoded"),
        ("a b.txt", "/demo/a+b.txt", "plus-in-path"),
        ("a+b.txt", "/demo/a%20b.txt", "space-in-path"),
        ("/a/b.txt", "/demo/a/b.txt", "slash-lost"),
        ("a/b.txt", "/demo/a//b.txt", "slash-doubled"),
        ("a/b.txt", "/demo//a/b.txt", "slash-doubled"),
        ("a/b", "/demo/a/b/", "slash-added"),
        ("a/b/", "/demo/a/b", "slash-removed"),
        ("b.txt", "/demo/a/../b.txt", "dot-segments"),
        ("a/b.txt", "/demo/a/./b.txt", "dot-segments"),
        ("a/b.txt", "/demo/A/B.TXT", "key-case"),
        ("a.txt", "/demo/a.txt%0A", "path-ending"),
        ("a.txt", "/demo/a.txt%20", "path-ending"),
        ("a.txt", '/demo/a.txt"', "path-ending"),
        ("a.txt", "/demo/a.txt。", "path-ending"),
        ("ä.txt", "/demo/a%CC%88.txt", "key-unicode-form"),
        ("a\u0308.txt", "/demo/%C3%A4.txt", "key-unicode-form"),
        ("文.txt", "/demo/%CE%C4.txt", "key-charset"),
        ("demo/a.txt", "/demo/a.txt", "bucket-signed-twice"),
        ("b.txt", "/demo/files/b.txt", "path-prefix"),
    ],
)
def test_a_key_that_was_changed_on_the_way(version: Version, signed: str, sent: str, cause: str) -> None:
    assert presigned(version, method="GET", key=signed).but(path=sent).cause() == cause


@every_version
def test_the_bucket_in_host_and_path(version: Version) -> None:
    sent = presigned(version, key="a.txt").but(bucket="demo", path="/demo/a.txt")
    assert sent.cause() == "bucket-twice"


@every_version
def test_a_proxy_s_prefix(version: Version) -> None:
    sent = presigned(version, key="a.txt").but(path="/storage/demo/a.txt")
    claim = parse_claim(sent.request)
    assert claim is not None
    explanation = explain_place(sent.request, sent.resource, claim, KEY)
    assert explanation is not None
    assert explanation.id == "path-prefix"
    assert "/storage" in explanation.text
    assert explain_place(sent.request, Resource(bucket="demo", key=b"a.txt"), claim, KEY) is None


@every_version
def test_a_prefix_that_a_proxy_took_off(version: Version) -> None:
    sent = presigned(version, key="files/a.txt").but(path="/files/a.txt").having(x_forwarded_prefix="/demo")
    assert sent.cause() == "path-prefix-removed"


@every_version
def test_a_host_that_a_proxy_replaced(version: Version) -> None:
    sent = presigned(version, key="files/a.txt").but(path="/files/a.txt").having(x_forwarded_host="demo.example.com")
    explanation = sent.explained()
    assert explanation is not None
    assert explanation.id == "host-rewritten"
    assert "demo.example.com" in explanation.text


@every_version
@pytest.mark.parametrize("key", ["a.txt", "files/a.txt"])
def test_a_domain_that_the_server_does_not_know(version: Version, key: str) -> None:
    sent = presigned(version, key=key).but(path=f"/{key}").having(host="demo.oss.example.com:8880")
    claim = parse_claim(sent.request)
    assert claim is not None
    explanation = explain_place(sent.request, sent.resource, claim, KEY)
    assert explanation is not None
    assert explanation.id == "domain-unknown"
    assert "--domain oss.example.com," in explanation.text


@pytest.mark.parametrize("version", [Version.V4, Version.V2])
@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        ("oss.example.com", "oss.example.com:80"),
        ("oss.example.com:443", "oss.example.com"),
        ("localhost:8880", "127.0.0.1:8880"),
        ("demo.oss.example.com", "oss.example.com"),
    ],
)
def test_a_host_that_was_signed(version: Version, signed: str, sent: str) -> None:
    request = presigned(version, headers=[("host", signed)], additional=["host"]).having(host=sent)
    explanation = request.explained()
    assert explanation is not None
    assert explanation.id == "host-signed"
    assert signed in explanation.text
    assert sent in explanation.text


def test_a_host_that_a_proxy_tells_of() -> None:
    request = presigned(headers=[("host", "files.example.com")], additional=["host"])
    assert request.having(host="backend:9", x_forwarded_host="files.example.com").cause() == "host-signed"


# ---------------------------------------------------------------------------- what hand-written signers sign


@pytest.mark.parametrize(
    ("version", "path", "key", "cause"),
    [
        (Version.V4, "/a/b%20c.txt", "a/b c.txt", "bucket-not-signed"),
        (Version.V4, "/a.txt", "a.txt", "bucket-not-signed"),
        (Version.V4, "/demo/a b.txt", "a b.txt", "key-not-encoded"),
        (Version.V4, "/demo/a%2Fb.txt", "a/b.txt", "slash-encoded"),
        (Version.V1, "/a.txt", "a.txt", "bucket-not-signed"),
        (Version.V1, "/demo/a%2Fb.txt", "a/b.txt", "slash-encoded"),
        (Version.V2, "/demo/a/b.txt", "a/b.txt", "slash-not-encoded"),
        (Version.V2, "%2Fa.txt", "a.txt", "bucket-not-signed"),
    ],
)
def test_a_path_that_was_signed_in_another_form(version: Version, path: str, key: str, cause: str) -> None:
    assert hand_signed(version, path_text=path).but(path=path_of(key)).cause() == cause


def test_nothing_is_said_of_the_service() -> None:
    assert (
        header_signed(Version.V1, key="").but(path="/", headers=header_signed(Version.V1).headers).explained() is None
    )
