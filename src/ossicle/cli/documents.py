"""Documents of settings as text: XML as OSS writes it, and JSON by the names of the client's fields."""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import click

from ossicle.cli.output import plain
from ossicle.wire.document import parse_document
from ossicle.wire.errors import OssError
from ossicle.wire.text import parse_iso
from ossicle.wire.values import plain_type
from ossicle.wire.xml import parse_xml

D = TypeVar("D")


def to_plain(value: object) -> object:
    """Return a document as JSON has it: an object by field, without those that were not set."""
    if is_dataclass(value):
        named = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: to_plain(item) for name, item in named if item is not None}
    if isinstance(value, datetime):
        return plain(value)
    return [to_plain(item) for item in value] if isinstance(value, tuple) else value


def lines_of(value: object, depth: int = 0) -> list[str]:
    """Return a document for people: a line for each field, deeper ones further in."""
    if not isinstance(value, dict):
        return [f"{'  ' * depth}{_word(value)}"]
    lines: list[str] = []
    for name, item in value.items():
        label = f"{'  ' * depth}{name.replace('_', ' ')}:"
        items = item if isinstance(item, list) else [item]
        if any(isinstance(one, dict) for one in items):
            lines += [line for one in items for line in (label, *lines_of(one, depth + 1))]
        else:
            lines.append(f"{label} {', '.join(map(_word, items))}".rstrip())
    return lines


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def read_document(kind: type[D], root: str, raw: bytes) -> D:
    """Return the document of a file: XML if it begins like it, else JSON.

    Raises:
        click.BadParameter: it is neither, or another document.
    """
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        try:
            return parse_document(kind, root, parse_xml(raw, limit_bytes=len(raw)))
        except OssError as error:
            raise click.BadParameter(f"not a document {root}: {error.message}") from error
    try:
        value = json.loads(raw)
    except ValueError as error:
        raise click.BadParameter(f"neither XML nor JSON: {error}") from error
    return _from_plain(kind, value, root)


def _from_plain(kind: type[D], value: object, place: str) -> D:
    if not isinstance(value, dict):
        raise click.BadParameter(f"{place} has to be an object")
    hints = get_type_hints(kind)
    if unknown := sorted(map(str, value.keys() - hints.keys())):
        raise click.BadParameter(f"{place} has no {', '.join(unknown)}; it has {', '.join(hints)}")
    given = {name: _item(hints[name], item, f"{place}.{name}") for name, item in value.items() if item is not None}
    try:
        return kind(**given)
    except TypeError as error:
        raise click.BadParameter(f"{place} is not complete: {error}") from error


def _item(hint: object, value: object, place: str) -> Any:
    kind = plain_type(hint)
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise click.BadParameter(f"{place} has to be a list")
        return tuple(_item(get_args(kind)[0], item, place) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        return _from_plain(kind, value, place)
    wanted = kind if kind in (bool, int) else str
    if type(value) is not wanted:
        raise click.BadParameter(f"{place} has to be {wanted.__name__}")
    return _moment(value, place) if kind is datetime else value


def _moment(text: str, place: str) -> datetime:
    moment = parse_iso(text)
    if moment is None:
        raise click.BadParameter(f"{place} has to be a time, such as 2026-12-31T00:00:00Z")
    return moment
