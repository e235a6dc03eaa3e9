"""`ossicle role`: roles, which can be assumed for some time."""

import json
import re
from collections.abc import Sequence
from typing import BinaryIO, Final

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

_ACCOUNT: Final = re.compile(r"[0-9]{1,32}")


@click.group
def role() -> None:
    """Manage roles: what can be assumed for some time, by whom they trust."""


@role.command
@click.argument("name", metavar="ROLE")
@click.option(
    "--trust",
    multiple=True,
    metavar="WHO",
    help="Who may assume it: the UID of an account, user/NAME of this one, or an ARN such as acs:ram::UID:root; repeatable.",
)
@click.option(
    "--trust-file", type=click.File("rb"), metavar="PATH", help="The trust policy as JSON; - is standard input."
)
@click.option("--description", metavar="TEXT", help="What it is for.")
@click.option("--session-seconds", type=int, metavar="SECONDS", help="Longest session, 3600 to 43200.  [default: 3600]")
@admin_options
def create(
    *,
    name: str,
    trust: tuple[str, ...],
    trust_file: BinaryIO | None,
    description: str | None,
    session_seconds: int | None,
    connection: Connection,
    output: Output,
) -> None:
    """Make a role, which may nothing yet."""
    from ossicle.wire.admin.roles import CREATE_ROLE, CreateRoleRequest

    request = CreateRoleRequest(
        role_name=name,
        assume_role_policy_document=_document(trust, trust_file, connection),
        description=description,
        max_session_duration=session_seconds,
    )
    with connection.admin() as admin:
        print_record(output, admin.invoke(CREATE_ROLE, request))


@role.command
@click.argument("name", metavar="ROLE")
@click.option(
    "--trust", multiple=True, metavar="WHO", help="Who may assume it from now on, as create has it; repeatable."
)
@click.option(
    "--trust-file", type=click.File("rb"), metavar="PATH", help="The trust policy as JSON; - is standard input."
)
@click.option("--description", metavar="TEXT", help="What it is for.")
@click.option("--session-seconds", type=int, metavar="SECONDS", help="Longest session, 3600 to 43200.")
@admin_options
def update(
    *,
    name: str,
    trust: tuple[str, ...],
    trust_file: BinaryIO | None,
    description: str | None,
    session_seconds: int | None,
    connection: Connection,
    output: Output,
) -> None:
    """Change a role. Sessions that there are go on."""
    from ossicle.wire.admin.roles import UPDATE_ROLE, UpdateRoleRequest

    request = UpdateRoleRequest(
        role_name=name,
        assume_role_policy_document=_document(trust, trust_file, connection) if trust or trust_file else None,
        description=description,
        max_session_duration=session_seconds,
    )
    with connection.admin() as admin:
        print_record(output, admin.invoke(UPDATE_ROLE, request))


@role.command("list")
@admin_options
def list_roles(*, connection: Connection, output: Output) -> None:
    """List all roles."""
    from ossicle.wire.admin.roles import LIST_ROLES

    with connection.admin() as admin:
        roles = list(all_items(admin, LIST_ROLES, "roles"))
    print_rows(output, roles, ("role_name", "arn", "create_date", "description"))


@role.command
@click.argument("name", metavar="ROLE")
@admin_options
def show(*, name: str, connection: Connection, output: Output) -> None:
    """Show a role with its policies."""
    from ossicle.wire.admin.roles import GET_ROLE, RoleRequest

    with connection.admin() as admin:
        found = admin.invoke(GET_ROLE, RoleRequest(role_name=name))
        policies = [policy.policy_name for policy in attached(admin, "role", name)]
    print_record(output, found, policies=policies)


@role.command
@click.argument("name", metavar="ROLE")
@click.option("--force", is_flag=True, help="Detach its policies first.")
@admin_options
def delete(*, name: str, force: bool, connection: Connection, output: Output) -> None:
    """Delete a role without policies; its sessions may nothing any more."""
    from ossicle.wire.admin.roles import DELETE_ROLE, RoleRequest

    with connection.admin() as admin:
        if force:
            detach_all(admin, "role", name)
        admin.invoke(DELETE_ROLE, RoleRequest(role_name=name))
    output.print_done(f"deleted role {name}", {"role": name})


def _document(trust: Sequence[str], file: BinaryIO | None, connection: Connection) -> str:
    if bool(trust) is (file is not None):
        raise click.UsageError("who may assume it? --trust, or --trust-file")
    if file is not None:
        return file.read().decode("utf-8", "surrogateescape")
    names = [_arn(who, connection) for who in trust]
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"RAM": names}}
    return json.dumps({"Version": "1", "Statement": [statement]})


def _arn(who: str, connection: Connection) -> str:
    """Return the ARN of an account, or of a user of the account that signs."""
    if who.startswith("acs:"):
        return who
    if _ACCOUNT.fullmatch(who):
        return f"acs:ram::{who}:root"
    if not who.startswith("user/"):
        raise click.BadParameter(f"{who!r} is no account's UID, user/NAME or ARN", param_hint="--trust")
    return f"acs:ram::{_own_account(connection)}:{who}"


def _own_account(connection: Connection) -> str:
    from ossicle.wire.api.service import ListBucketsRequest
    from ossicle.wire.errors import OssError

    try:
        with connection.client() as client:
            owner = client.list_buckets(ListBucketsRequest(max_keys=1)).owner
    except OssError as error:
        if error.code != "AccessDenied":
            raise
        owner = None
    if owner is None or owner.id is None:
        raise click.BadParameter(
            "the server does not tell whose this key is: write the whole ARN, acs:ram::UID:user/NAME",
            param_hint="--trust",
        )
    return owner.id


attaching_commands(role, "role")
