"""What names a proxy, and that its password stays out of every text."""

import traceback

import pytest

from ossicle.client.failures import ConfigError
from ossicle.client.proxy import Proxy, parse_proxy
from ossicle.client.sync import Client
from tests.support.clients import config


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("http://proxy:3128", Proxy(scheme="http", host="proxy", port=3128, credentials=None)),
        ("proxy.example", Proxy(scheme="http", host="proxy.example", port=80, credentials=None)),
        ("https://u:p%40ss@proxy/", Proxy(scheme="https", host="proxy", port=443, credentials=("u", "p@ss"))),
    ],
)
def test_proxies(text: str | None, expected: Proxy | None) -> None:
    assert parse_proxy(text) == expected


@pytest.mark.parametrize(
    "text",
    ["socks5://u:hunter2@p", "http://u:hunter2@p:99999", "http://u:hunter2@p/x", "http://u:hunter2/@p", "http://"],
)
def test_anything_else_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ConfigError, match="proxy_host") as refused:
        Client(config(proxy_host=text))
    assert "hunter2" not in "".join(traceback.format_exception(refused.value, limit=0))


def test_the_password_is_in_no_repr() -> None:
    text = "http://user:hunter2@proxy"
    assert "hunter2" not in repr(config(proxy_host=text)) + repr(parse_proxy(text))
