"""`ossicle doctor`: whether a server can be used as it is meant to be."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.failures import DONE, FAILED
from ossicle.cli.names import parse_bucket
from ossicle.cli.output import Output, output_options, print_json, printable

if TYPE_CHECKING:
    from ossicle.cli.examining.check import Check


@click.command
@click.argument("bucket", required=False, metavar="[oss://BUCKET]")
@click.option(
    "--origin", metavar="URL", help="Whether pages of this origin may upload, such as https://app.example.com."
)
@click.option("--write", is_flag=True, help="Upload, read and remove a small object with presigned URLs.")
@click.option(
    "--policy",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Ask a policy in a file instead of the server; with --may and --on.",
)
@click.option("--user", metavar="NAME", help="Ask the server what this user may; with --may and --on.")
@click.option("--may", metavar="ACTION", help="The action that is asked about, such as PutObject.")
@click.option("--on", metavar="BUCKET/KEY", help="What the action is on.")
@click.option("--from-ip", metavar="ADDRESS", help="Where the request would come from.")
@connection_options
@output_options
def doctor(
    *,
    bucket: str | None,
    origin: str | None,
    write: bool,
    policy: Path | None,
    user: str | None,
    may: str | None,
    on: str | None,
    from_ip: str | None,
    connection: Connection,
    output: Output,
) -> int:
    """Check a set-up: server, clock, keys, and with a bucket its address, its region, CORS and presigned URLs.

    Nothing is changed, unless --write is given, which cleans up after itself.

    Exit status: 0 nothing failed, 1 something did.
    """
    from ossicle.cli.examining.check import State

    is_asked = policy is not None or user is not None
    if (policy and user) or is_asked != (may is not None) or is_asked != (on is not None):
        raise click.UsageError("--may and --on go together, with one of --policy and --user")
    _check_form(bucket, origin=origin, write=write, is_asked=is_asked)
    resource = (on or "").removeprefix("oss://")
    if policy is not None:
        checks = _of_policy(policy, may or "", resource, from_ip, connection)
    elif user is not None:
        checks = _of_user(user, may or "", resource, from_ip, connection)
    else:
        checks = _of_server(connection, None if bucket is None else parse_bucket(bucket), origin=origin, write=write)
    found = list(_told(checks, output))
    if output.is_json:
        print_json([{"name": one.name, "state": one.state.value, "text": one.text, "fix": one.fix} for one in found])
    return FAILED if any(check.state is State.FAILURE for check in found) else DONE


def _check_form(bucket: str | None, *, origin: str | None, write: bool, is_asked: bool) -> None:
    if bucket is None and (origin or write):
        raise click.UsageError("--origin and --write need oss://BUCKET")
    if bucket is not None and is_asked:
        raise click.UsageError("--policy and --user go without oss://BUCKET: --on says where")


def _told(checks: Iterator["Check"], output: Output) -> Iterator["Check"]:
    """Give the checks, each printed as soon as it is done; JSON comes at the end, whole."""
    for check in checks:
        if not output.is_json:
            print(printable(f"{check.state.value:9}{check.name:12}{check.text}"))
            if check.fix:
                print(printable(f"{'':21}fix: {check.fix}"))
        yield check


def _of_policy(policy: Path, action: str, resource: str, ip: str | None, connection: Connection) -> Iterator["Check"]:
    from ossicle.cli.examining.policy import check_policy

    region = connection.settings().get("region", ("", ""))[0]
    yield check_policy(
        policy.read_bytes(),
        source=policy.name,
        action=action,
        resource=resource,
        ip=ip,
        region=region,
    )


def _of_user(user: str, action: str, resource: str, ip: str | None, connection: Connection) -> Iterator["Check"]:
    from ossicle.cli.examining.policy import check_user

    with connection.admin() as admin:
        yield check_user(admin, user=user, action=action, resource=resource, ip=ip)


def _of_server(connection: Connection, bucket: str | None, *, origin: str | None, write: bool) -> Iterator["Check"]:
    from ossicle.cli.examining.bucket import check_bucket, check_keys, check_origin, check_round_trip
    from ossicle.cli.examining.check import State
    from ossicle.cli.examining.server import Server, check_addressing, check_server
    from ossicle.client.endpoint import resolve_endpoint
    from ossicle.client.pool import PoolTransport
    from ossicle.client.sync import Client

    config = connection.config()
    endpoint = resolve_endpoint(config)
    with closing(PoolTransport(config, endpoint.scheme)) as transport, Client(config) as client:
        server = Server(endpoint=endpoint, transport=transport)
        for check in check_server(server, datetime.now(UTC)):
            yield check
            if check.name == "server" and check.state is State.FAILURE:
                return
        yield check_keys(client)
        if bucket is None:
            return
        addressing = check_addressing(endpoint, bucket)
        yield addressing
        if addressing.state is State.FAILURE:
            return
        yield from check_bucket(client, bucket, region=config.region, authority=endpoint.authority)
        if origin is not None:
            yield check_origin(server, bucket, origin)
        if write:
            yield from check_round_trip(client, server, bucket)
