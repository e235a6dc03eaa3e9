"""Files as tasks that put them into a bucket."""

import mimetypes
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO, Final

from ossicle.cli.filters import Filters
from ossicle.cli.moving.options import Mover
from ossicle.cli.moving.targets import NOT_NEWER, is_changed
from ossicle.cli.moving.tasks import Moved, Task, failed, unneeded
from ossicle.cli.moving.trees import Found, file_at, files_below
from ossicle.cli.names import ObjectName
from ossicle.cli.places import UnsafeKey, folder, key_below, key_of_file

# What some of the Pythons that we run on don't know yet.
_NEWER_TYPES: Final = {
    ".avif": "image/avif",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".yaml": "application/yaml",
}


def upload_tree(mover: Mover, root: str, target: ObjectName, filters: Filters) -> Iterator[Task]:
    """Yield a task for each file below a folder; its key is its name below `target`, which is a folder."""
    choices = mover.choices
    for found in files_below(root, follow_folders=choices.enable_symlink_dir, no_links=choices.disable_all_symlink):
        if filters.take(found.relative):
            yield _task(mover, found, ObjectName(target.bucket, key_below(target.key, found.relative)))


def upload_file(mover: Mover, path: str, name: str, target: ObjectName) -> Task:
    """Return the task for one file, called `name` where the target is a folder."""
    key = target.key if target.key and not target.key.endswith("/") else folder(target.key) + name
    return _task(mover, file_at(path, name), ObjectName(target.bucket, key))


def _task(mover: Mover, found: Found, target: ObjectName) -> Task:
    if found.problem is not None:
        return failed("upload", found.path, str(target), found.problem)
    if found.reason is not None:
        return unneeded("upload", found.path, str(target), found.reason)
    try:
        key_of_file(target.key)
    except UnsafeKey as error:
        return failed("upload", found.path, str(target), error)
    return Task(
        action="upload",
        source=found.path,
        target=str(target),
        size=found.size,
        is_resumable=mover.is_resumable,
        skip=lambda: why_not_at(mover, target, found.modified_at, found.size),
        run=lambda moved: _run(mover, found, target, moved),
    )


def _run(mover: Mover, found: Found, target: ObjectName, moved: Moved) -> None:
    uploader = mover.transfer(mover.client.uploader, found.size)
    uploader.upload_file(_request(mover, target, found.relative, moved), found.path)


def upload_stream(mover: Mover, source: BinaryIO, target: ObjectName) -> Task:
    """Return the task for bytes of unknown length. Nothing of it can be resumed: the bytes are gone."""

    def run(moved: Moved) -> None:
        size = mover.choices.part_size
        options: Any = {} if size is None else {"part_size": size}
        uploader = mover.client.uploader(parallel_num=mover.choices.parallel, cancel=mover.cancel, **options)
        uploader.upload_from(_request(mover, target, target.key, moved), source)

    return Task(action="upload", source="-", target=str(target), skip=lambda: why_not_at(mover, target), run=run)


def _request(mover: Mover, target: ObjectName, name: str, moved: Moved) -> Any:
    from ossicle.wire.api.object_basic import PutObjectRequest

    choices = mover.choices
    return PutObjectRequest(
        bucket=target.bucket,
        key=target.key,
        content_type=choices.content_type or content_type_of(name),
        metadata=choices.metadata,
        acl=choices.acl,
        storage_class=choices.storage_class,
        forbid_overwrite=True if choices.no_clobber else None,
        progress_fn=moved,
    )


def why_not_at(
    mover: Mover, target: ObjectName, modified_at: float | None = None, size: int | None = None
) -> str | None:
    """Return why an object at the target makes it needless to write another one there, or None."""
    from ossicle.wire.api.object_basic import HeadObjectRequest
    from ossicle.wire.errors import OssError

    choices = mover.choices
    if not (choices.no_clobber or choices.update):
        return None
    try:
        there = mover.client.head_object(HeadObjectRequest(bucket=target.bucket, key=target.key))
    except OssError as error:
        # A proxy may lose `x-oss-err`, all that tells why a HEAD was refused.
        if error.status == 404 and error.code in ("NoSuchKey", "OssError"):
            return None
        raise
    if choices.no_clobber:
        return "is there already"
    there_at = None if there.last_modified is None else there.last_modified.timestamp()
    return None if is_changed(modified_at, size, there_at, there.content_length) else NOT_NEWER


@cache
def _types() -> mimetypes.MimeTypes:
    found = mimetypes.MimeTypes()  # without the machine's files: the same everywhere
    for ending, kind in _NEWER_TYPES.items():
        found.add_type(kind, ending)
    return found


def content_type_of(name: str) -> str | None:
    """Return the type that a name's ending stands for; what is compressed is what it is compressed with."""
    kind, coding = _types().guess_type(name.rpartition("/")[2], strict=True)
    packed = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}
    return kind if coding is None else packed.get(coding)
