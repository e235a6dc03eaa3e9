"""STS: roles assumed for some time, and who somebody is.

Source: https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-assumerole
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from ossicle.model.policy import Ask, PolicyError, Verdict, evaluate, parse_ram_policy
from ossicle.model.ram import RamError, Role, parse_trust_policy
from ossicle.ports import MetadataStore
from ossicle.services.identity import Principal
from ossicle.services.ram.directory import Directory
from ossicle.services.sealing import Seal
from ossicle.services.sessions import PREFIX, Session
from ossicle.services.standing import Standing
from ossicle.wire.credentials import Credentials
from ossicle.wire.names import AccountId
from ossicle.wire.records import record
from ossicle.wire.sources import Clock, IdSource

SECONDS_MIN: Final = 900
SECONDS_DEFAULT: Final = 3600
_POLICY_CHARACTERS_MAX: Final = 2048
_ROLE_ARN: Final = re.compile(r"acs:ram::([0-9]{1,32}):role/([A-Za-z0-9.-]{1,64})")
_SESSION_NAME: Final = re.compile(r"[A-Za-z0-9.@_-]{2,64}")
_ID_BYTES: Final = 12
_SECRET_BYTES: Final = 20


@record
class Assumed:
    """A session that was begun: its key, and what it is called."""

    credentials: Credentials
    arn: str
    id: str


@record
class CallerIdentity:
    """Who a caller is: an `Account`, a `RAMUser` or an `AssumedRoleUser`."""

    type: str
    account: AccountId
    arn: str
    principal_id: str


class Sts:
    """Sessions. `seconds_min` is the shortest that may be asked for; tests want seconds."""

    def __init__(
        self, metadata: MetadataStore, seal: Seal, clock: Clock, ids: IdSource, *, seconds_min: int = SECONDS_MIN
    ) -> None:
        self._metadata = metadata
        self._seal = seal
        self._clock = clock
        self._ids = ids
        self._seconds_min = seconds_min

    async def assume_role(
        self,
        caller: Principal,
        *,
        role_arn: str,
        session_name: str,
        policy: str | None = None,
        seconds: int | None = None,
        values: Mapping[str, Sequence[str]],
    ) -> Assumed:
        """Begin a session of a role, which may what the role may and, if there is a policy, what that allows as well.

        `values` are what the request says of the keys of conditions.

        Raises:
            RamError: InvalidParameter of one of the arguments, EntityNotExist.Role: of the own account, NoPermission: the caller is an account's owner, may
                not assume the role by its own policies, or is not trusted by the role.
        """
        account, role_name = _parse_role(role_arn)
        _judge_session(session_name, policy)
        _judge_caller(caller, role_arn, account, values)
        role = await self._trusting_role(caller, account, role_name)
        lasting = SECONDS_DEFAULT if seconds is None else seconds
        if not self._seconds_min <= lasting <= role.session_seconds_max:
            raise RamError.invalid(
                "DurationSeconds",
                f"DurationSeconds must be {self._seconds_min} to {role.session_seconds_max} seconds for this role.",
            )
        session = Session(
            access_key_id=PREFIX + self._ids(_ID_BYTES).hex().upper(),
            access_key_secret=self._ids(_SECRET_BYTES).hex(),
            account=account,
            role_name=role.name,
            role_id=role.id,
            name=session_name,
            expires_at=math.ceil((self._clock() + timedelta(seconds=lasting)).timestamp()),
            policy=policy,
        )
        return Assumed(
            credentials=session.to_credentials(self._seal),
            arn=f"acs:ram::{account}:role/{role.name}/{session_name}",
            id=f"{role.id}:{session_name}",
        )

    async def _trusting_role(self, caller: Principal, account: AccountId, name: str) -> Role:
        """Return the role of this name if it trusts the caller. Which roles another account has is not told."""
        role = await self._metadata.read(lambda rows: Directory(rows, account).find(Role, name))
        if role is None and caller.account == account:
            raise RamError.not_exist("Role")
        standing = caller.standing
        if role is None or standing is None or caller.account is None:
            raise RamError.no_permission()
        if not _is_trusted(role, account, standing, caller.account):
            raise RamError.no_permission()
        return role


def identify(caller: Principal) -> CallerIdentity:
    """Return who a caller is.

    Raises:
        RamError: NoPermission: nobody signed.
    """
    if caller.account is None:
        raise RamError.no_permission()
    standing = caller.standing
    if standing is None:
        arn = f"acs:ram::{caller.account}:root"
        return CallerIdentity(type="Account", account=caller.account, arn=arn, principal_id=caller.account)
    kind = "AssumedRoleUser" if standing.is_session else "RAMUser"
    return CallerIdentity(type=kind, account=caller.account, arn=standing.arn, principal_id=standing.uid)


def _is_trusted(role: Role, account: AccountId, caller: Standing, caller_account: AccountId) -> bool:
    """Whether a role of an account trusts a caller: users of the same account by their ids, those of others by their names."""
    arn = caller.arn
    if caller_account == account:
        name = next((each.name for each in role.trusted_users if each.id == caller.uid), "")
        arn = f"acs:ram::{account}:user/{name}"
    return parse_trust_policy(role.trust_policy).trusts(caller_account, arn)


def _parse_role(arn: str) -> tuple[AccountId, str]:
    match = _ROLE_ARN.fullmatch(arn)
    if match is None:
        raise RamError.invalid("RoleArn", "The parameter RoleArn is wrongly formed.")
    return AccountId(match[1]), match[2]


def _judge_session(name: str, policy: str | None) -> None:
    if not _SESSION_NAME.fullmatch(name):
        raise RamError.invalid("RoleSessionName", "The parameter RoleSessionName is wrongly formed.")
    if policy is None:
        return
    if len(policy) > _POLICY_CHARACTERS_MAX:
        # OSS: 1,024 in older docs.
        raise RamError.invalid("PolicySize", f"The size of Policy must be smaller than {_POLICY_CHARACTERS_MAX} bytes.")
    try:
        parse_ram_policy(policy.encode("utf-8", "surrogatepass"))
    except PolicyError as error:
        raise RamError.invalid(
            "PolicyGrammar", f"The parameter Policy has not passed grammar check: {error}"
        ) from error


def _judge_caller(caller: Principal, role_arn: str, account: AccountId, values: Mapping[str, Sequence[str]]) -> None:
    """Judge whether the caller's own policies let it assume the role. Owners may not, on the real service either."""
    standing = caller.standing
    if standing is None or standing.is_session:
        # OSS: that a session may not assume another role is unverified.
        raise RamError("NoPermission", "Roles may be assumed by RAM users only.", 403)
    ask = Ask(
        action="sts:AssumeRole",
        resource=role_arn.rpartition(":")[2],
        owner=account,
        region="*",
        principals=standing.principals,
        values=values,
        service="ram",
    )
    if evaluate(standing.policies, ask).verdict is not Verdict.ALLOW:
        raise RamError.no_permission()
