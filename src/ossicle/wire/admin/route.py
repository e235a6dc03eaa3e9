"""One thing that can be asked of the administration, as a value; and the message that it is, made and read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final, Generic, TypeAlias, TypeVar, get_type_hints

from ossicle.wire.admin.values import InvalidField, from_json, parse_json, render_json
from ossicle.wire.http import Query, Resource
from ossicle.wire.records import record
from ossicle.wire.text import decode, encode, percent_decode, percent_encode

In = TypeVar("In")
Out = TypeVar("Out")

_RESERVED: Final = b"/_ossicle/"
PREFIX: Final = _RESERVED + b"admin/v1/"
_NUMBER: Final = re.compile("[0-9]{1,9}")
_WITH_BODY: Final = frozenset({"PUT", "POST"})


@record
class Route(Generic[In, Out]):
    """`name` is the action of RAM, `path` what follows the prefix, with fields of the request in braces."""

    name: str
    method: str
    path: str
    request: type[In]
    result: type[Out]

    @property
    def parts(self) -> tuple[str, ...]:
        """The path in its parts."""
        return tuple(self.path.split("/"))


AnyRoute: TypeAlias = Route[Any, Any]  # type: ignore[explicit-any]  # for tables, which hold routes of all types
Captured: TypeAlias = Mapping[str, str]
"""Fields that stand in a path."""


@record
class Message:
    """A request as it travels, but for its head: the path below the prefix, the query, and a document."""

    path: bytes
    query: tuple[tuple[str, str], ...]
    document: bytes


def find_routes(routes: Iterable[AnyRoute], path: bytes) -> list[tuple[AnyRoute, Captured]]:
    """Return the routes of a path below the prefix, of all methods, each with the fields that stand in the path."""
    given = [decode(percent_decode(part)) for part in path.split(b"/")]
    found = ((route, _capture(route.parts, given)) for route in routes)
    return [(route, captured) for route, captured in found if captured is not None]


def _capture(parts: tuple[str, ...], given: list[str]) -> Captured | None:
    if len(parts) != len(given):
        return None
    captured = {}
    for part, text in zip(parts, given, strict=True):
        if part.startswith("{"):
            captured[part.strip("{}")] = text
        elif part != text:
            return None
    return captured


def parse_request(route: Route[In, Out], captured: Captured, query: Query, document: bytes) -> In:
    """Return the request that a message is. What is signed in a query is not looked at.

    Raises:
        InvalidField: a field is missing, unknown, given twice or malformed.
    """
    values: dict[str, object] = {}
    if route.method in _WITH_BODY:
        values.update(parse_json(document))
    else:
        values.update(_of_query(route.request, query))
    for name in captured:
        if name in values:
            raise InvalidField(name, f"{name} stands in the path already")
    return from_json(route.request, {**values, **captured})


def _of_query(kind: type[object], query: Query) -> Mapping[str, object]:
    hints, values = get_type_hints(kind), {}
    for name, text in query.items():
        if not name.startswith("x-oss-"):
            is_number = int in _kinds(hints.get(name)) and _NUMBER.fullmatch(text)
            values[name] = int(text) if is_number else text
    return values


def _kinds(hint: object) -> tuple[object, ...]:
    return getattr(hint, "__args__", (hint,))


def render_request(route: Route[In, Out], request: In) -> Message:
    """Return the message of a request."""
    captured = [part.strip("{}") for part in route.parts if part.startswith("{")]
    parts = [str(getattr(request, part.strip("{}"))) if part.startswith("{") else part for part in route.parts]
    names = (item.name for item in fields(request) if item.name not in captured)  # type: ignore[arg-type]  # a record
    rest = {name: value for name in names if (value := getattr(request, name)) is not None}
    path = "/".join(percent_encode(encode(part)) for part in parts)
    if route.method in _WITH_BODY:
        return Message(path=encode(path), query=(), document=render_json(rest))
    return Message(path=encode(path), query=tuple((name, str(value)) for name, value in rest.items()), document=b"")


def resource_of(path: bytes) -> Resource:
    """Return what is signed for a whole path below `/_ossicle/`: the path itself."""
    return Resource(bucket=decode(_RESERVED.strip(b"/")), key=percent_decode(path.removeprefix(_RESERVED)))


def resources_of(route: AnyRoute, given: Mapping[str, object]) -> list[str]:
    """Return what policies call the things that a request is about, such as `user/ann`; a list is about all of its kind.

    `given` are the request's fields. Who gives a user another name needs to be allowed on that one, too: names decide in policies. What is yet to be made needs all of its kind, and its name not to be denied.
    """
    in_path = [part.strip("{}") for part in route.parts if part.startswith("{") and part.endswith("_name}")]
    found = [f"{name.removesuffix('_name')}/{given[name]}" for name in in_path if name in given]
    if given.get(_NEW_NAME) is not None:
        found.append(f"user/{given[_NEW_NAME]}")
    if found:
        return found
    kind = _KINDS.get(route.parts[0], "")
    name = given.get(f"{kind.removesuffix('/')}_name")
    return [f"{kind}*"] if name is None else [f"{kind}*", f"{kind}{name}"]


def tellable(given: Mapping[str, object]) -> dict[str, object]:
    """Return those fields of a request that say what it is about and does, without documents and free text, cut to a bearable length."""
    shown = {name: value for name, value in given.items() if name not in _TEXTS and value is not None}
    return {name: value[:_TOLD_MAX] if isinstance(value, str) else value for name, value in shown.items()}


_KINDS: Final = {"users": "user/", "groups": "group/", "policies": "policy/", "roles": "role/"}
_NEW_NAME: Final = "new_user_name"
_TEXTS: Final = frozenset(
    {"display_name", "comments", "description", "policy_document", "assume_role_policy_document", "policy"}
)
_TOLD_MAX: Final = 256
