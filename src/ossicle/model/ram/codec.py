"""Entities as they are stored: JSON that follows their fields. A field that a stored text lacks has its default."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
Json = Any  # type: ignore[explicit-any]  # what json reads and writes
Reader = Callable[[Json], Json]


def render(entity: object) -> bytes:
    """Return an entity as it is stored."""
    return json.dumps(entity, default=_plain, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def parse(kind: type[T], raw: bytes) -> T:
    """Return the entity that was stored.

    Raises:
        ValueError, KeyError, TypeError: it was not stored by `render`.
    """
    reader: Reader = _reader(kind)  # type: ignore[arg-type]  # a class is hashable
    entity: T = reader(json.loads(raw))
    return entity


def _plain(value: object) -> Json:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} is not stored")


@cache
def _reader(kind: Json) -> Reader:
    if kind is datetime:
        return datetime.fromisoformat
    origin: Json = get_origin(kind)
    if origin is tuple:
        return _read_tuple(_reader(get_args(kind)[0]))
    if is_dataclass(kind):
        return _read_record(kind, {name: _reader(hint) for name, hint in _hints(kind).items()})
    return kind  # type: ignore[no-any-return]  # str, int, bool or an Enum, which read themselves


def _hints(kind: Json) -> Mapping[str, Json]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


def _read_tuple(read: Reader) -> Reader:
    return lambda values: tuple(map(read, values))


def _read_record(kind: Json, readers: Mapping[str, Reader]) -> Reader:
    return lambda values: kind(**{name: readers[name](value) for name, value in values.items()})
