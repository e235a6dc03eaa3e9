"""`ossicle user`: users of an account."""

from typing import TYPE_CHECKING

import click

from ossicle.cli.administering import (
    admin_options,
    all_items,
    attached,
    attaching_commands,
    detach_all,
    print_record,
    print_rows,
)
from ossicle.cli.connection import Connection
from ossicle.cli.output import Output

if TYPE_CHECKING:
    from ossicle.client.admin import AdminClient


@click.group
def user() -> None:
    """Manage users of an account, who may what policies say."""


@user.command
@click.argument("name", metavar="USER")
@click.option("--display-name", metavar="TEXT", help="What people call it; the name without this.")
@click.option("--comments", metavar="TEXT", help="What there is to remember.")
@admin_options
def create(
    *, name: str, display_name: str | None, comments: str | None, connection: Connection, output: Output
) -> None:
    """Make a user, who may nothing yet and has no key."""
    from ossicle.wire.admin.users import CREATE_USER, CreateUserRequest

    request = CreateUserRequest(user_name=name, display_name=display_name, comments=comments)
    with connection.admin() as admin:
        print_record(output, admin.invoke(CREATE_USER, request))


@user.command("list")
@admin_options
def list_users(*, connection: Connection, output: Output) -> None:
    """List all users."""
    from ossicle.wire.admin.users import LIST_USERS

    with connection.admin() as admin:
        users = list(all_items(admin, LIST_USERS, "users"))
    print_rows(output, users, ("user_name", "user_id", "create_date", "comments"))


@user.command
@click.argument("name", metavar="USER")
@admin_options
def show(*, name: str, connection: Connection, output: Output) -> None:
    """Show a user with its keys, groups and policies."""
    from ossicle.wire.admin.groups import LIST_GROUPS_FOR_USER
    from ossicle.wire.admin.users import GET_USER, LIST_ACCESS_KEYS, UserRequest

    request = UserRequest(user_name=name)
    with connection.admin() as admin:
        found = admin.invoke(GET_USER, request)
        keys = admin.invoke(LIST_ACCESS_KEYS, request).access_keys
        groups = admin.invoke(LIST_GROUPS_FOR_USER, request).groups
        policies = attached(admin, "user", name)
    print_record(
        output,
        found,
        keys=[f"{key.access_key_id} ({key.status})" for key in keys],
        groups=[group.group_name for group in groups],
        policies=[policy.policy_name for policy in policies],
    )


@user.command
@click.argument("name", metavar="USER")
@click.option("--new-name", metavar="USER", help="Another name; keys, groups and policies stay.")
@click.option("--display-name", metavar="TEXT", help="What people call it.")
@click.option("--comments", metavar="TEXT", help="What there is to remember.")
@admin_options
def update(
    *,
    name: str,
    new_name: str | None,
    display_name: str | None,
    comments: str | None,
    connection: Connection,
    output: Output,
) -> None:
    """Change a user."""
    from ossicle.wire.admin.users import UPDATE_USER, UpdateUserRequest

    request = UpdateUserRequest(user_name=name, new_user_name=new_name, display_name=display_name, comments=comments)
    with connection.admin() as admin:
        print_record(output, admin.invoke(UPDATE_USER, request))


@user.command
@click.argument("name", metavar="USER")
@click.option("--force", is_flag=True, help="Delete its keys, detach its policies and take it out of its groups first.")
@admin_options
def delete(*, name: str, force: bool, connection: Connection, output: Output) -> None:
    """Delete a user without keys, groups and policies; what it uploaded stays."""
    from ossicle.wire.admin.users import DELETE_USER, UserRequest

    with connection.admin() as admin:
        if force:
            _strip(admin, name)
        admin.invoke(DELETE_USER, UserRequest(user_name=name))
    output.print_done(f"deleted user {name}", {"user": name})


def _strip(admin: "AdminClient", name: str) -> None:
    """Take everything from a user, the keys first: from then on nobody can use what is left."""
    from ossicle.wire.admin.groups import LIST_GROUPS_FOR_USER, REMOVE_USER_FROM_GROUP, MemberRequest
    from ossicle.wire.admin.users import DELETE_ACCESS_KEY, LIST_ACCESS_KEYS, AccessKeyRequest, UserRequest

    request = UserRequest(user_name=name)
    for key in admin.invoke(LIST_ACCESS_KEYS, request).access_keys:
        admin.invoke(DELETE_ACCESS_KEY, AccessKeyRequest(user_name=name, access_key_id=key.access_key_id))
    detach_all(admin, "user", name)
    for group in admin.invoke(LIST_GROUPS_FOR_USER, request).groups:
        admin.invoke(REMOVE_USER_FROM_GROUP, MemberRequest(group_name=group.group_name, user_name=name))


attaching_commands(user, "user")
