"""How a policy is read: strictly, and whatever is refused says where it is wrong."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Final, NoReturn

from ossicle.model.policy.conditions import OPERATORS, Condition, Quantifier
from ossicle.model.policy.document import Effect, Names, Policy, ResourceName, Resources, Statement
from ossicle.model.wildcards import is_fitted
from ossicle.wire.records import record

_VERSION: Final = "1"
_FIELDS: Final = frozenset({"Version", "Statement"})
_STATEMENT_FIELDS: Final = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
)
_ACTION: Final = re.compile(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+")
_PRINCIPAL: Final = re.compile(r"\*|[0-9]{1,32}|arn:sts::[0-9*]{1,32}:assumed-role/[^/]+/[^/]+")
_BUCKET: Final = re.compile(r"[a-z0-9*?-]+")
_TEXT: Final = ("String",)
_TRUTH: Final = (*_TEXT, "Bool")
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "acs:SourceIp": (*_TEXT, "IpAddress", "NotIpAddress"),
    "acs:UserAgent": _TEXT,
    "acs:CurrentTime": (*_TEXT, "Date"),
    "acs:SecureTransport": _TRUTH,
    "acs:AccessId": _TEXT,
    "acs:MFAPresent": _TRUTH,
    "acs:SourceVpc": _TEXT,
    "oss:Prefix": _TEXT,
    "oss:Delimiter": _TEXT,
    "oss:x-oss-acl": _TEXT,
    "oss:x-oss-object-acl": _TEXT,
}
"""With which operators go with each, by their beginnings: another kind reads none of its values, so that a deny by it would never hold."""
_KEYS_OF_TAGS: Final = ("oss:BucketTag/", "oss:ExistingObjectTag/", "oss:RequestObjectTag/")
_OF_TAGS: Final = ("String", "Numeric", "Date", "Bool")
_OURS: Final = ("acs:", "oss:")
_SERVICES: Final = ("oss", "ram", "sts")
"""Statements about these are carried out here: a key that no request has a value for would make them say another thing than is meant."""
_EVERYTHING: Final = ResourceName(service="*", region="*", owner="*", path="*")
_PARTS: Final = 5


class PolicyError(ValueError):
    """A text is no policy; the message says why."""


class _Number(str):
    """A number as it was written: values of conditions may be such, and nothing else."""

    __slots__ = ()


@record
class BucketRules:
    """What the policy of a bucket may name: resources of this bucket, and of this owner."""

    bucket: str
    owner: str


def parse_ram_policy(raw: bytes) -> Policy:
    """Return a policy that is attached to a user, group or role, or comes with a session: it names no principal.

    Raises:
        PolicyError: it is none.
    """
    return _parse(raw, None)


def parse_bucket_policy(raw: bytes, rules: BucketRules) -> Policy:
    """Return the policy of a bucket: each statement names principals, and resources of the bucket.

    Raises:
        PolicyError: it is none.
    """
    return _parse(raw, rules)


def _parse(raw: bytes, rules: BucketRules | None) -> Policy:
    document = _load(raw)
    if not isinstance(document, dict):
        raise PolicyError("the document must be a JSON object.")
    _refuse_unknown(document, _FIELDS, "")
    version = document.get("Version")
    if version != _VERSION or isinstance(version, _Number):
        raise PolicyError('Version must be "1".')
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise PolicyError("Statement must be an array of at least one statement.")
    return Policy(statements=tuple(_statement(item, f"Statement[{at}]", rules) for at, item in enumerate(statements)))


def _load(raw: bytes) -> object:
    try:
        document: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=unique_names,
            parse_constant=_no_constant,
            parse_int=_Number,
            parse_float=_Number,
        )
    except PolicyError:
        raise
    except UnicodeDecodeError as error:
        raise PolicyError("Invalid JSON: it is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise PolicyError(f"Invalid JSON: {error.msg} at line {error.lineno} column {error.colno}.") from error
    except RecursionError as error:
        raise PolicyError("Invalid JSON: it is nested too deep.") from error
    return document


def unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the members of an object, for `json.loads`.

    Raises:
        PolicyError: a name stands there twice.
    """
    made = dict(pairs)
    if len(made) < len(pairs):
        # Which of the two counts would be anybody's guess, and a guess here lets somebody in.
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise PolicyError(f"Invalid JSON: {twice} stands there twice.")
    return made


def _no_constant(name: str) -> NoReturn:
    raise PolicyError(f"Invalid JSON: {name} is no value.")


def _refuse_unknown(found: dict[str, object], known: frozenset[str], where: str) -> None:
    for name in found:
        if name not in known:
            raise PolicyError(f"{where}{name} is not an element of a policy.")


def _statement(item: object, where: str, rules: BucketRules | None) -> Statement:
    if not isinstance(item, dict):
        raise PolicyError(f"{where} must be an object.")
    _refuse_unknown(item, _STATEMENT_FIELDS, f"{where}.")
    if item.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f'{where}.Effect must be "Allow" or "Deny".')
    actions = _actions(item, where, rules)
    is_ours = rules is not None or actions.is_inverted or _are_ours(actions)
    return Statement(
        effect=Effect(item["Effect"]),
        actions=actions,
        resources=_resources(item, where, rules),
        principals=_principals(item, where, rules),
        conditions=_conditions(item.get("Condition", {}), f"{where}.Condition", is_ours=is_ours),
    )


def _actions(item: dict[str, object], where: str, rules: BucketRules | None) -> Names:
    texts, name = _either(item, "Action", where)
    for text in texts:
        if text != "*" and not _ACTION.fullmatch(text):
            raise PolicyError(f"{where}.{name} {text} must be like oss:GetObject.")
        if rules is not None and text != "*" and not text.lower().startswith("oss:"):
            raise PolicyError(f"{where}.{name} {text} is not an action of OSS.")
    return Names(patterns=tuple(text.lower() for text in texts), is_inverted=name.startswith("Not"))


def _are_ours(actions: Names) -> bool:
    services = [text.partition(":")[0] for text in actions.patterns]
    return any(is_fitted(service, services) for service in _SERVICES)


def _resources(item: dict[str, object], where: str, rules: BucketRules | None) -> Resources:
    texts, name = _either(item, "Resource", where)
    patterns = tuple(_resource(text, f"{where}.{name}", rules) for text in texts)
    return Resources(patterns=patterns, is_inverted=name.startswith("Not"))


def _resource(text: str, where: str, rules: BucketRules | None) -> ResourceName:
    if text == "*" and rules is None:
        return _EVERYTHING
    name = _named(text)
    if name is None:
        raise PolicyError(f"{where} {text} must be like acs:oss:*:*:bucket/key.")
    if rules is not None:
        if name.service != "oss":
            raise PolicyError(f"{where} {text} is not a resource of OSS.")
        if name.owner not in ("*", rules.owner):
            raise PolicyError(f"{where} {text} is not of the bucket's owner.")
        if name.path.partition("/")[0] != rules.bucket:
            raise PolicyError(f"{where} {text} is not in the bucket {rules.bucket}.")
    return name


def _named(text: str) -> ResourceName | None:
    """Return what a text names. One that would fit nothing is none, since a deny by it would never hold: with an empty part, or no bucket."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) < _PARTS or parts[0] != "acs":
        return None
    _, service, region, owner, path = parts
    service = service.lower()
    if service == "oss" and not _BUCKET.fullmatch(path.partition("/")[0]):
        return None
    if service != "oss":
        region = region or "*"  # RAM and STS have no regions, and are named without
    if not (service and region and owner and path):
        return None
    return ResourceName(service=service, region=region, owner=owner, path=path)


def _principals(item: dict[str, object], where: str, rules: BucketRules | None) -> Names | None:
    if rules is None:
        for name in ("Principal", "NotPrincipal"):
            if name in item:
                raise PolicyError(f"{where}.{name} stands in policies of buckets only.")
        return None
    texts, name = _either(item, "Principal", where)
    for text in texts:
        if not _PRINCIPAL.fullmatch(text):
            raise PolicyError(f"{where}.{name} {text} must be a UID, * or arn:sts::uid:assumed-role/role/session.")
    return Names(patterns=texts, is_inverted=name.startswith("Not"))


def _either(item: dict[str, object], name: str, where: str) -> tuple[tuple[str, ...], str]:
    """Return the texts of an element or of its negation, and which of the two there is."""
    given = [candidate for candidate in (name, f"Not{name}") if candidate in item]
    if len(given) != 1:
        raise PolicyError(f"{where} must have exactly one of {name} and Not{name}.")
    return _texts(item[given[0]], f"{where}.{given[0]}"), given[0]


def _texts(value: object, where: str) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(type(text) is str and text for text in texts):
        raise PolicyError(f"{where} must be a string or an array of strings, none of them empty.")
    return tuple(texts)


def _conditions(value: object, where: str, *, is_ours: bool) -> tuple[Condition, ...]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where} must be an object.")
    conditions: list[Condition] = []
    for operator, keys in value.items():
        if not isinstance(keys, dict) or not keys:
            raise PolicyError(f"{where}.{operator} must be an object of at least one key.")
        conditions += (_condition(operator, key, values, where, is_ours=is_ours) for key, values in keys.items())
    return tuple(conditions)


def _condition(name: str, key: str, given: object, where: str, *, is_ours: bool) -> Condition:
    quantifier = next((each for each in Quantifier if each.value and name.startswith(each.value)), Quantifier.PLAIN)
    operator = OPERATORS.get(name.removeprefix(quantifier.value))
    if operator is None:
        raise PolicyError(f"{where}.{name} is not an operator.")
    kinds = _kinds_of(key)
    if kinds is None and (is_ours or key.lower().startswith(_OURS)):
        raise PolicyError(f"{where}.{name}.{key} is not a key of conditions.")
    if kinds is not None and not operator.name.startswith(kinds):
        raise PolicyError(f"{where}.{name} does not go with {key}: its operators begin with {', '.join(kinds)}.")
    values = []
    for text in _scalars(given, f"{where}.{name}.{key}"):
        try:
            values.append(operator.read_policy(text))
        except ValueError as error:
            raise PolicyError(f"{where}.{name}.{key} {text} must be {operator.expected}.") from error
    return Condition(operator=operator, quantifier=quantifier, key=key, values=tuple(values))


def _kinds_of(key: str) -> tuple[str, ...] | None:
    """Return how the operators of a key begin; nothing, if it is not one of ours. A tag has its whole name, since keys know no wildcards."""
    if key in _KEYS:
        return _KEYS[key]
    is_tag = any(key.startswith(prefix) and key != prefix for prefix in _KEYS_OF_TAGS)
    return _OF_TAGS if is_tag and not {"*", "?"} & set(key) else None


def _scalars(value: object, where: str) -> list[str]:
    """Return the values of a key. Numbers came as texts, and true and false may stand without quotes as well."""
    values = value if isinstance(value, list) else [value]
    texts = [str(each).lower() if isinstance(each, bool) else each for each in values]
    found = [text for text in texts if isinstance(text, str)]
    if not found or len(found) < len(texts):
        raise PolicyError(f"{where} must be a string or an array of strings.")
    return found
