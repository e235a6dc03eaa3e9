"""Keys become paths and paths keys, and nothing leads out of its folder."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossicle.cli.places import (
    UnsafeKey,
    check_inside,
    key_below,
    key_of_file,
    last_part,
    path_of_key,
    relative_key,
)

ROOT = Path("/target/dir")


@pytest.mark.parametrize(
    ("prefix", "relative", "key"),
    [("", "a/b", "a/b"), ("p", "a", "p/a"), ("p/", "a", "p/a"), ("p/q", "a/b", "p/q/a/b"), ("p//", "a", "p//a")],
)
def test_a_key_below_a_prefix(prefix: str, relative: str, key: str) -> None:
    assert key_below(prefix, relative) == key


@pytest.mark.parametrize(
    ("prefix", "key", "relative"),
    [
        ("", "a/b", "a/b"),
        ("a", "a/b", "a/b"),
        ("a/", "a/b", "b"),
        ("a/b", "a/bc/d", "bc/d"),
        ("a/b", "a/b", "b"),
        ("a/", "a/", ""),
        ("a//", "a//b", "b"),
    ],
)
def test_what_of_a_key_lies_below_the_folder_of_a_prefix(prefix: str, key: str, relative: str) -> None:
    assert relative_key(prefix, key) == relative


@pytest.mark.parametrize(("name", "last"), [("a", "a"), ("a/b", "b"), ("a/b/", "b"), ("..", "..")])
def test_the_last_part(name: str, last: str) -> None:
    assert last_part(name) == last


@pytest.mark.parametrize(
    "key",
    [
        "..",
        "../x",
        "a/../../x",
        "a/..",
        ".",
        "./x",
        "/etc/passwd",
        "//x",
        "a//b",
        "/",
        "",
        "a\\..\\b",
        "\\x",
        "a\0b",
        "n" * 256,
        "é" * 128,
        "../",
    ],
)
def test_a_key_that_is_no_file_below_a_folder(key: str) -> None:
    with pytest.raises(UnsafeKey):
        path_of_key(ROOT, key)


@pytest.mark.parametrize(
    "key", ["a", "a/b", "...", "..a", "a..", "-rf", "a b", "dir/", "値", "n" * 255, "a\nb", "~", "C:x"]
)
def test_a_key_that_is(key: str) -> None:
    assert str(path_of_key(ROOT, key)) == f"{ROOT}/{key.removesuffix('/')}"


KEYS = st.text(st.sampled_from("a./\\\0~é \n-:"), max_size=12)


@given(KEYS)
def test_no_key_leads_out(key: str) -> None:
    try:
        path = path_of_key(ROOT, key)
    except UnsafeKey:
        return
    assert os.path.normpath(path).startswith(f"{ROOT}/")
    assert os.path.relpath(path, ROOT) == key.removesuffix("/")


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=5), min_size=1))
def test_a_file_s_name_comes_back(parts: list[str]) -> None:
    """What a file system can hold, goes to a key and back to the same path."""
    name = "/".join(part for part in parts if part not in (".", "..")) or "x"
    key = key_below("some/prefix", key_of_file(name))
    assert path_of_key(ROOT, relative_key("some/prefix/", key)) == ROOT / name


def test_a_name_that_is_not_utf_8_is_no_key() -> None:
    with pytest.raises(UnsafeKey, match="not UTF-8"):
        key_of_file(os.fsdecode(b"caf\xe9"))


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "root-but-not"
    root.mkdir()
    outside.mkdir()
    (root / "out").symlink_to(outside)
    (root / "in").mkdir()
    (root / "link").symlink_to("in")
    check_inside(root, root / "new" / "file")
    check_inside(root, root / "link" / "file")
    for path in (root / "out" / "file", root / "out"):
        with pytest.raises(UnsafeKey, match="symbolic link"):
            check_inside(root, path)


def test_the_folder_itself_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    check_inside(tmp_path / "link", tmp_path / "link" / "file")
