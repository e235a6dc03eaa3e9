"""What an account asks of the service itself: its buckets page by page and by every filter, regions, and a block on public access."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.integration.test_client import settings
from tests.support.server import REGION, ServerProcess

OTHER = ("1000000000000002", "other-key", "other-secret")
NAMES = [f"mine-{number}" for number in range(5)]
Opened = dict[str, ossicle.Client]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder: Path = tmp_path_factory.mktemp("service")
    arguments = ("--workers", "2")
    with ServerProcess(
        folder / "data", env={"OSSICLE_ACCOUNTS": ":".join(OTHER)}, buckets=(), arguments=arguments
    ) as running:
        yield running


@pytest.fixture(scope="module")
def accounts(server: ServerProcess) -> Iterator[Opened]:
    """The clients of two accounts: the owner has five buckets, some with tags or a resource group, the other has one."""
    theirs = ossicle.Config(
        region=REGION,
        endpoint=server.endpoint,
        credentials_provider=ossicle.credentials.StaticCredentialsProvider(*OTHER[1:]),
    )
    with ossicle.Client(settings(server)) as owner, ossicle.Client(theirs) as other:
        for name in NAMES:
            owner.put_bucket(ossicle.PutBucketRequest(bucket=name))
        other.put_bucket(ossicle.PutBucketRequest(bucket="mine-not"))
        for name, tags in (("mine-1", {"team": "a"}), ("mine-2", {"team": "b"}), ("mine-3", {"team": "a", "x": "1"})):
            tag_set = ossicle.TagSet(tags=tuple(ossicle.Tag(key=key, value=value) for key, value in tags.items()))
            owner.put_bucket_tags(ossicle.PutBucketTagsRequest(bucket=name, tagging=ossicle.Tagging(tag_set=tag_set)))
        group = ossicle.BucketResourceGroupConfiguration(resource_group_id="rg-two")
        owner.put_bucket_resource_group(
            ossicle.PutBucketResourceGroupRequest(bucket="mine-4", bucket_resource_group_configuration=group)
        )
        yield {"owner": owner, "other": other}


def listed(client: ossicle.Client, **asked: str | int) -> list[str]:
    """All buckets that fit, over all pages."""
    pages = client.list_buckets_paginator().iter_page(ossicle.ListBucketsRequest(**asked))  # type: ignore[arg-type]  # as the case says
    return [bucket.name or "" for page in pages for bucket in page.buckets]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, NAMES),
        ({"max_keys": 2}, NAMES),
        ({"max_keys": 1, "marker": "mine-1"}, NAMES[2:]),
        ({"prefix": "mine-3"}, ["mine-3"]),
        ({"prefix": "nothing"}, []),
        ({"tag_key": "team", "max_keys": 1}, ["mine-1", "mine-2", "mine-3"]),
        ({"tag_key": "team", "tag_value": "a"}, ["mine-1", "mine-3"]),
        ({"tagging": '"team":"a","x":"1"'}, ["mine-3"]),
        ({"tagging": '"team":"b","x":"1"'}, []),
        ({"tag_key": "team", "prefix": "mine-2"}, ["mine-2"]),
        ({"resource_group_id": "rg-two"}, ["mine-4"]),
        ({"resource_group_id": "rg-default", "max_keys": 2}, NAMES[:4]),
    ],
)
def test_buckets_by_page_and_filter(accounts: Opened, asked: dict[str, str | int], found: list[str]) -> None:
    assert listed(accounts["owner"], **asked) == found


def test_an_account_finds_its_own_only(accounts: Opened) -> None:
    assert listed(accounts["other"]) == ["mine-not"]
    assert listed(accounts["other"], tag_key="team") == []
    with pytest.raises(ossicle.errors.AccessDenied):
        accounts["other"].get_bucket_tags(ossicle.GetBucketTagsRequest(bucket="mine-1"))


def test_the_official_client_reads_pages_and_tags(accounts: Opened, server: ServerProcess) -> None:
    config = oss.config.load_default()
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(
        server.access_key_id, server.access_key_secret
    )
    config.region, config.endpoint, config.use_path_style = REGION, server.endpoint, True
    client = oss.Client(config)
    pages = client.list_buckets_paginator(limit=2).iter_page(oss.ListBucketsRequest(tag_key="team"))
    assert [[bucket.name for bucket in page.buckets] for page in pages] == [["mine-1", "mine-2"], ["mine-3"]]
    told = client.describe_regions(oss.DescribeRegionsRequest())
    assert [each.region for each in told.region_info] == [f"oss-{REGION}"]


def test_regions(accounts: Opened) -> None:
    for asked in ("", f"oss-{REGION}"):
        told = accounts["other"].describe_regions(ossicle.DescribeRegionsRequest(regions=asked)).region_info
        assert [each.region for each in told] == [f"oss-{REGION}"]
    with pytest.raises(ossicle.errors.OssError) as refusal:
        accounts["other"].describe_regions(ossicle.DescribeRegionsRequest(regions="oss-nowhere"))
    assert refusal.value.status == 404


@pytest.fixture
def public(accounts: Opened, server: ServerProcess) -> Iterator[Callable[[], list[int]]]:
    """How everybody is answered who reads an object of each account, in a bucket that is public."""
    places = {"owner": "mine-0", "other": "mine-not"}
    for name, bucket in places.items():
        accounts[name].put_bucket(ossicle.PutBucketRequest(bucket=bucket, acl="public-read"))
        accounts[name].put_object(ossicle.PutObjectRequest(bucket=bucket, key="key", body=b"body"))

    def read() -> list[int]:
        return [status_of(f"{server.endpoint}/{bucket}/key") for bucket in places.values()]

    yield read
    for client in accounts.values():
        client.delete_public_access_block(ossicle.DeletePublicAccessBlockRequest())


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code


def block(client: ossicle.Client, is_on: bool) -> None:
    configuration = ossicle.PublicAccessBlockConfiguration(block_public_access=is_on)
    client.put_public_access_block(ossicle.PutPublicAccessBlockRequest(public_access_block_configuration=configuration))


def test_a_block_is_one_account_s(accounts: Opened, server: ServerProcess, public: Callable[[], list[int]]) -> None:
    owner, other = accounts["owner"], accounts["other"]
    assert public() == [200, 200]
    block(owner, is_on=True)
    for _ in range(4):  # whichever worker is asked
        assert public() == [403, 200]
    told = [
        client.get_public_access_block(ossicle.GetPublicAccessBlockRequest()).public_access_block_configuration
        for client in (owner, other)
    ]
    assert [each is not None and each.block_public_access for each in told] == [True, False]
    with pytest.raises(ossicle.errors.AccessDenied):
        owner.put_bucket_acl(ossicle.PutBucketAclRequest(bucket="mine-1", acl="public-read"))
    server.kill()
    server.restart()
    assert public() == [403, 200]
    owner.delete_public_access_block(ossicle.DeletePublicAccessBlockRequest())
    for _ in range(4):
        assert public() == [200, 200]
