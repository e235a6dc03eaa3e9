"""Objects as tasks that write them below a folder. What a key says never leads out of it."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ossicle.cli.failures import Refused
from ossicle.cli.filters import Filters
from ossicle.cli.listing import objects_of
from ossicle.cli.moving.options import Mover
from ossicle.cli.moving.targets import NOT_NEWER, is_changed
from ossicle.cli.moving.tasks import Moved, Task, failed
from ossicle.cli.names import ObjectName
from ossicle.cli.places import UnsafeKey, check_inside, last_part, path_of_key, relative_key


def download_tree(mover: Mover, source: ObjectName, root: Path, filters: Filters) -> Iterator[Task]:
    """Yield a task for each object below a prefix; its file is named for what of the key lies below that folder."""
    for item in objects_of(mover.client, source):
        key = item.key or ""
        relative = relative_key(source.key, key)
        name = ObjectName(source.bucket, key)
        if not relative or not filters.take(relative):
            continue
        try:
            path = path_of_key(root, relative)
        except UnsafeKey as error:
            yield failed("download", str(name), str(root), error)
            continue
        if key.endswith("/"):
            yield _folder(name, root, path, item.size)
        else:
            yield _task(mover, name, path, root=root, size=item.size, last_modified=item.last_modified)


def download_object(mover: Mover, source: ObjectName, target: Path, *, is_folder: bool) -> Task:
    """Return the task for one object, which keeps the last part of its key where the target is a folder."""
    if not is_folder:
        return _task(mover, source, target)
    try:
        if source.key.endswith("/"):
            raise UnsafeKey("the key ends in /, which no file's name does; name a file to write it to")
        path = path_of_key(target, last_part(source.key))
    except UnsafeKey as error:
        return failed("download", str(source), str(target), error)
    return _task(mover, source, path, root=target)


def _task(
    mover: Mover,
    source: ObjectName,
    path: Path,
    *,
    root: Path | None = None,
    size: int | None = None,
    last_modified: datetime | None = None,
) -> Task:
    return Task(
        action="download",
        source=str(source),
        target=str(path),
        size=size,
        is_resumable=mover.is_resumable,
        skip=lambda: _why_not(mover, source, path, last_modified, size),
        probe=lambda: size_of(mover, source, size),
        run=lambda moved: _run(mover, source, path, root, size, moved),
    )


def _run(mover: Mover, source: ObjectName, path: Path, root: Path | None, size: int | None, moved: Moved) -> None:
    from ossicle.wire.api.object_basic import GetObjectRequest

    if root is not None:
        check_inside(root, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise Refused(f"{path} is a directory: another key begins with this one")
    downloader = mover.transfer(mover.client.downloader, size_of(mover, source, size))
    request = GetObjectRequest(
        bucket=source.bucket, key=source.key, version_id=mover.choices.version_id, progress_fn=moved
    )
    downloader.download_file(request, str(path))


def _folder(name: ObjectName, root: Path, path: Path, size: int | None) -> Task:
    """Return the task for a key that ends in `/`: such an object stands for a folder."""

    def run(moved: Moved) -> None:
        if size:
            raise Refused(f"the key ends in /, which no file's name does, and the object has {size} bytes")
        check_inside(root, path)
        path.mkdir(parents=True, exist_ok=True)

    return Task(action="make", source=str(name), target=f"{path}/", size=size, run=run, writes=False)


def _why_not(
    mover: Mover, source: ObjectName, path: Path, last_modified: datetime | None, size: int | None
) -> str | None:
    choices = mover.choices
    if choices.no_clobber and os.path.lexists(path):
        return "is there already"
    if not choices.update or not path.is_file():
        return None
    if last_modified is None:
        last_modified, size = facts_of(mover, source)
    modified_at = None if last_modified is None else last_modified.timestamp()
    there = path.stat()
    return None if is_changed(modified_at, size, there.st_mtime, there.st_size) else NOT_NEWER


def size_of(mover: Mover, source: ObjectName, size: int | None) -> int:
    """Return an object's size, and ask for it if no listing has told it."""
    found = facts_of(mover, source)[1] if size is None else size
    return found or 0


def facts_of(mover: Mover, source: ObjectName) -> tuple[datetime | None, int | None]:
    """Ask when an object was written, and for its size."""
    from ossicle.wire.api.object_basic import HeadObjectRequest

    request = HeadObjectRequest(bucket=source.bucket, key=source.key, version_id=mover.choices.version_id)
    found = mover.client.head_object(request)
    return found.last_modified, found.content_length
