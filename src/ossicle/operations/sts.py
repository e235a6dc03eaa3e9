"""The actions of STS."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from ossicle.model.ram import RamError
from ossicle.services.identity import Principal
from ossicle.services.sts import Sts, identify

Told = dict[str, Any]
Values = Mapping[str, Sequence[str]]
Answerer = Callable[[Sts, Principal, Mapping[str, str], Values], Awaitable[Told]]


async def assume_role(sts: Sts, caller: Principal, given: Mapping[str, str], values: Values) -> Told:
    """Begin a session of a role; `values` are what the request says of the keys of conditions.

    Raises:
        RamError: a parameter is missing, or see `Sts.assume_role`.
    """
    for name in ("RoleArn", "RoleSessionName"):
        if not given.get(name):
            raise RamError(f"Missing{name}", f"{name} is mandatory for this action.")
    seconds = given.get("DurationSeconds") or None
    if seconds is not None and not (seconds.isascii() and seconds.isdecimal() and len(seconds) < _DIGITS_MAX):
        raise RamError.invalid("DurationSeconds", "The parameter DurationSeconds has to be a number.")
    assumed = await sts.assume_role(
        caller,
        role_arn=given["RoleArn"],
        session_name=given["RoleSessionName"],
        policy=given.get("Policy") or None,
        seconds=None if seconds is None else int(seconds),
        values=values,
    )
    credentials = assumed.credentials
    if credentials.expiration is None:
        raise LookupError("a session without an end")
    return {
        "AssumedRoleUser": {"Arn": assumed.arn, "AssumedRoleId": assumed.id},
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "AccessKeySecret": credentials.access_key_secret,
            "SecurityToken": credentials.security_token,
            "Expiration": credentials.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    }


async def get_caller_identity(_: Sts, caller: Principal, __: Mapping[str, str], ___: Values) -> Told:
    """Tell who calls."""
    found = identify(caller)
    told = {
        "IdentityType": found.type,
        "AccountId": found.account,
        "Arn": found.arn,
        "PrincipalId": found.principal_id,
    }
    if found.type == "RAMUser":
        told["UserId"] = found.principal_id
    if found.type == "AssumedRoleUser":
        told["RoleId"] = found.principal_id.partition(":")[0]
    return told


_DIGITS_MAX: Final = 10
ACTIONS: Final[Mapping[str, Answerer]] = {"AssumeRole": assume_role, "GetCallerIdentity": get_caller_identity}
