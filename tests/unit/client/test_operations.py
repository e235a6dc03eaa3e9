"""What a request to the real OSS looks like: address, Host and signature are those of the official SDK. No network."""

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.support.clients import AnsweringTransport, Prepared, config

BUCKET = "bucket"


class Stop(Exception):
    """Ends a request that has been seen."""


@dataclass
class Seen:
    """The SDK's way to the network, which keeps the request and goes nowhere."""

    requests: list[Any] = field(default_factory=list)

    def send(self, request: Any, **_: Any) -> Any:
        self.requests.append(request)
        raise Stop

    def open(self) -> None: ...

    def close(self) -> None: ...


CALLS = [
    ("get_object", "GetObjectRequest", {"bucket": BUCKET, "key": "a b/ü+/../c", "range_header": "bytes=0-3"}),
    (
        "put_object",
        "PutObjectRequest",
        {"bucket": BUCKET, "key": "k", "content_type": "text/plain", "metadata": {"n": "v"}},
    ),
    ("head_object", "HeadObjectRequest", {"bucket": BUCKET, "key": "k", "version_id": "v/1"}),
]


@pytest.mark.parametrize(("method", "request_name", "fields"), CALLS)
def test_the_same_address_host_and_signature(method: str, request_name: str, fields: dict[str, Any]) -> None:
    theirs = sent_by_the_sdk(method, request_name, fields)
    stamp = theirs.headers["x-oss-date"]
    now = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    transport = AnsweringTransport(Prepared())
    ours = ossicle.Client(config(), clock=lambda: now, transport=transport)
    content_type = theirs.headers.get("Content-Type")
    headers = {"Content-Type": content_type} if content_type else {}
    getattr(ours, method)(getattr(ossicle, request_name)(**fields, headers=headers))
    sent = transport.received[0]
    address = sent.outgoing.address
    assert f"{address.scheme}://{address.authority}{sent.outgoing.target}" == theirs.url
    assert sent.header("Host") == f"{BUCKET}.oss-cn-hangzhou.aliyuncs.com"
    assert sent.header("Authorization") == theirs.headers["Authorization"]


def sent_by_the_sdk(method: str, request_name: str, fields: dict[str, Any]) -> Any:
    seen = Seen()
    settings = oss.config.load_default()
    settings.region = "cn-hangzhou"
    settings.credentials_provider = oss.credentials.StaticCredentialsProvider("test-key-id", "test-key-secret")
    settings.http_client = seen
    settings.retry_max_attempts = 1
    with contextlib.suppress(Stop, oss.exceptions.OperationError):
        getattr(oss.Client(settings), method)(getattr(oss, request_name)(**fields))
    return seen.requests[0]
