"""Object names and header texts as they are typed."""

import click
import pytest

from ossicle.cli.names import ObjectName, parse_bucket, parse_headers, parse_name, parse_object


@pytest.mark.parametrize(
    ("text", "bucket", "key"),
    [
        ("oss://", "", ""),
        ("oss://demo", "demo", ""),
        ("oss://demo/", "demo", ""),
        ("oss://demo/a/b", "demo", "a/b"),
        ("oss://demo//a", "demo", "/a"),
        ("oss://demo/a/../b%20 c", "demo", "a/../b%20 c"),
    ],
)
def test_names(text: str, bucket: str, key: str) -> None:
    assert parse_name(text) == ObjectName(bucket, key)


def test_a_bucket_and_an_object() -> None:
    assert parse_bucket("oss://demo/") == "demo"
    assert str(parse_object("oss://demo/a/b")) == "oss://demo/a/b"


@pytest.mark.parametrize("text", ["demo/a", "s3://demo/a", "OSS://demo/a", "oss:///a", ""])
def test_no_names(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parse_name(text)


def test_headers() -> None:
    assert parse_headers(["A: b: c", "D:", " E :f "]) == {"A": "b: c", "D": "", "E": "f"}


@pytest.mark.parametrize("texts", [["A"], [": b"], ["A: 1", "a: 2"]])
def test_no_headers(texts: list[str]) -> None:
    with pytest.raises(click.BadParameter):
        parse_headers(texts)
