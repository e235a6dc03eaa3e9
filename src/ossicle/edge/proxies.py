"""Whom a request came from, when trusted proxies stand in between."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from ossicle.wire.http import Headers

UNKNOWN: Final = "unknown"
_WITH_PORT: Final = re.compile(r"\[([^\]]*)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}")
"""Some proxies say the port as well: `198.51.100.1:4711`, `[2001:db8::1]:4711`."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """The networks whose `X-Forwarded-For` is believed. Without any, the header is ignored."""

    def __init__(self, cidrs: Iterable[str]) -> None:
        self._networks: tuple[Network, ...] = tuple(ipaddress.ip_network(cidr, strict=False) for cidr in cidrs)

    def client_of(self, peer: str, headers: Headers) -> str:
        """Return the client's address: the last hop that is not a trusted proxy, `unknown` if that is no address.

        It is not the peer's then: what policies say of the network that the proxy is in is not meant for whoever comes through it.
        """
        if not self._networks or not self._is_trusted(peer):
            return peer
        hops = [_host(hop.strip()) for hop in (headers.text(b"x-forwarded-for") or "").split(",") if hop.strip()]
        last = next((hop for hop in reversed(hops) if not self._is_trusted(hop)), hops[0] if hops else peer)
        return UNKNOWN if _address(last) is None else last

    def _is_trusted(self, hop: str) -> bool:
        address = _address(hop)
        return address is not None and any(address in network for network in self._networks)


def _host(hop: str) -> str:
    found = _WITH_PORT.fullmatch(hop)
    return hop if found is None else found[1] or found[2] or ""


def _address(hop: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(hop)
    except ValueError:
        return None
