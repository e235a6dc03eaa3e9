"""Whether somebody may do something, and what decides it. RAM has nothing of the kind."""

from typing import Final

from ossicle.wire.admin.route import AnyRoute, Route
from ossicle.wire.records import record


@record
class ExplainAccessRequest:
    """May `user` (or `role`, or anybody without a key; without all three the account's owner) do `action`?

    `action` is an operation of OSS, such as PutObject. `ip` is where the request would come from; whoever asks stands there if it is left out.
    """

    action: str
    user: str | None = None
    role: str | None = None
    anonymous: bool | None = None
    bucket: str | None = None
    key: str | None = None
    version_id: str | None = None
    prefix: str | None = None
    delimiter: str | None = None
    ip: str | None = None
    secure: bool | None = None


@record
class AccessExplanation:
    """The answer, and `by` what. Where a policy decides, `policy` is what it is called and `statement` its place in there, from 1."""

    allowed: bool
    by: str
    actions: tuple[str, ...]
    resource: str
    policy: str | None = None
    statement: int | None = None


EXPLAIN_ACCESS = Route(
    name="ExplainAccess",
    method="POST",
    path="explain-access",
    request=ExplainAccessRequest,
    result=AccessExplanation,
)

ROUTES: Final[tuple[AnyRoute, ...]] = (EXPLAIN_ACCESS,)
