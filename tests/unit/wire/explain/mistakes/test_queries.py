import re

import pytest

from ossicle.wire.signing import Version
from tests.support.mistakes import Sent, header_signed, presigned

every_version = pytest.mark.parametrize("version", Version)
fully_signed = pytest.mark.parametrize("version", [Version.V4, Version.V2])


def with_more(sent: Sent, text: str) -> Sent:
    return sent.but(query=f"{sent.query}&{text}")


def resigned(sent: Sent, change: str, to: str) -> Sent:
    """Return it with a part of its query replaced, which must be there."""
    assert change in sent.query
    return sent.but(query=sent.query.replace(change, to))


@every_version
@pytest.mark.parametrize(
    "text", ["x-oss-process=image/resize,w_100", "response-content-type=text%2Fhtml", "acl", "versionId=v"]
)
def test_a_parameter_that_was_added(version: Version, text: str) -> None:
    explanation = with_more(presigned(version, method="GET"), text).explained()
    assert explanation is not None
    assert explanation.id == "parameter-added"
    assert text.partition("=")[0] in explanation.text


@fully_signed
@pytest.mark.parametrize("text", ["_=1767323045000", "utm_source=mail", "fbclid=abc", "gclid=abc", "t=1", "v=2"])
def test_a_parameter_that_follows_people(version: Version, text: str) -> None:
    assert with_more(presigned(version), text).cause() == "tracking-parameter"


@fully_signed
def test_parameters_that_were_added(version: Version) -> None:
    assert with_more(presigned(version), "utm_source=mail&utm_medium=a&utm_campaign=b").cause() == "parameters-added"
    sent = with_more(presigned(version, query=[("x-oss-process", "image/info")]), "width=1&height=2")
    assert sent.cause() == "parameters-added"


@every_version
@pytest.mark.parametrize("name", ["uploads", "acl", "tagging", "symlink", "objectMeta"])
def test_a_parameter_that_was_lost(version: Version, name: str) -> None:
    explanation = resigned(presigned(version, query=[(name, "")]), f"{name}&", "").explained()
    assert explanation is not None
    assert explanation.id == "parameter-lost"
    assert f"parameter {name} was" in explanation.text


def test_a_lost_part_number() -> None:
    signed = presigned(query=[("partNumber", "1"), ("uploadId", "U")])
    assert resigned(signed, "partNumber=1&", "").cause() == "parameter-lost"


@every_version
def test_a_parameter_that_is_there_twice(version: Version) -> None:
    signed = presigned(version, query=[("uploadId", "U"), ("partNumber", "1")])
    assert with_more(signed, "uploadId=U&partNumber=1").cause() == "parameter-twice"


@every_version
def test_the_letter_case_of_a_parameter(version: Version) -> None:
    signed = presigned(version, query=[("uploadId", "U"), ("partNumber", "1")])
    explanation = resigned(signed, "partNumber", "partnumber").explained()
    assert explanation is not None
    assert explanation.id == "parameter-case"
    assert "partNumber" in explanation.text
    assert resigned(presigned(version, query=[("acl", "")]), "acl", "ACL").cause() == "parameter-case"


@every_version
def test_encodings(version: Version) -> None:
    signed = presigned(version, query=[("response-content-type", "text/html")])
    assert resigned(signed, "text%2Fhtml", "text%252Fhtml").cause() == "query-encoded-twice"
    signed = presigned(version, query=[("response-content-type", "text%2Fhtml")])
    assert resigned(signed, "text%252Fhtml", "text%2Fhtml").cause() == "query-signed-encoded"
    signed = presigned(version, query=[("versionId", "a+b")])
    assert resigned(signed, "a%2Bb", "a+b").cause() == "plus-in-query"


@every_version
@pytest.mark.parametrize("ending", ["%0A", "%20", '"', "."])
def test_something_behind_a_parameter(version: Version, ending: str) -> None:
    signed = presigned(version, query=[("versionId", "abc")])
    assert resigned(signed, "versionId=abc", f"versionId=abc{ending}").cause() == "parameter-ending"


def test_a_lifetime_that_was_changed() -> None:
    explanation = resigned(presigned(expires=900), "x-oss-expires=900", "x-oss-expires=604800").explained()
    assert explanation is not None
    assert explanation.id == "expires-changed"
    assert "x-oss-expires=604800, and 900 was" in explanation.text
    assert resigned(presigned(expires=901), "x-oss-expires=901", "x-oss-expires=604800").explained() is None


def test_an_end_that_was_changed() -> None:
    signed = presigned(Version.V1)
    end = re.search(r"Expires=(\d+)", signed.query)
    assert end is not None
    sent = resigned(signed, end[0], f"Expires={int(end[1]) + 86400}")
    assert sent.cause() == "expires-changed"
    assert resigned(signed, end[0], f"Expires={end[1]}000").cause() == "expires-not-signed"


def test_a_date_signed_in_place_of_the_end() -> None:
    signed = header_signed(Version.V1)
    key_id, _, made = str(signed.headers["Authorization"]).removeprefix("OSS ").partition(":")
    query = f"OSSAccessKeyId={key_id}&Expires=1767326645&Signature={made.replace('+', '%2B')}"
    assert signed.having(authorization=None).but(query=query).cause() == "expires-not-signed"
