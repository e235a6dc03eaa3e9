"""Who may read what the users of every official SDK make public, and what stays private."""

from collections.abc import Iterator

import pytest
import requests

from tests.conformance.sdks import Refused, Speaker
from tests.conformance.service import Service

BODY = b"for everybody"
SECONDS = 30


def status(service: Service, bucket: str, key: str) -> int:
    return requests.get(service.url(bucket, key), timeout=SECONDS).status_code


def test_an_object_that_is_put_for_everybody(sdk: Speaker, service: Service) -> None:
    key = f"{sdk.name}/public"
    sdk("put_object", key=key, body=BODY)
    assert status(service, sdk.bucket, key) == 403
    sdk("put_object", key=key, body=BODY, acl="public-read")
    assert requests.get(service.url(sdk.bucket, key), timeout=SECONDS).content == BODY
    assert requests.put(service.url(sdk.bucket, key), data=b"mine", timeout=SECONDS).status_code == 403
    sdk("put_object", key=key, body=BODY)
    assert status(service, sdk.bucket, key) == 403


@pytest.fixture
def public(sdk: Speaker, service: Service) -> Iterator[Speaker]:
    """A bucket that was made for everybody to read."""
    owner = sdk.with_bucket(service.new_name())
    owner("put_bucket", acl="public-read")
    yield owner
    service.empty_and_remove(owner.bucket)


def test_a_bucket_that_is_made_for_everybody(public: Speaker, service: Service) -> None:
    assert public("bucket_info")["acl"] == "public-read"
    public("put_object", key="open", body=BODY)
    public("put_object", key="closed", body=BODY, acl="private")
    assert (status(service, public.bucket, "open"), status(service, public.bucket, "closed")) == (200, 403)
    assert requests.put(service.url(public.bucket, "new"), data=b"x", timeout=SECONDS).status_code == 403


def test_the_acl_of_an_object_is_changed(sdk: Speaker, service: Service) -> None:
    key = f"{sdk.name}/acl é"
    sdk("put_object", key=key, body=BODY)
    assert sdk("get_object_acl", key=key)["acl"] == "default"
    sdk("put_object_acl", key=key, acl="public-read")
    assert sdk("get_object_acl", key=key)["acl"] == "public-read"
    assert status(service, sdk.bucket, key) == 200
    sdk("put_object_acl", key=key, acl="private")
    assert status(service, sdk.bucket, key) == 403
    for call in ("get_object_acl", "put_object_acl"):
        with pytest.raises(Refused) as missing:
            sdk(call, key="never was", acl="private")
        assert (missing.value.status or 404, missing.value.code) == (404, "NoSuchKey")


def test_the_acl_of_a_bucket_is_changed(public: Speaker, service: Service) -> None:
    public("put_object", key="a", body=BODY)
    assert public("get_bucket_acl")["acl"] == "public-read"
    public("put_bucket_acl", acl="private")
    assert public("get_bucket_acl")["acl"] == "private"
    assert status(service, public.bucket, "a") == 403
    public("put_bucket_acl", acl="public-read-write")
    assert requests.put(service.url(public.bucket, "new"), data=b"x", timeout=SECONDS).status_code == 200
    missing = public.with_bucket(service.new_name())
    with pytest.raises(Refused) as nowhere:
        missing("get_bucket_acl")
    assert (nowhere.value.status or 404, nowhere.value.code) == (404, "NoSuchBucket")
