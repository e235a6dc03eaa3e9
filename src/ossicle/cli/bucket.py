"""`ossicle bucket`: the settings of a bucket."""

from typing import TYPE_CHECKING, BinaryIO, Final

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_bucket
from ossicle.cli.output import Output, output_options, print_json, printable

if TYPE_CHECKING:
    from ossicle.wire.operation import AnyOperation
    from ossicle.wire.setting import AnySetting

_METHODS: Final = {"get": "GET", "put": "PUT", "delete": "DELETE"}


@click.command
@click.argument("action", type=click.Choice(list(_METHODS)))
@click.argument("setting", metavar="SETTING")
@click.argument("name", metavar="oss://BUCKET", shell_complete=complete_name)
@click.option("--file", type=click.File("rb"), help="What to put, as XML or JSON; - is standard input.")
@connection_options
@output_options
def bucket(
    *, action: str, setting: str, name: str, file: BinaryIO | None, connection: Connection, output: Output
) -> None:
    """Get, put or delete a setting of a bucket.

    SETTING is what OSS calls it, with or without hyphens, as in cors or request-payment. The page on settings of buckets has them all, as has
    the refusal of a name that is none.
    """
    from ossicle.cli.documents import lines_of, read_document, to_plain

    place = parse_bucket(name)
    found = _find_setting(setting)
    operation = _find_operation(found, _METHODS[action])
    if (file is not None) != (action == "put"):
        raise click.UsageError("--file goes with put" if file is not None else "put what? --file names a document")
    request = {"bucket": place}
    if file is not None:
        request[_field_of(operation.request, found)] = read_document(found.document, found.root, file.read())
    with connection.client() as client:
        result = client.invoke(operation, operation.request(**request))
    if action != "get":
        output.print_done(f"{action} {found.kind} of oss://{place}", {"bucket": place, "setting": found.kind})
        return
    document = to_plain(getattr(result, _field_of(operation.result, found)))
    if output.is_json:
        print_json(document)
    else:
        for line in lines_of(document):
            print(printable(line))


def _find_setting(name: str) -> "AnySetting":
    from ossicle.wire.api import SETTINGS

    wanted = name.replace("-", "").lower()
    for setting in SETTINGS:
        if setting.kind.lower() == wanted:
            return setting
    raise click.BadParameter(f"{name!r} is no setting; there are {', '.join(setting.kind for setting in SETTINGS)}")


def _find_operation(setting: "AnySetting", method: str) -> "AnyOperation":
    from ossicle.wire.api import OPERATIONS
    from ossicle.wire.operation import Level

    for operation in OPERATIONS:
        if (operation.level, operation.method, operation.selectors) == (Level.BUCKET, method, setting.selectors):
            return operation
    raise click.BadParameter(f"{setting.kind} can't be deleted")


def _field_of(message: type, setting: "AnySetting") -> str:
    """Return what a request or result calls the document."""
    from dataclasses import fields

    from ossicle.wire.binding import Body

    return next(
        field.name
        for field in fields(message)
        if any(mark == Body(setting.root) for mark in getattr(field.type, "__metadata__", ()))
    )
