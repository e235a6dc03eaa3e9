"""`ossicle policy`: policies, what they say, whom they count for, and whether somebody may."""

from typing import TYPE_CHECKING

import click

from ossicle.cli.administering import HOLDERS, admin_options, all_items, attach, detach, print_rows, values_of
from ossicle.cli.connection import Connection
from ossicle.cli.failures import DONE, FAILED
from ossicle.cli.groups import Command
from ossicle.cli.names import parse_name
from ossicle.cli.output import Output, note, print_json, printable
from ossicle.cli.statements import Statements, statement_options

if TYPE_CHECKING:
    from collections.abc import Callable


@click.group
def policy() -> None:
    """Manage policies: what users, groups and roles may do."""


@policy.command
@click.argument("name", metavar="POLICY")
@statement_options
@click.option("--description", metavar="TEXT", help="What it is for.")
@admin_options
def create(
    *, name: str, statements: Statements, description: str | None, connection: Connection, output: Output
) -> None:
    """Make a policy from a file, or of what may be done where."""
    from ossicle.wire.admin.policies import CREATE_POLICY, CreatePolicyRequest

    request = CreatePolicyRequest(policy_name=name, policy_document=statements.document(), description=description)
    with connection.admin() as admin:
        made = admin.invoke(CREATE_POLICY, request)
    output.print_done(f"made policy {name}", values_of(made))


@policy.command
@click.argument("name", metavar="POLICY")
@statement_options
@admin_options
def update(*, name: str, statements: Statements, connection: Connection, output: Output) -> None:
    """Give a policy another version, which counts at once; the one before is kept."""
    from ossicle.wire.admin.policies import CREATE_POLICY_VERSION, CreatePolicyVersionRequest

    request = CreatePolicyVersionRequest(policy_name=name, policy_document=statements.document(), set_as_default=True)
    with connection.admin() as admin:
        made = admin.invoke(CREATE_POLICY_VERSION, request)
    output.print_done(f"policy {name} is now {made.version_id}", values_of(made))


@policy.command("list")
@admin_options
def list_policies(*, connection: Connection, output: Output) -> None:
    """List all policies, those of the system last."""
    from ossicle.wire.admin.policies import LIST_POLICIES

    with connection.admin() as admin:
        policies = list(all_items(admin, LIST_POLICIES, "policies"))
    print_rows(output, policies, ("policy_name", "policy_type", "default_version", "description"))


@policy.command
@click.argument("name", metavar="POLICY")
@admin_options
def show(*, name: str, connection: Connection, output: Output) -> None:
    """Show a policy, and whom it is attached to."""
    from ossicle.wire.admin.policies import GET_POLICY, LIST_ENTITIES_FOR_POLICY, PolicyRequest

    request = PolicyRequest(policy_name=name)
    with connection.admin() as admin:
        found = admin.invoke(GET_POLICY, request)
        holders = admin.invoke(LIST_ENTITIES_FOR_POLICY, request).entities
    attached_to = [f"{holder.type.lower()} {holder.name}" for holder in holders]
    if output.is_json:
        print_json({**values_of(found), "attached_to": attached_to})
        return
    fields = {**values_of(found), "attached_to": ", ".join(attached_to)}
    document = fields.pop("policy_document")
    output.print_fields(fields)
    print(printable(document, has_lines=True))


@policy.command
@click.argument("name", metavar="POLICY")
@admin_options
def versions(*, name: str, connection: Connection, output: Output) -> None:
    """List the versions of a policy; one of them counts."""
    from ossicle.wire.admin.policies import LIST_POLICY_VERSIONS, PolicyRequest

    with connection.admin() as admin:
        found = admin.invoke(LIST_POLICY_VERSIONS, PolicyRequest(policy_name=name)).policy_versions
    if output.is_json:
        print_json([values_of(version) for version in found])
        return
    for version in found:
        mark = "*" if version.is_default_version else " "
        print(f"{mark} {version.version_id}  {version.create_date:%Y-%m-%dT%H:%M:%SZ}")


@policy.command
@click.argument("name", metavar="POLICY")
@click.argument("version", metavar="VERSION")
@admin_options
def restore(*, name: str, version: str, connection: Connection, output: Output) -> None:
    """Let another version of a policy count, from the next request on."""
    from ossicle.wire.admin.policies import SET_DEFAULT_POLICY_VERSION, PolicyVersionRequest

    with connection.admin() as admin:
        admin.invoke(SET_DEFAULT_POLICY_VERSION, PolicyVersionRequest(policy_name=name, version_id=version))
    output.print_done(f"policy {name} is now {version}", {"policy": name, "version": version})


@policy.command
@click.argument("name", metavar="POLICY")
@click.option("--version", metavar="VERSION", help="This version only, which must not be the one that counts.")
@admin_options
def delete(*, name: str, version: str | None, connection: Connection, output: Output) -> None:
    """Delete a policy that is attached to nobody, or one version of it."""
    from ossicle.wire.admin.policies import (
        DELETE_POLICY,
        DELETE_POLICY_VERSION,
        PolicyRequest,
        PolicyVersionRequest,
    )

    with connection.admin() as admin:
        if version is None:
            admin.invoke(DELETE_POLICY, PolicyRequest(policy_name=name))
        else:
            admin.invoke(DELETE_POLICY_VERSION, PolicyVersionRequest(policy_name=name, version_id=version))
    what = f"policy {name}" if version is None else f"version {version} of policy {name}"
    output.print_done(f"deleted {what}", {"policy": name, "version": version})


def _holder_options(command: Command) -> Command:
    for holder in reversed(HOLDERS):
        command = click.option(f"--{holder}", metavar="NAME", help=f"This {holder}.")(command)
    return command


@policy.command("attach")
@click.argument("name", metavar="POLICY")
@_holder_options
@admin_options
def attach_policy(*, name: str, connection: Connection, output: Output, **holders: str | None) -> None:
    """Attach a policy to a user, group or role; it counts from the next request on."""
    _change(attach, "attached", name, holders, connection, output)


@policy.command("detach")
@click.argument("name", metavar="POLICY")
@_holder_options
@admin_options
def detach_policy(*, name: str, connection: Connection, output: Output, **holders: str | None) -> None:
    """Detach a policy from a user, group or role; it counts no more from the next request on."""
    _change(detach, "detached", name, holders, connection, output)


def _change(
    change: "Callable[..., None]",
    told: str,
    policy_name: str,
    holders: dict[str, str | None],
    connection: Connection,
    output: Output,
) -> None:
    named = {holder: name for holder, name in holders.items() if name is not None}
    if not named:
        raise click.UsageError("whom? --user, --group or --role")
    with connection.admin() as admin:
        for holder, name in named.items():
            change(admin, holder, name, policy_name)
    whom = ", ".join(f"{holder} {name}" for holder, name in named.items())
    output.print_done(f"{told} {policy_name}: {whom}", {"policy": policy_name, **named})


@policy.command
@click.option("--user", metavar="USER", help="May this user?")
@click.option("--role", metavar="ROLE", help="May a session of this role?")
@click.option("--anonymous", is_flag=True, help="May anybody, without a key?")
@click.option("--action", required=True, metavar="OPERATION", help="Do this, such as PutObject.")
@click.option("--on", metavar="oss://BUCKET/KEY", help="To this bucket, or to this object.")
@click.option("--version-id", metavar="ID", help="To this version of it.")
@click.option("--prefix", metavar="PREFIX", help="With this prefix, of a list.")
@click.option("--delimiter", metavar="TEXT", help="With this delimiter, of a list.")
@click.option("--from-ip", metavar="ADDRESS", help="From this address; from here without it.")
@click.option("--secure/--plain", default=None, help="By HTTPS or not; as this request without either.")
@admin_options
def test(
    *,
    user: str | None,
    role: str | None,
    anonymous: bool,
    action: str,
    on: str | None,
    version_id: str | None,
    prefix: str | None,
    delimiter: str | None,
    from_ip: str | None,
    secure: bool | None,
    connection: Connection,
    output: Output,
) -> int:
    """Tell whether somebody may do something, and what decides it. Nothing is done.

    Without --user, --role and --anonymous it is about the account's owner. Exit status: 0 allowed, 1 not.
    """
    from ossicle.wire.admin.explaining import EXPLAIN_ACCESS, ExplainAccessRequest

    place = None if on is None else parse_name(on)
    request = ExplainAccessRequest(
        action=action,
        user=user,
        role=role,
        anonymous=anonymous or None,
        bucket=place.bucket if place is not None else None,
        key=(place.key or None) if place is not None else None,
        version_id=version_id,
        prefix=prefix,
        delimiter=delimiter,
        ip=from_ip,
        secure=secure,
    )
    with connection.admin() as admin:
        found = admin.invoke(EXPLAIN_ACCESS, request)
    if output.is_json:
        print_json(values_of(found))
    else:
        print(printable(f"{'yes' if found.allowed else 'no'}: {found.by}"))
        note(f"asked: {', '.join(found.actions)} on {found.resource}")
    return DONE if found.allowed else FAILED
