"""`ossicle cat`: write an object to standard output."""

import re
import sys
from typing import TYPE_CHECKING, Final

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_object

if TYPE_CHECKING:
    from ossicle.wire.api.object_basic import GetObjectRequest

_RANGE: Final = re.compile(r"(?P<first>[0-9]{1,19})-(?P<last>[0-9]{1,19})?|-[0-9]{1,19}")


@click.command
@click.argument("name", metavar="oss://BUCKET/KEY", shell_complete=complete_name)
@click.option("--range", "byte_range", metavar="FIRST-LAST", help="Bytes wanted, such as 0-99, 100- or -100.")
@click.option("--version-id", metavar="ID", help="This version of the object.")
@connection_options
def cat(*, name: str, byte_range: str | None, version_id: str | None, connection: Connection) -> None:
    """Write an object's bytes to standard output, checked against its CRC-64."""
    from ossicle.wire.api.object_basic import GetObjectRequest

    found = parse_object(name)
    range_header = None if byte_range is None else _range_header(byte_range)
    request = GetObjectRequest(
        bucket=found.bucket,
        key=found.key,
        version_id=version_id,
        range_header=range_header,
        range_behavior="standard" if range_header else None,
    )
    write_object(connection, request)


def write_object(connection: Connection, request: "GetObjectRequest") -> None:
    """Write an object's bytes to standard output."""
    with connection.client() as client:
        body = client.get_object(request).body
        if body is not None:
            with body:
                for chunk in body:
                    sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()


def _range_header(text: str) -> str:
    found = _RANGE.fullmatch(text)
    if found is None or (found["last"] is not None and int(found["last"]) < int(found["first"])):
        raise click.BadParameter(f"--range {text!r} is not a range of bytes such as 0-99, 100- or -100")
    return f"bytes={text}"
