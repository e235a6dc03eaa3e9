"""What a bucket holds, from any store that can group its versions, or not even that."""

from collections import Counter
from collections.abc import Iterable

from ossicle.model.objects import Usage
from ossicle.wire.names import ObjectType, StorageClass


def usage_of(groups: Iterable[tuple[StorageClass, ObjectType, int, int]], *, uploads: int, parts: int) -> Usage:
    """Return the sum of groups of versions, each with its number and its bytes, and what was counted apart."""
    counts: Counter[StorageClass] = Counter()
    sizes: Counter[StorageClass] = Counter()
    delete_markers = 0
    for storage_class, kind, count, size in groups:
        if kind is ObjectType.DELETE_MARKER:
            delete_markers += count
        else:
            counts[storage_class] += count
            sizes[storage_class] += size
    return Usage(counts=counts, sizes=sizes, delete_markers=delete_markers, uploads=uploads, parts=parts)
