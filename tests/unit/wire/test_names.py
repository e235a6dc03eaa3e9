import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.wire.errors import InvalidBucketName, InvalidObjectName
from ossicle.wire.names import (
    KEY_BYTES_MAX,
    BucketAcl,
    DataRedundancyType,
    ObjectAcl,
    ObjectType,
    StorageClass,
    Versioning,
    is_bucket_name,
    parse_bucket_name,
    parse_object_key,
)


@pytest.mark.parametrize("name", ["abc", "a-b", "0a0", "123", "a--b", "a" * 63, "examplebucket"])
def test_a_bucket_name_is_taken_as_it_is(name: str) -> None:
    assert is_bucket_name(name)
    assert parse_bucket_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "a" * 64,
        "-ab",
        "ab-",
        "Abc",
        "a_b",
        "a.b",
        "a b",
        "ab\n",
        "\nab",
        "äbc",
        "a/b",
        "_ossicle",
        "abc٣",
        "a\0c",
    ],
)
def test_any_other_bucket_name_is_refused_and_named(name: str) -> None:
    assert not is_bucket_name(name)
    with pytest.raises(InvalidBucketName) as refusal:
        parse_bucket_name(name)
    assert refusal.value.details == {"BucketName": name}


@pytest.mark.parametrize(
    "raw",
    [b"a", b"/leading", b"a//b", b"a/../b", b".", b"..", b" ", b"\x01", b"\\", "ключ".encode(), "\U0010ffff".encode()],
)
def test_a_key_is_taken_as_it_is(raw: bytes) -> None:
    assert parse_object_key(raw).encode() == raw


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The Object name can not be empty."),
        (b"a" * (KEY_BYTES_MAX + 1), "The Length of Object name must be less than 1024."),
        ("é".encode() * 512, "The Length of Object name must be less than 1024."),
        (b"\xff", "The specified object is not valid."),
        (b"a\xc3", "The specified object is not valid."),
        (b"\xed\xa0\x80", "The specified object is not valid."),
        (b"\xc0\xaf", "The specified object is not valid."),
    ],
)
def test_any_other_key_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(InvalidObjectName) as refusal:
        parse_object_key(raw)
    assert refusal.value.message == message


def test_a_key_may_have_1023_bytes() -> None:
    assert len(parse_object_key(b"a" * KEY_BYTES_MAX)) == KEY_BYTES_MAX


@given(st.binary(max_size=1100))
def test_whatever_is_taken_comes_back(raw: bytes) -> None:
    try:
        key = parse_object_key(raw)
    except InvalidObjectName:
        return
    assert key.encode() == raw


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)))
def test_keys_sort_by_code_point_as_by_bytes(texts: list[str]) -> None:
    keys = [parse_object_key(text.encode()) for text in texts]
    assert sorted(keys) == sorted(keys, key=lambda key: key.encode())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (BucketAcl, ["private", "public-read", "public-read-write"]),
        (ObjectAcl, ["default", "private", "public-read", "public-read-write"]),
        (StorageClass, ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"]),
        (DataRedundancyType, ["LRS", "ZRS"]),
        (ObjectType, ["Normal", "Multipart", "Appendable", "Symlink", "DeleteMarker"]),
        (Versioning, ["Enabled", "Suspended"]),
    ],
)
def test_the_closed_lists_are_those_of_oss(kind: type, words: list[str]) -> None:
    assert [str(member) for member in kind] == words  # type: ignore[attr-defined]  # an enum
