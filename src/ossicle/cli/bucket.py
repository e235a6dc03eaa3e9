"""`ossicle bucket`: the settings of a bucket."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_bucket
from ossicle.cli.output import Output, output_options, print_json, printable

if TYPE_CHECKING:
    from ossicle.cli.bucket_settings import Document, Verb
    from ossicle.client.sync import Client
    from ossicle.wire.binding import ResultBase

_FROM: Final = "continuation_token"
_NEXT: Final = "next_continuation_token"


@click.command
@click.argument("action", type=click.Choice(["get", "put", "delete", "complete", "extend"]))
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
            f"--file goes with put, and what else has a document; {action} {called} has none"
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
    if action != "get":
        found = {name: item for page in told for name, item in page.items()}
        output.print_done(f"{action} {called} of oss://{place}", {"bucket": place, "setting": called, **found})
        told = [] if output.is_json or not found else [found]
    for page in told:
        _show(page, output)


def _read(document: "Document", raw: bytes) -> object:
    from ossicle.cli.documents import read_document

    return raw if document.kind is None else read_document(document.kind, document.root, raw)


def _ask(client: "Client", verb: "Verb", request: dict[str, object]) -> Iterator[dict[str, object]]:
    """Carry an operation out, page by page if it has pages, and yield what each tells as JSON has it."""
    while True:
        found = _plain_document(client.invoke(verb.operation, verb.operation.request(**request)))
        yield found
        if not found.get(_NEXT):
            return
        request[_FROM] = found[_NEXT]


def _plain_document(result: "ResultBase") -> dict[str, object]:
    from ossicle.cli.bucket_settings import document_of, own_fields
    from ossicle.cli.documents import to_plain

    document = document_of(type(result))
    if document is None:
        return {name: to_plain(value) for name, value in own_fields(result).items()}
    value = getattr(result, document.field)
    plain = json.loads(value) if document.kind is None else to_plain(value)
    return plain if isinstance(plain, dict) else {document.field: plain}


def _show(document: dict[str, object], output: Output) -> None:
    from ossicle.cli.documents import lines_of

    if output.is_json:
        print_json(document)
        return
    for line in lines_of(document):
        print(printable(line))
