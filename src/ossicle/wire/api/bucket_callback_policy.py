"""Callbacks of a bucket that uploads call by name."""

from typing import Annotated, Final

from ossicle.wire.binding import Body, RequestBase, ResultBase
from ossicle.wire.document import Tag
from ossicle.wire.records import record
from ossicle.wire.setting import Setting, setting_operation


@record
class PolicyItem:
    """One callback: its name, and what the headers `x-oss-callback` and `x-oss-callback-var` would say, in Base64."""

    policy_name: Annotated[str | None, Tag("PolicyName")] = None
    callback: Annotated[str | None, Tag("Callback")] = None
    callback_var: Annotated[str | None, Tag("CallbackVar")] = None


@record
class BucketCallbackPolicy:
    """The callbacks. Kept and told; no upload calls them by name."""

    policy_items: Annotated[tuple[PolicyItem, ...], Tag("PolicyItem")] = ()


@record
class PutBucketCallbackPolicyRequest(RequestBase):
    """Name callbacks."""

    bucket: str
    bucket_callback_policy: Annotated[BucketCallbackPolicy | None, Body("BucketCallbackPolicy")] = None


@record
class PutBucketCallbackPolicyResult(ResultBase):
    """Nothing but the request id."""


@record
class GetBucketCallbackPolicyRequest(RequestBase):
    """Ask which callbacks have names."""

    bucket: str


@record
class GetBucketCallbackPolicyResult(ResultBase):
    """The callbacks; a bucket without has no such document."""

    bucket_callback_policy: Annotated[BucketCallbackPolicy | None, Body("BucketCallbackPolicy")] = None


@record
class DeleteBucketCallbackPolicyRequest(RequestBase):
    """Forget the callbacks."""

    bucket: str


@record
class DeleteBucketCallbackPolicyResult(ResultBase):
    """Nothing but the request id."""


CALLBACK_POLICY: Final = Setting(
    kind="callbackPolicy",
    selected_by=("policy", "comp=callback"),
    root="BucketCallbackPolicy",
    document=BucketCallbackPolicy,
)
PUT_BUCKET_CALLBACK_POLICY: Final = setting_operation(
    "PUT", "BucketCallbackPolicy", "policy&comp=callback", PutBucketCallbackPolicyRequest, PutBucketCallbackPolicyResult
)
GET_BUCKET_CALLBACK_POLICY: Final = setting_operation(
    "GET", "BucketCallbackPolicy", "policy&comp=callback", GetBucketCallbackPolicyRequest, GetBucketCallbackPolicyResult
)
DELETE_BUCKET_CALLBACK_POLICY: Final = setting_operation(
    "DELETE",
    "BucketCallbackPolicy",
    "policy&comp=callback",
    DeleteBucketCallbackPolicyRequest,
    DeleteBucketCallbackPolicyResult,
)

OPERATIONS: Final = (PUT_BUCKET_CALLBACK_POLICY, GET_BUCKET_CALLBACK_POLICY, DELETE_BUCKET_CALLBACK_POLICY)
