"""Signing URLs: limits and refusals, the official SDK's result for the same request, and its published vectors."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import alibabacloud_oss_v2 as sdk
import pytest
from alibabacloud_oss_v2 import presigner
from alibabacloud_oss_v2.signer import v4 as sdk_signer

import ossicle
from ossicle.client.aio import AsyncClient
from ossicle.client.config import Config
from ossicle.client.credentials import (
    AnonymousCredentialsProvider,
    CredentialsProviderFunc,
    StaticCredentialsProvider,
)
from ossicle.client.failures import ClientError, ConfigError, CredentialsError, ParameterError
from ossicle.client.sync import Client
from ossicle.wire.binding import RequestBase
from ossicle.wire.credentials import Credentials
from tests.support.clients import NOW, config, frozen_clock
from tests.support.signing_vectors import Vector, v4_vectors

PUT = ossicle.PutObjectRequest(bucket="demo", key="a.txt")


def client(**settings: Any) -> Client:
    return Client(config(**settings), clock=frozen_clock)


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


# -- the older signatures


def test_v1_and_v2_have_names_of_their_own_and_no_region() -> None:
    older = client(signature_version="v1", region=None, endpoint="http://127.0.0.1:9").presign(PUT)
    assert parameters(older.url).keys() == {"OSSAccessKeyId", "Expires", "Signature"}
    assert parameters(older.url)["Expires"] == str(int(NOW.timestamp()) + 900)
    assert older.expiration == NOW + timedelta(minutes=15)
    rare = client(signature_version="v2", region=None, endpoint="http://127.0.0.1:9").presign(PUT)
    names = {"x-oss-signature-version", "x-oss-access-key-id", "x-oss-expires", "x-oss-signature"}
    assert parameters(rare.url).keys() == names


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_older_signatures_know_no_longest_life(version: str) -> None:
    signed = client(signature_version=version).presign(PUT, expires=timedelta(days=3650))
    assert signed.expiration == NOW + timedelta(days=3650)
    for expires in (timedelta(0), timedelta(milliseconds=999), timedelta.max):
        with pytest.raises(ParameterError, match="at least 1 second and end before the year 10000"):
            client(signature_version=version).presign(PUT, expires=expires)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_what_the_sender_has_to_send_is_told(version: str) -> None:
    request = ossicle.PutObjectRequest(
        bucket="demo", key="a", content_type="text/plain", cache_control="no-cache", metadata={"a": "1"}
    )
    signed = client(signature_version=version).presign(request)
    assert signed.signed_headers == {"Content-Type": "text/plain", "x-oss-meta-a": "1"}


def test_v1_signs_no_further_headers_and_says_so() -> None:
    with pytest.raises(ConfigError, match="v1 signs no additional headers, such as cache-control"):
        client(signature_version="v1", additional_headers=["Cache-Control"])
    client(signature_version="v1", additional_headers=["Content-Type", "x-oss-meta-a"])
    request = ossicle.PutObjectRequest(bucket="demo", key="a", cache_control="no-cache")
    signed = client(signature_version="v2", additional_headers=["Cache-Control", "absent"]).presign(request)
    assert signed.signed_headers == {"Cache-Control": "no-cache"}
    assert parameters(signed.url)["x-oss-additional-headers"] == "cache-control"


def test_a_key_that_is_another_object_s_sub_resource_is_not_signed_with_v1() -> None:
    request = ossicle.PutObjectRequest(bucket="demo", key="a?tagging")
    with pytest.raises(ParameterError, match="good for another resource too"):
        client(signature_version="v1").presign(request)
    assert client(signature_version="v4").presign(request).url


# -- how long


def test_fifteen_minutes_is_the_default() -> None:
    signed = client().presign(PUT)
    assert signed.expiration == NOW + timedelta(minutes=15)
    assert parameters(signed.url)["x-oss-expires"] == "900"


@pytest.mark.parametrize("seconds", [1, 604800])
def test_one_second_to_seven_days(seconds: int) -> None:
    signed = client().presign(PUT, expires=timedelta(seconds=seconds))
    assert signed.expiration == NOW + timedelta(seconds=seconds)
    assert parameters(signed.url)["x-oss-expires"] == str(seconds)


def test_until_a_moment_in_any_time_zone() -> None:
    moment = (NOW + timedelta(hours=1)).astimezone(tz=datetime.now().astimezone().tzinfo)
    assert client().presign(PUT, expiration=moment) == client().presign(PUT, expires=timedelta(hours=1))


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({"expires": timedelta(days=7, seconds=1)}, "at most 7 days"),
        ({"expiration": NOW + timedelta(days=8)}, "at most 7 days"),
        ({"expires": timedelta(0)}, "at least 1 second"),
        ({"expires": timedelta(milliseconds=999)}, "at least 1 second"),
        ({"expiration": NOW - timedelta(hours=1)}, "at least 1 second"),
        ({"expiration": datetime(2030, 1, 1)}, "time zone"),  # noqa: DTZ001 -- what is refused here
        ({"expires": timedelta(hours=1), "expiration": NOW + timedelta(hours=1)}, "not both"),
    ],
)
def test_a_time_out_of_range_is_a_value_error_that_names_the_limit(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as refusal:
        client().presign(PUT, **limits)
    assert isinstance(refusal.value, ParameterError)


def test_a_fraction_of_a_second_is_no_part_of_the_lifetime() -> None:
    late = Client(config(), clock=lambda: NOW + timedelta(milliseconds=900))
    signed = late.presign(PUT, expires=timedelta(minutes=10))
    assert signed.expiration == NOW + timedelta(minutes=10)


def temporary(expiration: datetime) -> CredentialsProviderFunc:
    return CredentialsProviderFunc(
        lambda: Credentials(
            access_key_id="id", access_key_secret="secret", security_token="token", expiration=expiration
        )
    )


@pytest.mark.parametrize(("token_minutes", "url_minutes"), [(5, 5), (10, 10), (11, 10)])
def test_the_sooner_end_of_url_and_token_counts(token_minutes: int, url_minutes: int) -> None:
    provider = temporary(NOW + timedelta(minutes=token_minutes))
    signed = client(credentials_provider=provider).presign(PUT, expires=timedelta(minutes=10))
    assert signed.expiration == NOW + timedelta(minutes=url_minutes)
    assert parameters(signed.url)["x-oss-expires"] == "600"


def test_a_token_that_is_over_signs_nothing() -> None:
    with pytest.raises(CredentialsError, match="expired at 2023-12-17 03:56:28"):
        client(credentials_provider=temporary(NOW)).presign(PUT)


def test_a_token_without_time_zone_is_refused() -> None:
    naive = datetime(2030, 1, 1)  # noqa: DTZ001 -- what is refused here
    with pytest.raises(CredentialsError, match="without time zone"):
        client(credentials_provider=temporary(naive)).presign(PUT)


# -- for what, and by whom


@pytest.mark.parametrize(
    ("request_name", "fields", "method", "expected"),
    [
        ("DeleteObjectRequest", {"key": "a", "version_id": "v"}, "DELETE", {"versionId": "v"}),
        ("ListObjectsV2Request", {"prefix": "a/"}, "GET", {"list-type": "2", "prefix": "a/"}),
        ("PutObjectTaggingRequest", {"key": "a"}, "PUT", {"tagging": ""}),
        ("RestoreObjectRequest", {"key": "a"}, "POST", {"restore": ""}),
        ("AppendObjectRequest", {"key": "a", "position": 0}, "POST", {"append": "", "position": "0"}),
    ],
)
def test_any_operation_can_be_signed(
    request_name: str, fields: dict[str, Any], method: str, expected: dict[str, str]
) -> None:
    signed = client().presign(getattr(ossicle, request_name)(bucket="demo", **fields))
    assert signed.method == method
    found = parameters(signed.url)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("request_object", [RequestBase(), ossicle.PutObjectResult()])
def test_what_is_no_operation_can_not_be_signed(request_object: Any) -> None:
    with pytest.raises(TypeError, match=f"{type(request_object).__name__} is none"):
        client().presign(request_object)


def test_nobody_can_not_sign() -> None:
    with pytest.raises(CredentialsError, match="anonymous"):
        client(credentials_provider=AnonymousCredentialsProvider()).presign(PUT)


@pytest.mark.parametrize(
    ("settings", "failure", "message"),
    [
        ({"region": None, "endpoint": "http://localhost:8880"}, ConfigError, "no region"),
        ({"region": "cn hangzhou"}, ConfigError, "region"),
        ({"credentials_provider": None}, CredentialsError, "no credentials_provider"),
        ({"signature_version": "v3"}, ConfigError, "none of v1, v2, v4"),
    ],
)
def test_settings_that_can_not_work_are_refused_at_once(
    settings: dict[str, Any], failure: type[ClientError], message: str
) -> None:
    with pytest.raises(failure, match=message):
        client(**settings)


@pytest.mark.parametrize(
    ("bucket", "key"),
    [
        ("Demo", "a"),
        ("a/b", "a"),
        ("evil.example.com/", "a"),
        ("demo", ""),
        ("demo", "x" * 1024),
        ("demo", "ü" * 512),
    ],
)
def test_names_that_would_address_something_else_are_refused(bucket: str, key: str) -> None:
    with pytest.raises(ParameterError, match="oss://"):
        client().presign(ossicle.GetObjectRequest(bucket=bucket, key=key))


@pytest.mark.parametrize("value", ["a\r\nx-oss-object-acl: public-read", "a\0b"])
def test_a_value_can_not_become_a_second_header(value: str) -> None:
    with pytest.raises(ParameterError, match="line end"):
        client().presign(ossicle.PutObjectRequest(bucket="demo", key="a", content_type=value))


def test_settings_changed_afterwards_change_nothing() -> None:
    settings = config(additional_headers=["host"])
    made = Client(settings, clock=frozen_clock)
    before = made.presign(PUT)
    settings.additional_headers = ()
    settings.region = "cn-beijing"
    assert made.presign(PUT) == before


# -- what the sender must send


def test_signed_headers_are_those_that_were_set_and_are_signed() -> None:
    request = ossicle.PutObjectRequest(
        bucket="demo",
        key="a",
        content_type="text/plain",
        content_md5="1B2M2Y8AsgTpgAmY7PhCfg==",
        storage_class=ossicle.StorageClass.IA,
        metadata={"Author": "me"},
        cache_control="no-cache",
        content_length=3,
        headers={"x-oss-tagging": "a=b", "Content-Disposition": "inline"},
    )
    assert dict(client().presign(request).signed_headers) == {
        "x-oss-storage-class": "IA",
        "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==",
        "Content-Type": "text/plain",
        "x-oss-meta-Author": "me",
        "x-oss-tagging": "a=b",
    }


def test_additional_headers_are_signed_where_they_were_set() -> None:
    signing = client(additional_headers=["content-length", "Host", "absent"])
    signed = signing.presign(ossicle.PutObjectRequest(bucket="demo", key="a", content_length=3))
    assert dict(signed.signed_headers) == {
        "Content-Length": "3",
        "Host": "demo.oss-cn-hangzhou.aliyuncs.com",
    }
    assert parameters(signed.url)["x-oss-additional-headers"] == "content-length;host"


def test_further_parameters_are_part_of_the_url() -> None:
    request = ossicle.GetObjectRequest(
        bucket="demo", key="a", parameters={"x-oss-process": "image/resize,w_100", "flag": ""}
    )
    found = parameters(client().presign(request).url)
    assert (found["x-oss-process"], found["flag"]) == ("image/resize,w_100", "")


def test_the_typed_field_wins_over_the_same_header_given_by_name() -> None:
    request = ossicle.PutObjectRequest(
        bucket="demo", key="a", content_type="text/plain", headers={"content-type": "text/html"}
    )
    assert dict(client().presign(request).signed_headers) == {"Content-Type": "text/plain"}


def test_a_parameter_of_the_signature_can_not_be_smuggled_in() -> None:
    request = ossicle.PutObjectRequest(bucket="demo", key="a", parameters={"x-oss-expires": "999999999"})
    with pytest.raises(ParameterError, match="x-oss-expires"):
        client().presign(request)


def test_neither_url_nor_secret_is_shown_by_repr() -> None:
    signed = client().presign(PUT)
    shown = repr(signed) + repr(config())
    assert "x-oss-signature" not in shown
    assert "test-key-secret" not in shown


async def test_the_asynchronous_client_signs_alike_awaited_or_not() -> None:
    signing = AsyncClient(config(), clock=frozen_clock)
    made, awaited = signing.presign(PUT), await signing.presign(PUT)
    assert made.url == awaited.url == client().presign(PUT).url


# -- as the official SDK does

HEADERS: dict[str, Any] = {
    "storage_class": "Standard",
    "metadata": {"key1": "value 1", "key2": "値"},
    "content_type": "text/plain; charset=utf8",
    "cache_control": "no-cache",
    "content_disposition": "attachment",
    "forbid_overwrite": True,
}
PART = {"upload_id": "0004B9894A22E5B1888A1E29F8236E2D"}
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("GetObjectRequest", {}),
    ("GetObjectRequest", {"version_id": "null", "response_content_type": "text/html", "range_header": "bytes=0-9"}),
    ("GetObjectRequest", {"parameters": {"x-oss-process": "image/resize,w_1", "empty": "", "plus+": "a b"}}),
    ("PutObjectRequest", {}),
    ("PutObjectRequest", {**HEADERS, "content_md5": "1B2M2Y8AsgTpgAmY7PhCfg==", "traffic_limit": 819200}),
    ("PutObjectRequest", {"headers": {"x-oss-tagging": "a=b&c=d", "Expires": "Sun, 17 Dec 2023 03:56:28 GMT"}}),
    ("HeadObjectRequest", {}),
    ("InitiateMultipartUploadRequest", {}),
    ("InitiateMultipartUploadRequest", HEADERS),
    ("UploadPartRequest", {**PART, "part_number": 10000}),
    ("CompleteMultipartUploadRequest", PART),
    ("CompleteMultipartUploadRequest", {**PART, "complete_all": "yes"}),
    ("AbortMultipartUploadRequest", PART),
]


class FrozenDatetime(datetime):
    """`datetime` whose present is always the same."""

    @classmethod
    def now(cls, tz: Any = None) -> "FrozenDatetime":
        return cls.fromtimestamp(NOW.timestamp(), tz or UTC)


@pytest.fixture
def frozen_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (presigner, sdk_signer):
        names = {**vars(module.datetime), "datetime": FrozenDatetime}
        monkeypatch.setattr(module, "datetime", SimpleNamespace(**names))


@pytest.mark.usefixtures("frozen_sdk")
@pytest.mark.parametrize("token", [None, "token+/= with space"])
@pytest.mark.parametrize(("name", "fields"), REQUESTS)
def test_the_official_sdk_signs_the_same_request_alike(name: str, fields: dict[str, Any], token: str | None) -> None:
    fields = {"bucket": "examplebucket", "key": "dir/a b+中/../x.txt", **fields}
    theirs = sdk.config.load_default()
    theirs.region = "cn-hangzhou"
    theirs.credentials_provider = sdk.credentials.StaticCredentialsProvider("id", "secret", token)
    expected = sdk.Client(theirs).presign(getattr(sdk, name)(**fields), expires=timedelta(hours=1))

    provider = StaticCredentialsProvider("id", "secret", token)
    request: RequestBase = getattr(ossicle, name)(**fields)
    made = client(credentials_provider=provider).presign(request, expires=timedelta(hours=1))

    assert made.method == expected.method
    assert made.url.partition("?")[0] == expected.url.partition("?")[0]
    assert parameters(made.url) == parameters(expected.url)
    assert made.expiration == expected.expiration
    assert dict(made.signed_headers) == dict(expected.signed_headers)


@pytest.mark.parametrize("name", sorted({name for name, _ in REQUESTS}))
def test_all_seven_operations_were_compared(name: str) -> None:
    assert len({name for name, _ in REQUESTS}) == 7
    assert callable(getattr(sdk, name))


# -- the vectors

OF_THE_SIGNATURE = {
    "x-oss-signature-version",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature",
    "x-oss-additional-headers",
    "x-oss-security-token",
}
METHODS = {"GET": ossicle.GetObjectRequest, "PUT": ossicle.PutObjectRequest, "HEAD": ossicle.HeadObjectRequest}


def fits(vector: Vector) -> bool:
    """Whether the inputs of a vector can be given to a client: a lifetime that is allowed, and parameters that a client encodes."""
    return (
        vector.auth_mode == "query"
        and vector.wire.method in METHODS
        and vector.key is not None
        and vector.product == "oss"
        and 0 < (vector.expires_seconds or 0) <= 604800
        and vector.id != "v4q-cs-raw-parens"
    )


VECTORS = [vector for vector in v4_vectors() if fits(vector)]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_a_vector_is_signed_alike(vector: Vector) -> None:
    endpoint = vector.wire.host
    if vector.address_style == "virtual":
        endpoint = endpoint.removeprefix(f"{vector.bucket}.")
    signing = Client(
        Config(
            region=vector.region,
            endpoint=f"{vector.wire.scheme}://{endpoint}",
            credentials_provider=StaticCredentialsProvider(
                vector.access_key_id, vector.access_key_secret, vector.security_token
            ),
            use_path_style=vector.address_style == "path",
            use_cname=vector.address_style == "cname",
            additional_headers=vector.additional_headers_config or (),
        ),
        clock=lambda: vector.signed_at,
    )
    sent = {name: value for name, value in parameters(vector.wire.target).items() if name not in OF_THE_SIGNATURE}
    signed = signing.presign(
        METHODS[vector.wire.method](
            bucket=vector.bucket or "", key=vector.key or "", headers=vector.wire.headers, parameters=sent
        ),
        expires=timedelta(seconds=vector.expires_seconds or 0),
    )
    assert parameters(signed.url) == parameters(vector.wire.target)
    address, path = f"{vector.wire.scheme}://{vector.wire.host}", vector.wire.path.decode()
    assert signed.url.partition("?")[0] == address + path.replace("%2F", "/")  # oss2 may write a slash so
    must_send = {name.lower(): value for name, value in (vector.headers_uploader_must_send or {}).items()}
    assert {name.lower(): value for name, value in signed.signed_headers.items()} == must_send


def test_no_vector_is_left_out_unawares() -> None:
    assert len(VECTORS) == 54


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ({"bucket": "demo", "key": None}, "needs a key"),
        ({"bucket": None, "key": "a"}, "needs a bucket"),
        ({"bucket": "demo", "key": "\ud800"}, "can't be written in UTF-8"),
    ],
)
def test_a_request_without_its_names_signs_nothing(names: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ParameterError, match=complaint):
        client().presign(ossicle.GetObjectRequest(**names))


def test_seconds_are_no_lifetime() -> None:
    with pytest.raises(TypeError, match="timedelta"):
        client().presign(PUT, expires=600)  # type: ignore[arg-type]  # what a caller without types may write


@pytest.mark.parametrize("value", ["a\nb", "a\x01b", "a\x7f", "\ud800"])
def test_metadata_that_would_not_arrive_as_it_is_signs_nothing(value: str) -> None:
    with pytest.raises(ParameterError, match="x-oss-meta-a"):
        client().presign(ossicle.PutObjectRequest(bucket="demo", key="a", metadata={"a": value}))
