"""Two accounts at one server, by our clients and the official one: ACLs, who pays, and a pace that is kept."""

import asyncio
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.integration.test_client import settings
from tests.support.server import ServerProcess

OTHER = ("1000000000000002", "other-key", "other-secret")
BODY = b"for those who may"


@pytest.fixture(scope="module")
def two_accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder: Path = tmp_path_factory.mktemp("accounts")
    with ServerProcess(folder / "data", env={"OSSICLE_ACCOUNTS": ":".join(OTHER)}) as running:
        yield running


@pytest.fixture
def bucket(two_accounts: ServerProcess) -> str:
    name = f"access-{uuid.uuid4().hex}"
    with ossicle.Client(settings(two_accounts)) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name))
        client.put_object(ossicle.PutObjectRequest(bucket=name, key="ä key", body=BODY))
    return name


def other(server: ServerProcess) -> oss.Client:
    """The official client of another account."""
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(*OTHER[1:])
    config.region, config.endpoint, config.use_path_style = "cn-hangzhou", server.endpoint, True
    return oss.Client(config)


def refusal_of(call: object, request: object) -> tuple[int, str, str]:
    with pytest.raises(oss.exceptions.OperationError) as failure:
        call(request)  # type: ignore[operator]  # a method of the official client, which has no types
    error = failure.value.unwrap()
    return error.status_code, error.message, error.ec


def test_acls(two_accounts: ServerProcess, bucket: str) -> None:
    guest = other(two_accounts)
    wanted = oss.GetObjectRequest(bucket=bucket, key="ä key")
    with ossicle.Client(settings(two_accounts)) as client:
        assert refusal_of(guest.get_object, wanted)[0] == 403
        put = client.put_bucket_acl(ossicle.PutBucketAclRequest(bucket=bucket, acl="public-read"))
        assert put.location == f"/{bucket}"
        assert client.get_bucket_acl(ossicle.GetBucketAclRequest(bucket=bucket)).acl is ossicle.BucketAcl.PUBLIC_READ
        assert guest.get_object(wanted).body.read() == BODY
        client.put_object_acl(ossicle.PutObjectAclRequest(bucket=bucket, key="ä key", acl="private"))
        told = client.get_object_acl(ossicle.GetObjectAclRequest(bucket=bucket, key="ä key"))
        assert (told.acl, told.owner.id if told.owner else None) == (ossicle.ObjectAcl.PRIVATE, "1000000000000001")
        assert "read permission" in refusal_of(guest.get_object, wanted)[1]
        asked = oss.GetObjectAclRequest(bucket=bucket, key="ä key")
        assert refusal_of(guest.get_object_acl, asked)[1] == "You do not have read acl permission on this object."


def test_request_payment(two_accounts: ServerProcess, bucket: str) -> None:
    guest = other(two_accounts)
    payment = ossicle.RequestPaymentConfiguration(payer=ossicle.Payer.REQUESTER)
    with ossicle.Client(settings(two_accounts)) as client:
        client.put_bucket_acl(ossicle.PutBucketAclRequest(bucket=bucket, acl="public-read"))
        client.put_bucket_request_payment(
            ossicle.PutBucketRequestPaymentRequest(bucket=bucket, request_payment_configuration=payment)
        )
        asked = client.get_bucket_request_payment(ossicle.GetBucketRequestPaymentRequest(bucket=bucket))
        assert asked.request_payment_configuration == payment
    refused = refusal_of(guest.get_object, oss.GetObjectRequest(bucket=bucket, key="ä key"))
    assert refused == (403, "Access denied for requester pay bucket", "0003-00000703")
    paid = guest.get_object(oss.GetObjectRequest(bucket=bucket, key="ä key", request_payer="requester"))
    assert (paid.body.read(), paid.headers["x-oss-request-charged"]) == (BODY, "requester")
    by_url = oss.GetObjectRequest(bucket=bucket, key="ä key", parameters={"x-oss-request-payer": "requester"})
    with urllib.request.urlopen(guest.presign(by_url, expires=timedelta(minutes=5)).url) as answer:
        assert answer.read() == BODY
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{two_accounts.endpoint}/{bucket}/%C3%A4%20key")


def test_the_official_client_says_who_pays(two_accounts: ServerProcess, bucket: str) -> None:
    owner, place = other(two_accounts), {"bucket": f"{bucket}-2"}
    owner.put_bucket_acl(oss.PutBucketAclRequest(**place, acl="public-read"))
    assert owner.get_bucket_acl(oss.GetBucketAclRequest(**place)).acl == "public-read"
    for payer in (None, "Requester", "BucketOwner"):
        if payer is not None:
            configuration = oss.RequestPaymentConfiguration(payer=payer)
            asked = oss.PutBucketRequestPaymentRequest(**place, request_payment_configuration=configuration)
            assert owner.put_bucket_request_payment(asked).status_code == 200
        told = owner.get_bucket_request_payment(oss.GetBucketRequestPaymentRequest(**place))
        assert told.request_payment_configuration.payer == (payer or "BucketOwner")
    wrong = oss.RequestPaymentConfiguration(payer="Other")
    asked = oss.PutBucketRequestPaymentRequest(**place, request_payment_configuration=wrong)
    assert refusal_of(owner.put_bucket_request_payment, asked)[::2] == (400, "0035-00000002")
    elsewhere = oss.GetBucketRequestPaymentRequest(bucket=bucket)
    foreign = refusal_of(owner.get_bucket_request_payment, elsewhere)
    assert foreign[:2] == (403, "The bucket you access does not belong to you.")


def test_transfers_pay_with_each_request(two_accounts: ServerProcess, bucket: str, tmp_path: Path) -> None:
    payment = ossicle.RequestPaymentConfiguration(payer="Requester")
    with ossicle.Client(settings(two_accounts)) as client:
        client.put_bucket_acl(ossicle.PutBucketAclRequest(bucket=bucket, acl="public-read-write"))
        client.put_bucket_request_payment(
            ossicle.PutBucketRequestPaymentRequest(bucket=bucket, request_payment_configuration=payment)
        )
    body, copied = bytes(range(256)) * 2048, tmp_path / "copied"
    (tmp_path / "large").write_bytes(body)
    credentials = ossicle.credentials.StaticCredentialsProvider(*OTHER[1:])
    place: dict[str, Any] = {"bucket": bucket, "key": "large"}
    with ossicle.Client(settings(two_accounts, credentials_provider=credentials)) as guest:
        uploader = guest.uploader(part_size=128 * 1024)
        with pytest.raises(ossicle.UploadError, match="Access denied for requester pay bucket"):
            uploader.upload_file(ossicle.PutObjectRequest(**place), str(tmp_path / "large"))
        paying = ossicle.PutObjectRequest(**place, request_payer="requester")
        assert uploader.upload_file(paying, str(tmp_path / "large")).upload_id is not None
        asked = ossicle.GetObjectRequest(**place, request_payer="requester")
        guest.downloader(part_size=128 * 1024).download_file(asked, str(copied))
        assert copied.read_bytes() == body
        with guest.open_file(**place, request_payer="requester") as file:
            assert file.read() == body


def test_awaited(two_accounts: ServerProcess, bucket: str) -> None:
    async def work() -> None:
        async with ossicle.AsyncClient(settings(two_accounts)) as client:
            regions = await client.describe_regions(ossicle.DescribeRegionsRequest())
            assert [region.region for region in regions.region_info] == ["oss-cn-hangzhou"]
            with pytest.raises(ossicle.errors.NoSuchRegion, match="oss-mars"):
                await client.describe_regions(ossicle.DescribeRegionsRequest(regions="oss-mars"))
            await client.put_bucket_acl(ossicle.PutBucketAclRequest(bucket=bucket, acl="public-read-write"))
            assert (await client.get_bucket_acl(ossicle.GetBucketAclRequest(bucket=bucket))).acl == "public-read-write"
            place: dict[str, Any] = {"bucket": bucket, "key": "ä key"}
            await client.put_object_acl(ossicle.PutObjectAclRequest(**place, acl="public-read"))
            assert (await client.get_object_acl(ossicle.GetObjectAclRequest(**place))).acl == "public-read"
            payment = ossicle.RequestPaymentConfiguration(payer="BucketOwner")
            await client.put_bucket_request_payment(
                ossicle.PutBucketRequestPaymentRequest(bucket=bucket, request_payment_configuration=payment)
            )
            asked = await client.get_bucket_request_payment(ossicle.GetBucketRequestPaymentRequest(bucket=bucket))
            assert asked.request_payment_configuration == payment

    asyncio.run(work())


def test_a_pace_is_never_overtaken(two_accounts: ServerProcess, bucket: str) -> None:
    """The least that it can take, by the real clock; how much longer it takes is the machine's business."""
    body = bytes(128 * 1024)
    with ossicle.Client(settings(two_accounts)) as client:
        started = time.monotonic()
        client.put_object(ossicle.PutObjectRequest(bucket=bucket, key="slow", body=body, traffic_limit=2 * 1024 * 1024))
        assert time.monotonic() - started >= 0.5
        assert client.head_object(ossicle.HeadObjectRequest(bucket=bucket, key="slow")).content_length == len(body)
