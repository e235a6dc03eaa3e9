"""The document of a policy: what its statements say, and what is refused before it is kept.

Source: https://help.aliyun.com/zh/oss/user-guide/use-bucket-policies-to-authorize-other-users-to-access-oss-resources
"""

import json
import re
from enum import StrEnum
from typing import Final

from ossicle.wire.errors import InvalidPolicyDocument
from ossicle.wire.policy.operators import OPERATORS
from ossicle.wire.records import record

_VERSION: Final = "1"
_STATEMENT: Final = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
)
_ACTION: Final = re.compile(r"\*|oss:[A-Za-z*?]+")
_RESOURCE: Final = re.compile(r"acs:oss:([^:]*):([^:]*):(.+)", re.DOTALL)
_ACCOUNT: Final = re.compile(r"\*|\d{1,20}|arn:sts::\d{1,20}:assumed-role/[^/]+/[^/]+")
_CONDITION_KEY: Final = re.compile(r"(acs|oss):[A-Za-z][A-Za-z0-9-]*(/.+)?")


class Effect(StrEnum):
    """What a statement does that fits a request."""

    ALLOW = "Allow"
    DENY = "Deny"


@record
class Condition:
    """A condition on a value of the request, of which one of the values has to hold, or for the negative operators none may."""

    operator: str
    key: str
    values: tuple[str, ...]


@record
class Statement:
    """One statement. `is_not_*` turn the list around: all but these."""

    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    is_not_action: bool = False
    is_not_resource: bool = False
    is_not_principal: bool = False


@record
class Policy:
    """The statements in their order."""

    statements: tuple[Statement, ...]

    @property
    def is_public(self) -> bool:
        """Whether a statement lets everybody in, from wherever they come."""
        return any(
            statement.effect is Effect.ALLOW
            and (statement.is_not_principal or "*" in statement.principals)
            and not any(_is_narrow(condition) for condition in statement.conditions)
            for statement in self.statements
        )


# OSS: which conditions make a policy for everybody one for some is unverified in detail.
_NARROWING: Final = frozenset({"acs:SourceIp", "acs:SourceVpc", "acs:AccessId"})
_EVERYWHERE: Final = frozenset({"0.0.0.0/0", "::/0", "*"})


def _is_narrow(condition: Condition) -> bool:
    return condition.key in _NARROWING and "Not" not in condition.operator and _EVERYWHERE.isdisjoint(condition.values)


def parse_bucket_policy(raw: bytes, bucket: str) -> Policy:
    """Return the policy of a bucket.

    Raises:
        InvalidPolicyDocument: it is not JSON, not a policy, or about another bucket; the message says what is wrong and where.
    """
    document = _read(raw)
    if document.get("Version") != _VERSION:
        raise _invalid('Version must be "1"')
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise _invalid("Statement must be a list of statements")
    if unknown := document.keys() - {"Version", "Statement"}:
        raise _invalid(f"{min(unknown)} is no element of a policy")
    return Policy(statements=tuple(_statement(each, number, bucket) for number, each in enumerate(statements, 1)))


def _invalid(reason: str) -> InvalidPolicyDocument:
    return InvalidPolicyDocument(f"Invalid Policy: {reason}.")


def _read(raw: bytes) -> dict[str, object]:
    try:
        document: object = json.loads(raw, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise _invalid(f"Invalid JSON: {error}") from error
    if not isinstance(document, dict):
        raise _invalid("it must be an object")
    return document


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _statement(given: object, number: int, bucket: str) -> Statement:
    if not isinstance(given, dict):
        raise _invalid(f"statement {number} must be an object")
    where = f"statement {number}"
    if unknown := given.keys() - _STATEMENT:
        raise _invalid(f"{where}: {min(unknown)} is no element of a statement")
    if given.get("Effect") not in tuple(Effect):
        raise _invalid(f"{where}: Effect must be Allow or Deny")
    actions, is_not_action = _either(given, "Action", where)
    resources, is_not_resource = _either(given, "Resource", where)
    principals, is_not_principal = _either(given, "Principal", where)
    _judge_each(actions, _ACTION, f"{where}: {{!r}} is no action, such as oss:GetObject")
    for resource in resources:
        _judge_resource(resource, bucket, where)
    _judge_each(principals, _ACCOUNT, f"{where}: {{!r}} is no principal: an id of an account or user, or *")
    return Statement(
        effect=Effect(given["Effect"]),
        actions=actions,
        resources=resources,
        principals=principals,
        conditions=_conditions(given.get("Condition", {}), where),
        is_not_action=is_not_action,
        is_not_resource=is_not_resource,
        is_not_principal=is_not_principal,
    )


def _judge_each(texts: tuple[str, ...], pattern: re.Pattern[str], message: str) -> None:
    for text in texts:
        if pattern.fullmatch(text) is None:
            raise _invalid(message.format(text))


def _either(given: dict[str, object], name: str, where: str) -> tuple[tuple[str, ...], bool]:
    """Return the list of an element or of its negation, of which there has to be one."""
    if (name in given) is (f"Not{name}" in given):
        raise _invalid(f"{where}: it must have either {name} or Not{name}")
    is_negated = name not in given
    name = f"Not{name}" if is_negated else name
    return _texts(given[name], f"{where}: {name}"), is_negated


def _texts(given: object, where: str) -> tuple[str, ...]:
    listed = [given] if isinstance(given, str) else given
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) and each for each in listed):
        raise _invalid(f"{where} must be a text or a list of texts")
    return tuple(listed)


def _judge_resource(resource: str, bucket: str, where: str) -> None:
    if resource == "*":
        return
    found = _RESOURCE.fullmatch(resource)
    if found is None:
        raise _invalid(f"{where}: {resource!r} is no resource, such as acs:oss:*:*:{bucket}/*")
    name = found[3].partition("/")[0]
    # OSS: that wildcards in the name of the bucket are taken is unverified.
    if name != bucket and not set(name) & set("*?"):
        raise _invalid(f"{where}: {resource!r} is not in this bucket")


def _conditions(given: object, where: str) -> tuple[Condition, ...]:
    if not isinstance(given, dict):
        raise _invalid(f"{where}: Condition must be an object")
    found: list[Condition] = []
    for operator, tests in given.items():
        if operator not in OPERATORS:
            raise _invalid(f"{where}: {operator!r} is no operator")
        if not isinstance(tests, dict) or not tests:
            raise _invalid(f"{where}: {operator} must be an object of keys")
        found += [_condition(operator, key, values, where) for key, values in tests.items()]
    return tuple(found)


def _condition(operator: str, key: str, given: object, where: str) -> Condition:
    if _CONDITION_KEY.fullmatch(key) is None:
        raise _invalid(f"{where}: {key!r} is no condition key")
    listed = _as_text(given)
    values = tuple(listed) if isinstance(listed, list) else (listed,)
    for value in values:
        # An empty text is the value of what a request does not have.
        if not isinstance(value, str) or not OPERATORS[operator](value):
            raise _invalid(f"{where}: {value!r} is no value for {operator}")
    if not values:
        raise _invalid(f"{where}: {operator} {key} must have a value")
    return Condition(operator=operator, key=key, values=values)


def _as_text(value: object) -> object:
    """Return yes, no and numbers as the texts that they stand for."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return [_as_text(each) for each in value] if isinstance(value, list) else value
