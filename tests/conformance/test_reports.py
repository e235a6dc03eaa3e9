"""Inventories and access logs as both official Python SDKs and our own client put and get them."""

import warnings
from collections.abc import Iterator
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.conformance.service import Service
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

REFUSED = (oss.exceptions.OperationError, ossicle.OssError)


@pytest.fixture
def bucket(service: Service) -> Iterator[str]:
    """A bucket that never had a setting."""
    name = service.new_name()
    with ossicle.Client(service.config()) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name))
        yield name
        client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


@pytest.fixture
def owner(service: Service, bucket: str) -> str:
    """The id of the bucket's owner."""
    with ossicle.Client(service.config()) as client:
        owner = client.get_bucket_acl(ossicle.GetBucketAclRequest(bucket=bucket)).owner
    assert owner is not None
    return str(owner.id)


@pytest.fixture
def older(service: Service, bucket: str) -> Any:
    """The bucket, as `oss2` sees it."""
    provider = oss2.credentials.StaticCredentialsProvider(service.access_key_id, service.access_key_secret)
    place = {"region": service.region, "is_path_style": service.is_path_style}
    return oss2.Bucket(oss2.ProviderAuthV4(provider), service.endpoint, bucket, **place)


@pytest.fixture(params=["alibabacloud_oss_v2", "ossicle"])
def package(request: pytest.FixtureRequest) -> Any:
    """The official SDK or ours: the same program runs with either."""
    return oss if request.param == "alibabacloud_oss_v2" else ossicle


@pytest.fixture
def client(service: Service, package: Any) -> Iterator[Any]:
    """The package's client."""
    if package is oss:
        yield service.client()
    else:
        with ossicle.Client(service.config()) as ours:
            yield ours


def inventory(package: Any, name: str, bucket: str, owner: str) -> Any:
    destination = package.InventoryOSSBucketDestination(
        format="CSV",
        account_id=owner,
        role_arn=f"acs:ram::{owner}:role/AliyunOSSRole",
        bucket=f"acs:oss:::{bucket}",
        prefix="lists",
        encryption=package.InventoryEncryption(sse_kms=package.SSEKMS(key_id="k")),
    )
    return package.InventoryConfiguration(
        id=name,
        is_enabled=False,
        included_object_versions="All",
        destination=package.InventoryDestination(oss_bucket_destination=destination),
        schedule=package.InventorySchedule(frequency="Weekly"),
        filter=package.InventoryFilter(
            prefix="a/", lower_size_bound=1, upper_size_bound=9, storage_class="Standard,IA"
        ),
        optional_fields=package.OptionalFields(fields=["Size", "ETag"]),
    )


def test_inventories(package: Any, client: Any, bucket: str, owner: str) -> None:
    with pytest.raises(REFUSED, match="NoSuchInventory"):
        client.list_bucket_inventory(package.ListBucketInventoryRequest(bucket=bucket))
    requests = [
        package.PutBucketInventoryRequest(
            bucket=bucket, inventory_id=name, inventory_configuration=inventory(package, name, bucket, owner)
        )
        for name in ("two", "one")
    ]
    for request in requests:
        client.put_bucket_inventory(request)
    request = package.PutBucketInventoryRequest(
        bucket=bucket, inventory_id="one", inventory_configuration=inventory(package, "one", bucket, owner)
    )
    with pytest.raises(REFUSED, match="InventoryAlreadyExist"):
        client.put_bucket_inventory(requests[0])
    got = client.get_bucket_inventory(package.GetBucketInventoryRequest(bucket=bucket, inventory_id="one"))
    kept = got.inventory_configuration
    target = kept.destination.oss_bucket_destination
    assert (kept.id, kept.is_enabled, kept.included_object_versions) == ("one", False, "All")
    assert (kept.schedule.frequency, list(kept.optional_fields.fields)) == ("Weekly", ["Size", "ETag"])
    assert (kept.filter.prefix, kept.filter.lower_size_bound, kept.filter.storage_class) == ("a/", 1, "Standard,IA")
    assert (target.bucket, target.prefix, target.encryption.sse_kms.key_id) == (f"acs:oss:::{bucket}", "lists", "k")
    page = client.list_bucket_inventory(package.ListBucketInventoryRequest(bucket=bucket))
    listed = page.list_inventory_configurations_result
    assert ([each.id for each in listed.inventory_configurations], listed.is_truncated) == (["one", "two"], False)
    for name in ("one", "two", "two"):
        client.delete_bucket_inventory(package.DeleteBucketInventoryRequest(bucket=bucket, inventory_id=name))


def test_logging(package: Any, client: Any, bucket: str) -> None:
    asked = package.GetBucketLoggingRequest(bucket=bucket)
    assert client.get_bucket_logging(asked).bucket_logging_status.logging_enabled is None
    enabled = package.LoggingEnabled(target_bucket=bucket, target_prefix="log/", logging_role="AliyunOSSRole")
    status = package.BucketLoggingStatus(logging_enabled=enabled)
    client.put_bucket_logging(package.PutBucketLoggingRequest(bucket=bucket, bucket_logging_status=status))
    kept = client.get_bucket_logging(asked).bucket_logging_status.logging_enabled
    assert (kept.target_bucket, kept.target_prefix, kept.logging_role) == (bucket, "log/", "AliyunOSSRole")
    for _ in range(2):
        client.delete_bucket_logging(package.DeleteBucketLoggingRequest(bucket=bucket))
    assert client.get_bucket_logging(asked).bucket_logging_status.logging_enabled is None
    wrong = package.BucketLoggingStatus(logging_enabled=package.LoggingEnabled(target_bucket=f"{bucket}-none"))
    with pytest.raises(REFUSED, match="InvalidTargetBucketForLogging"):
        client.put_bucket_logging(package.PutBucketLoggingRequest(bucket=bucket, bucket_logging_status=wrong))


def test_the_older_sdk_logs(older: Any, bucket: str) -> None:
    assert older.get_bucket_logging().target_bucket == ""
    older.put_bucket_logging(oss2.models.BucketLogging(bucket, "log-"))
    kept = older.get_bucket_logging()
    assert (kept.target_bucket, kept.target_prefix) == (bucket, "log-")
    older.put_bucket_logging(oss2.models.BucketLogging("", ""))
    assert older.get_bucket_logging().target_bucket == ""
    assert older.delete_bucket_logging().status == 204


def test_the_older_sdk_has_inventories(older: Any, bucket: str, owner: str) -> None:
    destination = oss2.models.InventoryBucketDestination(
        account_id=owner,
        role_arn=f"acs:ram::{owner}:role/AliyunOSSRole",
        bucket=bucket,
        inventory_format="CSV",
        prefix="lists",
        sse_oss_encryption=oss2.models.InventoryServerSideEncryptionOSS(),
    )
    configuration = oss2.models.InventoryConfiguration(
        inventory_id="daily",
        is_enabled=False,
        included_object_versions="Current",
        inventory_filter=oss2.models.InventoryFilter(prefix="a/"),
        inventory_destination=oss2.models.InventoryDestination(bucket_destination=destination),
        inventory_schedule=oss2.models.InventorySchedule(frequency="Daily"),
        optional_fields=["Size", "StorageClass"],
    )
    older.put_bucket_inventory_configuration(configuration)
    kept = older.get_bucket_inventory_configuration("daily")
    target = kept.inventory_destination.bucket_destination
    assert (kept.inventory_id, kept.is_enabled, kept.included_object_versions) == ("daily", False, "Current")
    assert (kept.inventory_filter.prefix, kept.inventory_schedule.frequency) == ("a/", "Daily")
    assert kept.optional_fields == ["Size", "StorageClass"]
    assert (target.bucket, target.prefix, target.account_id) == (bucket, "lists", owner)
    assert target.sse_oss_encryption is not None
    listed = older.list_bucket_inventory_configurations()
    assert [each.inventory_id for each in listed.inventory_configurations] == ["daily"]
    assert older.delete_bucket_inventory_configuration("daily").status == 204
