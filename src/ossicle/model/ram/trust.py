"""Trust policies: who may assume a role.

Source: https://help.aliyun.com/zh/ram/user-guide/edit-the-trust-policy-of-a-ram-role
"""

import json
import re
from typing import Final

from ossicle.model.policy import PolicyError
from ossicle.model.policy.parsing import unique_names
from ossicle.wire.records import record

_ACTION: Final = "sts:AssumeRole"
_PRINCIPAL: Final = re.compile(r"acs:ram::([0-9]{1,32}):(root|user/[^/*]+|role/[^/*]+)")


@record
class TrustPolicy:
    """Who may assume a role (`allowed`), unless `denied`: ARNs of accounts (`:root`, which is everybody in it) and users."""

    allowed: frozenset[str]
    denied: frozenset[str]

    def users_of(self, account: str) -> frozenset[str]:
        """Return the names of the account's users that the policy names."""
        prefix = f"acs:ram::{account}:user/"
        return frozenset(arn.removeprefix(prefix) for arn in self.allowed | self.denied if arn.startswith(prefix))

    def trusts(self, account: str, arn: str) -> bool:
        """Whether a caller of an account may assume the role; `arn` is what the policy would call the caller."""
        names = {arn, f"acs:ram::{account}:root"}
        return bool(names & self.allowed) and not names & self.denied


def parse_trust_policy(text: str) -> TrustPolicy:
    """Return a trust policy: statements of `sts:AssumeRole` with `Principal.RAM`; `Service` and `Federated` name nobody here.

    Raises:
        PolicyError: it is none, or says what is not understood here: conditions, for one.
    """
    try:
        document = json.loads(text, object_pairs_hook=unique_names)
    except (ValueError, RecursionError) as error:
        raise PolicyError("Invalid JSON.") from error
    if not isinstance(document, dict) or document.get("Version") != "1" or document.keys() != {"Version", "Statement"}:
        raise PolicyError('the document must be an object of Version "1" and Statement.')
    statements = document["Statement"]
    if not isinstance(statements, list) or not statements:
        raise PolicyError("Statement must be an array of at least one statement.")
    named: dict[str, set[str]] = {"Allow": set(), "Deny": set()}
    for at, statement in enumerate(statements):
        effect, names = _statement(statement, f"Statement[{at}]")
        named[effect] |= names
    return TrustPolicy(allowed=frozenset(named["Allow"]), denied=frozenset(named["Deny"]))


def _statement(item: object, where: str) -> tuple[str, set[str]]:
    if not isinstance(item, dict) or item.keys() != {"Effect", "Action", "Principal"}:
        raise PolicyError(f"{where} must have Effect, Action and Principal, and nothing else.")
    if item["Effect"] not in ("Allow", "Deny"):
        raise PolicyError(f'{where}.Effect must be "Allow" or "Deny".')
    if any(action != _ACTION for action in _texts(item["Action"], f"{where}.Action")):
        raise PolicyError(f"{where}.Action must be {_ACTION}.")
    principal = item["Principal"]
    if not isinstance(principal, dict) or not principal or not principal.keys() <= {"RAM", "Service", "Federated"}:
        raise PolicyError(f"{where}.Principal must be an object of RAM, Service or Federated.")
    names = {kind: _texts(value, f"{where}.Principal.{kind}") for kind, value in principal.items()}
    for name in names.get("RAM", ()):
        if not _PRINCIPAL.fullmatch(name):
            raise PolicyError(
                f"{where}.Principal.RAM {name} must be like acs:ram::1234567890123456:root or :user/name."
            )
    return item["Effect"], set(names.get("RAM", ()))


def _texts(value: object, where: str) -> list[str]:
    texts = value if isinstance(value, list) else [value]
    found = [text for text in texts if isinstance(text, str)]
    if not found or len(found) < len(texts):
        raise PolicyError(f"{where} must be a string or an array of strings.")
    return found
