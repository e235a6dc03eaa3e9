"""What is written where: nothing twice by one command, and with `--update` only what has changed."""

from collections.abc import Iterable, Iterator
from typing import Final

from ossicle.cli.failures import Refused
from ossicle.cli.moving.tasks import Task, failed

NOT_NEWER: Final = "not newer than what is there"


def each_target_once(tasks: Iterable[Task]) -> Iterator[Task]:
    """Yield tasks; one that would write where an earlier one has written fails instead. All targets are in memory."""
    seen: set[str] = set()
    for task in tasks:
        if task.writes and task.target in seen:
            error = Refused(f"will not overwrite what this command has just written: {task.target}")
            yield failed(task.action, task.source, task.target, error)
            continue
        if task.writes:
            seen.add(task.target)
        yield task


def is_changed(modified_at: float | None, size: int | None, there_at: float | None, there_size: int | None) -> bool:
    """Whether a source is newer than its target by whole seconds, which is all that OSS tells. Within one, another size tells it."""
    if modified_at is None or there_at is None:
        return True
    before, after = int(there_at), int(modified_at)
    return after > before or (after == before and None not in (size, there_size) and size != there_size)
