"""Who may do what, by ownership and ACL.

Source: https://help.aliyun.com/zh/oss/user-guide/overview-of-permissions-and-access-control
"""

from typing import Final

from ossicle.model.objects import Bucket
from ossicle.wire.names import ObjectAcl
from ossicle.wire.operation import Access
from ossicle.wire.records import record

_GRANTED_BY: Final = {
    Access.READ: frozenset({"public-read", "public-read-write"}),
    Access.WRITE: frozenset({"public-read-write"}),
    Access.READ_ACL: frozenset[str](),
    Access.WRITE_ACL: frozenset[str](),
    Access.MANAGE: frozenset[str](),
}


@record
class Refusal:
    """Why a caller may not, and the EC of that reason where one is known."""

    message: str
    ec: str | None = None


FOREIGN_BUCKET: Final = Refusal(message="The bucket you access does not belong to you.")
ANONYMOUS_MANAGEMENT: Final = Refusal(message="Anonymous access is forbidden for this operation.")
BUCKET_ACL: Final = Refusal(
    message="You have no right to access this object because of bucket acl.", ec="0003-00000001"
)
_OBJECT_ACL: Final = "You do not have {} permission on this object."
_OF_AN_ACL: Final = frozenset({Access.READ_ACL, Access.WRITE_ACL})


def refuse_bucket(caller: str | None, bucket: Bucket, access: Access) -> Refusal | None:
    """Return why `caller` (None: anonymous) may not use the bucket so, or None when it may."""
    if caller == bucket.owner or (bucket.acl in _GRANTED_BY[access] and not bucket.blocks_public_access):
        return None
    if access is Access.MANAGE:
        return ANONYMOUS_MANAGEMENT if caller is None else FOREIGN_BUCKET
    if access in _OF_AN_ACL:
        # OSS: that anonymous callers are told the same as others is unverified.
        return Refusal(message=_OBJECT_ACL.format(access.value))
    return BUCKET_ACL


def refuse_object(caller: str | None, bucket: Bucket, acl: ObjectAcl, access: Access) -> Refusal | None:
    """Return why `caller` may not read or write an object with this ACL, or None when it may.

    An ACL of its own beats the bucket's; an object that is not there has none, so the bucket's decides.
    """
    if acl is ObjectAcl.DEFAULT or caller == bucket.owner:
        return refuse_bucket(caller, bucket, access)
    if acl in _GRANTED_BY[access] and not bucket.blocks_public_access:
        return None
    # In a bucket that is closed as well, a message of its own would tell that the object is there.
    return refuse_bucket(caller, bucket, access) or Refusal(message=_OBJECT_ACL.format(access.value))
