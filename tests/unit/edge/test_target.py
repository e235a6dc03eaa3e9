"""From Host and raw path to a bucket and a key, in every address style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.edge.target import AddressBook, AddressStyle, Origin, host_name
from ossicle.wire.errors import InvalidBucketName
from ossicle.wire.http import Resource
from ossicle.wire.names import is_bucket_name
from ossicle.wire.text import percent_encode_path

BOOK = AddressBook.of(["oss.example.com", "S3.Example.com"], ["Img.example.com=pictures", "oss.example.net=named"])
PATH, VIRTUAL, CNAME = AddressStyle.PATH, AddressStyle.VIRTUAL, AddressStyle.CNAME


@pytest.mark.parametrize(
    ("host", "style", "bucket", "endpoint"),
    [
        ("127.0.0.1", PATH, None, "127.0.0.1"),
        ("127.0.0.1:8880", PATH, None, "127.0.0.1:8880"),
        ("[::1]:8880", PATH, None, "[::1]:8880"),
        ("[::1]", PATH, None, "[::1]"),
        ("[::ffff:127.0.0.1]:80", PATH, None, "[::ffff:127.0.0.1]:80"),
        ("localhost", PATH, None, "localhost"),
        ("LOCALHOST:8880", PATH, None, "localhost:8880"),
        ("bucket.localhost:8880", VIRTUAL, "bucket", "localhost:8880"),
        ("Bucket.LocalHost", VIRTUAL, "bucket", "localhost"),
        ("a.b.localhost", PATH, None, "a.b.localhost"),
        ("oss.example.com", PATH, None, "oss.example.com"),
        ("bucket.oss.example.com:443", VIRTUAL, "bucket", "oss.example.com:443"),
        ("bucket.s3.example.com", VIRTUAL, "bucket", "s3.example.com"),
        ("img.example.com", CNAME, "pictures", "img.example.com"),
        ("IMG.example.com:8080", CNAME, "pictures", "img.example.com:8080"),
        ("oss.example.net", CNAME, "named", "oss.example.net"),
        ("bucket.oss.example.net", PATH, None, "bucket.oss.example.net"),
        ("oss-cn-hangzhou.aliyuncs.com", PATH, None, "oss-cn-hangzhou.aliyuncs.com"),
        ("bucket.oss-cn-hangzhou.aliyuncs.com", VIRTUAL, "bucket", "oss-cn-hangzhou.aliyuncs.com"),
        ("bucket.oss-cn-hangzhou-internal.aliyuncs.com", VIRTUAL, "bucket", "oss-cn-hangzhou-internal.aliyuncs.com"),
        ("bucket.oss-accelerate.aliyuncs.com", VIRTUAL, "bucket", "oss-accelerate.aliyuncs.com"),
        ("bucket.oss-accelerate-overseas.aliyuncs.com", VIRTUAL, "bucket", "oss-accelerate-overseas.aliyuncs.com"),
        ("cn-hangzhou.oss.aliyuncs.com", PATH, None, "cn-hangzhou.oss.aliyuncs.com"),
        ("bucket.cn-hangzhou.oss.aliyuncs.com", VIRTUAL, "bucket", "cn-hangzhou.oss.aliyuncs.com"),
        ("s3.oss-cn-hangzhou.aliyuncs.com", PATH, None, "s3.oss-cn-hangzhou.aliyuncs.com"),
        ("bucket.s3.oss-cn-hangzhou.aliyuncs.com", VIRTUAL, "bucket", "s3.oss-cn-hangzhou.aliyuncs.com"),
        ("bucket.oss-cn-hangzhou.aliyuncs.com.evil.com", PATH, None, "bucket.oss-cn-hangzhou.aliyuncs.com.evil.com"),
        ("anything.example.org", PATH, None, "anything.example.org"),
        ("", PATH, None, ""),
        (":80", PATH, None, ":80"),
        ("[", PATH, None, "["),
    ],
)
def test_what_a_host_stands_for(host: str, style: AddressStyle, bucket: str | None, endpoint: str) -> None:
    origin = BOOK.locate(host.encode())
    assert (origin.style, origin.bucket, origin.endpoint) == (style, bucket, endpoint)


@pytest.mark.parametrize(
    "host", ["a.localhost", "-bucket.localhost", "a_b.oss.example.com", ".localhost", "é.localhost"]
)
def test_a_label_that_is_no_bucket_name(host: str) -> None:
    with pytest.raises(InvalidBucketName):
        BOOK.locate(host.encode())


def test_a_cname_must_name_a_bucket() -> None:
    with pytest.raises(InvalidBucketName):
        AddressBook.of([], ["host=No_Bucket"])


@pytest.mark.parametrize(
    ("path", "bucket", "key"),
    [
        (b"/", None, None),
        (b"//", None, None),
        (b"", None, None),
        (b"/bucket", "bucket", None),
        (b"/bucket/", "bucket", None),
        (b"/%62ucket/", "bucket", None),
        (b"/bucket/key", "bucket", b"key"),
        (b"/bucket//key", "bucket", b"/key"),
        (b"/bucket//", "bucket", b"/"),
        (b"/bucket/a/../b/./c", "bucket", b"a/../b/./c"),
        (b"/bucket/a%2Fb%20c+d%", "bucket", b"a/b c+d%"),
        (b"/bucket/%2E%2E/%FF", "bucket", b"../\xff"),
        (b"/bucket/?", "bucket", b"?"),
    ],
)
def test_a_path_in_path_style(path: bytes, bucket: str | None, key: bytes | None) -> None:
    assert BOOK.locate(b"127.0.0.1").resource(path) == Resource(bucket=bucket, key=key)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (b"/", None),
        (b"", None),
        (b"/key", b"key"),
        (b"//", b"/"),
        (b"//key", b"/key"),
        (b"/bucket/key", b"bucket/key"),
        (b"/_ossicle/healthz", b"_ossicle/healthz"),
        (b"/%2e%2e", b".."),
    ],
)
@pytest.mark.parametrize("host", [b"pictures.localhost", b"img.example.com"])
def test_a_path_on_a_bucket_s_own_host(host: bytes, path: bytes, key: bytes | None) -> None:
    assert BOOK.locate(host).resource(path) == Resource(bucket="pictures", key=key)


@pytest.mark.parametrize("path", [b"/B", b"/ab", b"//key", b"/_ossicle/x", b"/a%2Fb/key", b"/%FF%FE%FD/", b"/a..b/"])
def test_a_first_segment_that_is_no_bucket_name(path: bytes) -> None:
    with pytest.raises(InvalidBucketName):
        BOOK.locate(b"127.0.0.1").resource(path)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_any_bytes_are_an_address_or_refused(host: bytes, path: bytes) -> None:
    try:
        resource = BOOK.locate(host).resource(b"/" + path)
    except InvalidBucketName:
        return
    assert resource.bucket is None or is_bucket_name(resource.bucket)
    assert resource.key != b""


@given(st.binary(min_size=1, max_size=40))
def test_a_key_survives_its_way(key: bytes) -> None:
    encoded = percent_encode_path(key).encode()
    expected = Resource(bucket="bucket", key=key)
    assert BOOK.locate(b"localhost").resource(b"/bucket/" + encoded) == expected
    assert BOOK.locate(b"bucket.localhost").resource(b"/" + encoded) == expected


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (b"a:1", "a"),
        (b"A", "A"),
        (b"[::1]:80", "[::1]"),
        (b"[::1]", "[::1]"),
        (b"", ""),
        (b"\xff:1", "\udcff"),
    ],
)
def test_the_name_of_a_host(host: bytes, name: str) -> None:
    assert host_name(host) == name


def test_an_origin_without_a_bucket_reads_the_path() -> None:
    assert Origin(style=PATH, endpoint="x").resource(b"/bucket/k") == Resource(bucket="bucket", key=b"k")
