"""The files below a folder."""

import os
from pathlib import Path

import pytest

from ossicle.cli.moving.trees import file_at, files_below


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "b" / "c").mkdir(parents=True)
    for name in ("z", "b/y", "b/c/x", "a"):
        (root / name).write_text(name)
    return root


def names(root: Path, **options: bool) -> list[str]:
    return [found.relative for found in files_below(str(root), **options) if not (found.problem or found.reason)]


def left_out(root: Path, **options: bool) -> dict[str, str | None]:
    return {found.relative: found.reason for found in files_below(str(root), **options) if found.reason}


def test_all_files_in_the_order_of_names(tree: Path) -> None:
    assert names(tree) == ["a", "b/c/x", "b/y", "z"]
    assert [found.size for found in files_below(str(tree))] == [1, 5, 3, 1]


def test_links_to_files_are_followed_and_links_to_folders_are_not(tree: Path) -> None:
    (tree / "file").symlink_to("a")
    (tree / "folder").symlink_to("b")
    assert names(tree) == ["a", "b/c/x", "b/y", "file", "z"]
    assert left_out(tree) == {"folder": "a symbolic link to a directory"}


def test_links_to_folders_can_be_followed(tree: Path) -> None:
    (tree / "folder").symlink_to("b")
    assert names(tree, follow_folders=True) == ["a", "b/c/x", "b/y", "folder/c/x", "folder/y", "z"]


def test_a_link_that_leads_back_ends_there(tree: Path) -> None:
    (tree / "b" / "loop").symlink_to("..")
    assert names(tree, follow_folders=True) == ["a", "b/c/x", "b/y", "z"]
    assert left_out(tree, follow_folders=True) == {"b/loop/": "a link that leads back to where it is in"}


def test_links_can_be_left_out(tree: Path) -> None:
    (tree / "file").symlink_to("a")
    assert names(tree, no_links=True) == ["a", "b/c/x", "b/y", "z"]
    assert left_out(tree, no_links=True) == {"file": "a symbolic link"}


def test_what_is_no_file_is_left_out(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    assert left_out(tree) == {"pipe": "no regular file"}


def test_what_can_not_be_read_is_a_problem_and_the_others_come(tree: Path) -> None:
    (tree / "broken").symlink_to("nowhere")
    problems = [found for found in files_below(str(tree)) if found.problem]
    assert [(found.relative, type(found.problem)) for found in problems] == [("broken", FileNotFoundError)]
    assert len(names(tree)) == 4


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (found,) = files_below(str(tmp_path / "nothing"))
    assert isinstance(found.problem, FileNotFoundError)


def test_a_name_that_is_not_utf_8_is_found(tree: Path) -> None:
    (tree / os.fsdecode(b"caf\xe9")).write_text("x")
    assert names(tree) == ["a", "b/c/x", "b/y", os.fsdecode(b"caf\xe9"), "z"]


def test_one_file(tree: Path) -> None:
    found = file_at(str(tree / "z"), "z")
    assert (found.size, found.problem, found.reason) == (1, None, None)
    assert found.modified_at == (tree / "z").stat().st_mtime
