"""Settings of a bucket as both official Python SDKs and our own client put and get them."""

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


@pytest.fixture
def bucket(service: Service) -> Iterator[str]:
    """A bucket that never had a setting."""
    name = service.new_name()
    with ossicle.Client(service.config()) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name))
        yield name
        client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


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


def test_what_bucket_info_tells_too(package: Any, client: Any, bucket: str) -> None:
    with pytest.raises(
        (oss.exceptions.OperationError, ossicle.OssError), match="NoSuchTransferAccelerationConfiguration"
    ):
        client.get_bucket_transfer_acceleration(package.GetBucketTransferAccelerationRequest(bucket=bucket))
    enabled = package.TransferAccelerationConfiguration(enabled=True)
    client.put_bucket_transfer_acceleration(
        package.PutBucketTransferAccelerationRequest(bucket=bucket, transfer_acceleration_configuration=enabled)
    )
    told = client.get_bucket_transfer_acceleration(package.GetBucketTransferAccelerationRequest(bucket=bucket))
    assert told.transfer_acceleration_configuration.enabled is True

    request = package.GetBucketAccessMonitorRequest(bucket=bucket)
    assert client.get_bucket_access_monitor(request).access_monitor_configuration.status == "Disabled"
    monitor = package.AccessMonitorConfiguration(status="Enabled")
    client.put_bucket_access_monitor(
        package.PutBucketAccessMonitorRequest(bucket=bucket, access_monitor_configuration=monitor)
    )
    assert client.get_bucket_access_monitor(request).access_monitor_configuration.status == "Enabled"

    group = package.BucketResourceGroupConfiguration(resource_group_id="rg-aek27tc7")
    client.put_bucket_resource_group(
        package.PutBucketResourceGroupRequest(bucket=bucket, bucket_resource_group_configuration=group)
    )
    asked = client.get_bucket_resource_group(package.GetBucketResourceGroupRequest(bucket=bucket))
    assert asked.bucket_resource_group_configuration.resource_group_id == "rg-aek27tc7"

    info = client.get_bucket_info(package.GetBucketInfoRequest(bucket=bucket)).bucket_info
    assert (info.transfer_acceleration, info.access_monitor, info.resource_group_id) == (
        "Enabled",
        "Enabled",
        "rg-aek27tc7",
    )


def test_https_and_direct_reading(package: Any, client: Any, bucket: str) -> None:
    https = package.HttpsConfiguration(
        tls=package.TLS(enable=True, tls_versions=["TLSv1.2", "TLSv1.3"]),
        cipher_suite=package.CipherSuite(enable=True, strong_cipher_suite=False, custom_cipher_suites=["A", "B"]),
    )
    client.put_bucket_https_config(package.PutBucketHttpsConfigRequest(bucket=bucket, https_configuration=https))
    kept = client.get_bucket_https_config(package.GetBucketHttpsConfigRequest(bucket=bucket)).https_configuration
    assert (kept.tls.enable, list(kept.tls.tls_versions)) == (True, ["TLSv1.2", "TLSv1.3"])
    assert list(kept.cipher_suite.custom_cipher_suites) == ["A", "B"]

    directly = package.ArchiveDirectReadConfiguration(enabled=True)
    client.put_bucket_archive_direct_read(
        package.PutBucketArchiveDirectReadRequest(bucket=bucket, archive_direct_read_configuration=directly)
    )
    read = client.get_bucket_archive_direct_read(package.GetBucketArchiveDirectReadRequest(bucket=bucket))
    assert read.archive_direct_read_configuration.enabled is True


def test_log_fields(package: Any, client: Any, bucket: str) -> None:
    request = package.GetUserDefinedLogFieldsConfigRequest(bucket=bucket)
    fields = package.UserDefinedLogFieldsConfiguration(
        header_set=package.LoggingHeaderSet(headers=["x-one", "x-two"]),
        param_set=package.LoggingParamSet(parameters=["p"]),
    )
    client.put_user_defined_log_fields_config(
        package.PutUserDefinedLogFieldsConfigRequest(bucket=bucket, user_defined_log_fields_configuration=fields)
    )
    kept = client.get_user_defined_log_fields_config(request).user_defined_log_fields_configuration
    assert list(kept.header_set.headers) == ["x-one", "x-two"]
    assert list(kept.param_set.parameters) == ["p"]
    for _ in range(2):
        client.delete_user_defined_log_fields_config(package.DeleteUserDefinedLogFieldsConfigRequest(bucket=bucket))
    with pytest.raises((oss.exceptions.OperationError, ossicle.OssError), match="NoSuchUserDefinedLogFieldsConfig"):
        client.get_user_defined_log_fields_config(request)


def test_the_older_sdk_sets_capacity_and_rates(older: Any) -> None:
    assert older.get_bucket_storage_capacity().storage_capacity == -1
    older.set_bucket_storage_capacity(oss2.models.BucketUserQos(100))
    assert older.get_bucket_storage_capacity().storage_capacity == 100
    with pytest.raises(oss2.exceptions.InvalidArgument):
        older.set_bucket_storage_capacity(oss2.models.BucketUserQos(-2))

    older.put_bucket_qos_info(oss2.models.BucketQosInfo(total_upload_bw=10, extranet_qps=50))
    told = older.get_bucket_qos_info()
    assert (told.total_upload_bw, told.extranet_qps, told.total_qps, told.intranet_download_bw) == (10, 50, -1, -1)
    assert older.delete_bucket_qos_info().status == 204


def test_the_older_sdk_sets_what_the_newer_one_reads(service: Service, older: Any, bucket: str) -> None:
    older.put_bucket_transfer_acceleration("true")
    older.put_bucket_resource_group("rg-older")
    older.put_bucket_access_monitor("Enabled")
    info = service.client().get_bucket_info(oss.GetBucketInfoRequest(bucket=bucket)).bucket_info
    assert (info.transfer_acceleration, info.access_monitor, info.resource_group_id) == (
        "Enabled",
        "Enabled",
        "rg-older",
    )
