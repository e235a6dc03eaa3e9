"""`ossicle rb`: remove a bucket."""

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_bucket
from ossicle.cli.output import Output, output_options


@click.command
@click.argument("bucket", metavar="oss://BUCKET")
@connection_options
@output_options
def rb(*, bucket: str, connection: Connection, output: Output) -> None:
    """Remove an empty bucket."""
    from ossicle.wire.api.bucket import DeleteBucketRequest

    name = parse_bucket(bucket)
    with connection.client() as client:
        client.delete_bucket(DeleteBucketRequest(bucket=name))
    output.print_done(f"removed oss://{name}", {"bucket": name})
