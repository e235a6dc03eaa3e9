"""What policies say of a request: an explicit deny first, then an allow, and which statement it was."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import Enum

from ossicle.model.policy.conditions import is_met
from ossicle.model.policy.document import EVERYBODY, Effect, Names, Policy, ResourceName, Resources, Statement
from ossicle.model.wildcards import is_fitted
from ossicle.wire.records import record


@record
class Ask:
    """One action on one resource, and who wants it.

    `principals` are all names of the caller: the UID of the account or user, and of a session its ARN; empty for anonymous callers.
    `resource` is `bucket`, `bucket/key`, or `*` for the service; `region` is without `oss-`. `values` are what the request says of the
    keys of conditions.
    """

    action: str
    resource: str
    owner: str
    region: str
    principals: frozenset[str] = frozenset()
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    service: str = "oss"


class Verdict(Enum):
    """What was decided: DENY is explicit, NONE that no statement fits."""

    ALLOW = "allow"
    DENY = "deny"
    NONE = "none"


@record
class Decision:
    """A verdict, and the statement that it is by: whose policy, and its place there from 0. A verdict of NONE is by none."""

    verdict: Verdict
    source: str | None = None
    index: int | None = None


Sources = Sequence[tuple[str, Policy]]
"""Policies, each with what it is called towards people."""


def evaluate(policies: Sources, ask: Ask) -> Decision:
    """Return what policies say together: the first statement that denies decides, and if there is none, the first that allows."""
    allowed: Decision | None = None
    for source, policy in policies:
        for index, statement in enumerate(policy.statements):
            if (allowed is not None and statement.effect is Effect.ALLOW) or not fits(statement, ask):
                continue
            if statement.effect is Effect.DENY:
                return Decision(verdict=Verdict.DENY, source=source, index=index)
            allowed = Decision(verdict=Verdict.ALLOW, source=source, index=index)
    return allowed or Decision(verdict=Verdict.NONE)


def decide(ask: Ask, policies: Sources, *, session: tuple[str, Policy] | None = None) -> Decision:
    """Return what the policies of a caller and of a bucket say; a session's own must allow it as well.

    What the session's policy does not allow is denied, by that policy's name and no statement if none of it denies.
    """
    if session is not None:
        limit = evaluate((session,), ask)
        if limit.verdict is not Verdict.ALLOW:
            return Decision(verdict=Verdict.DENY, source=session[0], index=limit.index)
    return evaluate(policies, ask)


def fits(statement: Statement, ask: Ask) -> bool:
    """Whether a statement is about this request."""
    return (
        _fits_action(statement.actions, ask.action.lower())
        and _fits_resource(statement.resources, ask)
        and _fits_principal(statement.principals, ask.principals)
        and all(is_met(condition, ask.values) for condition in statement.conditions)
    )


def _fits_action(actions: Names, action: str) -> bool:
    return is_fitted(action, actions.patterns) is not actions.is_inverted


def _fits_resource(resources: Resources, ask: Ask) -> bool:
    return any(_is_named(name, ask) for name in resources.patterns) is not resources.is_inverted


def _is_named(name: ResourceName, ask: Ask) -> bool:
    return (
        is_fitted(ask.resource, (name.path,))
        and is_fitted(ask.owner, (name.owner,))
        and (is_fitted(ask.region, (name.region,)) or is_fitted(f"oss-{ask.region}", (name.region,)))
        and is_fitted(ask.service, (name.service,))
    )


def _fits_principal(names: Names | None, principals: frozenset[str]) -> bool:
    if names is None:
        return True
    # Anonymous callers have no name, which `*` stands for as well.
    is_one = EVERYBODY in names.patterns or any(is_fitted(each, names.patterns) for each in principals)
    return is_one is not names.is_inverted
