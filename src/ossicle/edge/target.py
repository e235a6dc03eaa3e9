"""From a Host and a raw path to the resource they address: path style, `bucket.endpoint`, or a host name that is one bucket.

Source: https://help.aliyun.com/zh/oss/user-guide/regions-and-endpoints
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from ossicle.wire.http import Resource
from ossicle.wire.names import BucketName, parse_bucket_name
from ossicle.wire.records import record
from ossicle.wire.text import decode, percent_decode

_ALIYUN: Final = re.compile(
    r"(?:oss-[a-z0-9-]+|[a-z0-9-]+\.oss|s3\.oss-[a-z0-9-]+)\.aliyuncs\.com",
)
"""The forms of OSS's own endpoints, `-internal` and `oss-accelerate` among them."""
RESERVED: Final = b"/_ossicle/"


class AddressStyle(Enum):
    """How a request names its bucket."""

    PATH = "path"
    VIRTUAL = "virtual"
    CNAME = "cname"


@record
class Origin:
    """What a Host stands for: an endpoint, or (`bucket`) one bucket. `endpoint` is host with port, without the bucket."""

    style: AddressStyle
    endpoint: str
    bucket: BucketName | None = None

    def resource(self, path: bytes) -> Resource:
        """Return what a raw path addresses here. The key is raw: it is judged once it is known who asks.

        Raises:
            InvalidBucketName: the bucket's name breaks its rules.
        """
        return _from_path(path) if self.bucket is None else _in_bucket(self.bucket, path)


@dataclass(frozen=True, slots=True)
class AddressBook:
    """The host names a server answers to: endpoint names, and names that stand for one bucket."""

    endpoints: frozenset[str]
    cnames: Mapping[str, BucketName]

    @classmethod
    def of(cls, domains: Iterable[str], cnames: Iterable[str]) -> "AddressBook":
        """Return the book of configured domains (besides `localhost`) and `HOST=BUCKET` texts."""
        pairs = (text.partition("=") for text in cnames)
        return cls(
            endpoints=frozenset({"localhost", *(domain.lower() for domain in domains)}),
            cnames={host.lower(): parse_bucket_name(bucket) for host, _, bucket in pairs},
        )

    def locate(self, host: bytes) -> Origin:
        """Return what a Host stands for.

        Raises:
            InvalidBucketName: the label before an endpoint is no bucket name.
        """
        authority = decode(host).lower()
        name = host_name(host).lower()
        if name in self.cnames:
            return Origin(style=AddressStyle.CNAME, endpoint=authority, bucket=self.cnames[name])
        if not self._is_endpoint(name):
            label, _, parent = name.partition(".")
            if self._is_endpoint(parent):
                endpoint = authority.partition(".")[2]
                return Origin(style=AddressStyle.VIRTUAL, endpoint=endpoint, bucket=parse_bucket_name(label))
        # OSS: a host that fits no form is path style (unverified).
        return Origin(style=AddressStyle.PATH, endpoint=authority)

    def _is_endpoint(self, name: str) -> bool:
        return name in self.endpoints or _ALIYUN.fullmatch(name) is not None


def host_name(host: bytes) -> str:
    """Return a Host as it was sent, without its port; an IPv6 address keeps its brackets."""
    authority = decode(host)
    if authority.startswith("["):
        return authority.partition("]")[0] + "]"
    return authority.partition(":")[0]


def _from_path(path: bytes) -> Resource:
    # The C++ SDK asks an IP endpoint for `//` when it means the service.
    if path in (b"/", b"//", b""):
        return Resource()
    bucket, slash, rest = path[1:].partition(b"/")
    return _in_bucket(_bucket_name(bucket), slash + rest)


# Most requests are for the same few, and a refusal is not remembered.
@lru_cache(maxsize=256)
def _bucket_name(raw: bytes) -> BucketName:
    return parse_bucket_name(decode(percent_decode(raw)))


def _in_bucket(bucket: BucketName, path: bytes) -> Resource:
    if path in (b"", b"/"):
        return Resource(bucket=bucket)
    return Resource(bucket=bucket, key=percent_decode(path[1:]))
