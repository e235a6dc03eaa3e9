import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.copy_source import parse_copy_source, render_copy_source
from ossicle.wire.errors import InvalidArgument, InvalidBucketName, InvalidObjectName, OssError
from ossicle.wire.text import decode
from tests.support.instances import keys, query_text


@pytest.mark.parametrize(
    ("text", "bucket", "key", "version_id"),
    [
        ("/src-bucket/a.txt", "src-bucket", "a.txt", None),
        ("src-bucket/a.txt", "src-bucket", "a.txt", None),
        ("/src-bucket/a/b//c", "src-bucket", "a/b//c", None),
        ("/src-bucket//a", "src-bucket", "/a", None),
        ("/src-bucket/%E4%B8%AD%20%252F", "src-bucket", "\u4e2d %2F", None),
        ("/src-bucket/a+b%2Bc", "src-bucket", "a b+c", None),
        ("%2Fsrc-bucket%2Fa", "src-bucket", "a", None),
        ("/src-bucket/a?versionId=null", "src-bucket", "a", "null"),
        ("/src-bucket/a?versionId=", "src-bucket", "a", ""),
        ("/src-bucket/a?versionId=CAE%2B", "src-bucket", "a", "CAE+"),
        ("/src-bucket/a%3FversionId%3D1", "src-bucket", "a?versionId=1", None),
        ("/src-bucket/a?other=1", "src-bucket", "a?other=1", None),
    ],
)
def test_what_clients_write(text: str, bucket: str, key: str, version_id: str | None) -> None:
    assert parse_copy_source(text) == {
        "source_bucket": bucket,
        "source_key": key,
        "source_version_id": version_id,
    }


@pytest.mark.parametrize(
    "text", ["", "/", "//", "a", "/src-bucket", "/src-bucket/", "//a", "?versionId=1", "src-bucket/?versionId=1"]
)
def test_bucket_and_key_must_be_there(text: str) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        parse_copy_source(text)
    assert refusal.value.message == "Copy Source must mention the source bucket and key: /sourcebucket/sourcekey."
    assert refusal.value.details == {"ArgumentName": "x-oss-copy-source", "ArgumentValue": text}


def test_both_obey_the_rules_of_names() -> None:
    with pytest.raises(InvalidBucketName):
        parse_copy_source("/Bucket/a")
    with pytest.raises(InvalidObjectName):
        parse_copy_source("/src-bucket/" + "a" * 1024)
    with pytest.raises(InvalidObjectName):
        parse_copy_source("/src-bucket/%ff")


@given(keys, st.none() | query_text)
def test_what_is_written_is_read(key: str, version_id: str | None) -> None:
    text = render_copy_source("src-bucket", key, version_id)
    assert text.isascii()
    assert parse_copy_source(text) == {
        "source_bucket": "src-bucket",
        "source_key": key,
        "source_version_id": version_id,
    }


@given(st.binary(max_size=60).map(decode))
def test_any_bytes_are_read_or_refused(text: str) -> None:
    try:
        parsed = parse_copy_source(text)
    except OssError:
        return
    assert parsed["source_bucket"]
    assert parsed["source_key"]
