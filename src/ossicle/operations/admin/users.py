"""Users and their keys."""

from ossicle.model import ram
from ossicle.operations.admin.registry import Administration, answers, limit_of
from ossicle.wire.admin.users import (
    ACTIVE,
    CREATE_ACCESS_KEY,
    CREATE_USER,
    DELETE_ACCESS_KEY,
    DELETE_USER,
    GET_USER,
    INACTIVE,
    LIST_ACCESS_KEYS,
    LIST_USERS,
    UPDATE_ACCESS_KEY,
    UPDATE_USER,
    AccessKey,
    AccessKeyRequest,
    AccessKeys,
    CreateUserRequest,
    Done,
    Paging,
    UpdateAccessKeyRequest,
    UpdateUserRequest,
    User,
    UserPage,
    UserRequest,
)
from ossicle.wire.admin.values import InvalidField


@answers(CREATE_USER)
async def create_user(asked: Administration, request: CreateUserRequest) -> User:
    """Make a user."""
    made = await asked.ram.users.create(
        asked.account,
        request.user_name,
        display_name=request.display_name or "",
        comments=request.comments or "",
    )
    return shown_user(made)


@answers(LIST_USERS)
async def list_users(asked: Administration, request: Paging) -> UserPage:
    """List users."""
    page = await asked.ram.users.list(asked.account, marker=request.marker or "", limit=limit_of(request))
    return UserPage(users=tuple(map(shown_user, page.items)), marker=page.marker)


@answers(GET_USER)
async def get_user(asked: Administration, request: UserRequest) -> User:
    """Tell a user."""
    return shown_user(await asked.ram.users.get(asked.account, request.user_name))


@answers(UPDATE_USER)
async def update_user(asked: Administration, request: UpdateUserRequest) -> User:
    """Change a user."""
    changed = await asked.ram.users.update(
        asked.account,
        request.user_name,
        new_name=request.new_user_name,
        display_name=request.display_name,
        comments=request.comments,
    )
    return shown_user(changed)


@answers(DELETE_USER)
async def delete_user(asked: Administration, request: UserRequest) -> Done:
    """Delete a user."""
    await asked.ram.users.delete(asked.account, request.user_name)
    return Done()


@answers(CREATE_ACCESS_KEY)
async def create_access_key(asked: Administration, request: UserRequest) -> AccessKey:
    """Make a key. Its secret is told here and never again."""
    made = await asked.ram.keys.create(asked.account, request.user_name)
    return _shown_key(made.key, made.secret)


@answers(LIST_ACCESS_KEYS)
async def list_access_keys(asked: Administration, request: UserRequest) -> AccessKeys:
    """List keys."""
    keys = await asked.ram.keys.list(asked.account, request.user_name)
    return AccessKeys(access_keys=tuple(_shown_key(key) for key in keys))


@answers(UPDATE_ACCESS_KEY)
async def update_access_key(asked: Administration, request: UpdateAccessKeyRequest) -> Done:
    """Let a key count, or not."""
    if request.status not in (ACTIVE, INACTIVE):
        raise InvalidField("status", f"status has to be {ACTIVE} or {INACTIVE}")
    is_active = request.status == ACTIVE
    await asked.ram.keys.set_active(asked.account, request.user_name, request.access_key_id, is_active=is_active)
    return Done()


@answers(DELETE_ACCESS_KEY)
async def delete_access_key(asked: Administration, request: AccessKeyRequest) -> Done:
    """Delete a key."""
    await asked.ram.keys.delete(asked.account, request.user_name, request.access_key_id)
    return Done()


def shown_user(user: ram.User) -> User:
    """Return a user as it is told."""
    return User(
        user_name=user.name,
        user_id=user.id,
        display_name=user.display_name,
        comments=user.comments,
        create_date=user.created_at,
    )


def _shown_key(key: ram.UserKey, secret: str | None = None) -> AccessKey:
    return AccessKey(
        access_key_id=key.access_key_id,
        status=ACTIVE if key.is_active else INACTIVE,
        create_date=key.created_at,
        access_key_secret=secret,
    )
