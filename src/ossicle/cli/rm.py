"""`ossicle rm`: remove objects."""

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_object
from ossicle.cli.output import Output, output_options


@click.command
@click.argument("objects", nargs=-1, required=True, metavar="oss://BUCKET/KEY...")
@connection_options
@output_options
def rm(*, objects: tuple[str, ...], connection: Connection, output: Output) -> None:
    """Remove objects by name. One that is not there counts as removed, as in OSS."""
    from ossicle.wire.api.object_basic import DeleteObjectRequest

    names = [parse_object(text) for text in objects]
    with connection.client() as client:
        for name in names:
            client.delete_object(DeleteObjectRequest(bucket=name.bucket, key=name.key))
            if not output.is_json:
                output.print_done(f"removed {name}", {})
    if output.is_json:
        output.print_done("", {"removed": [str(name) for name in names]})
