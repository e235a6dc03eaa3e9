"""What policies say of a request: those of the caller, and that of the bucket.

Source: https://help.aliyun.com/zh/oss/user-guide/ram-policy-overview
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ossicle.model.objects import Bucket, ObjectVersion
from ossicle.model.policy import (
    Ask,
    BucketRules,
    Decision,
    Policy,
    PolicyError,
    Verdict,
    decide,
    evaluate,
    parse_bucket_policy,
)
from ossicle.model.policy.actions import denied_with
from ossicle.model.policy.publicity import is_open
from ossicle.ports import Reading
from ossicle.services.identity import Asked, Principal
from ossicle.wire.api.bucket_policy import KIND as POLICY
from ossicle.wire.api.bucket_tags import BUCKET_TAGS
from ossicle.wire.names import ObjectKey

_POLICIES_MAX: Final = 256
BUCKET_POLICY: Final = "the policy of the bucket"
"""What a decision by the bucket's policy names as its source."""
_ORDER: Final = (Verdict.DENY, Verdict.NONE, Verdict.ALLOW)


def judge(
    rows: Reading,
    principal: Principal,
    asked: Asked,
    bucket: Bucket,
    key: ObjectKey | None,
    version: ObjectVersion | None,
) -> Decision:
    """Return what policies say of a bucket, or of the object of this key in it: a deny of one action, or an allow of each.

    `version` is what the caller would read, change or replace.
    """
    resource = bucket.name if key is None else f"{bucket.name}/{key}"
    values = {**asked.values}
    if version is not None:
        values |= {f"oss:ExistingObjectTag/{name}": (value,) for name, value in version.traits.tags}
    policy = None
    if bucket.settings:
        values |= _bucket_tags(rows, bucket)
        try:
            policy = _policy_of(rows, bucket)
        except PolicyError:
            # An earlier release took it, and this one can't tell whom it keeps out. The owner can put another.
            return Decision(verdict=Verdict.DENY, source=BUCKET_POLICY)
    # OSS: what RAM says counts in the caller's own account only; a bucket of another one lets in by its policy.
    is_own = principal.account == bucket.owner
    return _decide(principal, replace(asked, values=values), resource, bucket.owner, policy, is_own=is_own)


def judge_service(principal: Principal, asked: Asked, resource: str) -> Decision:
    """Return what policies say of the service, or of a bucket that is not there: `*`, or its name."""
    if principal.account is None:
        return Decision(verdict=Verdict.NONE)
    return _decide(principal, asked, resource, principal.account, None, is_own=True)


def _decide(
    principal: Principal, asked: Asked, resource: str, owner: str, policy: Policy | None, *, is_own: bool
) -> Decision:
    standing = principal.standing
    names: frozenset[str] = frozenset(() if principal.account is None else (principal.account,))
    policies: list[tuple[str, Policy]] = []
    session = None
    if standing is not None:
        names, session = standing.principals, standing.session
        policies += standing.policies if is_own else ()
    if policy is not None:
        policies.append((BUCKET_POLICY, policy))

    def ask(action: str) -> Ask:
        return Ask(
            action=action,
            resource=resource,
            owner=owner,
            region=asked.region,
            principals=names,
            values=asked.values,
            service=action.partition(":")[0],
        )

    decisions = [decide(ask(action), policies, session=session) for action in asked.actions]
    everything = policies if session is None else [*policies, session]
    others = (evaluate(everything, ask(other)) for action in asked.actions for other in denied_with(action)[1:])
    decisions += (decision for decision in others if decision.verdict is Verdict.DENY)
    return min(decisions, key=lambda decision: _ORDER.index(decision.verdict))


def _bucket_tags(rows: Reading, bucket: Bucket) -> Mapping[str, Sequence[str]]:
    raw = rows.bucket_config(bucket.id, BUCKET_TAGS.kind) if BUCKET_TAGS.kind in bucket.settings else None
    tags = None if raw is None else BUCKET_TAGS.parse(raw).tag_set
    return {f"oss:BucketTag/{tag.key}": (tag.value or "",) for tag in (tags.tags if tags is not None else ())}


def _policy_of(rows: Reading, bucket: Bucket) -> Policy | None:
    """Return the policy of a bucket; where public access is blocked, without what lets in everybody."""
    raw = rows.bucket_config(bucket.id, POLICY) if POLICY in bucket.settings else None
    if raw is None:
        return None
    policy = _parsed(raw, bucket.name, bucket.owner)
    if not bucket.blocks_public_access:
        return policy
    return replace(policy, statements=tuple(each for each in policy.statements if not is_open(each)))


@lru_cache(_POLICIES_MAX)
def _parsed(raw: bytes, bucket: str, owner: str) -> Policy:
    return parse_bucket_policy(raw, BucketRules(bucket=bucket, owner=owner))
