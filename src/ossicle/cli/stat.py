"""`ossicle stat`: what is known of an object or a bucket."""

from typing import TYPE_CHECKING

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import ObjectName, parse_name
from ossicle.cli.output import Output, output_options

if TYPE_CHECKING:
    from ossicle.client.sync import Client


@click.command
@click.argument("name", metavar="oss://BUCKET[/KEY]", shell_complete=complete_name)
@click.option("--version-id", metavar="ID", help="This version of the object.")
@connection_options
@output_options
def stat(*, name: str, version_id: str | None, connection: Connection, output: Output) -> None:
    """Show what is known of an object, or of a bucket."""
    found = parse_name(name)
    if not found.bucket:
        raise click.BadParameter("name a bucket or an object: oss://BUCKET[/KEY]")
    if version_id is not None and not found.key:
        raise click.BadParameter("--version-id goes with oss://BUCKET/KEY")
    with connection.client() as client:
        output.print_fields(_object_facts(client, found, version_id) if found.key else _bucket_facts(client, found))


def _object_facts(client: "Client", name: ObjectName, version_id: str | None) -> dict[str, object]:
    from ossicle.wire.api.object_basic import HeadObjectRequest

    found = client.head_object(HeadObjectRequest(bucket=name.bucket, key=name.key, version_id=version_id))
    return {
        "bucket": name.bucket,
        "key": name.key,
        "size": found.content_length,
        "content_type": found.content_type,
        "etag": found.etag,
        "crc64": found.hash_crc64,
        "last_modified": found.last_modified,
        "storage_class": found.storage_class,
        "object_type": found.object_type,
        "version_id": found.version_id,
        "object_worm_mode": found.object_worm_mode,
        "object_worm_retain_until_date": found.object_worm_retain_until_date,
        "object_worm_legal_hold": found.object_worm_legal_hold,
        **{f"x-oss-meta-{key}": value for key, value in (found.metadata or {}).items()},
    }


def _bucket_facts(client: "Client", name: ObjectName) -> dict[str, object]:
    from ossicle.wire.api.bucket import BucketInfo, GetBucketInfoRequest

    found = client.get_bucket_info(GetBucketInfoRequest(bucket=name.bucket)).bucket_info or BucketInfo()
    return {
        "bucket": found.name,
        "location": found.location,
        "created": found.creation_date,
        "acl": found.acl,
        "storage_class": found.storage_class,
        "data_redundancy_type": found.data_redundancy_type,
        "versioning": found.versioning,
        "extranet_endpoint": found.extranet_endpoint,
        "intranet_endpoint": found.intranet_endpoint,
        "owner": None if found.owner is None else found.owner.id,
    }
