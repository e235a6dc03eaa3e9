"""Every official SDK by every style of address and every version of signature, with a round of calls for each pair."""

from typing import Any

import pytest
import requests

from tests.conformance import sdks as official
from tests.conformance.sdks import Refused, Sdks, Speaker
from tests.conformance.service import Service

BODY = b"addressed" * 1000
SECONDS = 30
STYLES = ("ip", "path", "virtual", "cname")
SIGNATURES = ("v4", "v1")


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest, service: Service) -> str:
    chosen: str = request.param
    if chosen not in service.endpoints:
        pytest.skip("the service is not addressed so")
    return chosen


@pytest.fixture(params=SIGNATURES)
def signature(request: pytest.FixtureRequest, service: Service) -> str:
    chosen: str = request.param
    if chosen not in service.signatures:
        pytest.skip("the service does not take this signature")
    return chosen


@pytest.fixture(params=official.NAMES)
def speaker(
    request: pytest.FixtureRequest, sdks: Sdks, service: Service, shared_bucket: str, style: str, signature: str
) -> Speaker:
    bucket = service.cname_bucket if style == "cname" else shared_bucket
    return sdks.speaker(request.param, bucket, style=style, signature=signature)


def test_a_round(speaker: Speaker, style: str, signature: str) -> None:
    prefix = f"addressing/{speaker.name}/{style}/{signature}/"
    key = f"{prefix}a b+é&c%.txt"
    speaker("put_object", key=key, body=BODY, metadata={"colour": "red"}, content_type="text/plain")
    got = speaker("get_object", key=key, response_content_type="text/x-mine")
    assert (got["body"], got["metadata"], got["content_type"]) == (BODY, {"colour": "red"}, "text/x-mine")
    assert speaker("get_object", key=key, range=[3, 8])["body"] == BODY[3:9]
    speaker("copy_object", key=f"{key} 2", source_bucket=speaker.bucket, source_key=key)
    for call in ("list_objects", "list_objects_v2"):
        pages = speaker(call, prefix=prefix, page_size=1)["pages"]
        assert [page["keys"] for page in pages] == [[key], [f"{key} 2"]]
    upload: dict[str, Any] = {"key": f"{key} 3", "upload_id": speaker("initiate", key=f"{key} 3")["upload_id"]}
    part = speaker("upload_part", **upload, part_number=1, body=BODY)
    speaker("complete", **upload, parts=[{"number": 1, "etag": part["etag"]}])
    keys = [key, f"{key} 2", f"{key} 3"]
    assert sorted(speaker("delete_objects", keys=keys)["deleted"]) == keys
    with pytest.raises(Refused) as missing:
        speaker("head_object", key=key)
    assert missing.value.code == "NoSuchKey"
    info = speaker("bucket_info")
    assert info["name"] == speaker.bucket


def test_what_is_refused(speaker: Speaker) -> None:
    for changes, code in (
        ({"access_key_secret": "another"}, "SignatureDoesNotMatch"),
        ({"access_key_id": "nobody"}, "InvalidAccessKeyId"),
    ):
        with pytest.raises(Refused) as refused:
            speaker.with_settings(**changes)("put_object", key="never", body=BODY)
        assert refused.value.code == code


def test_presigned_urls(speaker: Speaker, style: str, signature: str) -> None:
    if (speaker.name, style) == ("node", "ip"):
        pytest.skip("no URL says what the Node SDK does with an IP address")
    key = f"addressing/{speaker.name}/{style}/{signature}/signed é +%.csv"
    signed = {"key": key, "expires": 600}
    put = speaker("presign", **signed, method="PUT", content_type="text/csv", metadata={"colour": "blue"})
    assert requests.put(put["url"], data=BODY, timeout=SECONDS).status_code == 403
    assert requests.put(put["url"], data=BODY, headers=put["headers"], timeout=SECONDS).status_code == 200
    got = requests.get(speaker("presign", **signed, method="GET")["url"], timeout=SECONDS)
    assert (got.content, got.headers["x-oss-meta-colour"]) == (BODY, "blue")
    head = requests.head(speaker("presign", **signed, method="HEAD")["url"], timeout=SECONDS)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(BODY)))
    assert requests.get(put["url"], timeout=SECONDS).status_code == 403
    speaker("delete_object", key=key)
