"""Objects as tasks that copy them to another key or bucket of the same server; their bytes never come here."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ossicle.cli.filters import Filters
from ossicle.cli.listing import objects_of
from ossicle.cli.moving.downloads import facts_of, size_of
from ossicle.cli.moving.options import Mover
from ossicle.cli.moving.tasks import Moved, Task
from ossicle.cli.moving.uploads import why_not_at
from ossicle.cli.names import ObjectName
from ossicle.cli.places import folder, key_below, last_part, relative_key


def copy_tree(mover: Mover, source: ObjectName, target: ObjectName, filters: Filters) -> Iterator[Task]:
    """Yield a task for each object below a prefix; its key is what lies below that folder, below `target`."""
    for item in objects_of(mover.client, source):
        key = item.key or ""
        relative = relative_key(source.key, key)
        if relative and filters.take(relative):
            place = ObjectName(target.bucket, key_below(target.key, relative))
            yield _task(mover, ObjectName(source.bucket, key), place, item.size, item.last_modified)


def copy_object(mover: Mover, source: ObjectName, target: ObjectName) -> Task:
    """Return the task for one object, which keeps the last part of its key where the target is a folder."""
    is_folder = not target.key or target.key.endswith("/")
    key = folder(target.key) + last_part(source.key) if is_folder else target.key
    return _task(mover, source, ObjectName(target.bucket, key), None, None)


def _task(
    mover: Mover, source: ObjectName, target: ObjectName, size: int | None, last_modified: datetime | None
) -> Task:
    def why_not() -> str | None:
        if not mover.choices.update:
            return why_not_at(mover, target)
        modified, own_size = (last_modified, size) if last_modified else facts_of(mover, source)
        return why_not_at(mover, target, None if modified is None else modified.timestamp(), own_size)

    def run(moved: Moved) -> None:
        part_size = mover.choices.part_size
        options: Any = {} if part_size is None else {"part_size": part_size}
        copier = mover.client.copier(parallel_num=mover.choices.parallel, cancel=mover.cancel, **options)
        copier.copy(_request(mover, source, target, moved))

    return Task(
        action="copy",
        source=str(source),
        target=str(target),
        size=size,
        skip=why_not,
        probe=lambda: size_of(mover, source, size),
        run=run,
    )


def _request(mover: Mover, source: ObjectName, target: ObjectName, moved: Moved) -> Any:
    """Return the request. With metadata or a type given, the object gets those and none of the source's."""
    from ossicle.wire.api.object_copy import CopyObjectRequest

    choices = mover.choices
    replaces = choices.metadata is not None or choices.content_type is not None
    return CopyObjectRequest(
        bucket=target.bucket,
        key=target.key,
        source_bucket=source.bucket,
        source_key=source.key,
        source_version_id=choices.version_id,
        content_type=choices.content_type,
        metadata=choices.metadata,
        metadata_directive="REPLACE" if replaces else None,
        acl=choices.acl,
        storage_class=choices.storage_class,
        forbid_overwrite=True if choices.no_clobber else None,
        progress_fn=moved,
    )
