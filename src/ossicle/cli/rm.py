"""`ossicle rm`: remove objects, or unfinished uploads."""

from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What of a name is to be removed."""

    recursive: bool
    filters: Filters
    version_id: str | None
    all_versions: bool
    uploads: bool


@click.command(cls=FilteredCommand)
@click.argument("names", nargs=-1, required=True, metavar="oss://BUCKET/KEY...", shell_complete=complete_name)
@click.option("--recursive", "-r", is_flag=True, help="Every object whose key begins so; asks on a terminal.")
@filter_options
@click.option("--version-id", metavar="ID", help="This version of the object, for good.")
@click.option("--all-versions", is_flag=True, help="All versions and delete markers, for good.")
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
    version_id: str | None,
    all_versions: bool,
    uploads: bool,
    force: bool,
    dry_run: bool,
    quiet: bool,
    connection: Connection,
    output: Output,
) -> int:
    """Remove objects by name. One that is not there counts as removed, as in OSS. When one of several fails the others go all the same.

    With -r everything below a prefix goes, a thousand objects at a time; a prefix without / at its end also has what else begins so.
    In a bucket with versions an object gets a delete marker, and its versions stay unless they are asked for.
    """
    _check_versions(names, version_id, all_versions=all_versions, recursive=recursive, uploads=uploads)
    is_many = recursive or uploads
    if filters.rules and (uploads or not recursive):
        raise click.BadParameter("--include and --exclude go with --recursive")
    found = [parse_name(text) if is_many else parse_object(text) for text in names]
    if any(not name.bucket for name in found):
        raise click.BadParameter("name a bucket: oss://BUCKET[/PREFIX]")
    wanted = _Wanted(
        recursive=recursive, filters=filters, version_id=version_id, all_versions=all_versions, uploads=uploads
    )
    removed: list[str] = []
    word = "would remove" if dry_run else "removed"

    def told(name: str) -> None:
        if output.is_json:
            removed.append(name)
        elif not quiet:
            note(f"{word} {name}")

    if is_many and not dry_run:
        _confirm(found, wanted, is_sure=force)
    remove = partial(_remove, wanted=wanted, told=told, is_dry=dry_run)
    try:
        return _remove_each(connection, found, remove, output)
    finally:  # a failure or an interrupt leaves something removed as well
        if output.is_json:
            output.print_done("", {"removed": removed, "dry_run": dry_run})


def _check_versions(
    names: tuple[str, ...], version_id: str | None, *, all_versions: bool, recursive: bool, uploads: bool
) -> None:
    if version_id is not None and (len(names) > 1 or all_versions or recursive or uploads):
        raise click.BadParameter(
            "--version-id is of one object: it goes with one name and without -r, -m and --all-versions"
        )
    if all_versions and uploads:
        raise click.BadParameter("uploads have no versions: --uploads goes without --all-versions")


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


def _confirm(names: list[ObjectName], wanted: _Wanted, *, is_sure: bool) -> None:
    from ossicle.cli.questions import confirm

    everything = "everything that matches" if wanted.filters.rules else "everything"
    if wanted.all_versions:
        everything = f"all versions of {everything}"
    what = "abort all uploads to" if wanted.uploads else f"remove {everything} in"
    for name in names:
        confirm(f"{what} {name}{'...' if name.key else ''}?", is_sure=is_sure)


def _remove(
    client: "Client", name: ObjectName, *, wanted: _Wanted, told: Callable[[str], object], is_dry: bool
) -> None:
    from ossicle.cli import removing

    if wanted.uploads:
        removing.abort_uploads(client, name, told, is_dry=is_dry)
    elif wanted.all_versions:
        is_tree = wanted.recursive
        versions = (
            removing.versions_below(client, name, wanted.filters) if is_tree else removing.versions_of_key(client, name)
        )
        removing.remove_versions(client, name.bucket, versions, told, is_dry=is_dry)
    elif wanted.recursive:
        keys = removing.keys_below(client, name, wanted.filters)
        removing.remove_objects(client, name.bucket, keys, told, is_dry=is_dry)
    else:
        _remove_one(client, name, wanted.version_id, told, is_dry=is_dry)


def _remove_one(
    client: "Client", name: ObjectName, version_id: str | None, told: Callable[[str], object], *, is_dry: bool
) -> None:
    from ossicle.wire.api.object_basic import DeleteObjectRequest

    if not is_dry:
        client.delete_object(DeleteObjectRequest(bucket=name.bucket, key=name.key, version_id=version_id))
    told(str(name) if version_id is None else f"{name} (version {version_id})")
