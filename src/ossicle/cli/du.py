"""`ossicle du`: how much a bucket or prefix holds."""

from collections import Counter

import click

from ossicle.cli.completion import complete_name
from ossicle.cli.connection import Connection, connection_options
from ossicle.cli.names import parse_name
from ossicle.cli.output import Output, output_options, print_json, print_table
from ossicle.cli.sizes import render_size


@click.command
@click.argument("name", metavar="oss://BUCKET[/PREFIX]", shell_complete=complete_name)
@click.option("--human-readable", "-H", is_flag=True, help="Sizes such as 1.5 MiB.")
@connection_options
@output_options
def du(*, name: str, human_readable: bool, connection: Connection, output: Output) -> None:
    """Count objects and bytes by storage class, and the parts of unfinished uploads."""
    from ossicle.cli.listing import bytes_of_upload, objects_of, uploads_of

    found = parse_name(name)
    if not found.bucket:
        raise click.BadParameter("name a bucket or a prefix: oss://BUCKET[/PREFIX]")
    objects: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    uploads = parts = part_bytes = 0
    with connection.client() as client:
        for item in objects_of(client, found):
            objects[str(item.storage_class)] += 1
            sizes[str(item.storage_class)] += item.size or 0
        for upload in uploads_of(client, found):
            count, size = bytes_of_upload(client, found.bucket, upload)
            uploads, parts, part_bytes = uploads + 1, parts + count, part_bytes + size
    if output.is_json:
        print_json(
            {
                "objects": objects.total(),
                "bytes": sizes.total(),
                "storage_classes": {kind: {"objects": objects[kind], "bytes": sizes[kind]} for kind in sorted(objects)},
                "uploads": {"uploads": uploads, "parts": parts, "bytes": part_bytes},
            }
        )
        return
    shown = render_size if human_readable else str
    rows = [(shown(sizes[kind]), str(objects[kind]), f"objects {kind}") for kind in sorted(objects)]
    rows.append((shown(sizes.total()), str(objects.total()), "objects"))
    if uploads:
        rows.append((shown(part_bytes), str(parts), f"parts of {uploads} unfinished uploads"))
    print_table(rows, (-14, -9))
