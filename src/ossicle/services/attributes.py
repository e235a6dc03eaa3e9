"""What can be changed of a version without writing it anew: its ACL, its tags, the state of its archive."""

from collections.abc import Callable

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.ports import MetadataStore, Transaction
from ossicle.services.buckets import current_bucket
from ossicle.services.finding import find_version
from ossicle.services.identity import Principal
from ossicle.wire.names import ObjectKey, VersionId
from ossicle.wire.operation import Access

Change = Callable[[ObjectVersion], ObjectVersion]
"""Returns a version as it is to be. What it raises is what the caller is told, and nothing is changed."""


class Attributes:
    """The attributes of the objects of all buckets."""

    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata

    async def change(
        self,
        principal: Principal,
        bucket: Bucket,
        key: ObjectKey,
        version_id: VersionId | None,
        change: Change,
        *,
        method: str,
    ) -> ObjectVersion:
        """Change the version of this id, the current one for None, in one transaction. Its time of change stays.

        Raises:
            AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed: see `find_version`, which is told the `method`.
            NoSuchBucket: the bucket was deleted meanwhile.
        """

        def update(transaction: Transaction) -> ObjectVersion:
            row = current_bucket(transaction, bucket)
            found = find_version(transaction, principal, row, key, version_id, access=Access.MANAGE, method=method)
            changed = change(found)
            if changed != found:
                transaction.update_version(changed)
            return changed

        return await self._metadata.transact(update)
