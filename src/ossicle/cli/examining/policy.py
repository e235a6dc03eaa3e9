"""Whether an action is allowed: by a policy in a file, or to a user whom the server knows."""

from ossicle.cli.examining.check import Check, failure, ok, refused
from ossicle.client.admin import AdminClient
from ossicle.client.failures import ClientError
from ossicle.model.policy import Ask, PolicyError, Verdict, evaluate, parse_ram_policy
from ossicle.wire.admin.explaining import EXPLAIN_ACCESS, ExplainAccessRequest
from ossicle.wire.errors import OssError


def check_policy(raw: bytes, *, source: str, action: str, resource: str, ip: str | None, region: str | None) -> Check:
    """Return whether a policy that is attached to a user allows an action on `bucket` or `bucket/key`."""
    name = action if ":" in action else f"oss:{action}"
    try:
        policy = parse_ram_policy(raw)
    except PolicyError as error:
        return failure("policy", f"{source} is no policy: {error}")
    values = {"acs:SourceIp": (ip,)} if ip else {}
    # The owner is whoever the policy names: a file says nothing of accounts.
    ask = Ask(action=name, resource=resource, owner="*", region=region or "*", values=values)
    decision = evaluate(((source, policy),), ask)
    asked = f"{name} to {resource}"
    if decision.verdict is Verdict.NONE:
        return failure("policy", f"{asked}? no: no statement of {source} is about it", "add a statement that allows it")
    statement = f"statement {(decision.index or 0) + 1} of {source}"
    if decision.verdict is Verdict.DENY:
        return failure("policy", f"{asked}? no: {statement} denies it", "a denial counts before what allows")
    return ok("policy", f"{asked}? yes, by {statement}")


def check_user(admin: AdminClient, *, user: str, action: str, resource: str, ip: str | None) -> Check:
    """Return whether the server lets a user do an action on `bucket` or `bucket/key`, with all policies and ACLs that count there."""
    bucket, _, key = resource.partition("/")
    request = ExplainAccessRequest(user=user, action=action, bucket=bucket or None, key=key or None, ip=ip)
    try:
        found = admin.invoke(EXPLAIN_ACCESS, request)
    except (OssError, ClientError) as error:
        return refused("permission", error)
    asked = f"may {user} {action} to {resource}?"
    if found.allowed:
        return ok("permission", f"{asked} yes: {found.by}")
    return failure("permission", f"{asked} no: {found.by}", "`ossicle policy` makes and attaches what allows it")
