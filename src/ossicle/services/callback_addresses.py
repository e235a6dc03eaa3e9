"""Which addresses a callback may go to: none that only this machine or its network can reach, unless the operator says so."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Takes a name and a port, and returns addresses as text; an OSError says that there are none."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64: Final = ipaddress.IPv6Network("64:ff9b:1::/48")
_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")
_RESERVED: Final[Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]] = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # among them a cloud's metadata service
    ipaddress.IPv4Network("168.63.129.16/32"),  # a cloud's host, as its machines see it
    ipaddress.IPv6Network("::ffff:0:0:0/96"),  # IPv4 translated
    ipaddress.IPv6Network("3fff::/20"),
    ipaddress.IPv6Network("5f00::/16"),
)
"""What `ipaddress` takes for public in some or all versions, and is not.

Source: https://www.iana.org/assignments/iana-ipv6-special-registry/
"""


class AddressRule:
    """Judges addresses; `allowed` are networks in CIDR form that are let through whatever they are."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self._allowed = tuple(ipaddress.ip_network(text, strict=False) for text in allowed)

    def is_forbidden(self, text: str) -> bool:
        """Whether an address is private, loopback, link-local, a cloud's metadata service or else not of the public network."""
        address = _meant(ipaddress.ip_address(text.partition("%")[0]))
        if any(address in network for network in self._allowed):
            return False
        is_reserved = any(address in network for network in _RESERVED)
        return is_reserved or not address.is_global or address.is_multicast or _is_local(address)


def _is_local(address: Address) -> bool:
    """Whether an IPv6 address is of a network of somebody's own, though `ipaddress` takes it for a public one."""
    if isinstance(address, ipaddress.IPv4Address):
        return False
    return address.is_site_local or address in _LOCAL_NAT64 or address in _COMPATIBLE


def literal_address(host: str) -> str | None:
    """Return the address that a host is, if it is one and no name."""
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        return None


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address leads to, if it is one of that kind."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name as this machine knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return [str(entry[4][0]) for entry in found]
