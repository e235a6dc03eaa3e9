"""Who may do what, by ownership and ACL.

Source: https://help.aliyun.com/zh/oss/user-guide/overview-of-permissions-and-access-control
"""

from typing import Final

from ossicle.model.objects import Bucket
from ossicle.wire.names import AccountId, BucketAcl, ObjectAcl
from ossicle.wire.operation import Access

_READABLE: Final = frozenset({"public-read", "public-read-write"})
_WRITABLE: Final = frozenset({"public-read-write"})
_GRANTED_BY: Final = {Access.READ: _READABLE, Access.WRITE: _WRITABLE, Access.MANAGE: frozenset[str]()}

FOREIGN_BUCKET: Final = "The bucket you access does not belong to you."
ANONYMOUS_MANAGEMENT: Final = "Anonymous access is forbidden for this operation."
BUCKET_ACL: Final = "You have no right to access this object because of bucket acl."
OBJECT_ACL_READ: Final = "You do not have read permission on this object."


def refuse_bucket(caller: AccountId | None, bucket: Bucket, access: Access) -> str | None:
    """Return why `caller` (None: anonymous) may not use the bucket so, or None when it may.

    An object's own ACL may still change the answer for reading, see `refuse_object`.
    """
    if caller == bucket.owner or bucket.acl in _GRANTED_BY[access]:
        return None
    if access is Access.MANAGE:
        return ANONYMOUS_MANAGEMENT if caller is None else FOREIGN_BUCKET
    return BUCKET_ACL


def refuse_object(caller: AccountId | None, bucket: Bucket, acl: ObjectAcl) -> str | None:
    """Return why `caller` may not read an object with this ACL, or None when it may. An ACL of its own beats the bucket's."""
    if caller == bucket.owner:
        return None
    effective = bucket.acl if acl is ObjectAcl.DEFAULT else BucketAcl(acl)
    if effective in _READABLE:
        return None
    return BUCKET_ACL if acl is ObjectAcl.DEFAULT else OBJECT_ACL_READ
