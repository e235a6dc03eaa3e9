"""What can be changed of a version without writing it anew: its tags, the state of its archive."""

from collections.abc import Callable

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.ports import MetadataStore, Transaction
from ossicle.services.buckets import current_bucket
from ossicle.services.identity import Principal
from ossicle.services.objects import find_readable
from ossicle.wire.names import ObjectKey

Change = Callable[[ObjectVersion], ObjectVersion]
"""Returns a version as it is to be. What it raises is what the caller is told, and nothing is changed."""


class Attributes:
    """The attributes of the objects of all buckets."""

    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata

    async def change(self, principal: Principal, bucket: Bucket, key: ObjectKey, change: Change) -> ObjectVersion:
        """Change the current version in one transaction and return it as it is now. Its time of change stays.

        Raises:
            AccessDenied, NoSuchKey: as for reading it.
            NoSuchBucket: the bucket was deleted meanwhile.
        """

        def update(transaction: Transaction) -> ObjectVersion:
            found = find_readable(transaction, principal, current_bucket(transaction, bucket), key)
            changed = change(found)
            if changed != found:
                transaction.update_version(changed)
            return changed

        return await self._metadata.transact(update)
