"""`ossicle key`: access keys of users. A secret is printed once, or kept in a profile, and never an argument."""

from typing import TYPE_CHECKING

import click

from ossicle.cli.administering import admin_options, print_record, print_rows
from ossicle.cli.connection import Connection
from ossicle.cli.output import Output, note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ossicle.client.admin import AdminClient
    from ossicle.wire.admin.users import AccessKey


_save_profile = click.option(
    "--save-profile",
    metavar="NAME",
    help="Keep the key in this profile of ~/.ossicle.toml instead of printing its secret.",
)


@click.group
def key() -> None:
    """Manage access keys of users. A user has two at most, so that one can be replaced without a gap."""


@key.command
@click.argument("user", metavar="USER")
@_save_profile
@admin_options
def create(*, user: str, save_profile: str | None, connection: Connection, output: Output) -> None:
    """Make a key and print it with its secret, which is told now and never again."""
    with connection.admin() as admin:
        _make(admin, user, save_profile, connection, output)


@key.command("list")
@click.argument("user", metavar="USER")
@admin_options
def list_keys(*, user: str, connection: Connection, output: Output) -> None:
    """List the keys of a user, without their secrets."""
    with connection.admin() as admin:
        keys = _keys(admin, user)
    print_rows(output, keys, ("access_key_id", "status", "create_date"))


@key.command
@click.argument("user", metavar="USER")
@click.argument("key_id", metavar="ID")
@admin_options
def disable(*, user: str, key_id: str, connection: Connection, output: Output) -> None:
    """Let a key count no more, nor any URL that it has signed; `enable` undoes it."""
    _set_status(user, key_id, "Inactive", connection, output)


@key.command
@click.argument("user", metavar="USER")
@click.argument("key_id", metavar="ID")
@admin_options
def enable(*, user: str, key_id: str, connection: Connection, output: Output) -> None:
    """Let a key count again."""
    _set_status(user, key_id, "Active", connection, output)


@key.command
@click.argument("user", metavar="USER")
@click.argument("key_id", metavar="ID")
@admin_options
def delete(*, user: str, key_id: str, connection: Connection, output: Output) -> None:
    """Delete a key, for good."""
    with connection.admin() as admin:
        _delete(admin, user, key_id)
    output.print_done(f"deleted {key_id} of {user}", {"user": user, "access_key_id": key_id})


@key.command
@click.argument("user", metavar="USER")
@click.option(
    "--delete-old", is_flag=True, help="Delete the old keys at once; what they have signed is refused from then on."
)
@_save_profile
@admin_options
def rotate(*, user: str, delete_old: bool, save_profile: str | None, connection: Connection, output: Output) -> None:
    """Make another key and tell which to delete when it is in use everywhere."""
    with connection.admin() as admin:
        old = sorted(_keys(admin, user), key=lambda each: each.create_date)
        if delete_old and len(old) > 1:  # there is no room for a third one
            _drop(admin, user, old.pop(0))
        _make(admin, user, save_profile, connection, output)
        for each in old:
            if delete_old:
                _drop(admin, user, each)
            else:
                note(f"when the new key is in use: ossicle key delete {user} {each.access_key_id}")


def _drop(admin: "AdminClient", user: str, key: "AccessKey") -> None:
    _delete(admin, user, key.access_key_id)
    note(f"deleted {key.access_key_id}")


def _make(admin: "AdminClient", user: str, profile: str | None, connection: Connection, output: Output) -> None:
    from ossicle.wire.admin.users import CREATE_ACCESS_KEY, UserRequest

    if profile is not None:
        _prepare(profile, connection, _keys(admin, user))
    made = admin.invoke(CREATE_ACCESS_KEY, UserRequest(user_name=user))
    if profile is None:
        print_record(output, made)
        return
    try:
        path = _keep(profile, connection, made)
    except BaseException:
        print_record(output, made)  # or nobody would ever know the secret
        raise
    done = {"user": user, "access_key_id": made.access_key_id, "profile": profile, "path": path}
    output.print_done(f"kept {made.access_key_id} of {user} as profile {profile!r} in {path}", done)


def _prepare(profile: str, connection: Connection, keys: "Sequence[AccessKey]") -> None:
    """Put into a profile all but the key, before there is one: a file that can't be written is found now.

    Raises:
        BadParameter: the profile has a key of somebody else, or a token.
    """
    from ossicle.cli.profiles import default_path, read_profiles, set_value

    path = connection.config_file or default_path()
    there = read_profiles(path).get(profile, {})
    known = {each.access_key_id for each in keys}
    if there.get("access-key-id", "") not in {"", *known} or "security-token" in there:
        raise click.BadParameter(f"the profile {profile!r} in {path} has another key, which would be lost")
    settings = connection.settings()
    for name in ("endpoint", "region", "addressing-style"):
        if name in settings:
            set_value(path, profile, name, settings[name][0])


def _keep(profile: str, connection: Connection, made: "AccessKey") -> str:
    from ossicle.cli.profiles import default_path, set_value

    path = connection.config_file or default_path()
    set_value(path, profile, "access-key-id", made.access_key_id)
    set_value(path, profile, "access-key-secret", made.access_key_secret or "")
    return str(path)


def _keys(admin: "AdminClient", user: str) -> "Sequence[AccessKey]":
    from ossicle.wire.admin.users import LIST_ACCESS_KEYS, UserRequest

    return admin.invoke(LIST_ACCESS_KEYS, UserRequest(user_name=user)).access_keys


def _delete(admin: "AdminClient", user: str, access_key_id: str) -> None:
    from ossicle.wire.admin.users import DELETE_ACCESS_KEY, AccessKeyRequest

    admin.invoke(DELETE_ACCESS_KEY, AccessKeyRequest(user_name=user, access_key_id=access_key_id))


def _set_status(user: str, access_key_id: str, status: str, connection: Connection, output: Output) -> None:
    from ossicle.wire.admin.users import UPDATE_ACCESS_KEY, UpdateAccessKeyRequest

    request = UpdateAccessKeyRequest(user_name=user, access_key_id=access_key_id, status=status)
    with connection.admin() as admin:
        admin.invoke(UPDATE_ACCESS_KEY, request)
    done = {"user": user, "access_key_id": access_key_id, "status": status}
    output.print_done(f"{access_key_id} of {user} is {status.lower()}", done)
