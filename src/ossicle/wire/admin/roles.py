"""Roles, which can be assumed for some time."""

from datetime import datetime
from typing import Final

from ossicle.wire.admin.route import AnyRoute, Route
from ossicle.wire.admin.users import Done, Paging
from ossicle.wire.records import record


@record
class Role:
    """A role; `assume_role_policy_document` says who may assume it, `max_session_duration` for how many seconds at most."""

    role_name: str
    role_id: str
    arn: str
    description: str
    assume_role_policy_document: str
    max_session_duration: int
    create_date: datetime


@record
class RolePage:
    """Roles by name; `marker` is where the next page begins."""

    roles: tuple[Role, ...]
    marker: str | None = None


@record
class CreateRoleRequest:
    """A new role, which may nothing yet."""

    role_name: str
    assume_role_policy_document: str
    description: str | None = None
    max_session_duration: int | None = None


@record
class UpdateRoleRequest:
    """What changes; all else stays."""

    role_name: str
    assume_role_policy_document: str | None = None
    description: str | None = None
    max_session_duration: int | None = None


@record
class RoleRequest:
    """Something about one role."""

    role_name: str


_ROLE: Final = "roles/{role_name}"

CREATE_ROLE = Route(name="CreateRole", method="POST", path="roles", request=CreateRoleRequest, result=Role)
LIST_ROLES = Route(name="ListRoles", method="GET", path="roles", request=Paging, result=RolePage)
GET_ROLE = Route(name="GetRole", method="GET", path=_ROLE, request=RoleRequest, result=Role)
UPDATE_ROLE = Route(name="UpdateRole", method="PUT", path=_ROLE, request=UpdateRoleRequest, result=Role)
DELETE_ROLE = Route(name="DeleteRole", method="DELETE", path=_ROLE, request=RoleRequest, result=Done)

ROUTES: Final[tuple[AnyRoute, ...]] = (CREATE_ROLE, LIST_ROLES, GET_ROLE, UPDATE_ROLE, DELETE_ROLE)
