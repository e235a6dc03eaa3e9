"""`ossicle cat`: write an object to standard output."""

import sys

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_object


@click.command
@click.argument("name", metavar="oss://BUCKET/KEY")
@click.option("--range", "byte_range", metavar="FIRST-LAST", help="Bytes wanted, such as 0-99 or -100.")
@connection_options
def cat(*, name: str, byte_range: str | None, connection: Connection) -> None:
    """Write an object's bytes to standard output, checked against its CRC-64."""
    from ossicle.wire.api.object_basic import GetObjectRequest

    found = parse_object(name)
    request = GetObjectRequest(
        bucket=found.bucket,
        key=found.key,
        range_header=f"bytes={byte_range}" if byte_range else None,
        range_behavior="standard" if byte_range else None,
    )
    with connection.client() as client:
        body = client.get_object(request).body
        if body is not None:
            with body:
                for chunk in body:
                    sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
