"""Whom a request came from."""

import pytest

from ossicle.edge.proxies import Proxies
from ossicle.wire.http import Headers

PROXIES = Proxies(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "10.1.2.3/8"])


def client(peer: str, *forwarded: str, proxies: Proxies = PROXIES) -> str:
    return proxies.client_of(peer, Headers((b"x-forwarded-for", value.encode()) for value in forwarded))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.1", (), "203.0.113.1"),
        ("203.0.113.1", ("198.51.100.1",), "203.0.113.1"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("10.0.0.1", ("198.51.100.1",), "198.51.100.1"),
        ("192.0.2.1", ("198.51.100.1",), "198.51.100.1"),
        ("192.0.2.2", ("198.51.100.1",), "192.0.2.2"),
        ("2001:db8::1", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.1", ("6.6.6.6, 198.51.100.1, 10.9.9.9",), "198.51.100.1"),
        ("10.0.0.1", ("6.6.6.6", "198.51.100.1", "10.9.9.9"), "198.51.100.1"),
        ("10.0.0.1", ("10.0.0.3, 10.0.0.2",), "10.0.0.3"),
        ("10.0.0.1", ("unknown",), "unknown"),
        ("10.0.0.1", ("6.6.6.6, unknown, 10.9.9.9",), "unknown"),
        ("10.0.0.1", ("198.51.100.1:4711",), "198.51.100.1"),
        ("10.0.0.1", ("198.51.100.1:4711, 10.0.0.2:80",), "198.51.100.1"),
        ("10.0.0.1", ("[2001:db9::1]:4711",), "2001:db9::1"),
        ("10.0.0.1", ("[2001:db9::1]",), "2001:db9::1"),
        ("10.0.0.1", ("[]:1",), "unknown"),
        ("10.0.0.1", ("2001:db9::1:4711",), "2001:db9::1:4711"),
        ("10.0.0.1", ("6.6.6.6, <script>",), "unknown"),
        ("10.0.0.1", ("2001:db8:1::2, 2001:db9::1",), "2001:db9::1"),
        ("", ("198.51.100.1",), ""),
    ],
)
def test_the_last_hop_that_is_not_trusted(peer: str, forwarded: tuple[str, ...], expected: str) -> None:
    assert client(peer, *forwarded) == expected


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert client("10.0.0.1", "198.51.100.1", proxies=Proxies([])) == "10.0.0.1"


def test_what_is_no_network() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        Proxies(["proxy.example.com"])
