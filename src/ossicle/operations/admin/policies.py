"""Policies, and whom they are attached to."""

from datetime import datetime

from ossicle.model.ram import SYSTEM_POLICIES, PolicyName, PolicyType
from ossicle.operations.admin.registry import Administration, answers, limit_of
from ossicle.services.ram.policies import Holder, PolicyView
from ossicle.wire.admin import policies as wire
from ossicle.wire.admin.users import Done, Paging


@answers(wire.CREATE_POLICY)
async def create_policy(asked: Administration, request: wire.CreatePolicyRequest) -> wire.Policy:
    """Make a policy."""
    made = await asked.ram.policies.create(
        asked.account, request.policy_name, request.policy_document, description=request.description or ""
    )
    return _shown(made)


@answers(wire.LIST_POLICIES)
async def list_policies(asked: Administration, request: Paging) -> wire.PolicyPage:
    """List policies, those of the system behind the last of the account's own."""
    page = await asked.ram.policies.list(asked.account, marker=request.marker or "", limit=limit_of(request))
    own = [
        wire.Policy(
            policy_name=policy.name,
            policy_type=PolicyType.CUSTOM.value,
            description=policy.description,
            default_version=policy.default_version,
            policy_document=policy.document,
            create_date=policy.created_at,
        )
        for policy in page.items
    ]
    system = map(_shown, asked.ram.policies.system()) if page.marker is None else ()
    return wire.PolicyPage(policies=(*own, *system), marker=page.marker)


@answers(wire.GET_POLICY)
async def get_policy(asked: Administration, request: wire.PolicyRequest) -> wire.Policy:
    """Tell a policy."""
    return _shown(await asked.ram.policies.get(asked.account, _named(request.policy_name)))


@answers(wire.DELETE_POLICY)
async def delete_policy(asked: Administration, request: wire.PolicyRequest) -> Done:
    """Delete a policy."""
    await asked.ram.policies.delete(asked.account, request.policy_name)
    return Done()


@answers(wire.LIST_POLICY_VERSIONS)
async def list_policy_versions(asked: Administration, request: wire.PolicyRequest) -> wire.PolicyVersions:
    """List the versions of a policy of the account."""
    policy = await asked.ram.policies.versions(asked.account, request.policy_name)
    versions = (
        wire.PolicyVersion(
            version_id=version.id,
            is_default_version=version.id == policy.default_version,
            policy_document=version.document,
            create_date=version.created_at,
        )
        for version in policy.versions
    )
    return wire.PolicyVersions(policy_versions=tuple(versions))


@answers(wire.CREATE_POLICY_VERSION)
async def create_policy_version(asked: Administration, request: wire.CreatePolicyVersionRequest) -> wire.PolicyVersion:
    """Add a version."""
    is_default = bool(request.set_as_default)
    version = await asked.ram.policies.add_version(
        asked.account, request.policy_name, request.policy_document, is_default=is_default
    )
    return wire.PolicyVersion(
        version_id=version.id,
        is_default_version=is_default,
        policy_document=version.document,
        create_date=version.created_at,
    )


@answers(wire.SET_DEFAULT_POLICY_VERSION)
async def set_default_policy_version(asked: Administration, request: wire.PolicyVersionRequest) -> Done:
    """Let another version count."""
    await asked.ram.policies.set_default(asked.account, request.policy_name, request.version_id)
    return Done()


@answers(wire.DELETE_POLICY_VERSION)
async def delete_policy_version(asked: Administration, request: wire.PolicyVersionRequest) -> Done:
    """Delete a version that does not count."""
    await asked.ram.policies.delete_version(asked.account, request.policy_name, request.version_id)
    return Done()


@answers(wire.LIST_ENTITIES_FOR_POLICY)
async def list_entities_for_policy(asked: Administration, request: wire.PolicyRequest) -> wire.Holders:
    """Tell whom a policy is attached to."""
    found = await asked.ram.policies.holders(asked.account, _named(request.policy_name))
    return wire.Holders(entities=tuple(wire.Holder(type=holder.value, name=name) for holder, name in found))


@answers(wire.ATTACH_POLICY_TO_USER)
async def attach_policy_to_user(asked: Administration, request: wire.OfUser) -> Done:
    """Attach a policy to a user."""
    return await _attach(asked, request.policy_name, Holder.USER, request.user_name)


@answers(wire.ATTACH_POLICY_TO_GROUP)
async def attach_policy_to_group(asked: Administration, request: wire.OfGroup) -> Done:
    """Attach a policy to a group."""
    return await _attach(asked, request.policy_name, Holder.GROUP, request.group_name)


@answers(wire.ATTACH_POLICY_TO_ROLE)
async def attach_policy_to_role(asked: Administration, request: wire.OfRole) -> Done:
    """Attach a policy to a role."""
    return await _attach(asked, request.policy_name, Holder.ROLE, request.role_name)


@answers(wire.DETACH_POLICY_FROM_USER)
async def detach_policy_from_user(asked: Administration, request: wire.OfUser) -> Done:
    """Detach a policy from a user."""
    return await _detach(asked, request.policy_name, Holder.USER, request.user_name)


@answers(wire.DETACH_POLICY_FROM_GROUP)
async def detach_policy_from_group(asked: Administration, request: wire.OfGroup) -> Done:
    """Detach a policy from a group."""
    return await _detach(asked, request.policy_name, Holder.GROUP, request.group_name)


@answers(wire.DETACH_POLICY_FROM_ROLE)
async def detach_policy_from_role(asked: Administration, request: wire.OfRole) -> Done:
    """Detach a policy from a role."""
    return await _detach(asked, request.policy_name, Holder.ROLE, request.role_name)


@answers(wire.LIST_POLICIES_FOR_USER)
async def list_policies_for_user(asked: Administration, request: wire.HeldByUser) -> wire.AttachedPolicies:
    """List what is attached to a user itself."""
    return await _attached(asked, Holder.USER, request.user_name)


@answers(wire.LIST_POLICIES_FOR_GROUP)
async def list_policies_for_group(asked: Administration, request: wire.HeldByGroup) -> wire.AttachedPolicies:
    """List what is attached to a group."""
    return await _attached(asked, Holder.GROUP, request.group_name)


@answers(wire.LIST_POLICIES_FOR_ROLE)
async def list_policies_for_role(asked: Administration, request: wire.HeldByRole) -> wire.AttachedPolicies:
    """List what is attached to a role."""
    return await _attached(asked, Holder.ROLE, request.role_name)


async def _attach(asked: Administration, policy: str, holder: Holder, name: str) -> Done:
    await asked.ram.policies.attach(asked.account, _named(policy), holder, name)
    return Done()


async def _detach(asked: Administration, policy: str, holder: Holder, name: str) -> Done:
    await asked.ram.policies.detach(asked.account, _named(policy), holder, name)
    return Done()


async def _attached(asked: Administration, holder: Holder, name: str) -> wire.AttachedPolicies:
    found = await asked.ram.policies.attached(asked.account, holder, name)
    return wire.AttachedPolicies(policies=tuple(_shown(each.policy, each.attached_at) for each in found))


def _named(name: str) -> PolicyName:
    """Return the policy of a name: no policy of the account can be called as one of the system."""
    return PolicyName(type=PolicyType.SYSTEM if name in SYSTEM_POLICIES else PolicyType.CUSTOM, name=name)


def _shown(policy: PolicyView, attached_at: datetime | None = None) -> wire.Policy:
    return wire.Policy(
        policy_name=policy.name.name,
        policy_type=policy.name.type.value,
        description=policy.description,
        default_version=policy.default_version,
        policy_document=policy.document,
        create_date=policy.created_at,
        attach_date=attached_at,
    )
