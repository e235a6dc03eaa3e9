"""Whether a caller may do what it asks for.

Source: https://help.aliyun.com/zh/oss/user-guide/overview-of-permissions-and-access-control
"""

from typing import Any

from ossicle.model.access import ANONYMOUS_MANAGEMENT, Refusal, refuse_bucket, refuse_object
from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.services.identity import Principal
from ossicle.wire.errors import AccessDenied
from ossicle.wire.names import ObjectAcl
from ossicle.wire.operation import Access, Level, Operation


def authorize(principal: Principal, operation: Operation[Any, Any], bucket: Bucket | None) -> None:
    """Judge an operation before its body. Reading and writing objects is judged by `authorize_object`, which knows their ACLs.

    Whose bucket it is matters not to an operation that would create it: the name being taken is told as such.

    Raises:
        AccessDenied: anonymous on the service, or the bucket's ACL does not grant it.
    """
    if bucket is None or operation.creates_bucket:
        if principal.account is None:
            _raise(ANONYMOUS_MANAGEMENT)
        return
    if operation.level is Level.OBJECT and operation.access in (Access.READ, Access.WRITE):
        return
    _raise(refuse_bucket(principal.account, bucket, operation.access))


def authorize_object(principal: Principal, bucket: Bucket, version: ObjectVersion | None, access: Access) -> None:
    """Judge reading or writing an object by its ACL; one that is not there by the bucket's, so that its absence is no news.

    Raises:
        AccessDenied: neither ACL grants it.
    """
    acl = ObjectAcl.DEFAULT if version is None else version.acl
    _raise(refuse_object(principal.account, bucket, acl, access))


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise AccessDenied(refusal.message, ec=refusal.ec)
