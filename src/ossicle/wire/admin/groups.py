"""Groups of users."""

from datetime import datetime
from typing import Final

from ossicle.wire.admin.route import AnyRoute, Route
from ossicle.wire.admin.users import Done, Paging, UserPage, UserRequest
from ossicle.wire.records import record


@record
class Group:
    """Users who share policies."""

    group_name: str
    comments: str
    create_date: datetime


@record
class GroupPage:
    """Groups by name; `marker` is where the next page begins."""

    groups: tuple[Group, ...]
    marker: str | None = None


@record
class CreateGroupRequest:
    """A new group, without users."""

    group_name: str
    comments: str | None = None


@record
class GroupRequest:
    """Something about one group."""

    group_name: str


@record
class MemberRequest:
    """Something about a user in a group."""

    group_name: str
    user_name: str


_GROUP: Final = "groups/{group_name}"
_MEMBER: Final = f"{_GROUP}/members/{{user_name}}"

CREATE_GROUP = Route(name="CreateGroup", method="POST", path="groups", request=CreateGroupRequest, result=Group)
LIST_GROUPS = Route(name="ListGroups", method="GET", path="groups", request=Paging, result=GroupPage)
GET_GROUP = Route(name="GetGroup", method="GET", path=_GROUP, request=GroupRequest, result=Group)
DELETE_GROUP = Route(name="DeleteGroup", method="DELETE", path=_GROUP, request=GroupRequest, result=Done)
LIST_USERS_FOR_GROUP = Route(
    name="ListUsersForGroup", method="GET", path=f"{_GROUP}/members", request=GroupRequest, result=UserPage
)
LIST_GROUPS_FOR_USER = Route(
    name="ListGroupsForUser", method="GET", path="users/{user_name}/groups", request=UserRequest, result=GroupPage
)
ADD_USER_TO_GROUP = Route(name="AddUserToGroup", method="PUT", path=_MEMBER, request=MemberRequest, result=Done)
REMOVE_USER_FROM_GROUP = Route(
    name="RemoveUserFromGroup", method="DELETE", path=_MEMBER, request=MemberRequest, result=Done
)

ROUTES: Final[tuple[AnyRoute, ...]] = (
    CREATE_GROUP,
    LIST_GROUPS,
    GET_GROUP,
    DELETE_GROUP,
    LIST_USERS_FOR_GROUP,
    LIST_GROUPS_FOR_USER,
    ADD_USER_TO_GROUP,
    REMOVE_USER_FROM_GROUP,
)
