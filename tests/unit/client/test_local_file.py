"""A file appears whole or not at all."""

from pathlib import Path

import pytest

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
