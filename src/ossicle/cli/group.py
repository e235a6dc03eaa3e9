"""`ossicle group`: groups of users."""

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


@click.group
def group() -> None:
    """Manage groups of users, who share the policies of the group."""


@group.command
@click.argument("name", metavar="GROUP")
@click.option("--comments", metavar="TEXT", help="What there is to remember.")
@admin_options
def create(*, name: str, comments: str | None, connection: Connection, output: Output) -> None:
    """Make a group."""
    from ossicle.wire.admin.groups import CREATE_GROUP, CreateGroupRequest

    with connection.admin() as admin:
        print_record(output, admin.invoke(CREATE_GROUP, CreateGroupRequest(group_name=name, comments=comments)))


@group.command("list")
@admin_options
def list_groups(*, connection: Connection, output: Output) -> None:
    """List all groups."""
    from ossicle.wire.admin.groups import LIST_GROUPS

    with connection.admin() as admin:
        groups = list(all_items(admin, LIST_GROUPS, "groups"))
    print_rows(output, groups, ("group_name", "create_date", "comments"))


@group.command
@click.argument("name", metavar="GROUP")
@admin_options
def show(*, name: str, connection: Connection, output: Output) -> None:
    """Show a group with its users and policies."""
    from ossicle.wire.admin.groups import GET_GROUP, LIST_USERS_FOR_GROUP, GroupRequest

    request = GroupRequest(group_name=name)
    with connection.admin() as admin:
        found = admin.invoke(GET_GROUP, request)
        users = admin.invoke(LIST_USERS_FOR_GROUP, request).users
        policies = attached(admin, "group", name)
    print_record(
        output,
        found,
        users=[user.user_name for user in users],
        policies=[policy.policy_name for policy in policies],
    )


@group.command
@click.argument("name", metavar="GROUP")
@click.option("--force", is_flag=True, help="Take its users out and detach its policies first.")
@admin_options
def delete(*, name: str, force: bool, connection: Connection, output: Output) -> None:
    """Delete a group without users and policies."""
    from ossicle.wire.admin.groups import (
        DELETE_GROUP,
        LIST_USERS_FOR_GROUP,
        REMOVE_USER_FROM_GROUP,
        GroupRequest,
        MemberRequest,
    )

    with connection.admin() as admin:
        if force:
            detach_all(admin, "group", name)
            for user in admin.invoke(LIST_USERS_FOR_GROUP, GroupRequest(group_name=name)).users:
                admin.invoke(REMOVE_USER_FROM_GROUP, MemberRequest(group_name=name, user_name=user.user_name))
        admin.invoke(DELETE_GROUP, GroupRequest(group_name=name))
    output.print_done(f"deleted group {name}", {"group": name})


@group.command
@click.argument("name", metavar="GROUP")
@click.argument("users", metavar="USER...", nargs=-1, required=True)
@admin_options
def add(*, name: str, users: tuple[str, ...], connection: Connection, output: Output) -> None:
    """Put users into a group."""
    from ossicle.wire.admin.groups import ADD_USER_TO_GROUP, MemberRequest

    with connection.admin() as admin:
        for user in users:
            admin.invoke(ADD_USER_TO_GROUP, MemberRequest(group_name=name, user_name=user))
    output.print_done(f"added {', '.join(users)} to group {name}", {"group": name, "users": list(users)})


@group.command
@click.argument("name", metavar="GROUP")
@click.argument("users", metavar="USER...", nargs=-1, required=True)
@admin_options
def remove(*, name: str, users: tuple[str, ...], connection: Connection, output: Output) -> None:
    """Take users out of a group."""
    from ossicle.wire.admin.groups import REMOVE_USER_FROM_GROUP, MemberRequest

    with connection.admin() as admin:
        for user in users:
            admin.invoke(REMOVE_USER_FROM_GROUP, MemberRequest(group_name=name, user_name=user))
    output.print_done(f"removed {', '.join(users)} from group {name}", {"group": name, "users": list(users)})


attaching_commands(group, "group")
