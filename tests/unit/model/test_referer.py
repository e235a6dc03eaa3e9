"""Which pages may link, case by case."""

import pytest

from ossicle.model.referer import is_welcome
from ossicle.wire.api.bucket_referer import RefererBlacklist, RefererConfiguration, RefererList


def configured(*white: str, black: tuple[str, ...] = (), **more: bool) -> RefererConfiguration:
    return RefererConfiguration(
        **{"allow_empty_referer": True, **more},
        referer_list=RefererList(referers=white),
        referer_blacklist=RefererBlacklist(referers=black) if black else None,
    )


@pytest.mark.parametrize(
    ("white", "referer", "is_let_in"),
    [
        ((), "http://anywhere/", True),
        (("",), "http://anywhere/", True),
        (("http://a.example",), "http://a.example", True),
        (("http://a.example",), "http://a.example/", False),
        (("http://a.example/*",), "http://a.example/page?x=1", True),
        (("http://*.example",), "http://b.example", True),
        (("http://*.example",), "http://evil.com/?x=.example", False),
        (("http://?.example",), "http://b.example", True),
        (("http://?.example",), "http://bb.example", False),
        (("x", "http://a.example"), "http://a.example", True),
        (("mibrowser:home",), "mibrowser:home", True),
        (("http://中文.example/*",), "http://中文.example/a", True),
        (("http://a.example/+",), "http://a.example/+", True),
    ],
)
def test_the_list(white: tuple[str, ...], referer: str, is_let_in: bool) -> None:
    assert is_welcome(configured(*white), referer) is is_let_in


def test_no_referer_is_another_question() -> None:
    assert is_welcome(configured("http://a.example"), "")
    assert not is_welcome(configured("http://a.example", allow_empty_referer=False), "")
    assert not is_welcome(configured(allow_empty_referer=False), "")


def test_the_blacklist_comes_first() -> None:
    configuration = configured("http://*", black=("http://bad.example*",))
    assert is_welcome(configuration, "http://good.example/")
    assert not is_welcome(configuration, "http://bad.example/x")
    assert not is_welcome(configured(black=("http://bad.example*",)), "http://bad.example/x")
    assert is_welcome(configured(black=("http://bad.example*",)), "http://good.example/x")


def test_how_much_of_an_address_is_compared() -> None:
    page = "http://a.example/x?y=1"
    assert is_welcome(configured("http://a.example/x"), page)
    assert not is_welcome(configured("http://a.example/x", allow_truncate_query_string=False), page)
    assert is_welcome(configured(page.replace("?", "*"), allow_truncate_query_string=False), page)
    assert is_welcome(configured("http://a.example", truncate_path=True), page)
    assert not is_welcome(configured("http://*.b.example", truncate_path=True), "http://evil.com/.b.example")
    for address in ("http://evil.com?.b.example", "http://evil.com?/.b.example", "evil.com?.b.example"):
        assert not is_welcome(configured("*.b.example", truncate_path=True), address)
        assert not is_welcome(configured("*.b.example", truncate_path=True, allow_truncate_query_string=False), address)
