"""From region, endpoint and address style to the host and path of a request.

Source: https://help.aliyun.com/zh/oss/user-guide/regions-and-endpoints
"""

import re
from enum import Enum
from ipaddress import ip_address
from typing import Final

from ossicle.client.config import Config
from ossicle.client.failures import ConfigError
from ossicle.wire.http import Resource
from ossicle.wire.records import record
from ossicle.wire.text import percent_encode_path

_REGION: Final = re.compile(r"[a-z0-9-]+")
_ENDPOINT: Final = re.compile(r"(?:(?P<scheme>[A-Za-z]+)://)?(?P<authority>[^/?#@\s]+)/?")
_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
_PORTS: Final = {"http": 80, "https": 443}


class AddressStyle(Enum):
    """Where the bucket's name stands."""

    VIRTUAL = "virtual"
    """In front of the host name."""
    PATH = "path"
    """As the first part of the path."""
    CNAME = "cname"
    """Nowhere: the host name is the bucket's own."""


@record
class Address:
    """Where a request goes: what to connect to, and what to put into `Host` and the request line."""

    scheme: str
    host: str
    port: int
    authority: str
    path: str

    @property
    def base(self) -> str:
        """The URL up to its query."""
        return f"{self.scheme}://{self.authority}{self.path}"


@record
class Endpoint:
    """A server, and how buckets are addressed there. `host` is without brackets; `authority` is as it was written."""

    scheme: str
    host: str
    port: int
    authority: str
    style: AddressStyle

    def locate(self, resource: Resource) -> Address:
        """Return the address of a resource. A key is percent-encoded and otherwise left as it is, `..` and `//` too."""
        host, authority, path = self.host, self.authority, "/"
        if resource.bucket is not None and self.style is AddressStyle.PATH:
            path = f"/{resource.bucket}/"
        elif resource.bucket is not None and self.style is AddressStyle.VIRTUAL:
            host, authority = f"{resource.bucket}.{host}", f"{resource.bucket}.{authority}"
        if resource.key is not None:
            path += percent_encode_path(resource.key)
        return Address(scheme=self.scheme, host=host, port=self.port, authority=authority, path=path)


def resolve_endpoint(config: Config) -> Endpoint:
    """Return the server that the settings name.

    Raises:
        ConfigError: they name none, or what they name is no `[SCHEME://]HOST[:PORT]`.
    """
    text = config.endpoint or _host_of_region(config)
    scheme, authority = _split(text, default_scheme="http" if config.disable_ssl else "https")
    found = host_and_port(scheme, authority)
    if found is None:
        raise ConfigError(f"endpoint {text!r} is not [SCHEME://]HOST[:PORT], with a port between 1 and 65535")
    host, port = found
    return Endpoint(scheme=scheme, host=host, port=port, authority=authority, style=_style(config, host))


def host_and_port(scheme: str, authority: str) -> tuple[str, int] | None:
    """Return what `HOST[:PORT]` says, the host without brackets; None when it is something else."""
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        return None
    port = int(found["port"] or _PORTS[scheme])
    return (found["host"].strip("[]"), port) if 0 < port <= 65535 else None


def check_region(region: str | None) -> str:
    """Return the region, which every signature names.

    Raises:
        ConfigError: there is none, or it is not one.
    """
    if not region:
        raise ConfigError("no region: set Config.region or OSS_REGION, for example to cn-hangzhou")
    if not _REGION.fullmatch(region):
        raise ConfigError(f"region {region!r} has characters besides a-z, 0-9 and -")
    if region.startswith("oss-"):
        raise ConfigError(f"region {region!r} is written without oss-: {region.removeprefix('oss-')}")
    return region


def _host_of_region(config: Config) -> str:
    region = check_region(config.region)
    if config.use_dualstack_endpoint:
        return f"{region}.oss.aliyuncs.com"
    if config.use_internal_endpoint:
        return f"oss-{region}-internal.aliyuncs.com"
    if config.use_accelerate_endpoint:
        return "oss-accelerate.aliyuncs.com"
    return f"oss-{region}.aliyuncs.com"


def _split(text: str, *, default_scheme: str) -> tuple[str, str]:
    found = _ENDPOINT.fullmatch(text)
    if found is None:
        raise ConfigError(f"endpoint {text!r} is not [SCHEME://]HOST[:PORT]")
    scheme = (found["scheme"] or default_scheme).lower()
    if scheme not in _PORTS:
        raise ConfigError(f"endpoint {text!r} is neither http nor https")
    return scheme, found["authority"]


def _style(config: Config, host: str) -> AddressStyle:
    if _is_ip(host):
        return AddressStyle.PATH
    if config.use_cname:
        return AddressStyle.CNAME
    return AddressStyle.PATH if config.use_path_style else AddressStyle.VIRTUAL


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
