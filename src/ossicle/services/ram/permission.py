"""Whether a caller may manage identities: the account's owner may, others as their policies say of actions `ram:...`.

Source: https://help.aliyun.com/zh/ram/developer-reference/api-ram-2015-05-01-ram-auth
"""

from collections.abc import Iterable, Mapping, Sequence

from ossicle.model.policy import Ask, Verdict, decide
from ossicle.model.ram import RamError
from ossicle.services.identity import Principal
from ossicle.wire.names import AccountId


def authorize_ram(
    caller: Principal, action: str, resources: Iterable[str], values: Mapping[str, Sequence[str]]
) -> AccountId:
    """Return the account that a caller may manage so; `resources` are like `user/ann` or `policy/*`, and it must be allowed on each.

    `values` are what the request says of the keys of conditions.

    Raises:
        RamError: NoPermission.
    """
    if caller.account is None:
        raise RamError.no_permission()
    standing = caller.standing
    if standing is None:
        return caller.account
    for resource in resources:
        ask = Ask(
            action=f"ram:{action}",
            resource=resource,
            owner=caller.account,
            region="*",
            principals=standing.principals,
            values=values,
            service="ram",
        )
        if decide(ask, standing.policies, session=standing.session).verdict is not Verdict.ALLOW:
            raise RamError.no_permission()
    return caller.account
