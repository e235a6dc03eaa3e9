"""Buckets, as the users of every official SDK make, find and remove them."""

import secrets

import alibabacloud_oss_v2 as oss
import pytest

from tests.conformance.sdks import Refused, Sdks, Speaker
from tests.conformance.service import Service


@pytest.fixture
def owner(sdk: Speaker, sdks: Sdks, service: Service) -> Speaker:
    """An SDK that lists buckets; the Node SDK can't by an IP address, where it asks a host `null.oss-...`."""
    style = next((style for style in service.endpoints if (sdk.name, style) != ("node", "ip")), None)
    if style is None:
        pytest.skip("the service is addressed by an IP address only")
    return sdks.speaker(sdk.name, sdk.bucket, style=style)


def test_buckets_are_made_found_and_removed(owner: Speaker, service: Service) -> None:
    prefix = f"{service.bucket_prefix}{secrets.token_hex(4)}"
    names = [f"{prefix}-{letter}" for letter in "abc"]
    for name in names:
        owner.with_bucket(name)("put_bucket")
    assert owner("list_buckets", prefix=prefix, page_size=2)["names"] == names
    for name in names:
        owner.with_bucket(name)("delete_bucket")
    assert owner("list_buckets", prefix=prefix, page_size=2)["names"] == []
    with pytest.raises(Refused) as missing:
        owner.with_bucket(names[0])("delete_bucket")
    assert (missing.value.status or 404, missing.value.code) == (404, "NoSuchBucket")


def test_what_a_bucket_is(sdk: Speaker, service: Service) -> None:
    info = sdk("bucket_info")
    expected = {
        "name": sdk.bucket,
        "location": f"oss-{service.region}",
        "acl": "private",
        "storage_class": "Standard",
    }
    assert {name: info[name] for name in expected} == expected
    assert info["extranet"]


def test_cross_origin_rules(sdk: Speaker, service: Service) -> None:
    owner = sdk.with_bucket(service.new_name())
    service.client().put_bucket(oss.PutBucketRequest(bucket=owner.bucket))
    try:
        rule = {
            "origins": ["https://a.example", "*.b.example"],
            "methods": ["PUT", "GET"],
            "headers": ["authorization", "x-oss-*"],
            "exposed": ["ETag"],
            "seconds": 300,
        }
        owner("put_cors", rule=rule)
        assert owner("get_cors")["rules"] == [rule]
        owner("delete_cors")
        with pytest.raises(Refused) as missing:
            owner("get_cors")
        assert (missing.value.status or 404, missing.value.code) == (404, "NoSuchCORSConfiguration")
    finally:
        service.empty_and_remove(owner.bucket)


def test_settings_are_put_told_and_deleted(sdk: Speaker, service: Service) -> None:
    owner = sdk.with_bucket(service.new_name())
    service.client().put_bucket(oss.PutBucketRequest(bucket=owner.bucket))
    try:
        assert owner("use_settings") == {
            "days": 3,
            "tags": {"k": "v"},
            "referers": ["http://a.example"],
            "index": "index.html",
            "algorithm": "AES256",
        }
    finally:
        service.empty_and_remove(owner.bucket)
