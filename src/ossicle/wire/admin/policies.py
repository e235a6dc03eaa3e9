"""Policies, their versions, and whom they are attached to. A name is of a system policy if there is one, else of the account's own."""

from datetime import datetime
from typing import Final

from ossicle.wire.admin.route import AnyRoute, Route
from ossicle.wire.admin.users import Done, Paging
from ossicle.wire.records import record


@record
class Policy:
    """A policy; `policy_type` is Custom or System, which were there from the beginning. `attach_date` is told of attached ones."""

    policy_name: str
    policy_type: str
    description: str
    default_version: str
    policy_document: str
    create_date: datetime | None = None
    attach_date: datetime | None = None


@record
class PolicyPage:
    """The account's own policies by name, and with the first page those of the system; `marker` is where the next page begins."""

    policies: tuple[Policy, ...]
    marker: str | None = None


@record
class CreatePolicyRequest:
    """A new policy; the document is JSON as a string."""

    policy_name: str
    policy_document: str
    description: str | None = None


@record
class PolicyRequest:
    """Something about one policy."""

    policy_name: str


@record
class PolicyVersion:
    """One text of a policy."""

    version_id: str
    is_default_version: bool
    policy_document: str
    create_date: datetime


@record
class PolicyVersions:
    """All texts of a policy."""

    policy_versions: tuple[PolicyVersion, ...]


@record
class CreatePolicyVersionRequest:
    """Another text, which counts at once if it is set as default."""

    policy_name: str
    policy_document: str
    set_as_default: bool | None = None


@record
class PolicyVersionRequest:
    """Something about one text."""

    policy_name: str
    version_id: str


@record
class Holder:
    """To whom a policy is attached: `type` is User, Group or Role."""

    type: str
    name: str


@record
class Holders:
    """All to whom it is attached."""

    entities: tuple[Holder, ...]


@record
class AttachedPolicies:
    """What is attached to somebody."""

    policies: tuple[Policy, ...]


@record
class OfUser:
    """A policy and a user."""

    user_name: str
    policy_name: str


@record
class OfGroup:
    """A policy and a group."""

    group_name: str
    policy_name: str


@record
class OfRole:
    """A policy and a role."""

    role_name: str
    policy_name: str


@record
class HeldByUser:
    """The policies of a user."""

    user_name: str


@record
class HeldByGroup:
    """The policies of a group."""

    group_name: str


@record
class HeldByRole:
    """The policies of a role."""

    role_name: str


_POLICY: Final = "policies/{policy_name}"
_VERSION: Final = f"{_POLICY}/versions/{{version_id}}"

CREATE_POLICY = Route(name="CreatePolicy", method="POST", path="policies", request=CreatePolicyRequest, result=Policy)
LIST_POLICIES = Route(name="ListPolicies", method="GET", path="policies", request=Paging, result=PolicyPage)
GET_POLICY = Route(name="GetPolicy", method="GET", path=_POLICY, request=PolicyRequest, result=Policy)
DELETE_POLICY = Route(name="DeletePolicy", method="DELETE", path=_POLICY, request=PolicyRequest, result=Done)
LIST_POLICY_VERSIONS = Route(
    name="ListPolicyVersions", method="GET", path=f"{_POLICY}/versions", request=PolicyRequest, result=PolicyVersions
)
CREATE_POLICY_VERSION = Route(
    name="CreatePolicyVersion",
    method="POST",
    path=f"{_POLICY}/versions",
    request=CreatePolicyVersionRequest,
    result=PolicyVersion,
)
SET_DEFAULT_POLICY_VERSION = Route(
    name="SetDefaultPolicyVersion",
    method="PUT",
    path=f"{_POLICY}/default-version",
    request=PolicyVersionRequest,
    result=Done,
)
DELETE_POLICY_VERSION = Route(
    name="DeletePolicyVersion", method="DELETE", path=_VERSION, request=PolicyVersionRequest, result=Done
)
LIST_ENTITIES_FOR_POLICY = Route(
    name="ListEntitiesForPolicy", method="GET", path=f"{_POLICY}/entities", request=PolicyRequest, result=Holders
)
ATTACH_POLICY_TO_USER = Route(
    name="AttachPolicyToUser", method="PUT", path=f"users/{{user_name}}/{_POLICY}", request=OfUser, result=Done
)
ATTACH_POLICY_TO_GROUP = Route(
    name="AttachPolicyToGroup", method="PUT", path=f"groups/{{group_name}}/{_POLICY}", request=OfGroup, result=Done
)
ATTACH_POLICY_TO_ROLE = Route(
    name="AttachPolicyToRole", method="PUT", path=f"roles/{{role_name}}/{_POLICY}", request=OfRole, result=Done
)
DETACH_POLICY_FROM_USER = Route(
    name="DetachPolicyFromUser", method="DELETE", path=f"users/{{user_name}}/{_POLICY}", request=OfUser, result=Done
)
DETACH_POLICY_FROM_GROUP = Route(
    name="DetachPolicyFromGroup",
    method="DELETE",
    path=f"groups/{{group_name}}/{_POLICY}",
    request=OfGroup,
    result=Done,
)
DETACH_POLICY_FROM_ROLE = Route(
    name="DetachPolicyFromRole", method="DELETE", path=f"roles/{{role_name}}/{_POLICY}", request=OfRole, result=Done
)
LIST_POLICIES_FOR_USER = Route(
    name="ListPoliciesForUser",
    method="GET",
    path="users/{user_name}/policies",
    request=HeldByUser,
    result=AttachedPolicies,
)
LIST_POLICIES_FOR_GROUP = Route(
    name="ListPoliciesForGroup",
    method="GET",
    path="groups/{group_name}/policies",
    request=HeldByGroup,
    result=AttachedPolicies,
)
LIST_POLICIES_FOR_ROLE = Route(
    name="ListPoliciesForRole",
    method="GET",
    path="roles/{role_name}/policies",
    request=HeldByRole,
    result=AttachedPolicies,
)

ROUTES: Final[tuple[AnyRoute, ...]] = (
    CREATE_POLICY,
    LIST_POLICIES,
    GET_POLICY,
    DELETE_POLICY,
    LIST_POLICY_VERSIONS,
    CREATE_POLICY_VERSION,
    SET_DEFAULT_POLICY_VERSION,
    DELETE_POLICY_VERSION,
    LIST_ENTITIES_FOR_POLICY,
    ATTACH_POLICY_TO_USER,
    ATTACH_POLICY_TO_GROUP,
    ATTACH_POLICY_TO_ROLE,
    DETACH_POLICY_FROM_USER,
    DETACH_POLICY_FROM_GROUP,
    DETACH_POLICY_FROM_ROLE,
    LIST_POLICIES_FOR_USER,
    LIST_POLICIES_FOR_GROUP,
    LIST_POLICIES_FOR_ROLE,
)
