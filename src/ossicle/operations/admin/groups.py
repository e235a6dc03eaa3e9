"""Groups and who is in them."""

from ossicle.model import ram
from ossicle.operations.admin.registry import Administration, answers, limit_of
from ossicle.operations.admin.users import shown_user
from ossicle.wire.admin.groups import (
    ADD_USER_TO_GROUP,
    CREATE_GROUP,
    DELETE_GROUP,
    GET_GROUP,
    LIST_GROUPS,
    LIST_GROUPS_FOR_USER,
    LIST_USERS_FOR_GROUP,
    REMOVE_USER_FROM_GROUP,
    CreateGroupRequest,
    Group,
    GroupPage,
    GroupRequest,
    MemberRequest,
)
from ossicle.wire.admin.users import Done, Paging, UserPage, UserRequest


@answers(CREATE_GROUP)
async def create_group(asked: Administration, request: CreateGroupRequest) -> Group:
    """Make a group."""
    return _shown(await asked.ram.groups.create(asked.account, request.group_name, comments=request.comments or ""))


@answers(LIST_GROUPS)
async def list_groups(asked: Administration, request: Paging) -> GroupPage:
    """List groups."""
    page = await asked.ram.groups.list(asked.account, marker=request.marker or "", limit=limit_of(request))
    return GroupPage(groups=tuple(map(_shown, page.items)), marker=page.marker)


@answers(GET_GROUP)
async def get_group(asked: Administration, request: GroupRequest) -> Group:
    """Tell a group."""
    return _shown(await asked.ram.groups.get(asked.account, request.group_name))


@answers(DELETE_GROUP)
async def delete_group(asked: Administration, request: GroupRequest) -> Done:
    """Delete a group."""
    await asked.ram.groups.delete(asked.account, request.group_name)
    return Done()


@answers(LIST_USERS_FOR_GROUP)
async def list_users_for_group(asked: Administration, request: GroupRequest) -> UserPage:
    """List the users of a group, all of them."""
    members = await asked.ram.groups.members(asked.account, request.group_name)
    return UserPage(users=tuple(map(shown_user, members)))


@answers(LIST_GROUPS_FOR_USER)
async def list_groups_for_user(asked: Administration, request: UserRequest) -> GroupPage:
    """List the groups that a user is in, all of them."""
    user = await asked.ram.users.get(asked.account, request.user_name)
    return GroupPage(groups=tuple([_shown(await asked.ram.groups.get(asked.account, name)) for name in user.groups]))


@answers(ADD_USER_TO_GROUP)
async def add_user_to_group(asked: Administration, request: MemberRequest) -> Done:
    """Put a user into a group."""
    await asked.ram.groups.add(asked.account, request.group_name, request.user_name)
    return Done()


@answers(REMOVE_USER_FROM_GROUP)
async def remove_user_from_group(asked: Administration, request: MemberRequest) -> Done:
    """Take a user out of a group."""
    await asked.ram.groups.remove(asked.account, request.group_name, request.user_name)
    return Done()


def _shown(group: ram.Group) -> Group:
    return Group(group_name=group.name, comments=group.comments, create_date=group.created_at)
