"""Roles."""

from ossicle.model import ram
from ossicle.operations.admin.registry import Administration, answers, limit_of
from ossicle.services.ram.roles import SESSION_SECONDS_DEFAULT
from ossicle.wire.admin.roles import (
    CREATE_ROLE,
    DELETE_ROLE,
    GET_ROLE,
    LIST_ROLES,
    UPDATE_ROLE,
    CreateRoleRequest,
    Role,
    RolePage,
    RoleRequest,
    UpdateRoleRequest,
)
from ossicle.wire.admin.users import Done, Paging


@answers(CREATE_ROLE)
async def create_role(asked: Administration, request: CreateRoleRequest) -> Role:
    """Make a role."""
    seconds = request.max_session_duration
    made = await asked.ram.roles.create(
        asked.account,
        request.role_name,
        request.assume_role_policy_document,
        description=request.description or "",
        session_seconds_max=SESSION_SECONDS_DEFAULT if seconds is None else seconds,
    )
    return _shown(asked, made)


@answers(LIST_ROLES)
async def list_roles(asked: Administration, request: Paging) -> RolePage:
    """List roles."""
    page = await asked.ram.roles.list(asked.account, marker=request.marker or "", limit=limit_of(request))
    return RolePage(roles=tuple(_shown(asked, role) for role in page.items), marker=page.marker)


@answers(GET_ROLE)
async def get_role(asked: Administration, request: RoleRequest) -> Role:
    """Tell a role."""
    return _shown(asked, await asked.ram.roles.get(asked.account, request.role_name))


@answers(UPDATE_ROLE)
async def update_role(asked: Administration, request: UpdateRoleRequest) -> Role:
    """Change a role."""
    changed = await asked.ram.roles.update(
        asked.account,
        request.role_name,
        trust_policy=request.assume_role_policy_document,
        description=request.description,
        session_seconds_max=request.max_session_duration,
    )
    return _shown(asked, changed)


@answers(DELETE_ROLE)
async def delete_role(asked: Administration, request: RoleRequest) -> Done:
    """Delete a role."""
    await asked.ram.roles.delete(asked.account, request.role_name)
    return Done()


def _shown(asked: Administration, role: ram.Role) -> Role:
    return Role(
        role_name=role.name,
        role_id=role.id,
        arn=f"acs:ram::{asked.account}:role/{role.name}",
        description=role.description,
        assume_role_policy_document=role.trust_policy,
        max_session_duration=role.session_seconds_max,
        create_date=role.created_at,
    )
