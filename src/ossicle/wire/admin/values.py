"""Records as JSON objects, field by field, strictly: a field that is not known or of another type is refused by its name."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = Any  # type: ignore[explicit-any]  # what json reads and writes
Reader = Callable[[Json, str], Json]


class InvalidField(ValueError):
    """A field that is missing, not known, or not what it has to be; `field` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def render_json(value: object) -> bytes:
    """Return a record as JSON; fields without value are left out, and moments are UTC to the second."""
    return json.dumps(_plain(value), ensure_ascii=True).encode("ascii")


def parse_json(document: bytes) -> Mapping[str, object]:
    """Return the object that a document is; an empty document is an empty object.

    Raises:
        InvalidField: it is none, or one of its names is there twice.
    """
    try:
        found: object = json.loads(document or b"{}", object_pairs_hook=_once)
    except InvalidField:
        raise
    except (ValueError, RecursionError):
        raise InvalidField("Body", "the body is not JSON") from None
    if not isinstance(found, dict):
        raise InvalidField("Body", "the body has to be a JSON object")
    return found


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidField(name, f"{name} is there twice")
        found[name] = value
    return found


def from_json(kind: type[T], values: Mapping[str, object], *, is_strict: bool = True) -> T:
    """Return a record of JSON's values; who is not strict passes over fields that are not known, as of a newer server.

    Raises:
        InvalidField: they are not those of its fields.
    """
    made: T = _read_record(kind, is_strict)(values, "")  # type: ignore[arg-type]  # a class is hashable
    return made


def _plain(value: object) -> Json:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if is_dataclass(value):
        found = {each.name: getattr(value, each.name) for each in fields(value)}
        return {name: _plain(each) for name, each in found.items() if each is not None}
    return value


@cache
def _reader(kind: Json, is_strict: bool) -> Reader:
    origin: Json = get_origin(kind)
    if origin in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        read = _reader(inner, is_strict)
        return lambda value, name: None if value is None else read(value, name)
    if origin is tuple:
        read = _reader(get_args(kind)[0], is_strict)
        return lambda value, name: tuple(read(each, name) for each in _expect(value, list, name))
    if kind is datetime:
        return _read_moment
    if is_dataclass(kind):
        return _read_record(kind, is_strict)  # type: ignore[arg-type]  # a class is hashable
    return lambda value, name: _expect(value, kind, name)


@cache
def _read_record(kind: Json, is_strict: bool) -> Reader:
    hints = get_type_hints(kind)
    readers = {each.name: _reader(hints[each.name], is_strict) for each in fields(kind)}
    required = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}

    def read(values: Json, name: str) -> Json:
        given = _expect(values, dict, name)
        for each in given.keys() - readers.keys():
            if is_strict:
                raise InvalidField(each, f"{each} is none of {', '.join(readers)}")
        for each in sorted(required - given.keys()):
            raise InvalidField(each, f"{each} is missing")
        return kind(**{each: readers[each](value, each) for each, value in given.items() if each in readers})

    return read


def _read_moment(value: Json, name: str) -> datetime:
    try:
        return datetime.fromisoformat(_expect(value, str, name))
    except ValueError:
        raise InvalidField(name, f"{name} has to be a time") from None


_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_KINDS: Final = {str: "a string", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"}


def _expect(value: Json, kind: type, name: str) -> Json:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise InvalidField(name or "Body", f"{name or 'the body'} has to be {_KINDS[kind]}")
    if isinstance(value, str) and _SURROGATE.search(value):
        raise InvalidField(name, f"{name} is not UTF-8")
    return value
