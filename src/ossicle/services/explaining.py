"""Whether somebody may do something, by the judgement that requests get, and what decides it."""

from typing import Any

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.model.policy import Decision, Verdict
from ossicle.model.ram import RamError, Role, User
from ossicle.ports import MetadataStore, Reading
from ossicle.services.access import Gate, Place, authorize_object
from ossicle.services.identity import ANONYMOUS, Asked, Principal
from ossicle.services.judgement import BUCKET_POLICY, judge, judge_service
from ossicle.services.ram.directory import Directory
from ossicle.services.standing import standing_of_session, standing_of_user
from ossicle.wire.errors import AccessDenied, NoSuchBucket
from ossicle.wire.names import AccountId, BucketName, ObjectAcl
from ossicle.wire.operation import Access, Operation
from ossicle.wire.records import record

_SESSION_NAME = "explain"


@record
class Explanation:
    """Whether it is allowed, and by what; where a policy decides, what it is called, and which statement from 1."""

    is_allowed: bool
    by: str
    resource: str
    policy: str | None = None
    statement: int | None = None


@record
class _Found:
    """What a question is about, as it is now."""

    bucket: Bucket | None
    version: ObjectVersion | None
    decision: Decision


class Explainer:
    """Answers questions about identities of an account."""

    def __init__(self, metadata: MetadataStore, gate: Gate) -> None:
        self._metadata = metadata
        self._gate = gate

    async def caller(self, account: AccountId, *, user: str | None, role: str | None, is_anonymous: bool) -> Principal:
        """Return who is asked about: a user, a session of a role, anybody, or the owner of the account.

        Raises:
            RamError: EntityNotExist.User or .Role, InvalidParameter.User: more than one is named.
        """
        if sum((user is not None, role is not None, is_anonymous)) > 1:
            raise RamError.invalid("User", "Ask about a user, a role or anonymous callers, not about several.")
        if is_anonymous:
            return ANONYMOUS
        return await self._metadata.read(lambda rows: _caller(rows, account, user, role))

    async def explain(
        self, account: AccountId, principal: Principal, operation: Operation[Any, Any], place: Place, asked: Asked
    ) -> Explanation:
        """Judge what a caller would do, and say what decided. Of a bucket of another account it is told no more than trying would.

        Raises:
            NoSuchBucket: it is about a bucket that is not there.
        """
        caller = Principal(account=principal.account, standing=principal.standing, asked=asked)
        found = await self._metadata.read(lambda rows: _find(rows, caller, asked, operation, place))
        is_allowed = await self._is_allowed(caller, operation, place, found)
        resource = _resource(place)
        source = found.decision.source
        is_told = found.bucket is None or found.bucket.owner == account
        if not is_told and source in (None, BUCKET_POLICY):
            return Explanation(is_allowed=is_allowed, by="the account that has the bucket says so", resource=resource)
        if source is None or (is_allowed and found.decision.verdict is Verdict.DENY):
            return Explanation(is_allowed=is_allowed, by=_without_policy(caller, found, operation), resource=resource)
        index = found.decision.index
        statement = None if index is None else index + 1
        by = f"{source}, which does not allow it" if statement is None else f"{source}, statement {statement}"
        return Explanation(is_allowed=is_allowed, by=by, resource=resource, policy=source, statement=statement)

    async def _is_allowed(self, caller: Principal, operation: Operation[Any, Any], place: Place, found: _Found) -> bool:
        bucket, key = found.bucket, place.key
        try:
            if operation.access in (Access.READ, Access.WRITE) and bucket is not None and key is not None:
                await self._metadata.read(
                    lambda rows: authorize_object(rows, caller, bucket, key, found.version, operation.access)
                )
            else:
                await self._gate.authorize(caller, operation, bucket, place)
        except AccessDenied:
            return False
        return True


def _caller(rows: Reading, account: AccountId, user: str | None, role: str | None) -> Principal:
    directory = Directory(rows, account)
    if user is not None:
        return Principal(account=account, standing=standing_of_user(rows, account, directory.get(User, user)))
    if role is None:
        return Principal(account=account)
    found = directory.get(Role, role)
    standing = standing_of_session(
        rows, account, role_name=found.name, role_id=found.id, session_name=_SESSION_NAME, policy=None
    )
    return Principal(account=account, standing=standing)


def _find(rows: Reading, caller: Principal, asked: Asked, operation: Operation[Any, Any], place: Place) -> _Found:
    bucket = None if place.bucket is None else rows.bucket(BucketName(place.bucket))
    if bucket is None:
        if place.bucket is not None and not operation.creates_bucket:
            raise NoSuchBucket(bucket_name=place.bucket)
        return _Found(bucket=None, version=None, decision=judge_service(caller, asked, place.bucket or "*"))
    version = None
    if place.key is not None and place.version_id is not None:
        version = rows.version(bucket.id, place.key, place.version_id)
    elif place.key is not None:
        version = rows.current_version(bucket.id, place.key)
    return _Found(bucket=bucket, version=version, decision=judge(rows, caller, asked, bucket, place.key, version))


def _resource(place: Place) -> str:
    if place.bucket is None:
        return "*"
    return place.bucket if place.key is None else f"{place.bucket}/{place.key}"


def _without_policy(caller: Principal, found: _Found, operation: Operation[Any, Any]) -> str:
    """Return what decides where no policy does: ownership, else an ACL where the operation is one that ACLs grant."""
    bucket = found.bucket
    if caller.standing is None and caller.account is not None:
        if bucket is None:
            return "it is the account's own"
        if caller.account == bucket.owner:
            return "the account owns the bucket"
    if bucket is None or operation.access not in (Access.READ, Access.WRITE):
        return "no policy allows it" if caller.account is not None else "nobody has signed, and no policy allows it"
    acl = ObjectAcl.DEFAULT if found.version is None else found.version.acl
    by = f"the bucket's ACL is {bucket.acl}" if acl is ObjectAcl.DEFAULT else f"the object's ACL is {acl.value}"
    closed = ", public access is blocked" if bucket.blocks_public_access else ""
    return f"{by}{closed}, and no policy says anything"
