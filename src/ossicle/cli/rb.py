"""`ossicle rb`: remove a bucket."""

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import ObjectName, parse_bucket
from ossicle.cli.output import Output, note, output_options


@click.command
@click.argument("bucket", metavar="oss://BUCKET", shell_complete=complete_name)
@click.option(
    "--force",
    "-f",
    is_flag=True,
    help="Empty it first: every object, in all its versions, and every unfinished upload goes.",
)
@connection_options
@output_options
def rb(*, bucket: str, force: bool, connection: Connection, output: Output) -> None:
    """Remove an empty bucket; with --force, any."""
    from ossicle.wire.api.bucket import DeleteBucketRequest

    name = parse_bucket(bucket)
    with connection.client() as client:
        if force:
            from ossicle.cli.filters import Filters
            from ossicle.cli.removing import abort_uploads, remove_versions, versions_below

            everything = ObjectName(name, "")
            objects = remove_versions(client, name, versions_below(client, everything, Filters()), lambda key: None)
            uploads = abort_uploads(client, everything, lambda upload: None)
            if not output.is_json:
                note(f"removed {objects} objects and {uploads} uploads")
        client.delete_bucket(DeleteBucketRequest(bucket=name))
    output.print_done(f"removed oss://{name}", {"bucket": name})
