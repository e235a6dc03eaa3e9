"""Retention as both official Python SDKs and our own client ask for it and meet it."""

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from ossicle.wire.text import render_iso_millis
from tests.conformance.service import Service
from tests.support.tools import need_package

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # escapes in its source that Python no longer likes
    oss2 = need_package("oss2")

REFUSED = (oss.exceptions.OperationError, ossicle.OssError)


@pytest.fixture
def bucket(service: Service) -> Iterator[str]:
    """A bucket of its own, which must be empty and free in the end."""
    name = service.new_name()
    with ossicle.Client(service.config()) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name))
        yield name
        client.delete_bucket(ossicle.DeleteBucketRequest(bucket=name))


@pytest.fixture
def locked_bucket(service: Service) -> str:
    """A bucket whose policy is to be locked: it stays for as long as the service does."""
    name = service.new_name()
    with ossicle.Client(service.config()) as client:
        client.put_bucket(ossicle.PutBucketRequest(bucket=name))
    return name


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


def test_a_policy_is_begun_and_aborted(package: Any, client: Any, bucket: str) -> None:
    place = {"bucket": bucket, "key": "kept"}
    client.put_object(package.PutObjectRequest(**place, body=b"first"))
    days = package.InitiateWormConfiguration(retention_period_in_days=7)
    begun = client.initiate_bucket_worm(
        package.InitiateBucketWormRequest(bucket=bucket, initiate_worm_configuration=days)
    )
    told = client.get_bucket_worm(package.GetBucketWormRequest(bucket=bucket)).worm_configuration
    assert (told.worm_id, told.state, told.retention_period_in_days) == (begun.worm_id, "InProgress", 7)
    assert datetime.fromisoformat(told.expiration_date) - datetime.fromisoformat(told.creation_date) == timedelta(
        days=1
    )
    with pytest.raises(REFUSED, match="FileImmutable"):
        client.put_object(package.PutObjectRequest(**place, body=b"second"))
    with pytest.raises(REFUSED, match="FileImmutable"):
        client.delete_object(package.DeleteObjectRequest(**place))
    longer = package.ExtendWormConfiguration(retention_period_in_days=8)
    with pytest.raises(REFUSED, match="InvalidWORMConfiguration"):
        client.extend_bucket_worm(
            package.ExtendBucketWormRequest(bucket=bucket, worm_id=begun.worm_id, extend_worm_configuration=longer)
        )
    client.abort_bucket_worm(package.AbortBucketWormRequest(bucket=bucket))
    with pytest.raises(REFUSED, match="NoSuchWORMConfiguration"):
        client.get_bucket_worm(package.GetBucketWormRequest(bucket=bucket))
    client.delete_object(package.DeleteObjectRequest(**place))


def test_a_policy_is_locked_and_extended(package: Any, client: Any, locked_bucket: str) -> None:
    days = package.InitiateWormConfiguration(retention_period_in_days=1)
    begun = client.initiate_bucket_worm(
        package.InitiateBucketWormRequest(bucket=locked_bucket, initiate_worm_configuration=days)
    )
    place = {"bucket": locked_bucket, "worm_id": begun.worm_id}
    client.complete_bucket_worm(package.CompleteBucketWormRequest(**place))
    longer = package.ExtendWormConfiguration(retention_period_in_days=2)
    client.extend_bucket_worm(package.ExtendBucketWormRequest(**place, extend_worm_configuration=longer))
    told = client.get_bucket_worm(package.GetBucketWormRequest(bucket=locked_bucket)).worm_configuration
    assert (told.state, told.retention_period_in_days, told.expiration_date) == ("Locked", 2, None)
    with pytest.raises(REFUSED, match="WORMConfigurationLocked"):
        client.abort_bucket_worm(package.AbortBucketWormRequest(bucket=locked_bucket))


def test_the_older_sdk_begins_locks_and_extends(service: Service, locked_bucket: str) -> None:
    provider = oss2.credentials.StaticCredentialsProvider(service.access_key_id, service.access_key_secret)
    place = {"region": service.region, "is_path_style": service.is_path_style}
    older = oss2.Bucket(oss2.ProviderAuthV4(provider), service.endpoint, locked_bucket, **place)
    with pytest.raises(oss2.exceptions.ServerError) as none:
        older.get_bucket_worm()
    assert (none.value.status, none.value.code) == (404, "NoSuchWORMConfiguration")
    older.put_object("kept", b"first")
    assert older.init_bucket_worm(1).worm_id
    assert older.abort_bucket_worm().status == 204
    worm_id = older.init_bucket_worm(1).worm_id
    older.complete_bucket_worm(worm_id)
    older.extend_bucket_worm(worm_id, 3)
    told = older.get_bucket_worm()
    assert (told.worm_id, told.state, told.retention_period_days) == (worm_id, "Locked", 3)
    with pytest.raises(oss2.exceptions.ServerError) as replaced:
        older.put_object("kept", b"second")
    with pytest.raises(oss2.exceptions.ServerError) as removed:
        older.delete_object("kept")
    for refused in (replaced, removed):
        assert (refused.value.status, refused.value.code) == (409, "FileImmutable")
    assert older.batch_delete_objects(["kept", "nothing"]).deleted_keys == ["nothing"]
    assert older.get_object("kept").read() == b"first"


def test_a_version_is_retained_and_held(package: Any, client: Any, bucket: str) -> None:
    enabled = package.VersioningConfiguration(status="Enabled")
    client.put_bucket_versioning(package.PutBucketVersioningRequest(bucket=bucket, versioning_configuration=enabled))
    wanted = package.ObjectWormConfiguration(
        object_worm_enabled="Enabled",
        rule=package.ObjectWormConfigurationRule(
            default_retention=package.ObjectWormConfigurationRuleDefaultRetention(mode="GOVERNANCE", days=1)
        ),
    )
    client.put_bucket_object_worm_configuration(
        package.PutBucketObjectWormConfigurationRequest(bucket=bucket, object_worm_configuration=wanted)
    )
    told = client.get_bucket_object_worm_configuration(
        package.GetBucketObjectWormConfigurationRequest(bucket=bucket)
    ).object_worm_configuration
    assert (told.object_worm_enabled, told.rule.default_retention.mode) == ("Enabled", "GOVERNANCE")
    assert (told.rule.default_retention.days, told.rule.default_retention.years) == (1, None)

    place = {"bucket": bucket, "key": "kept"}
    version = client.put_object(package.PutObjectRequest(**place, body=b"x", object_worm_legal_hold="ON")).version_id
    head = client.head_object(package.HeadObjectRequest(**place))
    assert (head.object_worm_mode, head.object_worm_legal_hold) == ("GOVERNANCE", "ON")
    until = render_iso_millis(datetime.now(UTC) + timedelta(days=3))
    longer = package.Retention(mode="GOVERNANCE", retain_until_date=until)
    client.put_object_retention(package.PutObjectRetentionRequest(**place, version_id=version, retention=longer))
    kept = client.get_object_retention(package.GetObjectRetentionRequest(**place)).retention
    assert (kept.mode, kept.retain_until_date) == ("GOVERNANCE", until)

    doomed = package.DeleteObjectRequest(**place, version_id=version, bypass_governance_retention=True)
    with pytest.raises(REFUSED, match="FileImmutable"):
        client.delete_object(doomed)
    assert client.get_object_legal_hold(package.GetObjectLegalHoldRequest(**place)).legal_hold.status == "ON"
    off = package.LegalHold(status="OFF")
    client.put_object_legal_hold(package.PutObjectLegalHoldRequest(**place, version_id=version, legal_hold=off))
    with pytest.raises(REFUSED, match="FileImmutable"):
        client.delete_object(package.DeleteObjectRequest(**place, version_id=version))
    client.delete_object(doomed)
