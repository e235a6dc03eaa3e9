"""`ossicle bucket`: the settings of a bucket."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_bucket
from ossicle.cli.output import Output, output_options, print_json, printable

if TYPE_CHECKING:
    from ossicle.cli.bucket_settings import Document, Verb
    from ossicle.client import Client

_TAKING_BACK = "delete"


@click.command
@click.argument("action", type=click.Choice(["get", "put", _TAKING_BACK, "complete", "extend"]))
@click.argument("setting", metavar="SETTING")
@click.argument("name", metavar="oss://BUCKET", shell_complete=complete_name)
@click.argument("value", required=False)
@click.option("--file", type=click.File("rb"), help="What to put, as XML or JSON; - is standard input.")
@connection_options
@output_options
def bucket(
    *,
    action: str,
    setting: str,
    name: str,
    value: str | None,
    file: BinaryIO | None,
    connection: Connection,
    output: Output,
) -> None:
    """Get, put or delete a setting of a bucket, or complete or extend its worm.

    SETTING is what OSS calls it, with or without hyphens, as in cors or request-payment. The page on settings of buckets has them all, as has
    the refusal of a name that is none. VALUE is which one, where a bucket has several, such as the id of an inventory, or what a
    setting is that has no document, such as an ACL.
    """
    from ossicle.cli.bucket_settings import document_of, find_verb

    place = parse_bucket(name)
    called, verb = find_verb(setting, action, value)
    document = document_of(verb.operation.request)
    if (file is not None) != (document is not None):
        raise click.UsageError(
            f"--file goes with what has a document, as put; {action} {called} has none"
            if file is not None
            else f"{action} what? --file names a document"
        )
    request: dict[str, object] = {"bucket": place}
    if verb.value is not None:
        request[verb.value] = value
    if file is not None and document is not None:
        request[document.field] = _read(document, file.read())
    with connection.client() as client:
        told = list(_ask(client, verb, request))
    if action == "get":
        for page in told:
            _show(page, output)
        return
    output.print_done(
        f"{action} {called} of oss://{place}", {"bucket": place, "setting": called, **{k: v for d in told for k, v in d.items()}}
    )
