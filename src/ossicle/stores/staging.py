"""The staging area of blobs in files, where only the dead leave any."""

import os
from pathlib import Path

from ossicle.stores import blob_ids
from ossicle.wire.names import BlobId


def empty(directory: Path, incarnation: int | None = None) -> None:
    """Remove the staged files of one incarnation, or everything."""
    for entry in os.scandir(directory):
        if incarnation is None or _is_of(entry.name, incarnation):
            os.unlink(entry.path)


def _is_of(name: str, incarnation: int) -> bool:
    return blob_ids.is_blob_id(name) and blob_ids.split(BlobId(name))[0] == incarnation
