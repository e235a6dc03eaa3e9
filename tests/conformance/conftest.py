"""The service that the SDKs are pointed at: a server of our own, or, with settings from the environment, a real one.

    CONFORMANCE_ENDPOINT=https://oss-cn-hangzhou.aliyuncs.com CONFORMANCE_REGION=cn-hangzhou \
    CONFORMANCE_ACCESS_KEY_ID=... CONFORMANCE_ACCESS_KEY_SECRET=... make test PYTEST_ARGS=tests/conformance

The tests make buckets with random names, and remove them with all that is in them.
"""

import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

import alibabacloud_oss_v2 as oss
import pytest

import ossicle
from tests.support.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, REGION, ServerProcess

_PREFIX = "CONFORMANCE_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where it is, and whose keys are used."""

    endpoint: str
    region: str
    access_key_id: str
    access_key_secret: str = field(repr=False)

    def client(self, **changes: object) -> oss.Client:
        """The official Python SDK V2, with settings of its configuration changed."""
        config = oss.config.load_default()
        config.credentials_provider = oss.credentials.StaticCredentialsProvider(
            self.access_key_id, self.access_key_secret
        )
        config.region = self.region
        config.endpoint = self.endpoint
        for name, value in changes.items():
            setattr(config, name, value)
        return oss.Client(config)

    def config(self) -> ossicle.Config:
        """The same for our own client."""
        provider = ossicle.credentials.StaticCredentialsProvider(self.access_key_id, self.access_key_secret)
        return ossicle.Config(region=self.region, endpoint=self.endpoint, credentials_provider=provider)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if f"{_PREFIX}ENDPOINT" in os.environ:
        names = ("endpoint", "region", "access_key_id", "access_key_secret")
        yield Service(**{name: os.environ[_PREFIX + name.upper()] for name in names})
        return
    with ServerProcess(tmp_path_factory.mktemp("conformance") / "data", buckets=()) as server:
        yield Service(
            endpoint=server.endpoint,
            region=REGION,
            access_key_id=ACCESS_KEY_ID,
            access_key_secret=ACCESS_KEY_SECRET,
        )


@pytest.fixture(scope="session")
def client(service: Service) -> oss.Client:
    return service.client()


@pytest.fixture(scope="module")
def bucket(service: Service, client: oss.Client) -> Iterator[str]:
    """A bucket for one module, private and empty at first."""
    name = f"conformance-{secrets.token_hex(6)}"
    client.put_bucket(oss.PutBucketRequest(bucket=name))
    yield name
    # By a client of our own: the SDK's can't address every key, since `requests` rewrites dot segments.
    keys = [
        item.key
        for page in client.list_objects_v2_paginator().iter_page(oss.ListObjectsV2Request(bucket=name))
        for item in page.contents or []
    ]
    with ossicle.Client(service.config()) as ours:
        for key in keys:
            ours.delete_object(ossicle.DeleteObjectRequest(bucket=name, key=key))
    client.delete_bucket(oss.DeleteBucketRequest(bucket=name))
