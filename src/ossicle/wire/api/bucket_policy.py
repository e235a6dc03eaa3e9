"""The policy of a bucket: who may do what with it, as JSON."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, JsonText, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.operation import DOCS, Access, Level, Operation
from ossicle.wire.records import record

KIND: Final = "policy"
"""What the row of a policy is called, which is kept as it came."""
POLICY_BYTES_MAX: Final = 16 * 1024


@record
class PolicyStatus:
    """Whether a policy lets everybody in."""

    is_public: Annotated[bool | None, Tag("IsPublic")] = None


@record
class PutBucketPolicyRequest(RequestBase):
    """Replace the policy of a bucket, JSON of up to 16 KiB."""

    bucket: str
    body: Annotated[bytes | str | None, JsonText()] = None


@record
class PutBucketPolicyResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketPolicyRequest(RequestBase):
    """Ask for the policy of a bucket."""

    bucket: str


@record
class GetBucketPolicyResult(ResultBase):
    """The policy, byte for byte as it was put; a bucket without has no such document."""

    body: Annotated[bytes | None, JsonText()] = None


@record
class DeleteBucketPolicyRequest(RequestBase):
    """Remove the policy of a bucket, if it has one."""

    bucket: str


@record
class DeleteBucketPolicyResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketPolicyStatusRequest(RequestBase):
    """Ask whether the policy of a bucket lets everybody in."""

    bucket: str


@record
class GetBucketPolicyStatusResult(ResultBase):
    """Whether it does; none does not."""

    policy_status: Annotated[PolicyStatus | None, Body("PolicyStatus")] = None


PUT_BUCKET_POLICY: Final = Operation(
    name="PutBucketPolicy",
    method="PUT",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=PutBucketPolicyRequest,
    result=PutBucketPolicyResult,
    selectors=("policy",),
    document_bytes_max=POLICY_BYTES_MAX,
    source=DOCS + "putbucketpolicy",
)
GET_BUCKET_POLICY: Final = Operation(
    name="GetBucketPolicy",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketPolicyRequest,
    result=GetBucketPolicyResult,
    selectors=("policy",),
    source=DOCS + "getbucketpolicy",
)
DELETE_BUCKET_POLICY: Final = Operation(
    name="DeleteBucketPolicy",
    method="DELETE",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=DeleteBucketPolicyRequest,
    result=DeleteBucketPolicyResult,
    selectors=("policy",),
    success_status=204,
    source=DOCS + "deletebucketpolicy",
)
GET_BUCKET_POLICY_STATUS: Final = Operation(
    name="GetBucketPolicyStatus",
    method="GET",
    level=Level.BUCKET,
    access=Access.MANAGE,
    request=GetBucketPolicyStatusRequest,
    result=GetBucketPolicyStatusResult,
    selectors=("policyStatus",),
    source=DOCS + "getbucketpolicystatus",
)

OPERATIONS: Final = (PUT_BUCKET_POLICY, GET_BUCKET_POLICY, DELETE_BUCKET_POLICY, GET_BUCKET_POLICY_STATUS)
