"""A file appears whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from ossicle.client.failures import ParameterError
from ossicle.client.local_file import replacing


def test_it_takes_the_place_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    path.write_bytes(b"before")
    with replacing(path) as file:
        file.write(b"after")
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(TypeError), replacing(path) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]  # what fails
    assert list(tmp_path.iterdir()) == []


def test_the_permissions_of_what_was_there_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    path.chmod(0o640)
    with replacing(path) as file:
        file.write(b"after")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_pipe_or_a_directory_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ParameterError, match="is a pipe"), replacing(tmp_path / "pipe"):
        pass
    with pytest.raises(IsADirectoryError), replacing(tmp_path / "folder"):
        pass
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
