"""Accounts as text, and the owner's pair of keys that the first start makes."""

import stat
from pathlib import Path

import pytest

from ossicle.app.accounts import AccountError, is_uid, parse_accounts, read_or_make_root_key, root_key_path
from ossicle.wire.names import AccountId
from tests.support.inprocess import CountedIds

UID = "1000000000000002"
OWNER = AccountId("1000000000000001")


@pytest.mark.parametrize("text", ["", " ", "\n\n", ",", " , \n,"])
def test_no_account(text: str) -> None:
    assert parse_accounts(text) == ()


@pytest.mark.parametrize("separator", [",", "\n", " , ", "\r\n", ",\n"])
def test_entries_by_comma_or_line(separator: str) -> None:
    found = parse_accounts(separator.join([f"{UID}:a:s:e=c/r+et", f"{UID}:b:t"]))
    assert [(account.id, account.access_key_id, account.access_key_secret) for account in found] == [
        (UID, "a", "s:e=c/r+et"),
        (UID, "b", "t"),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "x",
        f"{UID}",
        f"{UID}:a",
        f"{UID}:a:",
        f"{UID}::s3cr3t",
        "1:a:s3cr3t",
        f"{'１' * 16}:a:s3cr3t",
        f"{UID}0:a:s3cr3t",
    ],
)
def test_an_entry_of_another_form_is_named_by_its_number(entry: str) -> None:
    with pytest.raises(AccountError, match="entry 2 ") as refusal:
        parse_accounts(f"{UID}:ok:s,{entry}")
    assert "s3cr3t" not in str(refusal.value)


def test_a_key_id_that_stands_twice() -> None:
    with pytest.raises(AccountError, match="twice"):
        parse_accounts(f"{UID}:a:s,{OWNER}:a:t")


@pytest.mark.parametrize(
    ("text", "expected"), [(UID, True), ("", False), ("1" * 15, False), ("x" * 16, False), ("٣" * 16, False)]
)
def test_a_uid(text: str, *, expected: bool) -> None:
    assert is_uid(text) is expected


def test_no_secret_shows() -> None:
    assert "s3cr3t" not in repr(parse_accounts(f"{UID}:a:s3cr3t"))


def test_the_first_start_makes_a_pair_and_the_next_keeps_it(tmp_path: Path) -> None:
    made = read_or_make_root_key(tmp_path, OWNER, CountedIds())
    path = root_key_path(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().split() == [made.access_key_id, made.access_key_secret]
    assert (made.id, len(made.access_key_id), len(made.access_key_secret)) == (OWNER, 25, 48)
    assert made.access_key_id.startswith("OSSICLE")

    def never(count: int) -> bytes:
        raise AssertionError(count)

    assert read_or_make_root_key(tmp_path, OWNER, never) == made


@pytest.mark.parametrize("content", [b"", b"id", b"id s3cr3t more", b"a/b s3cr3t", b"\xff\xfe s3cr3t"])
def test_a_file_that_holds_something_else(tmp_path: Path, content: bytes) -> None:
    root_key_path(tmp_path).write_bytes(content)
    with pytest.raises(AccountError, match="remove it to get a new pair") as refusal:
        read_or_make_root_key(tmp_path, OWNER, CountedIds())
    assert str(root_key_path(tmp_path)) in str(refusal.value)
    assert "s3cr3t" not in repr(refusal.value) + repr(refusal.value.__cause__)
    assert root_key_path(tmp_path).read_bytes() == content


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    root_key_path(tmp_path).mkdir()
    with pytest.raises(AccountError, match="root-key: "):
        read_or_make_root_key(tmp_path, OWNER, CountedIds())
