"""Whom a request came from, when trusted proxies stand in between."""

import ipaddress
from collections.abc import Iterable

from ossicle.wire.http import Headers

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The networks whose `X-Forwarded-For` is believed. Without any, the header is ignored."""

    def __init__(self, cidrs: Iterable[str]) -> None:
        self._networks: tuple[Network, ...] = tuple(ipaddress.ip_network(cidr, strict=False) for cidr in cidrs)

    def client_of(self, peer: str, headers: Headers) -> str:
        """Return the client's address: the last hop that is not a trusted proxy, or the peer's when that is no address."""
        if not self._networks or not self._is_trusted(peer):
            return peer
        hops = [hop.strip() for hop in (headers.text(b"x-forwarded-for") or "").split(",") if hop.strip()]
        last = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), hops[0] if hops else peer)
        return peer if _address(last) is None else last

    def _is_trusted(self, hop: str) -> bool:
        address = _address(hop)
        return address is not None and any(address in network for network in self._networks)


def _address(hop: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(hop)
    except ValueError:
        return None
