"""Region, endpoint and address style as a table, beside what the official SDK makes of the same settings."""

from typing import Any

import alibabacloud_oss_v2 as sdk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.client.endpoint import AddressStyle, resolve_endpoint
from ossicle.client.failures import ConfigError
from ossicle.wire.http import Resource
from ossicle.wire.text import percent_decode
from tests.support.clients import config

BUCKET = Resource(bucket="demo")
OBJECT = Resource(bucket="demo", key=b"a/b.txt")
SERVICE = Resource()

# settings, then the URLs of service, bucket and object
ADDRESSES = [
    (
        {},
        "https://oss-cn-hangzhou.aliyuncs.com/",
        "https://demo.oss-cn-hangzhou.aliyuncs.com/",
        "https://demo.oss-cn-hangzhou.aliyuncs.com/a/b.txt",
    ),
    (
        {"disable_ssl": True},
        "http://oss-cn-hangzhou.aliyuncs.com/",
        "http://demo.oss-cn-hangzhou.aliyuncs.com/",
        "http://demo.oss-cn-hangzhou.aliyuncs.com/a/b.txt",
    ),
    (
        {"use_internal_endpoint": True},
        "https://oss-cn-hangzhou-internal.aliyuncs.com/",
        "https://demo.oss-cn-hangzhou-internal.aliyuncs.com/",
        "https://demo.oss-cn-hangzhou-internal.aliyuncs.com/a/b.txt",
    ),
    (
        {"use_accelerate_endpoint": True},
        "https://oss-accelerate.aliyuncs.com/",
        "https://demo.oss-accelerate.aliyuncs.com/",
        "https://demo.oss-accelerate.aliyuncs.com/a/b.txt",
    ),
    (
        {"use_dualstack_endpoint": True},
        "https://cn-hangzhou.oss.aliyuncs.com/",
        "https://demo.cn-hangzhou.oss.aliyuncs.com/",
        "https://demo.cn-hangzhou.oss.aliyuncs.com/a/b.txt",
    ),
    (
        {"use_dualstack_endpoint": True, "use_internal_endpoint": True, "use_accelerate_endpoint": True},
        "https://cn-hangzhou.oss.aliyuncs.com/",
        "https://demo.cn-hangzhou.oss.aliyuncs.com/",
        "https://demo.cn-hangzhou.oss.aliyuncs.com/a/b.txt",
    ),
    (
        {"endpoint": "oss.example.com"},
        "https://oss.example.com/",
        "https://demo.oss.example.com/",
        "https://demo.oss.example.com/a/b.txt",
    ),
    (
        {"endpoint": "oss.example.com", "disable_ssl": True, "use_path_style": True},
        "http://oss.example.com/",
        "http://oss.example.com/demo/",
        "http://oss.example.com/demo/a/b.txt",
    ),
    (
        {"endpoint": "https://oss.example.com:8443", "disable_ssl": True},
        "https://oss.example.com:8443/",
        "https://demo.oss.example.com:8443/",
        "https://demo.oss.example.com:8443/a/b.txt",
    ),
    (
        {"endpoint": "http://cdn.example.com", "use_cname": True},
        "http://cdn.example.com/",
        "http://cdn.example.com/",
        "http://cdn.example.com/a/b.txt",
    ),
    (
        {"endpoint": "http://127.0.0.1:8880"},
        "http://127.0.0.1:8880/",
        "http://127.0.0.1:8880/demo/",
        "http://127.0.0.1:8880/demo/a/b.txt",
    ),
    (
        {"endpoint": "http://127.0.0.1:8880", "use_cname": True},
        "http://127.0.0.1:8880/",
        "http://127.0.0.1:8880/demo/",
        "http://127.0.0.1:8880/demo/a/b.txt",
    ),
    (
        {"endpoint": "http://localhost:8880"},
        "http://localhost:8880/",
        "http://demo.localhost:8880/",
        "http://demo.localhost:8880/a/b.txt",
    ),
    (
        {"endpoint": "http://localhost:8880", "use_path_style": True},
        "http://localhost:8880/",
        "http://localhost:8880/demo/",
        "http://localhost:8880/demo/a/b.txt",
    ),
]


@pytest.mark.parametrize(("settings", "service", "bucket", "an_object"), ADDRESSES)
def test_addresses(settings: dict[str, Any], service: str, bucket: str, an_object: str) -> None:
    endpoint = resolve_endpoint(config(**settings))
    assert [endpoint.locate(resource).base for resource in (SERVICE, BUCKET, OBJECT)] == [service, bucket, an_object]


@pytest.mark.parametrize("settings", [row[0] for row in ADDRESSES])
def test_the_official_sdk_addresses_an_object_alike(settings: dict[str, Any]) -> None:
    theirs = sdk.config.load_default()
    theirs.region = "cn-hangzhou"
    theirs.credentials_provider = sdk.credentials.StaticCredentialsProvider("id", "secret")
    for name, value in settings.items():
        setattr(theirs, name, value)
    signed = sdk.Client(theirs).presign(sdk.GetObjectRequest(bucket="demo", key="a/b.txt"))
    assert signed.url.partition("?")[0] == resolve_endpoint(config(**settings)).locate(OBJECT).base


@pytest.mark.parametrize(
    ("endpoint", "host", "port", "authority"),
    [
        ("http://[::1]:8880", "::1", 8880, "[::1]:8880"),
        ("http://[::1]", "::1", 80, "[::1]"),
        ("https://10.0.0.1/", "10.0.0.1", 443, "10.0.0.1"),
    ],
)
def test_an_ip_address_is_path_style(endpoint: str, host: str, port: int, authority: str) -> None:
    found = resolve_endpoint(config(endpoint=endpoint))
    assert (found.host, found.port, found.authority, found.style) == (host, port, authority, AddressStyle.PATH)


def test_connecting_goes_to_the_host_and_host_names_the_authority() -> None:
    address = resolve_endpoint(config(endpoint="http://localhost:8880")).locate(OBJECT)
    assert (address.host, address.port, address.authority) == ("demo.localhost", 8880, "demo.localhost:8880")


@pytest.mark.parametrize(
    "endpoint",
    [
        "ftp://oss.example.com",
        "http://",
        "http://oss.example.com/prefix",
        "http://oss.example.com?x=y",
        "http://user@oss.example.com",
        "http://oss.example.com:0",
        "http://oss.example.com:65536",
        "http://oss.example.com:http",
        "http://oss example.com",
        "http://oss.example.com\r\nX: y",
    ],
)
def test_an_endpoint_of_another_form_is_refused(endpoint: str) -> None:
    with pytest.raises(ConfigError, match="endpoint"):
        resolve_endpoint(config(endpoint=endpoint))


@pytest.mark.parametrize("region", [None, "", "CN-hangzhou", "cn hangzhou", "oss-cn-hangzhou", "a/b"])
def test_a_region_is_needed_to_find_the_real_service(region: str | None) -> None:
    with pytest.raises(ConfigError, match="region"):
        resolve_endpoint(config(region=region))


@pytest.mark.parametrize("key", [b"a/../b", b"./a", b"//a", b"/a", b"a//b/", b"a%2Fb", "中 文+?#".encode(), b"\x01"])
def test_a_key_arrives_as_it_was_given(key: bytes) -> None:
    path = resolve_endpoint(config()).locate(Resource(bucket="demo", key=key)).path
    assert path.startswith("/")
    assert percent_decode(path[1:].encode()) == key


@given(st.binary(min_size=1, max_size=64))
def test_any_key_arrives_as_it_was_given(key: bytes) -> None:
    path = resolve_endpoint(config(use_path_style=True)).locate(Resource(bucket="demo", key=key)).path
    assert path.startswith("/demo/")
    assert percent_decode(path.removeprefix("/demo/").encode()) == key
    assert not set(path) & set(" ?#%\r\n") - {"%"}
