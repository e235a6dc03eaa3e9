"""What is written where."""

import pytest

from ossicle.cli.moving.targets import each_target_once, is_changed
from ossicle.cli.moving.tasks import Task, failed, unneeded


def task(source: str, target: str, *, writes: bool = True) -> Task:
    return Task(action="upload", source=source, target=target, run=lambda moved: None, writes=writes)


def test_the_second_of_two_that_have_one_target_fails_by_name() -> None:
    found = list(each_target_once([task("a/s", "oss://b/s"), task("b/s", "oss://b/s"), task("b/t", "oss://b/t")]))
    assert [each.source for each in found] == ["a/s", "b/s", "b/t"]
    with pytest.raises(Exception, match="will not overwrite what this command has just written: oss://b/s"):
        found[1].run(lambda *far: None)
    found[0].run(lambda *far: None)
    found[2].run(lambda *far: None)


def test_what_writes_nothing_is_in_nobody_s_way() -> None:
    tasks = [
        failed("download", "oss://b/..", "root", ValueError("bad")),
        failed("download", "oss://b/.", "root", ValueError("bad")),
        unneeded("upload", "pipe", "root", "no regular file"),
        task("oss://b/d/", "root/d/", writes=False),
        task("oss://c/d/", "root/d/", writes=False),
        task("oss://b/root", "root"),
    ]
    assert list(each_target_once(tasks)) == tasks


@pytest.mark.parametrize(
    ("source", "there", "expected"),
    [
        ((10.9, 3), (10.0, 3), False),
        ((10.9, 4), (10.0, 3), True),
        ((10.0, 4), (10.9, 3), True),
        ((11.0, 3), (10.9, 3), True),
        ((9.9, 4), (10.0, 3), False),
        ((10.0, None), (10.0, 3), False),
        ((None, 3), (10.0, 3), True),
        ((10.0, 3), (None, 3), True),
    ],
)
def test_what_has_changed(
    source: tuple[float | None, int | None], there: tuple[float | None, int | None], expected: bool
) -> None:
    assert is_changed(*source, *there) is expected
