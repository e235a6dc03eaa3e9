"""What the commands that manage identities share: options, output, and the attaching of policies."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.groups import Command
from ossicle.cli.output import Output, output_options, plain, print_json, print_table

if TYPE_CHECKING:
    from ossicle.client.admin import AdminClient
    from ossicle.wire.admin.policies import Policy
    from ossicle.wire.admin.route import AnyRoute

HOLDERS: Final = ("user", "group", "role")
"""What policies can be attached to."""


def admin_options(command: Command) -> Command:
    """Give a command its `connection` and its `output`."""
    return connection_options(output_options(command))


def values_of(value: object) -> Any:
    """Return a record as JSON has it."""
    from ossicle.wire.admin import render_json

    return json.loads(render_json(value))


def print_rows(output: Output, rows: Sequence[object], columns: Sequence[str]) -> None:
    """Print records: in JSON as they are, else some columns of each."""
    if output.is_json:
        print_json([values_of(row) for row in rows])
        return
    cells = [[plain(getattr(row, column)) for column in columns] for row in rows]
    widths = [max((len(row[at]) for row in cells), default=0) for at in range(len(columns) - 1)]
    print_table(cells, widths)


def print_record(output: Output, value: object, **more: object) -> None:
    """Print a record, and what else there is to say; lists are told by their names."""
    if output.is_json:
        print_json({**values_of(value), **{name: values_of(each) for name, each in more.items()}})
        return
    told = {name: ", ".join(map(str, each)) if isinstance(each, list) else each for name, each in more.items()}
    output.print_fields({**values_of(value), **told})


def attach(admin: "AdminClient", holder: str, name: str, policy: str) -> None:
    """Attach a policy to a user, group or role."""
    _invoke(admin, f"ATTACH_POLICY_TO_{holder.upper()}", holder, name, {"policy_name": policy})


def detach(admin: "AdminClient", holder: str, name: str, policy: str) -> None:
    """Detach a policy from a user, group or role."""
    _invoke(admin, f"DETACH_POLICY_FROM_{holder.upper()}", holder, name, {"policy_name": policy})


def detach_all(admin: "AdminClient", holder: str, name: str) -> None:
    """Detach all policies from a user, group or role."""
    for policy in attached(admin, holder, name):
        detach(admin, holder, name, policy.policy_name)


def attached(admin: "AdminClient", holder: str, name: str) -> "tuple[Policy, ...]":
    """Return the policies of a user, group or role."""
    found: tuple[Policy, ...] = _invoke(admin, f"LIST_POLICIES_FOR_{holder.upper()}", holder, name, {}).policies
    return found


def _invoke(admin: "AdminClient", route: str, holder: str, name: str, more: Mapping[str, str]) -> Any:
    from ossicle.wire.admin import policies

    found: AnyRoute = getattr(policies, route)
    return admin.invoke(found, found.request(**{f"{holder}_name": name}, **more))


def attaching_commands(group: click.Group, holder: str) -> None:
    """Give a group of commands `attach` and `detach`."""
    for verb, change in (("attach", attach), ("detach", detach)):
        group.add_command(_attaching_command(verb, change, holder))


def _attaching_command(verb: str, change: Callable[..., None], holder: str) -> click.Command:
    direction = {"attach": "to", "detach": "from"}[verb]

    def run(*, name: str, policies: tuple[str, ...], connection: Connection, output: Output) -> None:
        with connection.admin() as admin:
            for policy in policies:
                change(admin, holder, name, policy)
        told = f"{verb}ed {', '.join(policies)} {direction} {holder} {name}"
        output.print_done(told, {"action": verb, holder: name, "policies": list(policies)})

    run.__doc__ = f"{verb.capitalize()} policies {direction} a {holder}; it counts from the next request on."
    made: Command = admin_options(run)
    made = click.argument("policies", metavar="POLICY...", nargs=-1, required=True)(made)
    made = click.argument("name", metavar=holder.upper())(made)
    return click.command(verb)(made)


def all_items(admin: "AdminClient", route: "AnyRoute", field: str) -> Iterator[Any]:
    """Yield everything of a list, page by page."""
    for page in admin.pages(route):
        yield from getattr(page, field)
