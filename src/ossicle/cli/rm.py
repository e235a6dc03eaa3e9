"""`ossicle rm`: remove objects, or unfinished uploads."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.failures import DONE, FAILED, tell_of
from ossicle.cli.filters import FilteredCommand, Filters, filter_options
from ossicle.cli.names import ObjectName, parse_name, parse_object
from ossicle.cli.output import Output, note, output_options

if TYPE_CHECKING:
    from ossicle.client.sync import Client


@click.command(cls=FilteredCommand)
@click.argument("names", nargs=-1, required=True, metavar="oss://BUCKET/KEY...", shell_complete=complete_name)
@click.option("--recursive", "-r", is_flag=True, help="Every object whose key begins so; asks on a terminal.")
@filter_options
@click.option("--uploads", "-m", is_flag=True, help="Abort unfinished uploads to keys that begin so, not objects.")
@click.option("--force", "-f", is_flag=True, help="Don't ask.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@click.option("--quiet", "-q", is_flag=True, help="Don't tell what was removed.")
@connection_options
@output_options
def rm(
    *,
    names: tuple[str, ...],
    recursive: bool,
    filters: Filters,
    uploads: bool,
    force: bool,
    dry_run: bool,
    quiet: bool,
    connection: Connection,
    output: Output,
) -> int:
    """Remove objects by name. One that is not there counts as removed, as in OSS. When one of several fails the others go all the same.

    With -r everything below a prefix goes, a thousand objects at a time; a prefix without / at its end also has what else begins so.
    """
    is_many = recursive or uploads
    if filters.rules and (uploads or not recursive):
        raise click.BadParameter("--include and --exclude go with --recursive")
    found = [parse_name(text) if is_many else parse_object(text) for text in names]
    if any(not name.bucket for name in found):
        raise click.BadParameter("name a bucket: oss://BUCKET[/PREFIX]")
    removed: list[str] = []
    word = "would remove" if dry_run else "removed"

    def told(name: str) -> None:
        if output.is_json:
            removed.append(name)
        elif not quiet:
            note(f"{word} {name}")

    if is_many and not dry_run:
        _confirm(found, is_sure=force, uploads=uploads, is_filtered=bool(filters.rules))
    remove = partial(_remove, filters=filters, told=told, recursive=recursive, uploads=uploads, is_dry=dry_run)
    try:
        return _remove_each(connection, found, remove, output)
    finally:  # a failure or an interrupt leaves something removed as well
        if output.is_json:
            output.print_done("", {"removed": removed, "dry_run": dry_run})


def _remove_each(
    connection: Connection,
    names: list[ObjectName],
    remove: "Callable[[Client, ObjectName], object]",
    output: Output,
) -> int:
    """Remove one name after the other, and return the exit status; the failure of an only one is raised."""
    status = DONE
    with connection.client() as client:
        for name in names:
            try:
                remove(client, name)
            except Exception as error:
                if len(names) == 1:
                    raise
                status = FAILED
                tell_of("remove", str(name), error, as_json=output.is_json)
    return status


def _confirm(names: list[ObjectName], *, is_sure: bool, uploads: bool, is_filtered: bool) -> None:
    from ossicle.cli.questions import confirm

    everything = "everything that matches" if is_filtered else "everything"
    what = "abort all uploads to" if uploads else f"remove {everything} in"
    for name in names:
        confirm(f"{what} {name}{'...' if name.key else ''}?", is_sure=is_sure)


def _remove(
    client: "Client",
    name: ObjectName,
    *,
    filters: Filters,
    told: Callable[[str], object],
    recursive: bool,
    uploads: bool,
    is_dry: bool,
) -> None:
    from ossicle.cli.removing import abort_uploads, keys_below, remove_objects
    from ossicle.wire.api.object_basic import DeleteObjectRequest

    if uploads:
        abort_uploads(client, name, told, is_dry=is_dry)
        return
    keys = keys_below(client, name, filters) if recursive else iter([name.key])
    if is_dry:
        for key in keys:
            told(str(ObjectName(name.bucket, key)))
    elif recursive:
        remove_objects(client, name.bucket, keys, told)
    else:
        client.delete_object(DeleteObjectRequest(bucket=name.bucket, key=name.key))
        told(str(name))
