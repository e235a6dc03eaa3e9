"""`ossicle mb`: make a bucket."""

import click

from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_bucket
from ossicle.cli.output import Output, output_options


@click.command
@click.argument("bucket", metavar="oss://BUCKET")
@click.option("--acl", metavar="ACL", help="private, public-read or public-read-write.")
@click.option("--storage-class", metavar="CLASS", help="Storage class, such as IA.")
@connection_options
@output_options
def mb(*, bucket: str, acl: str | None, storage_class: str | None, connection: Connection, output: Output) -> None:
    """Make a bucket; with one of your own, set its ACL."""
    from ossicle.wire.api.bucket import CreateBucketConfiguration, PutBucketRequest

    name = parse_bucket(bucket)
    properties = CreateBucketConfiguration(storage_class=storage_class) if storage_class else None
    with connection.client() as client:
        client.put_bucket(PutBucketRequest(bucket=name, acl=acl, create_bucket_configuration=properties))
    output.print_done(f"made oss://{name}", {"bucket": name})
