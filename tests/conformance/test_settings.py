"""Settings of a bucket as both official Python SDKs and our own client put and get them."""

import json
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


def test_default_encryption(package: Any, client: Any, bucket: str) -> None:
    rule = package.ServerSideEncryptionRule(
        apply_server_side_encryption_by_default=package.ApplyServerSideEncryptionByDefault(
            sse_algorithm="KMS", kms_master_key_id="k", kms_data_encryption="SM4"
        )
    )
    client.put_bucket_encryption(package.PutBucketEncryptionRequest(bucket=bucket, server_side_encryption_rule=rule))
    told = client.get_bucket_encryption(package.GetBucketEncryptionRequest(bucket=bucket)).server_side_encryption_rule
    inner = told.apply_server_side_encryption_by_default
    assert (inner.sse_algorithm, inner.kms_master_key_id, inner.kms_data_encryption) == ("KMS", "k", "SM4")
    info = client.get_bucket_info(package.GetBucketInfoRequest(bucket=bucket)).bucket_info
    assert info.sse_rule.sse_algorithm == "KMS"
    put = client.put_object(package.PutObjectRequest(bucket=bucket, key="k", body=b"x"))
    assert put.headers["x-oss-server-side-encryption"] == "KMS"
    client.delete_object(package.DeleteObjectRequest(bucket=bucket, key="k"))
    client.delete_bucket_encryption(package.DeleteBucketEncryptionRequest(bucket=bucket))
    with pytest.raises((oss.exceptions.OperationError, ossicle.OssError), match="NoSuchServerSideEncryptionRule"):
        client.get_bucket_encryption(package.GetBucketEncryptionRequest(bucket=bucket))


def test_tags(package: Any, client: Any, bucket: str) -> None:
    value = f"of-{bucket}"
    tags = [package.Tag(key="team", value=value), package.Tag(key="%@abc", value="")]
    client.put_bucket_tags(
        package.PutBucketTagsRequest(bucket=bucket, tagging=package.Tagging(tag_set=package.TagSet(tags=tags)))
    )
    told = client.get_bucket_tags(package.GetBucketTagsRequest(bucket=bucket)).tagging.tag_set.tags
    assert [(tag.key, tag.value or "") for tag in told] == [("team", value), ("%@abc", "")]
    for filters in ({"tag_key": "team", "tag_value": value}, {"tagging": f'"team":"{value}"'}):
        found = client.list_buckets(package.ListBucketsRequest(**filters)).buckets
        assert [each.name for each in found] == [bucket]
    client.delete_bucket_tags(package.DeleteBucketTagsRequest(bucket=bucket))
    assert not client.get_bucket_tags(package.GetBucketTagsRequest(bucket=bucket)).tagging.tag_set.tags
    assert not client.list_buckets(package.ListBucketsRequest(tag_key="team", tag_value=value)).buckets


def test_public_access_block(package: Any, client: Any, bucket: str) -> None:
    request = package.GetBucketPublicAccessBlockRequest(bucket=bucket)
    for value in (None, True, False):
        if value is not None:
            document = package.PublicAccessBlockConfiguration(block_public_access=value)
            client.put_bucket_public_access_block(
                package.PutBucketPublicAccessBlockRequest(bucket=bucket, public_access_block_configuration=document)
            )
        told = client.get_bucket_public_access_block(request).public_access_block_configuration
        assert told.block_public_access is bool(value)
        if value:
            with pytest.raises((oss.exceptions.OperationError, ossicle.OssError), match="AccessDenied"):
                client.put_bucket_acl(package.PutBucketAclRequest(bucket=bucket, acl="public-read"))
    client.delete_bucket_public_access_block(package.DeleteBucketPublicAccessBlockRequest(bucket=bucket))


def test_overwriting_and_quota(package: Any, client: Any, bucket: str) -> None:
    if package is oss:
        rule = oss.models.OverwriteRule(id="1", action="forbid", prefix="a/")
        configuration = oss.models.OverwriteConfiguration(rules=[rule])
    else:
        configuration = ossicle.OverwriteConfiguration(
            rules=(ossicle.OverwriteRule(id="1", action="forbid", prefix="a/"),)
        )
    client.put_bucket_overwrite_config(
        package.PutBucketOverwriteConfigRequest(bucket=bucket, overwrite_configuration=configuration)
    )
    told = client.get_bucket_overwrite_config(package.GetBucketOverwriteConfigRequest(bucket=bucket))
    assert [(each.id, each.action, each.prefix) for each in told.overwrite_configuration.rules] == [
        ("1", "forbid", "a/")
    ]
    client.put_object(package.PutObjectRequest(bucket=bucket, key="a/k", body=b"x"))
    with pytest.raises((oss.exceptions.OperationError, ossicle.OssError), match="FileAlreadyExists"):
        client.put_object(package.PutObjectRequest(bucket=bucket, key="a/k", body=b"y"))
    client.delete_bucket_overwrite_config(package.DeleteBucketOverwriteConfigRequest(bucket=bucket))

    quota = package.QuotaConfiguration(storage_quota=1024, mode="Warning")
    client.put_bucket_storage_quota(package.PutBucketStorageQuotaRequest(bucket=bucket, quota_configuration=quota))
    kept = client.get_bucket_storage_quota(package.GetBucketStorageQuotaRequest(bucket=bucket)).quota_configuration
    assert (kept.storage_quota, kept.mode, kept.current_usage) == (1024, "Warning", 1)
    client.delete_object(package.DeleteObjectRequest(bucket=bucket, key="a/k"))


def test_styles(package: Any, client: Any, bucket: str) -> None:
    style = package.StyleContent(content="image/resize,p_50")
    client.put_style(package.PutStyleRequest(bucket=bucket, style_name="small", category="image", style=style))
    told = client.get_style(package.GetStyleRequest(bucket=bucket, style_name="small")).style
    assert (told.name, told.content, told.category) == ("small", "image/resize,p_50", "image")
    listed = client.list_style(package.ListStyleRequest(bucket=bucket)).style_list.styles
    assert [each.name for each in listed] == ["small"]
    client.delete_style(package.DeleteStyleRequest(bucket=bucket, style_name="small"))


def test_domains(package: Any, client: Any, bucket: str) -> None:
    configuration = package.BucketCnameConfiguration(cname=package.Cname(domain="www.example.com"))
    asked = {"bucket": bucket, "bucket_cname_configuration": configuration}
    token = client.create_cname_token(package.CreateCnameTokenRequest(**asked)).cname_token
    again = client.get_cname_token(package.GetCnameTokenRequest(bucket=bucket, cname="www.example.com")).cname_token
    assert token.token == again.token
    client.put_cname(package.PutCnameRequest(**asked))
    listed = client.list_cname(package.ListCnameRequest(bucket=bucket))
    assert [each.domain for each in listed.cnames] == ["www.example.com"]
    assert listed.bucket == bucket
    client.delete_cname(package.DeleteCnameRequest(**asked))
    assert not client.list_cname(package.ListCnameRequest(bucket=bucket)).cnames


def test_replication(package: Any, client: Any, bucket: str) -> None:
    destination = package.ReplicationDestination(bucket="copy", location="oss-cn-beijing", transfer_type="oss_acc")
    rule = package.ReplicationRule(
        id="r1", action="ALL", destination=destination, prefix_set=package.ReplicationPrefixSet(prefixs=["a", "b"])
    )
    configuration = package.ReplicationConfiguration(rules=[rule])
    put = client.put_bucket_replication(
        package.PutBucketReplicationRequest(bucket=bucket, replication_configuration=configuration)
    )
    # The official SDK reads the documents of this answer only.
    assert put.headers["x-oss-replication-rule-id"] == "r1"
    request = package.GetBucketReplicationRequest(bucket=bucket)
    (told,) = client.get_bucket_replication(request).replication_configuration.rules
    assert (told.id, told.status, list(told.prefix_set.prefixs)) == ("r1", "starting", ["a", "b"])
    progress = client.get_bucket_replication_progress(
        package.GetBucketReplicationProgressRequest(bucket=bucket, rule_id="r1")
    )
    assert [each.id for each in progress.replication_progress.rules] == ["r1"]
    rules = package.ReplicationRules(ids=["r1"])
    client.delete_bucket_replication(package.DeleteBucketReplicationRequest(bucket=bucket, replication_rules=rules))
    assert client.get_bucket_replication(request).replication_configuration.rules[0].status == "closing"
    locations = client.get_bucket_replication_location(package.GetBucketReplicationLocationRequest(bucket=bucket))
    assert len(locations.replication_location.locations) == 1


def test_redundancy(package: Any, client: Any, bucket: str) -> None:
    made = client.create_bucket_data_redundancy_transition(
        package.CreateBucketDataRedundancyTransitionRequest(bucket=bucket, target_redundancy_type="ZRS")
    )
    task = made.bucket_data_redundancy_transition.task_id
    place = {"bucket": bucket, "redundancy_transition_taskid": task}
    told = client.get_bucket_data_redundancy_transition(package.GetBucketDataRedundancyTransitionRequest(**place))
    assert told.bucket_data_redundancy_transition.status == "Queueing"
    everywhere = client.list_user_data_redundancy_transition(package.ListUserDataRedundancyTransitionRequest())
    tasks = everywhere.list_bucket_data_redundancy_transition.bucket_data_redundancy_transition
    assert task in {each.task_id for each in tasks}
    client.delete_bucket_data_redundancy_transition(package.DeleteBucketDataRedundancyTransitionRequest(**place))


def test_what_the_older_sdk_sets_besides(older: Any, bucket: str) -> None:
    older.put_bucket_encryption(oss2.models.ServerSideEncryptionRule(sse_algorithm="AES256"))
    assert older.get_bucket_encryption().sse_algorithm == "AES256"
    older.delete_bucket_encryption()
    tagging = oss2.models.Tagging()
    tagging.tag_set.add("k", "v")
    older.put_bucket_tagging(tagging)
    assert older.get_bucket_tagging().tag_set.tagging_rule == {"k": "v"}
    older.delete_bucket_tagging()
    assert older.get_bucket_tagging().tag_set.tagging_rule == {}
    older.put_bucket_style("small", "image/resize,p_50")
    assert older.get_bucket_style("small").content == "image/resize,p_50"
    older.delete_bucket_style("small")
    rule = oss2.models.ReplicationRule(rule_id="r1", target_bucket_name="copy", target_bucket_location="oss-cn-beijing")
    older.put_bucket_replication(rule)
    assert [each.rule_id for each in older.get_bucket_replication().rule_list] == ["r1"]
    older.delete_bucket_replication("r1")
    policy = oss2.models.CallbackPolicyInfo("n", "e30=", "e30=")
    older.put_bucket_callback_policy([policy])
    assert [each.policy_name for each in older.get_bucket_callback_policy().callback_policies] == ["n"]
    older.delete_bucket_callback_policy()


def test_website_and_referer(package: Any, client: Any, bucket: str) -> None:
    redirect = package.RoutingRuleRedirect(
        redirect_type="External", host_name="www.example.com", http_redirect_code=302, replace_key_prefix_with="new/"
    )
    condition = package.RoutingRuleCondition(key_prefix_equals="old/")
    rule = package.RoutingRule(rule_number=1, condition=condition, redirect=redirect)
    website = package.WebsiteConfiguration(
        index_document=package.IndexDocument(suffix="index.html", support_sub_dir=True, type=0),
        error_document=package.ErrorDocument(key="error.html", http_status=404),
        routing_rules=package.RoutingRules(routing_rules=[rule]),
    )
    client.put_bucket_website(package.PutBucketWebsiteRequest(bucket=bucket, website_configuration=website))
    told = client.get_bucket_website(package.GetBucketWebsiteRequest(bucket=bucket)).website_configuration
    assert (told.index_document.suffix, told.index_document.support_sub_dir, told.error_document.http_status) == (
        "index.html", True, 404,
    )  # fmt: skip
    assert told.routing_rules.routing_rules[0].redirect.http_redirect_code == 302
    client.delete_bucket_website(package.DeleteBucketWebsiteRequest(bucket=bucket))

    referers = package.RefererConfiguration(
        allow_empty_referer=False, referer_list=package.RefererList(referers=["http://*.example.com", "mibrowser:home"])
    )
    client.put_bucket_referer(package.PutBucketRefererRequest(bucket=bucket, referer_configuration=referers))
    kept = client.get_bucket_referer(package.GetBucketRefererRequest(bucket=bucket)).referer_configuration
    assert (kept.allow_empty_referer, list(kept.referer_list.referers)) == (
        False, ["http://*.example.com", "mibrowser:home"],
    )  # fmt: skip


def test_lifecycle(package: Any, client: Any, bucket: str) -> None:
    rule = package.LifecycleRule(
        id="r1",
        prefix="log/",
        status="Enabled",
        tags=[package.Tag(key="k", value="v")],
        expiration=package.LifecycleRuleExpiration(days=30),
        transitions=[package.LifecycleRuleTransition(days=10, storage_class="IA")],
        noncurrent_version_expiration=package.NoncurrentVersionExpiration(noncurrent_days=5),
    )
    configuration = package.LifecycleConfiguration(rules=[rule])
    client.put_bucket_lifecycle(package.PutBucketLifecycleRequest(bucket=bucket, lifecycle_configuration=configuration))
    (told,) = client.get_bucket_lifecycle(
        package.GetBucketLifecycleRequest(bucket=bucket)
    ).lifecycle_configuration.rules
    assert (told.id, told.expiration.days, told.transitions[0].storage_class) == ("r1", 30, "IA")
    assert (told.tags[0].key, told.noncurrent_version_expiration.noncurrent_days) == ("k", 5)
    client.delete_bucket_lifecycle(package.DeleteBucketLifecycleRequest(bucket=bucket))


def test_pages_and_ages_with_the_older_sdk(older: Any) -> None:
    older.put_bucket_website(oss2.models.BucketWebsite("index.html", "error.html"))
    assert older.get_bucket_website().index_file == "index.html"
    older.delete_bucket_website()
    older.put_bucket_referer(oss2.models.BucketReferer(True, ["http://a.example"]))
    assert older.get_bucket_referer().referers == ["http://a.example"]
    rule = oss2.models.LifecycleRule("r1", "log/", expiration=oss2.models.LifecycleExpiration(days=3))
    older.put_bucket_lifecycle(oss2.models.BucketLifecycle([rule]))
    (told,) = older.get_bucket_lifecycle().rules
    assert (told.id, told.expiration.days) == ("r1", 3)
    older.delete_bucket_lifecycle()


def test_policy(package: Any, client: Any, bucket: str) -> None:
    statement = {"Effect": "Allow", "Action": "oss:GetObject", "Principal": "*", "Resource": f"acs:oss:*:*:{bucket}/*"}
    policy = json.dumps({"Version": "1", "Statement": [statement]})
    client.put_bucket_policy(package.PutBucketPolicyRequest(bucket=bucket, body=policy))
    assert json.loads(client.get_bucket_policy(package.GetBucketPolicyRequest(bucket=bucket)).body) == json.loads(
        policy
    )
    status = client.get_bucket_policy_status(package.GetBucketPolicyStatusRequest(bucket=bucket)).policy_status
    assert status.is_public is True
    client.delete_bucket_policy(package.DeleteBucketPolicyRequest(bucket=bucket))
    with pytest.raises((oss.exceptions.OperationError, ossicle.OssError), match="NoSuchBucketPolicy"):
        client.get_bucket_policy(package.GetBucketPolicyRequest(bucket=bucket))


def test_policy_with_the_older_sdk(older: Any, bucket: str) -> None:
    statement = {"Effect": "Deny", "Action": "oss:*", "Principal": ["1"], "Resource": f"acs:oss:*:*:{bucket}"}
    older.put_bucket_policy(json.dumps({"Version": "1", "Statement": [statement]}))
    assert json.loads(older.get_bucket_policy().policy)["Statement"] == [statement]
    older.delete_bucket_policy()
