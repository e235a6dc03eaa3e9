"""`ali-oss` in a page of another origin, in a real browser: what it needs of a bucket's CORS rules, and what it is told without."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.conformance.forms import SIGNERS
from tests.conformance.late_server import AHEAD
from tests.conformance.sdks import SOURCES, Sdks, node_folder
from tests.conformance.service import Service
from tests.support.server import BUCKET, REGION, ServerProcess
from tests.support.tools import need
from tests.uploaders.browser import CHROMIUM

BODY = bytes(index % 251 for index in range(400 * 1024 + 3))
PART_BYTES = 100 * 1024
SECONDS = 90

# All that the SDK asks a browser to send, and all that it has to read: no less will do.
METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD"]
HEADERS = [
    "authorization",
    "content-md5",
    "content-type",
    "x-oss-content-sha256",
    "x-oss-date",
    "x-oss-meta-colour",
    "x-oss-user-agent",
]
EXPOSED = ["ETag", "x-oss-request-id"]

Act = tuple[dict[str, Any], str, dict[str, Any]]


def allow(client: oss.Client, bucket: str, **changes: list[str]) -> None:
    """Give the bucket the one rule, with some of it changed."""
    fields = {"allowed_methods": METHODS, "allowed_headers": HEADERS, "expose_headers": EXPOSED, **changes}
    rule = oss.CORSRule(allowed_origins=["http://localhost:*"], max_age_seconds=0, **fields)
    rules = oss.CORSConfiguration(cors_rules=[rule])
    client.put_bucket_cors(oss.PutBucketCorsRequest(bucket=bucket, cors_configuration=rules))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page beside the bundle that the package brings for browsers."""
    need(CHROMIUM, "chromium")
    folder = tmp_path_factory.mktemp("page")
    bundle = node_folder() / "node_modules" / "ali-oss" / "dist" / "aliyun-oss-sdk.min.js"
    shutil.copy(bundle, folder)
    return Path(shutil.copy(SOURCES / "browser" / "page.html", folder))


@pytest.fixture(params=["v4", "v1"])
def settings(request: pytest.FixtureRequest, service: Service, bucket: str) -> dict[str, Any]:
    """What the page makes its client of. Browsers find names below `localhost` by themselves."""
    if request.param not in service.signatures:
        pytest.skip("the service does not take this signature")
    if "virtual" not in service.endpoints:
        pytest.skip("the service is not addressed by names of buckets")
    return {
        "region": f"oss-{service.region}",
        "endpoint": service.endpoints["virtual"],
        "bucket": bucket,
        "accessKeyId": service.access_key_id,
        "accessKeySecret": service.access_key_secret,
        **({"stsToken": service.security_token} if service.security_token else {}),
        "authorizationV4": request.param == "v4",
    }


def ended(page: Path, *acts: Act) -> list[dict[str, Any]]:
    """Let the page act; what each gave, or how it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.browsing", str(page)],
        input=json.dumps(acts),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def test_a_page_uploads_a_blob_in_parts(page: Path, settings: dict[str, Any], client: oss.Client, bucket: str) -> None:
    allow(client, bucket)
    key = "browser/é photo +.png"
    sent = {"key": key, "partSize": PART_BYTES, "meta": {"colour": "red"}}
    uploaded, put, got, listed, deleted = (
        told["value"]
        for told in ended(
            page,
            (settings, "multipartUpload", sent),
            (settings, "put", {"key": "browser/put.png"}),
            (settings, "get", {"key": key}),
            (settings, "list", {"prefix": "browser/"}),
            (settings, "deleteMulti", {"keys": ["browser/put.png"]}),
        )
    )
    assert (uploaded["name"], uploaded["progress"][-1]) == (key, 1)
    assert (put["status"], bool(put["etag"])) == (200, True)
    assert got == {"size": len(BODY), "type": "image/png"}
    assert sorted(listed) == sorted([key, "browser/put.png"])
    assert deleted == ["browser/put.png"]
    stored = client.get_object(oss.GetObjectRequest(bucket=bucket, key=key))
    assert (stored.body.content, stored.metadata["colour"], stored.etag) == (BODY, "red", uploaded["etag"])


def test_a_page_sends_a_form_that_its_site_signed(
    page: Path, settings: dict[str, Any], client: oss.Client, bucket: str, sdks: Sdks
) -> None:
    """The page holds no key, and the rule allows no header: a form asks no browser for leave."""
    allow(client, bucket, allowed_methods=["POST"], allowed_headers=[], expose_headers=[])
    sign = SIGNERS["v4" if settings["authorizationV4"] else "v1"]
    fields = {**sign(sdks.speaker("node", bucket), [["starts-with", "$key", "form/"]]), "success_action_status": "201"}
    url = f"{settings['endpoint'].replace('://', f'://{bucket}.')}/"
    sent, refused = (
        told["value"]
        for told in ended(
            page,
            (settings, "form", {"url": url, "fields": {**fields, "key": "form/${filename}"}}),
            (settings, "form", {"url": url, "fields": {**fields, "key": "elsewhere"}}),
        )
    )
    assert (sent["status"], "<Key>form/photo.png</Key>" in sent["text"]) == (201, True)
    assert (refused["status"], "<Code>AccessDenied</Code>" in refused["text"]) == (403, True)
    assert client.get_object(oss.GetObjectRequest(bucket=bucket, key="form/photo.png")).body.content == BODY


def test_a_page_is_told_why_it_was_refused(
    page: Path, settings: dict[str, Any], client: oss.Client, bucket: str
) -> None:
    allow(client, bucket)
    wrong = {**settings, "accessKeySecret": "another secret"}
    missing, refused = (
        told["failed"]
        for told in ended(page, (settings, "get", {"key": "never was"}), (wrong, "put", {"key": "never"}))
    )
    assert (missing["status"], missing["code"], bool(missing["requestId"])) == (404, "NoSuchKey", True)
    assert (refused["status"], refused["code"]) == (403, "SignatureDoesNotMatch")


def test_a_page_whose_clock_is_an_hour_late(page: Path, settings: dict[str, Any], late: ServerProcess) -> None:
    """In a browser the SDK learns the time from the refusal, which tells the server's."""
    keys = ossicle.credentials.StaticCredentialsProvider(late.access_key_id, late.access_key_secret)
    config = ossicle.Config(region=REGION, endpoint=late.endpoint, credentials_provider=keys)
    rule = ossicle.CORSRule(
        allowed_origins=("*",), allowed_methods=tuple(METHODS), allowed_headers=("*",), expose_headers=("ETag",)
    )
    with ossicle.Client(config, clock=lambda: datetime.now(UTC) + AHEAD) as client:
        rules = ossicle.CORSConfiguration(cors_rules=(rule,))
        client.put_bucket_cors(ossicle.PutBucketCorsRequest(bucket=BUCKET, cors_configuration=rules))
    changes = {"accessKeyId": late.access_key_id, "accessKeySecret": late.access_key_secret, "bucket": BUCKET}
    mine = {**settings, **changes, "endpoint": f"http://localhost:{late.port}", "region": f"oss-{REGION}"}
    [told] = ended(page, (mine, "multipartUpload", {"key": "in time", "partSize": PART_BYTES}))
    assert told["value"]["name"] == "in time"


@pytest.fixture
def buckets(service: Service, client: oss.Client) -> Iterator[dict[str, str]]:
    """A bucket for each thing that its rule lacks, and one without a rule."""
    made = {lacking: service.new_name() for lacking in (*HEADERS, "PUT", "POST", "ETag", "rule")}
    for name in made.values():
        client.put_bucket(oss.PutBucketRequest(bucket=name))
    yield made
    for name in made.values():
        service.empty_and_remove(name)


def test_what_a_rule_must_not_lack(
    page: Path, settings: dict[str, Any], client: oss.Client, buckets: dict[str, str]
) -> None:
    for lacking, bucket in buckets.items():
        if lacking != "rule":
            allow(
                client,
                bucket,
                allowed_methods=[name for name in METHODS if name != lacking],
                allowed_headers=[name for name in HEADERS if name != lacking],
                expose_headers=[name for name in EXPOSED if name != lacking],
            )
    sent = {"key": "never", "partSize": PART_BYTES, "meta": {"colour": "red"}}
    acts: list[Act] = [({**settings, "bucket": bucket}, "multipartUpload", sent) for bucket in buckets.values()]
    for lacking, told in zip(buckets, ended(page, *acts), strict=True):
        expected = "Please set the etag of expose-headers" if lacking == "ETag" else "XHR error"
        if lacking == "x-oss-content-sha256" and not settings["authorizationV4"]:
            assert told["value"], "V1 does without"
        else:
            assert expected in told["failed"]["message"], lacking
