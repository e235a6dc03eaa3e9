"""Requests and results of the administration as RPC spells them: names in capitals, and lists inside what holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Final, get_type_hints

from ossicle.wire.ram_errors import RamError

Json = Any  # type: ignore[explicit-any]  # what documents are made of

_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "UpdateUser": {"display_name": "NewDisplayName", "comments": "NewComments"},
    "UpdateRole": {
        "assume_role_policy_document": "NewAssumeRolePolicyDocument",
        "description": "NewDescription",
        "max_session_duration": "NewMaxSessionDuration",
    },
    "UpdateAccessKey": {"access_key_id": "UserAccessKeyId"},
    "DeleteAccessKey": {"access_key_id": "UserAccessKeyId"},
}
"""Fields that an action calls otherwise than by their own name in capitals."""


def read_fields(action: str, kind: type, given: Mapping[str, str]) -> dict[str, object]:
    """Return the fields of a request by the names of its record; parameters that are none of them are passed over.

    Raises:
        RamError: InvalidParameter: a number or truth is none.
    """
    hints = get_type_hints(kind)
    found: dict[str, object] = {}
    for item in fields(kind):
        name = _NAMES.get(action, {}).get(item.name, capitals(item.name))
        if name in given:
            found[item.name] = _read(given[name], hints[item.name], name)
    return found


def capitals(name: str) -> str:
    """Return `user_name` as `UserName`."""
    return "".join(part.capitalize() for part in name.split("_"))


def _read(text: str, hint: object, name: str) -> object:
    kinds = getattr(hint, "__args__", (hint,))
    if int in kinds:
        if not (text.isascii() and text.isdecimal()):
            raise RamError.invalid(name, f"The parameter {name} has to be a number.")
        return int(text)
    if bool in kinds:
        if text.lower() not in ("true", "false"):
            raise RamError.invalid(name, f"The parameter {name} has to be true or false.")
        return text.lower() == "true"
    return text


def shape(result: object) -> dict[str, Json]:
    """Return a result as RPC tells it: one thing below its name, lists as `Users.User`."""
    held = {item.name: getattr(result, item.name) for item in fields(result)}  # type: ignore[arg-type]  # a record
    lists = {name: value for name, value in held.items() if isinstance(value, tuple)}
    if not lists:
        return {type(result).__name__: _plain(result)} if held else {}
    told: dict[str, Json] = {capitals(name): {_singular(name): _plain(value)} for name, value in lists.items()}
    if "marker" in held:
        told["IsTruncated"] = held["marker"] is not None
        if held["marker"] is not None:
            told["Marker"] = held["marker"]
    return told


def _singular(name: str) -> str:
    return capitals(name.removesuffix("ies") + "y" if name.endswith("ies") else name.removesuffix("s"))


def _plain(value: object) -> Json:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        held = {item.name: getattr(value, item.name) for item in fields(value)}
        return {capitals(name): _plain(each) for name, each in held.items() if each is not None}
    return value
