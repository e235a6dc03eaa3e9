"""The service that the SDKs are pointed at: a server of our own, or the one that the environment names (README.md)."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import alibabacloud_oss_v2 as oss

import ossicle
from tests.conformance.hosts import Hosts
from tests.support.server import ACCESS_KEY_ID, ACCESS_KEY_SECRET, REGION, ServerProcess

CUSTOM_DOMAIN = "files.example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where it is, whose keys are used, and how it may be addressed.

    Attributes:
        endpoints: by style (`ip`, `path`, `virtual`, `cname`), the address that an SDK is given; the first is what most tests use.
        signatures: the signature versions that it takes.
        bucket_prefix: what the names of all buckets begin with that the tests make.
        cname_bucket: the bucket that the endpoint of `cname` stands for.
        hosts: where names are made known that no resolver knows; none where names resolve.
    """

    region: str
    access_key_id: str
    access_key_secret: str = field(repr=False)
    security_token: str = field(default="", repr=False)
    endpoints: Mapping[str, str]
    signatures: tuple[str, ...]
    bucket_prefix: str
    cname_bucket: str = ""
    hosts: Hosts | None = None

    @property
    def endpoint(self) -> str:
        """The address of the first style."""
        return next(iter(self.endpoints.values()))

    @property
    def is_path_style(self) -> bool:
        return next(iter(self.endpoints)) in {"ip", "path"}

    def new_name(self) -> str:
        """A name for a bucket, that resolves below the endpoint of `virtual`."""
        name = f"{self.bucket_prefix}{secrets.token_hex(6)}"
        if self.hosts is not None:
            self.hosts.add(f"{name}.localhost")
        return name

    def url(self, bucket: str, key: str = "") -> str:
        """Where everybody finds an object, or a bucket, in the first style."""
        scheme, _, host = self.endpoint.partition("://")
        return f"{self.endpoint}/{bucket}/{key}" if self.is_path_style else f"{scheme}://{bucket}.{host}/{key}"

    def settings(self, style: str, signature: str, **changes: str) -> dict[str, str]:
        """What the program of an SDK is told."""
        keys = ("region", "access_key_id", "access_key_secret", "security_token")
        settings = {name: str(getattr(self, name)) for name in keys}
        return {**settings, "endpoint": self.endpoints[style], "style": style, "signature": signature, **changes}

    def client(self, **changes: object) -> oss.Client:
        """The official Python SDK V2, with settings of its configuration changed."""
        config = oss.config.load_default()
        config.credentials_provider = oss.credentials.StaticCredentialsProvider(
            self.access_key_id, self.access_key_secret, self.security_token
        )
        config.region = self.region
        config.endpoint = self.endpoint
        config.use_path_style = self.is_path_style
        for name, value in changes.items():
            setattr(config, name, value)
        return oss.Client(config)

    def config(self) -> ossicle.Config:
        """The same for our own client."""
        provider = ossicle.credentials.StaticCredentialsProvider(
            self.access_key_id, self.access_key_secret, self.security_token or None
        )
        return ossicle.Config(
            region=self.region,
            endpoint=self.endpoint,
            use_path_style=self.is_path_style,
            credentials_provider=provider,
        )

    def empty_and_remove(self, bucket: str) -> None:
        """Remove a bucket with all that is in it, by our own client: `requests` can't send every key."""
        with ossicle.Client(self.config()) as client:
            for uploads in client.list_multipart_uploads_paginator().iter_page(
                ossicle.ListMultipartUploadsRequest(bucket=bucket)
            ):
                for upload in uploads.uploads or ():
                    client.abort_multipart_upload(
                        ossicle.AbortMultipartUploadRequest(
                            bucket=bucket, key=upload.key or "", upload_id=upload.upload_id or ""
                        )
                    )
            for page in client.list_object_versions_paginator().iter_page(
                ossicle.ListObjectVersionsRequest(bucket=bucket)
            ):
                kept = [(item.key, item.version_id) for item in page.version]
                kept += [(item.key, item.version_id) for item in page.delete_marker]
                for key, version_id in kept:
                    client.delete_object(
                        ossicle.DeleteObjectRequest(bucket=bucket, key=key or "", version_id=version_id)
                    )
            client.delete_bucket(ossicle.DeleteBucketRequest(bucket=bucket))


def from_environment(environment: Mapping[str, str]) -> Service:
    """The service that `OSS_...` names."""
    cname, _, cname_bucket = environment.get("CONFORMANCE_CNAME", "").partition("=")
    endpoint = environment["OSS_ENDPOINT"]
    usual = "ip" if _is_address(urlsplit(endpoint).hostname or "") else "virtual"
    endpoints = dict.fromkeys(environment.get("CONFORMANCE_STYLES", usual).split(","), endpoint)
    return Service(
        region=environment["OSS_REGION"],
        access_key_id=environment["OSS_ACCESS_KEY_ID"],
        access_key_secret=environment["OSS_ACCESS_KEY_SECRET"],
        security_token=environment.get("OSS_SESSION_TOKEN", ""),
        endpoints={**endpoints, **({"cname": cname} if cname else {})},
        signatures=tuple(environment.get("CONFORMANCE_SIGNATURES", "v4").split(",")),
        bucket_prefix=environment.get("CONFORMANCE_BUCKET_PREFIX", "conformance-"),
        cname_bucket=cname_bucket,
    )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@contextmanager
def own_service(folder: Path, hosts: Hosts) -> Iterator[Service]:
    """A server that lives as long as the block does."""
    cname_bucket = f"conformance-{secrets.token_hex(6)}"
    hosts.add("localhost")
    hosts.add(CUSTOM_DOMAIN)
    hosts.add(f"{cname_bucket}.localhost")
    arguments = ["--cname", f"{CUSTOM_DOMAIN}={cname_bucket}", "--durability", "relaxed"]
    arguments += ["--callback-allow", "127.0.0.0/8"]
    with ServerProcess(folder / "data", buckets=(cname_bucket,), arguments=arguments) as server:
        yield Service(
            region=REGION,
            access_key_id=ACCESS_KEY_ID,
            access_key_secret=ACCESS_KEY_SECRET,
            endpoints={
                "ip": server.endpoint,
                "path": f"http://localhost:{server.port}",
                "virtual": f"http://localhost:{server.port}",
                "cname": f"http://{CUSTOM_DOMAIN}:{server.port}",
            },
            signatures=("v4", "v1"),
            bucket_prefix="conformance-",
            cname_bucket=cname_bucket,
            hosts=hosts,
        )


@contextmanager
def service_of_run(folder: Path, hosts: Hosts) -> Iterator[Service]:
    """The one that the environment names if it says so, or else one of our own."""
    if os.environ.get("CONFORMANCE") == "environment":
        yield from_environment(os.environ)
        return
    with own_service(folder, hosts) as service:
        yield service
