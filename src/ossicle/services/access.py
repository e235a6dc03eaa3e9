"""Whether a caller may do what it asks for: policies first, then ownership and ACLs.

Of one action on one resource: an explicit deny, of the caller's policies or of the bucket's, refuses; an allow of either lets in; where
none says anything, management is for the owner, and data for whom the ACLs let in.

Source: https://help.aliyun.com/zh/oss/user-guide/overview-of-permissions-and-access-control
"""

from typing import Any, Final

from ossicle.model.access import ANONYMOUS_MANAGEMENT, Refusal, refuse_bucket, refuse_object
from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.model.policy import Decision, Verdict
from ossicle.model.policy.actions import LEGAL_HOLD, RETENTION
from ossicle.ports import MetadataStore, Reading
from ossicle.services.identity import Asked, Principal
from ossicle.services.judgement import BUCKET_POLICY, judge, judge_service
from ossicle.wire.errors import AccessDenied
from ossicle.wire.names import ObjectAcl, ObjectKey, VersionId
from ossicle.wire.operation import Access, Level, Operation
from ossicle.wire.records import record

_DATA: Final = (Access.READ, Access.WRITE)
_OF_POLICIES: Final = frozenset({"PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"})
"""What its owner may always do, or a policy that denies everything to everybody could never be removed."""
# OSS: which of the texts goes with which reason is unverified but for the first two.
_BY_BUCKET: Final = Refusal(message="Access denied by bucket policy.")
_TO_SESSION: Final = Refusal(message="Access denied by authorizer's policy.")
_KEEPING: Final = frozenset({RETENTION, LEGAL_HOLD})
_OF_OBJECT: Final = Refusal(message="You have no right to access this object.")
_OF_MANAGEMENT: Final = Refusal(message="AccessDenied")


@record
class Place:
    """What an operation addresses: the name of a bucket, which needs not be there, and of what is in it."""

    bucket: str | None = None
    key: ObjectKey | None = None
    version_id: VersionId | None = None


class Gate:
    """Where operations are judged before their bodies."""

    def __init__(self, metadata: MetadataStore) -> None:
        self._metadata = metadata

    async def authorize(
        self, principal: Principal, operation: Operation[Any, Any], bucket: Bucket | None, place: Place
    ) -> None:
        """Judge an operation. Reading and writing objects is judged by `authorize_object`, which knows their ACLs.

        Whose bucket it is matters not to an operation that would create it: the name being taken is told as such.

        Raises:
            AccessDenied: a policy denies it, or none allows it and neither do ownership and ACLs.
        """
        asked = principal.asked
        if operation.access in _DATA and (operation.level is Level.OBJECT or asked is not None):
            return
        if asked is not None and not _is_escape(principal, operation, bucket):
            decision = await self._metadata.read(lambda rows: _judge(rows, principal, asked, bucket, place))
            if decision.verdict is Verdict.ALLOW:
                return
            _raise_if_denied(principal, decision, operation.access)
        _raise(_refuse(principal, operation, bucket))


def _is_escape(principal: Principal, operation: Operation[Any, Any], bucket: Bucket | None) -> bool:
    is_owner = bucket is not None and principal.uid == bucket.owner
    return is_owner and operation.name in _OF_POLICIES


def _judge(rows: Reading, principal: Principal, asked: Asked, bucket: Bucket | None, place: Place) -> Decision:
    if bucket is None:
        return judge_service(principal, asked, place.bucket or "*")
    version, key = None, place.key
    if key is not None and place.version_id is not None:
        version = rows.version(bucket.id, key, place.version_id)
    elif key is not None:
        version = rows.current_version(bucket.id, key)
    return judge(rows, principal, asked, bucket, key, version)


def _refuse(principal: Principal, operation: Operation[Any, Any], bucket: Bucket | None) -> Refusal | None:
    """Return why a caller may not of whom no policy says anything."""
    if principal.standing is not None:
        return _TO_SESSION if principal.standing.is_session else _OF_MANAGEMENT
    if bucket is None or operation.creates_bucket:
        return ANONYMOUS_MANAGEMENT if principal.account is None else None
    return refuse_bucket(principal.uid, bucket, operation.access)


def authorize_object(
    rows: Reading,
    principal: Principal,
    bucket: Bucket,
    key: ObjectKey,
    version: ObjectVersion | None,
    access: Access,
) -> None:
    """Judge what is asked of an object; of one that is not there the bucket's ACL decides, so that its absence is no news.

    Raises:
        AccessDenied: a policy denies it, or none allows it and neither do the ACLs.
    """
    if principal.asked is not None:
        decision = judge(rows, principal, principal.asked, bucket, key, version)
        if decision.verdict is Verdict.ALLOW:
            return
        _raise_if_denied(principal, decision, access)
        if principal.uid != bucket.owner and not _KEEPING.isdisjoint(principal.asked.actions):
            _raise(_OF_OBJECT)  # an ACL lets people write, and not decide that nobody may delete it for years
    acl = ObjectAcl.DEFAULT if version is None else version.acl
    refusal = refuse_object(principal.uid, bucket, acl, access)
    if refusal is not None and principal.standing is not None and principal.standing.is_session:
        refusal = _TO_SESSION
    _raise(refusal)


def _raise_if_denied(principal: Principal, decision: Decision, access: Access) -> None:
    if decision.verdict is not Verdict.DENY:
        return
    if decision.source == BUCKET_POLICY:
        _raise(_BY_BUCKET)
    if principal.standing is not None and principal.standing.is_session:
        _raise(_TO_SESSION)
    _raise(_OF_OBJECT if access in _DATA else _OF_MANAGEMENT)


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise AccessDenied(refusal.message, ec=refusal.ec)
