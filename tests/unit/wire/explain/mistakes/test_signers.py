from dataclasses import replace

import pytest

from ossicle.wire.signing import Scope, Version
from ossicle.wire.text import encode
from tests.support.hand_signed import hand_signed
from tests.support.mistakes import KEY, Sent, header_signed, presigned

every_version = pytest.mark.parametrize("version", Version)
dated_versions = pytest.mark.parametrize("version", [Version.V1, Version.V2])
DAY = "20260102"


@every_version
@pytest.mark.parametrize("ending", ["%0A", "%0D%0A", "%20", '"', "'", ">", ")", ".", "。", "%60"])
def test_something_behind_the_url(version: Version, ending: str) -> None:
    sent = presigned(version)
    assert sent.but(query=sent.query + ending).cause() == "url-ending"


def test_a_signature_in_upper_case() -> None:
    sent = presigned()
    start, _, made = sent.query.rpartition("=")
    assert sent.but(query=f"{start}={made.upper()}").cause() == "signature-case"


def with_signature_holding(version: Version, mark: str) -> Sent:
    """Return a URL whose signature has that mark in it, somewhere."""
    for number in range(1000):
        sent = presigned(version, key=f"notes/{number}.txt")
        if mark in sent.query.rpartition("ignature=")[2]:
            return sent
    raise AssertionError("no such signature")


@dated_versions
def test_a_plus_that_was_not_encoded(version: Version) -> None:
    sent = with_signature_holding(version, "%2B")
    assert sent.but(query=sent.query.replace("%2B", "+")).cause() == "signature-plus"


@dated_versions
def test_a_signature_that_was_encoded_twice(version: Version) -> None:
    start, _, made = presigned(version).query.rpartition("=")
    assert "%" in made
    assert presigned(version).but(query=f"{start}={made.replace('%', '%25')}").cause() == "signature-encoded-twice"


@dated_versions
def test_padding_that_was_lost(version: Version) -> None:
    sent = presigned(version)
    assert sent.but(query=sent.query.removesuffix("%3D")).cause() == "signature-padding"


@every_version
@pytest.mark.parametrize("ending", ["\n", "\r\n", " ", "\r"])
def test_a_secret_with_something_behind_it(version: Version, ending: str) -> None:
    signer = replace(KEY, access_key_secret=KEY.access_key_secret + ending)
    assert presigned(version, credentials=signer).cause() == "secret-ending"
    assert header_signed(version, credentials=signer).cause() == "secret-ending"


def test_the_secret_in_place_of_the_derived_key() -> None:
    assert hand_signed(key=encode(KEY.access_key_secret)).cause() == "key-not-derived"


@pytest.mark.parametrize(
    ("scope", "cause"),
    [
        (Scope(date=DAY, region="oss-cn-hangzhou"), "region-prefix"),
        (Scope(date=DAY, region="cn-hangzhou", product="s3"), "product-signed"),
    ],
)
def test_another_scope_in_the_derivation(scope: Scope, cause: str) -> None:
    explanation = hand_signed(scope=scope).explained()
    assert explanation is not None
    assert explanation.id == cause
    assert (scope.region if cause == "region-prefix" else scope.product) in explanation.text


@dated_versions
def test_the_hash_of_the_other_version(version: Version) -> None:
    # Of a V1 request the length alone tells: that of SHA-256 is V2's.
    assert hand_signed(version, other_hash=True).cause() == "hash-of-other-version"


@pytest.mark.parametrize(
    ("query", "query_text", "cause"),
    [
        ("versionId=b&acl=", "versionId=b&acl", "parameters-unsorted"),
        ("acl=&versionId=b", "acl=&versionId=b", "empty-value-equals"),
        ("versionId=a/b", "versionId=a/b", "query-not-encoded"),
    ],
)
def test_a_query_that_was_signed_in_another_form(query: str, query_text: str, cause: str) -> None:
    assert hand_signed(query=query, query_text=query_text).cause() == cause
