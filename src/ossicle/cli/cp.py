"""`ossicle cp`: move bytes between files and objects, in either direction, or between buckets."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.failures import DONE, FAILED, INTERRUPTED, Interrupted, tell
from ossicle.cli.filters import FilteredCommand, Filters, filter_options
from ossicle.cli.moving.options import Choices, choices_options
from ossicle.cli.names import SCHEME, ObjectName, parse_name
from ossicle.cli.output import Output, output_options

if TYPE_CHECKING:
    from ossicle.cli.moving.options import Mover
    from ossicle.cli.moving.showing import Show
    from ossicle.cli.moving.tasks import Task

STANDARD = "-"


@click.command(cls=FilteredCommand)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", shell_complete=complete_name)
@click.argument("target", metavar="TARGET", shell_complete=complete_name)
@click.option("--recursive", "-r", is_flag=True, help="Everything below a folder or prefix.")
@filter_options
@choices_options
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
@click.option("--quiet", "-q", is_flag=True, help="Tell nothing but failures.")
@click.option("--no-progress", is_flag=True, help="Lines instead of a bar on a terminal.")
@connection_options
@output_options
def cp(
    *,
    sources: tuple[str, ...],
    target: str,
    recursive: bool,
    filters: Filters,
    choices: Choices,
    dry_run: bool,
    quiet: bool,
    no_progress: bool,
    connection: Connection,
    output: Output,
) -> int:
    """Copy files to a bucket, objects to files, or objects to another key or bucket.

    SOURCE and TARGET are oss://BUCKET/KEY, a path, or - for standard input or output. What ends in / is a folder; so is a bucket, and a
    directory that is there. With -r TARGET is a folder anyway, and gets what is below SOURCE.

    Big files go in parts, several at a time. When that is interrupted, the same command again goes on where it was.
    """
    from ossicle.cli.interrupts import cancelled_by_ctrl_c
    from ossicle.cli.moving.options import Mover
    from ossicle.cli.moving.runner import run_tasks

    _check(sources, target, recursive=recursive, filters=filters, output=output)
    choices.check()
    if choices.version_id is not None and (len(sources) > 1 or recursive or not is_remote(sources[0])):
        raise click.BadParameter("--version-id is of one object: SOURCE is oss://BUCKET/KEY, without --recursive")
    if target == STANDARD:
        return _to_standard_output(connection, parse_name(sources[0]), choices.version_id)
    is_single = len(sources) == 1 and not recursive
    show = _show(output, is_single=is_single, has_bar=not no_progress, quiet=quiet, name=sources[0])
    with connection.client() as client, cancelled_by_ctrl_c() as cancel, show:
        mover = Mover(client=client, choices=choices, cancel=cancel, warn=show.warn)
        tasks = _tasks(mover, sources, target, filters, recursive=recursive)
        run_tasks(tasks, show, cancel, jobs=choices.jobs, is_dry=dry_run)
    return _conclude(show, sources, is_single=is_single, is_interrupted=cancel.is_set())


def _check(sources: tuple[str, ...], target: str, *, recursive: bool, filters: Filters, output: Output) -> None:
    """Refuse what has no meaning, before anything is done."""
    if filters.rules and not recursive:
        raise click.BadParameter("--include and --exclude go with --recursive")
    if STANDARD in (*sources, target):
        _check_standard(sources, target, recursive=recursive, output=output)
    if not any(map(is_remote, (*sources, target))):
        raise click.BadParameter(f"nothing is {SCHEME}BUCKET/KEY: one side has to be")
    if not is_remote(target) and not all(map(is_remote, sources)):
        raise click.BadParameter("a file is copied to oss://BUCKET/KEY, not to another file")
    if len(sources) > 1 and not (recursive or _is_folder(target)):
        raise click.BadParameter(f"{len(sources)} sources need a folder: {target!r} does not end in /")
    if any(not parse_name(each).bucket for each in (*sources, target) if is_remote(each)):
        raise click.BadParameter(f"{SCHEME} names no bucket")


def _check_standard(sources: tuple[str, ...], target: str, *, recursive: bool, output: Output) -> None:
    if len(sources) > 1 or recursive:
        raise click.BadParameter("- is one object, without --recursive")
    if target == STANDARD and output.is_json:
        raise click.BadParameter("standard output gets the object's bytes, so --json has no place there")
    if sources[0] == STANDARD and is_remote(target) and _is_folder(target):
        raise click.BadParameter("name the object that standard input becomes: oss://BUCKET/KEY")


def is_remote(text: str) -> bool:
    """Whether an argument names an object or bucket."""
    return text.startswith(SCHEME)


def _is_folder(target: str) -> bool:
    if is_remote(target):
        key = parse_name(target).key
        return not key or key.endswith("/")
    return target.endswith("/") or Path(target).is_dir()


def _tasks(
    mover: "Mover", sources: tuple[str, ...], target: str, filters: Filters, *, recursive: bool
) -> "Iterator[Task]":
    from ossicle.cli.moving.targets import each_target_once

    def found() -> "Iterator[Task]":
        for source in sources:
            if recursive:
                yield from _of_tree(mover, source, target, filters)
            else:
                yield _of_one(mover, source, target)

    # A single source has no two things of one name, and may have more of them than memory holds.
    return found() if len(sources) == 1 else each_target_once(found())


def _of_tree(mover: "Mover", source: str, target: str, filters: Filters) -> "Iterator[Task]":
    from ossicle.cli.moving.copies import copy_tree
    from ossicle.cli.moving.downloads import download_tree
    from ossicle.cli.moving.uploads import upload_file, upload_tree
    from ossicle.cli.places import folder

    if not is_remote(source):
        name = parse_name(target)
        if Path(source).is_dir():
            return upload_tree(mover, source, name, filters)
        return iter([upload_file(mover, source, Path(source).name, ObjectName(name.bucket, folder(name.key)))])
    if not is_remote(target):
        return download_tree(mover, parse_name(source), Path(target), filters)
    before, after = parse_name(source), parse_name(target)
    if before.bucket == after.bucket and folder(after.key).startswith(before.key):
        raise click.BadParameter(f"{target} lies below {source}: the copies would be copied again")
    return copy_tree(mover, before, after, filters)


def _of_one(mover: "Mover", source: str, target: str) -> "Task":
    from ossicle.cli.moving.copies import copy_object
    from ossicle.cli.moving.downloads import download_object
    from ossicle.cli.moving.uploads import upload_file, upload_stream

    if source == STANDARD:
        return upload_stream(mover, sys.stdin.buffer, parse_name(target))
    if not is_remote(source):
        if Path(source).is_dir():
            raise click.BadParameter(f"{source!r} is a directory; --recursive copies what is below it")
        return upload_file(mover, source, Path(source).name, parse_name(target))
    name = parse_name(source)
    if not name.key:
        raise click.BadParameter(f"{source!r} is a bucket; --recursive copies what is in it")
    if is_remote(target):
        return copy_object(mover, name, parse_name(target))
    return download_object(mover, name, Path(target), is_folder=_is_folder(target))


def _to_standard_output(connection: Connection, name: ObjectName, version_id: str | None) -> int:
    from ossicle.cli.cat import write_object
    from ossicle.wire.api.object_basic import GetObjectRequest

    if not name.key:
        raise click.BadParameter(f"{name} names no object: oss://BUCKET/KEY")
    write_object(connection, GetObjectRequest(bucket=name.bucket, key=name.key, version_id=version_id))
    return DONE


def _show(output: Output, *, is_single: bool, has_bar: bool, quiet: bool, name: str) -> "Show":
    from ossicle.cli.moving.showing import Bar, JsonLines, Lines, Show

    if output.is_json:
        return JsonLines(is_single=is_single)
    if quiet:
        return Show(is_single=is_single)
    if has_bar and sys.stderr.isatty():
        return Bar(is_single=is_single, name=name)
    return Lines(is_single=is_single)


def _conclude(show: "Show", sources: tuple[str, ...], *, is_single: bool, is_interrupted: bool) -> int:
    from ossicle.cli.moving.showing import resumption

    show.summarize()
    if is_interrupted:
        tell(Interrupted(f"interrupted; {resumption(show)}"), as_json=show.is_json)
        return INTERRUPTED
    if is_single and show.first_error is not None:
        if is_remote(sources[0]) and sources[0].endswith("/"):
            show.first_error.add_note("--recursive (-r) copies what is below a prefix")
        tell(show.first_error, as_json=show.is_json)
    return FAILED if show.tally.failed else DONE
