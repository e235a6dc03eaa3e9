"""Where a callback may go."""

import pytest

from ossicle.services.callback_addresses import AddressRule, literal_address, resolve

PRIVATE = [
    "0.0.0.0", "10.0.0.1", "100.100.100.200", "127.0.0.1", "127.255.1.1", "169.254.169.254", "172.16.0.1", "192.168.1.1",
    "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a00:1", "2002:7f00:1::",
    "168.63.129.16", "192.0.0.192", "192.0.0.8", "3fff::1", "5f00::1", "::ffff:0:127.0.0.1", "::ffff:168.63.129.16",
    "fec0::1", "64:ff9b:1::a00:1", "::10.0.0.1", "::8.8.8.8",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_only_we_can_reach_is_forbidden(address: str) -> None:
    assert AddressRule(()).is_forbidden(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_network_is_not(address: str) -> None:
    assert not AddressRule(()).is_forbidden(address)


def test_the_operator_may_let_networks_through() -> None:
    rule = AddressRule(("10.0.0.0/8", "fd00::/8"))
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::1"):
        assert not rule.is_forbidden(address)
    for address in ("127.0.0.1", "192.168.1.1", "fe80::1"):
        assert rule.is_forbidden(address)


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("localhost", None), ("2130706433", None)]
)
def test_an_address_is_told_from_a_name(host: str, address: str | None) -> None:
    assert literal_address(host) == address


async def test_the_machine_knows_its_own_name() -> None:
    assert set(await resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
